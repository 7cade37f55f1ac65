"""Computes the cores and memory in docs/capacity.md from the figures in bench/RESULTS.md."""

import re
from pathlib import Path

RESULTS = (Path(__file__).parents[1] / "bench" / "RESULTS.md").read_text("utf-8")
SHARES = {"nothing from the cache": 0, "half from the cache": 0.5, "nine of ten from the cache": 0.9}


def measured(row: str, column: int = 1) -> int:
    """Return a figure of the row of the results that begins with ``row``."""
    (line,) = [line for line in RESULTS.splitlines() if line.startswith(f"| {row} |")]
    return int(line.split("|")[column + 1])


def cores(seconds_of_a_core: float) -> str:
    """Compute the cores for 1,000 and for 100,000 requests a second."""
    return " | ".join(f"{rate * seconds_of_a_core:.2f}" for rate in (1_000, 100_000))


def lines() -> dict[str, str]:
    """Map patterns in the page to their text from the results."""
    post, granian = measured("c", 2), measured("d", 2)
    get, kept = measured("the service, one worker"), measured("nginx, from its cache")
    seconds = {share: (1 - share) / get + share / kept for share in SHARES.values()}
    rows = {
        "`POST`, gunicorn (the default)": f"{post:,}",
        "`POST` with granian": f"{granian:,}",
        "`GET`, gunicorn": f"{get:,}",
        "`GET`, nginx from its cache": f"{kept:,}",
        "`POST`, gunicorn": cores(1 / post),
        "`POST`, granian": cores(1 / granian),
        **{f"`GET`, {name}": cores(seconds[share]) for name, share in SHARES.items()},
    }
    together = measured("memory (PSS) of 4 workers and their master, table shared, MiB")
    return {
        **{rf"^\| {re.escape(name)} \|.*$": f"| {name} | {figures} |" for name, figures in rows.items()},
        r"take off \d+ %": f"take off {(1 - seconds[0.9] * get) * 100:.0f} %",
        r"held \d+ MiB together, \d+ / 4 = [\d.]+ MiB": (
            f"held {together} MiB together, {together} / 4 = {together / 4:.1f} MiB"
        ),
    }


def rewritten(page: str) -> str:
    """Return the page with the figures of the results. Each has one place."""
    for pattern, line in lines().items():
        page, places = re.subn(pattern, line, page, flags=re.MULTILINE)
        assert places == 1, pattern
    return page
