"""How far a bulk run is, and in the end what was scored, what was not, and what to rate next."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import narwhals as nw
import polars as pl
from msgspec import Struct

from service.bulk.columns import REJECT_REASONS, Columns
from service.bulk.pipeline import normalize_rows

# Of unknown outlets, and of rejected rows, so many are named.
MAX_UNKNOWN, MAX_REJECTED = 20, 20

LINE_INTERVAL, TERMINAL_INTERVAL = 5.0, 0.5  # seconds; on a terminal one line is written over and over


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


class Totals(Struct, frozen=True):
    """Sums over stories."""

    stories: int = 0
    entries: int = 0
    duplicates: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.stories + other.stories, self.entries + other.entries, self.duplicates + other.duplicates
        )


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
    totals: Totals,
    *,
    by_status: dict[str, int],
    faults: dict[int, int],
    distinct_entries: int,
    unknown: list[tuple[str, int]],
    rejected: list[Rejected],
) -> Summary:
    """Put a summary together from what an engine has counted. ``unknown`` is sorted."""
    return Summary(
        stories=totals.stories,
        rows=totals.entries + sum(faults.values()),
        entries=totals.entries,
        duplicates=totals.duplicates,
        rejected=sum(faults.values()),
        rejected_by_reason={REJECT_REASONS[fault]: times for fault, times in sorted(faults.items())},
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
    starts = (
        rows.filter(pl.col("file").is_in({row[3] for row in found})).group_by("file").agg(pl.col("row").min())
    )
    first = dict(starts.collect(engine="streaming").rows())
    return [
        Rejected(row - first[file] + 1, story, REJECT_REASONS[fault], file)
        for row, story, fault, file in found
    ]


class Meter:
    """Rows that have passed, and how many will have passed in all, as soon as that is known."""

    def __init__(self) -> None:
        self.passed = 0
        self.whole: int | None = None

    def expect(self, rows: int) -> None:
        self.whole = self.passed + rows


def format_progress(meter: Meter, seconds: float) -> str:
    """Write in a line how far a run is after so many seconds."""
    rate = meter.passed / seconds if seconds else 0.0
    line = f"bulk: {seconds:.0f} s, {meter.passed:,} rows passed, {rate:,.0f} a second"
    if meter.whole and rate:
        done = min(100, 100 * meter.passed // meter.whole)
        line += f", {done} %, about {max(0, meter.whole - meter.passed) / rate:.0f} s left"
    return line


@contextmanager
def show_progress(meter: Meter, out: TextIO) -> Iterator[None]:
    """Tell of a run on ``out`` while it lasts. On a terminal in one line that is written over."""
    begin, end = ("\r\033[K", "") if out.isatty() else ("", "\n")
    ended, started = threading.Event(), time.monotonic()

    def tell() -> None:
        while not ended.wait(LINE_INTERVAL if end else TERMINAL_INTERVAL):
            out.write(f"{begin}{format_progress(meter, time.monotonic() - started)}{end}")
            out.flush()

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        out.write(begin)
        out.flush()
