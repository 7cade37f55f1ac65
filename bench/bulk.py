"""An archive beside the SQL that one would write in DuckDB: the same rows, the same counts, time and memory.

    python -m bench.bulk [--rows 24000000] [--rounds 3] [--spark]

Rounds are interleaved; each run is a process of its own, whose time and peak memory the system reports.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from service.dataset import load
from service.settings import Settings

BUILD = Path("build")
ENTRIES = 24
"""Rows of a story."""

NEAR = 240_000
"""Rows among which those of a story are scattered, as days are in an archive."""

SQL = """
COPY (
  WITH hosts AS (
    SELECT story_id, regexp_extract(url, '^https?://(?:www\\.)?([^/?#]+)', 1) AS host FROM '{source}'
  ), outlets AS (
    SELECT DISTINCT story_id, host, r.bias FROM hosts LEFT JOIN 'data/outlet_ratings.csv' r ON host = r.domain
  )
  SELECT story_id,
    count(*) FILTER (bias LIKE '%left') AS "left", count(*) FILTER (bias = 'center') AS center,
    count(*) FILTER (bias LIKE '%right') AS "right", count(*) FILTER (bias IS NULL OR bias = '') AS unrated
  FROM outlets GROUP BY story_id
) TO '{target}' (FORMAT parquet)
"""
COUNTS = ("left", "center", "right", "unrated")


def archive(rows: int) -> Path:
    """``rows`` URLs, all different, on 9,000 hosts of which a few carry most; a third of them not listed."""
    path = BUILD / f"archive-{rows}.parquet"
    if path.exists():
        return path
    draw = np.random.default_rng(7)
    listed = [domain for domain in load(Settings()).outlets if domain.count(".") == 1]
    hosts = [("www." if i % 3 else "") + host for i, host in enumerate(draw.permutation(listed)[:6000])]
    hosts = draw.permutation([*hosts, *(f"www.local-{i}.example" for i in range(3000))])
    weight = np.cumsum(1 / np.arange(1, len(hosts) + 1) ** 0.8)
    path.parent.mkdir(exist_ok=True)
    parts = BUILD / f"archive-{rows}"
    parts.mkdir(exist_ok=True)
    for start in range(0, rows, NEAR):
        many = min(NEAR, rows - start)
        drawn = {
            "story_id": draw.permutation((start + np.arange(many)) // ENTRIES),
            "host": hosts[np.searchsorted(weight, draw.random(many) * weight[-1])],
            "day": draw.integers(1, 29, many),
            "number": draw.integers(0, 2**40, many),
        }
        url = pl.format("https://{}/2026/{}/news/story-of-the-day-{}", "host", "day", "number").alias("url")
        pl.DataFrame(drawn).select("story_id", url).write_parquet(parts / f"{start:010}.parquet")
    pl.scan_parquet(parts).sink_parquet(path)
    return path


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall-clock seconds, processor seconds and peak megabytes of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def ours(source: Path) -> list[str]:
    return [sys.executable, "-m", "service", "bulk", str(source), str(BUILD / "ours.parquet")]


def duckdb(source: Path) -> list[str]:
    sql = SQL.format(source=source, target=BUILD / "duckdb.parquet")
    code = f"import duckdb; duckdb.execute('SET enable_progress_bar = false'); duckdb.execute({sql!r})"
    return [sys.executable, "-c", code]


def spark(source: Path, cores: int) -> list[str]:
    code = f"""
import shutil
from pyspark.sql import SparkSession
from service.bulk.columns import Columns; from service.bulk.spark import score_folder
from service.core.distribution import Scorer
from service.dataset import load; from service.settings import Settings
session = (SparkSession.builder.master('local[{cores}]').config('spark.ui.enabled', 'false')
           .config('spark.driver.memory', '4g').config('spark.sql.shuffle.partitions', '8').getOrCreate())
shutil.rmtree('build/spark.parquet', ignore_errors=True)
score_folder(session, {str(source)!r}, 'build/spark.parquet', Scorer(load(Settings())), Columns())
"""
    return [sys.executable, "-c", code]


def same_counts() -> bool:
    """Whether both gave every story the same counts."""
    one, other = (
        pl.read_parquet(BUILD / f"{name}.parquet").select("story_id", *COUNTS).sort("story_id").cast(pl.Int64)
        for name in ("ours", "duckdb")
    )
    return one.equals(other)


def main() -> None:
    """Print a Markdown table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=24_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--spark", action="store_true", help="only local Spark, with one core and with two")
    given = asked.parse_args()
    source = archive(given.rows)
    jobs = {"polars": ours(source), "DuckDB": duckdb(source)}
    if given.spark:
        jobs = {f"Spark, {cores} core{'s' * (cores > 1)}": spark(source, cores) for cores in (1, 2)}
    else:
        for job in jobs.values():
            measured(job)
        if not same_counts():
            raise SystemExit("the two do not count alike: nothing to compare")
    runs = {name: [] for name in jobs}
    for _ in range(given.rounds):
        for name, job in jobs.items():
            runs[name].append(measured(job))
    print(f"{given.rows:,} rows, median of {given.rounds} interleaved rounds\n")
    if given.spark:
        print("Processor seconds and memory are those of Spark's Python side; Java's are not seen.\n")
    print("| | seconds | processor seconds | peak MB |\n| --- | ---: | ---: | ---: |")
    for name, each in runs.items():
        wall, cpu, peak = (median(figures) for figures in zip(*each, strict=True))
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
