"""Progress and summary of a bulk run: rows scored and rejected, and unknown outlets to rate next."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

import narwhals as nw
import polars as pl
from msgspec import Struct

from service.bulk.columns import REJECT_REASONS, Columns, normalize_rows

# Of unknown outlets, and of rejected rows, so many are named.
MAX_UNKNOWN, MAX_REJECTED = 20, 20

# Seconds between two lines about a run.
LINE_INTERVAL = 5.0


class Unknown(Struct, frozen=True):
    """A host or name that the catalog lacks, and how many entries named it."""

    entry: str
    entries: int


class Rejected(Struct, frozen=True):
    """A row that was not counted: its number in its file (from 1), its story, and the reason."""

    row: int
    story_id: str | None
    reason: str
    file: str | None = None


class Summary(Struct, frozen=True):
    """``rows`` = ``entries`` + ``rejected``. ``by_status`` tallies all entries, duplicates too.

    ``distinct_entries`` counts what entries mean: outlets, and hosts and names that are not known.
    """

    stories: int
    rows: int
    entries: int
    duplicates: int
    rejected: int
    rejected_by_reason: dict[str, int]
    by_status: dict[str, int]
    distinct_entries: int
    most_unknown: list[Unknown]
    first_rejected: list[Rejected]


def summarize(
    *,
    stories: int,
    duplicates: int,
    kinds: Iterable[tuple[int, int, int]],
    units: pl.DataFrame,
    unknown: Iterable[tuple[str, int]],
    rejected: list[Rejected],
) -> Summary:
    """Put a summary together from what an engine has counted.

    ``kinds`` has for each fault (below 0), unit, and one more for ambiguous names, its entries and its
    distinct ones. ``unknown`` is sorted.
    """
    statuses = (*units["status"], "ambiguous")
    faults, by_status, distinct_entries = dict[str, int](), dict[str, int](), 0
    for kind, entries, distinct in sorted(kinds):
        if kind < 0:
            faults = {REJECT_REASONS[-kind]: entries, **faults}
        else:
            by_status[statuses[kind]] = by_status.get(statuses[kind], 0) + entries
            distinct_entries += distinct
    entries, refused = sum(by_status.values()), sum(faults.values())
    return Summary(
        stories=stories,
        rows=entries + refused,
        entries=entries,
        duplicates=duplicates,
        rejected=refused,
        rejected_by_reason=faults,
        by_status=dict(sorted(by_status.items(), key=lambda pair: -pair[1])),
        distinct_entries=distinct_entries,
        most_unknown=[Unknown(*pair) for pair in unknown],
        first_rejected=rejected,
    )


def find_rejected(scan: pl.LazyFrame, columns: Columns) -> list[Rejected]:
    """Return the first rows that are not counted."""
    rows = normalize_rows(nw.from_native(scan), columns).to_native()
    bad = rows.filter(pl.col("fault") > 0).head(MAX_REJECTED)
    found = bad.select("row", pl.col("story_id").cast(pl.String), "fault", "file").collect().rows()
    in_files = rows.filter(pl.col("file").is_in({row[3] for row in found}))
    starts = in_files.group_by("file").agg(pl.col("row").min()).collect(engine="streaming")
    first = dict(starts.rows())
    return [
        Rejected(row - first[file] + 1, story, REJECT_REASONS[fault], file)
        for row, story, fault, file in found
    ]


class Meter:
    """Rows that have passed, and how many will have passed in all, as soon as that is known."""

    def __init__(self) -> None:
        self.passed = 0
        self.whole: int | None = None


def format_progress(meter: Meter, seconds: float) -> str:
    rate = meter.passed / seconds if seconds else 0.0
    line = f"bulk: {seconds:.0f} s, {meter.passed:,} rows passed, {rate:,.0f} a second"
    if meter.whole and rate:
        done = min(100, 100 * meter.passed // meter.whole)
        line += f", {done} %, about {max(0, meter.whole - meter.passed) / rate:.0f} s left"
    return line


@contextmanager
def show_progress(meter: Meter, out: TextIO) -> Iterator[None]:
    """Write lines about a run to ``out`` while it lasts."""
    ended, started = threading.Event(), time.monotonic()

    def tell() -> None:
        while not ended.wait(LINE_INTERVAL):
            print(format_progress(meter, time.monotonic() - started), file=out, flush=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
