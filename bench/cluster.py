"""Check a Spark cluster: a master and two workers, each a process, give what polars gives. Needs Java.

python -m bench.cluster [--rows 240000]
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pyspark

from bench.bulk import BUILD, make_archive
from tests.helpers.serving import free_port

HOME = Path(pyspark.__file__).parent
LAUNCHER = str(HOME / "bin" / "spark-class")
HERE = "127.0.0.1"
CONF = (
    f"spark.driver.host={HERE}",
    "spark.executor.memory=1g",
    "spark.sql.files.maxPartitionBytes=1m",
    "spark.ui.showConsoleProgress=false",
)


def start_part(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a part of the cluster, which finds this repository and its Python."""
    own = {"PYTHONPATH": str(Path.cwd()), "SPARK_HOME": str(HOME), "PYSPARK_PYTHON": sys.executable}
    with (BUILD / "cluster.log").open("ab") as log:
        command = [LAUNCHER, *arguments]
        return subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)


def run(source: Path, target: Path, *options: str) -> None:
    """Score a table as one would from a shell."""
    subprocess.run([sys.executable, "-m", "service", "bulk", source, target, *options], check=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HERE, port)) == 0


def main() -> None:
    """Print what both engines agree on, and where the work was done."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=240_000)
    source = make_archive(asked.parse_args().rows)
    work, target = (BUILD / "cluster").resolve(), (BUILD / "cluster.parquet").resolve()
    for path in (work, target):
        shutil.rmtree(path, ignore_errors=True)
    port, prefix = free_port(), "org.apache.spark.deploy"
    master = f"spark://{HERE}:{port}"
    parts = [start_part(f"{prefix}.master.Master", "--host", HERE, "--port", str(port), "--webui-port", "0")]
    try:
        while parts[0].poll() is None and not _listens(port):
            time.sleep(0.2)
        own = ("--host", HERE, "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(work))
        parts += [start_part(f"{prefix}.worker.Worker", *own, master) for _ in range(2)]
        conf = [each for text in CONF for each in ("--spark-conf", text)]
        run(source.resolve(), target, "--engine", "spark", "--master", master, "--partitions", "4", *conf)
    finally:
        for part in parts:
            part.terminate()
    run(source, BUILD / "cluster-polars.parquet")
    found = pl.read_parquet(target / "*.parquet").sort("story_id")
    assert found.equals(pl.read_parquet(BUILD / "cluster-polars.parquet")), "the engines differ"
    executors = sorted(path.name for path in work.glob("app-*/*"))
    print(f"{found.height:,} stories alike; executors: {', '.join(executors)}")


if __name__ == "__main__":
    main()
