"""An archive beside what one would write by hand: the same rows, the same counts, time and memory.

    python -m bench.bulk [--rows 24000000] [--rounds 3] [--without pandas] [--many-hosts] [--spark] [--mixes]

Rounds are interleaved; each run is a process of its own, whose time and peak memory the system reports.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from service.dataset.load import load
from service.settings import Settings

BUILD = Path("build")
ENTRIES = 24
"""Rows of a story."""

SHUFFLED_ROWS = 240_000
"""Rows among which those of a story are scattered, as days are in an archive."""

COUNTS = ("left", "center", "right", "unrated")
BY_HAND = ("duckdb", "duckdb-ids", "polars", "polars-ids", "pandas")
TITLES = {
    "ours": "`python -m service bulk`",
    "duckdb": "SQL by hand, DuckDB",
    "duckdb-ids": "the same, hosts as numbers first",
    "polars": "by hand, polars",
    "polars-ids": "the same, hosts as numbers first",
    "pandas": "by hand, pandas",
}

# Suffixes of made-up hosts, the first ones more often: those that listed outlets have too.
SUFFIXES = ("com", "org", "net", "de", "co.uk", "ru", "fr", "it", "com.br", "info", "in", "pl")


def make_archive(rows: int, *, many_hosts: bool = False) -> Path:
    """``rows`` URLs, all different, on 9,000 hosts of which a few carry most; a third of them not listed.

    With ``many_hosts`` three in five URLs are on made-up hosts, as many as there are such URLs: a crawl of
    the open web.
    """
    catalog = load(Settings())
    # Other data may have an alias where this had an outlet, and SQL by hand knows no aliases.
    name = f"archive-{rows}{'-many-hosts' * many_hosts}-{catalog.sha256[:8]}"
    path, parts = BUILD / f"{name}.parquet", BUILD / name
    if path.exists():
        return path
    draw = np.random.default_rng(7)
    listed = [domain for domain in catalog.outlets if domain.count(".") == 1]
    hosts = [("www." if i % 3 else "") + host for i, host in enumerate(draw.permutation(listed)[:6000])]
    if not many_hosts:
        hosts += [f"www.local-{i}.example" for i in range(3000)]
    hosts = draw.permutation(hosts)
    weight = np.cumsum(1 / np.arange(1, len(hosts) + 1) ** 0.8)
    parts.mkdir(parents=True, exist_ok=True)
    for start in range(0, rows, SHUFFLED_ROWS):
        many = min(SHUFFLED_ROWS, rows - start)
        drawn = {
            "story_id": draw.permutation((start + np.arange(many)) // ENTRIES),
            "host": hosts[np.searchsorted(weight, draw.random(many) * weight[-1])],
            "day": draw.integers(1, 29, many),
            "number": draw.integers(0, 2**40, many),
        }
        host, url = pl.col("host"), pl.format("https://{}/2026/{}/news/story-{}", "host", "day", "number")
        if many_hosts:
            number = draw.integers(0, rows * 3 // 5, many)
            suffix = np.array(SUFFIXES)[np.minimum(number % 30 // 2, number % len(SUFFIXES))]
            drawn |= {"site": number, "suffix": suffix, "listed": draw.random(many) < 0.4}
            www = pl.when(pl.col("site") % 2 == 0).then(pl.lit("www.")).otherwise(pl.lit(""))
            host = pl.when("listed").then(host).otherwise(pl.format("{}site-{}.{}", www, "site", "suffix"))
        made = pl.DataFrame(drawn).with_columns(host.alias("host")).select("story_id", url.alias("url"))
        made.write_parquet(parts / f"{start:010}.parquet")
    pl.scan_parquet(parts).sink_parquet(path)
    shutil.rmtree(parts)
    return path


HOST = pl.col("url").str.extract("https://([^/]+)/")
PATH = pl.col("url").str.extract("https://[^/]+(/.*)")
PROXIED = HOST.str.replace_all("-", "--", literal=True).str.replace_all(".", "-", literal=True)
MIXES = {
    "as they are": (1, pl.col("url")),
    "1 in 1,000 as user@host": (1000, pl.format("https://user{}@{}{}", "row", HOST, PATH)),
    "1 in 100 from an AMP cache": (
        100,
        pl.format("https://{}.cdn.ampproject.org/c/s/{}{}", PROXIED, HOST, PATH),
    ),
    "1 in 100 in capitals": (100, pl.format("HTTPS://{}{}", HOST.str.to_uppercase(), PATH)),
    "1 in 100 through a search engine": (100, pl.format("https://www.google.com/url?q={}", "url")),
    "all without https://": (1, pl.format("{}{}", HOST, PATH)),
}
"""Share of the rows that is written in another way, and that way."""


def make_mixes(source: Path) -> dict[str, Path]:
    """The same rows, some of them written in another way."""
    paths = {}
    for number, (name, (step, url)) in enumerate(MIXES.items()):
        paths[name] = source.with_name(f"{source.stem}-mix{number}.parquet")
        if not paths[name].exists():
            told = pl.when(pl.col("row") % step == 0).then(url).otherwise("url").alias("url")
            pl.scan_parquet(source).with_row_index("row").with_columns(told).drop("row").sink_parquet(
                paths[name]
            )
    return paths


def measure(command: list[str]) -> tuple[float, float, float]:
    """Wall-clock seconds, processor seconds and peak megabytes of a command, whose code may stay compiled."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def slantwise_command(source: Path) -> list[str]:
    return [sys.executable, "-m", "service", "bulk", str(source), str(target("ours"))]


def rival_command(library: str, source: Path) -> list[str]:
    return [sys.executable, "-m", "bench.rivals.archive", library, str(source), str(target(library))]


def target(name: str) -> Path:
    return BUILD / f"{name}.parquet"


def spark_command(source: Path, cores: int) -> list[str]:
    code = f"""
import shutil
from service.bulk.columns import Columns; from service.bulk.spark import get_session, score_folder
from service.core.distribution import Scorer
from service.dataset.load import load; from service.settings import Settings
conf = {{'spark.ui.enabled': 'false', 'spark.driver.memory': '4g'}}
shutil.rmtree('build/spark.parquet', ignore_errors=True)
score_folder(get_session('local[{cores}]', conf, 8), {str(source)!r}, 'build/spark.parquet',
             Scorer(load(Settings())), Columns())
"""
    return [sys.executable, "-c", code]


def read_counts(name: str) -> pl.DataFrame:
    """What a job counted."""
    return pl.read_parquet(target(name)).select("story_id", *COUNTS).sort("story_id").cast(pl.Int64)


def check_counts(jobs: dict[str, list[str]]) -> None:
    """Run each job once; refuse to time what does not count alike."""
    for name, job in jobs.items():
        measure(job)
        if not read_counts(name).equals(read_counts("ours")):
            raise SystemExit(f"{name} does not count alike: nothing to compare")


def main() -> None:
    """Print a Markdown table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=24_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--without", choices=BY_HAND, action="append", default=[], help="leave a rival out")
    asked.add_argument("--spark", action="store_true", help="only local Spark, with one core and with two")
    asked.add_argument("--mixes", action="store_true", help="only ours, with URLs written in other ways")
    asked.add_argument("--many-hosts", action="store_true", help="URLs on hundreds of thousands of hosts")
    given = asked.parse_args()
    source = make_archive(given.rows, many_hosts=given.many_hosts)
    if given.spark:
        jobs = {f"Spark, {cores} core{'s' * (cores > 1)}": spark_command(source, cores) for cores in (1, 2)}
    elif given.mixes:
        jobs = {name: slantwise_command(path) for name, path in make_mixes(source).items()}
    else:
        jobs = {"ours": slantwise_command(source)}
        jobs |= {name: rival_command(name, source) for name in BY_HAND if name not in given.without}
        check_counts(jobs)
    runs = {name: [] for name in jobs}
    for _ in range(given.rounds):
        for name, job in jobs.items():
            runs[name].append(measure(job))
    print(f"{given.rows:,} rows, median of {given.rounds} interleaved rounds\n")
    if given.spark:
        print("Processor seconds and memory are those of Spark's Python side; Java's are not seen.\n")
    print("| | seconds | processor seconds | peak MB |\n| --- | ---: | ---: | ---: |")
    for name, each in runs.items():
        wall, cpu, peak = (median(figures) for figures in zip(*each, strict=True))
        print(f"| {TITLES.get(name, name)} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
