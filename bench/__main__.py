"""``make bench``: every measurement, one after the other, into bench/RESULTS.md.

``python -m bench running stages`` measures these parts alone.
"""

import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.request import LISTS
from bench.servers import NGINX

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "The same job beside its rivals": ("bench.requests_per_second",),
    "Where the time goes, and how it grows": ("bench.stages",),
    "What a gateway takes off": ("bench.gateway",),
    "Many stories": ("bench.batch",),
    "A whole panel": ("bench.coverage",),
    "Resolving": ("bench.resolution.speed",),
    "Archives": (
        "bench.bulk --rows 2400000",
        "bench.bulk --rows 2400000 --many-hosts",
        "bench.bulk --rounds 1 --without pandas",
    ),
    "Running": ("bench.running",),
}
MAX_SECONDS = 1200
"""Seconds after which a part is given up."""

INTRODUCTION = """\
# Results

Written by `make bench` on {day}: {versions}. Two cores: servers on core 0, the load on core 1.
Quote the ratios, not the seconds: they were measured side by side, in rounds that take turns. Of every server
it was checked that the process which answers is the one that was started, and that its answer is the same.
Lists in rotation are the ordinary case: {lists:,} lists of 24 entries, a sixth of them unknown hosts, more
than a worker remembers. One list that repeats is the best case: a front page that is scored every minute.
"""
PACKAGES = (
    *("flask", "gunicorn", "msgspec", "granian", "fastapi", "orjson", "pydantic"),
    *("litestar", "uvicorn", "pandas", "polars", "duckdb"),
)
PROGRAMS = (("wrk", "--version"), (NGINX, "-v"))


def program_version(program: str, asked: str) -> str:
    """The name of a program and the version that it prints."""
    done = subprocess.run([program, asked], capture_output=True, text=True, check=False)
    return f"{Path(program).name} {re.search(r'[0-9]+[.][0-9.]+', done.stdout + done.stderr)[0]}"


def versions() -> str:
    """What was measured with what."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    programs = ", ".join(program_version(*command) for command in PROGRAMS)
    return f"Python {platform.python_version()}, {packages}, {programs}"


def run_part(part: str) -> str:
    """What ``python -m part`` prints: Markdown, from a process of its own."""
    command = [sys.executable, "-m", *part.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MAX_SECONDS)
    if done.returncode:
        raise SystemExit(f"{part} failed:\n{done.stdout}{done.stderr}")
    return f"`python -m {part}`\n\n{done.stdout.strip()}\n"


def main(asked: list[str]) -> None:
    """Measure, and write when all is measured; of parts that are not ``asked`` for the old figures stay."""
    text = INTRODUCTION.format(day=datetime.now(UTC).date(), versions=versions(), lists=LISTS)
    for title, parts in PARTS.items():
        began = time.monotonic()
        if asked and parts[0].split()[0].removeprefix("bench.") not in asked:
            figures = RESULTS.read_text(encoding="utf-8").split(f"\n## {title}\n\n")[1].split("\n## ")[0]
        else:
            figures = "\n".join(map(run_part, parts))
        text += f"\n## {title}\n\n{figures}"
        print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
