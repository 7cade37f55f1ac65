"""Computes the cores and memory in docs/capacity.md from the figures in bench/RESULTS.md."""

import re
from pathlib import Path

RESULTS = (Path(__file__).parents[1] / "bench" / "RESULTS.md").read_text("utf-8")
SHARES = {"nothing from the cache": 0, "half from the cache": 0.5, "nine of ten from the cache": 0.9}

# Titles of the tables of the results by column of the page, and letters of servers by its rows.
TRAFFIC = ("5,000 lists of URLs and domains", "5,000 lists, a fifth of them names", "One list, repeated")
SERVERS = {
    "`POST`, gunicorn (the default)": "c",
    "`POST` with granian": "d",
    "FastAPI with pydantic at both ends": "e",
    "FastAPI without a response model, orjson": "e2",
    "Litestar with msgspec": "h",
}


def measured(row: str, column: int = 1, table: str = "") -> int:
    """Return a figure of the first row of a table of the results that begins with ``row``."""
    text = RESULTS.partition(f"**{table}**")[2] if table else RESULTS
    line = next(line for line in text.splitlines() if line.startswith(f"| {row} |"))
    return int(line.split("|")[column + 1])


def cores(seconds_of_a_core: float) -> str:
    """Compute the cores for 1,000 and for 100,000 requests a second."""
    return " | ".join(f"{rate * seconds_of_a_core:.2f}" for rate in (1_000, 100_000))


def lines() -> dict[str, str]:
    """Map patterns in the page to their text from the results."""
    post = {letter: [measured(letter, 2, table) for table in TRAFFIC] for letter in SERVERS.values()}
    get, kept = measured("the service, one worker"), measured("nginx, from its cache")
    seconds = {share: (1 - share) / get + share / kept for share in SHARES.values()}
    rows = {
        **{name: " | ".join(f"{rate:,}" for rate in post[letter]) for name, letter in SERVERS.items()},
        "`GET`, gunicorn": f"{get:,}",
        "`GET`, nginx from its cache": f"{kept:,}",
        "`POST`, gunicorn": cores(1 / post["c"][0]),
        "`POST`, granian": cores(1 / post["d"][0]),
        **{f"`GET`, {name}": cores(seconds[share]) for name, share in SHARES.items()},
    }
    together = measured("memory (PSS) of 4 workers and master after lists in rotation, MiB")
    return {
        **{rf"^\| {re.escape(name)} \|.*$": f"| {name} | {figures} |" for name, figures in rows.items()},
        r"take off \d+ %": f"take off {(1 - seconds[0.9] * get) * 100:.0f} %",
        r"held \d+ MiB together": f"held {together} MiB together",
    }


def rewritten(page: str) -> str:
    """Return the page with the figures of the results. Each has one place."""
    for pattern, line in lines().items():
        page, places = re.subn(pattern, line, page, flags=re.MULTILINE)
        assert places == 1, pattern
    return page
