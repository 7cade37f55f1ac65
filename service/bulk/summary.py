"""What a bulk run did, in figures: what was scored, what was not, and what to rate next."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl
from msgspec import Struct

from service.bulk.columns import REJECT_REASONS, Columns
from service.bulk.entry_coding import EntryCoder
from service.bulk.pipeline import normalize_rows

MAX_UNKNOWN = 20
MAX_REJECTED = 20
"""Rejected rows that the summary points out."""


class Unknown(Struct, frozen=True):
    """A host or name that the catalog lacks, and how many entries named it."""

    entry: str
    entries: int


class Rejected(Struct, frozen=True):
    """A row that was not counted: its number in its file (from 1), its story, and the reason.

    ``file`` says where the row stands.
    """

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
    """``rows`` = ``entries`` + ``rejected``. ``by_status`` tallies all entries, duplicates too."""

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


def make_summary(entries: EntryCoder, totals: Totals, rejected: Sequence[Rejected]) -> Summary:
    """Return the summary of a run that read these entries, with these sums over its stories."""
    lookup, faults = entries.lookup, entries.faults
    unknown = lookup.unknown(entries.times)
    most = sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_UNKNOWN]
    return Summary(
        stories=totals.stories,
        rows=totals.entries + sum(faults.values()),
        entries=totals.entries,
        duplicates=totals.duplicates,
        rejected=sum(faults.values()),
        rejected_by_reason={REJECT_REASONS[fault]: times for fault, times in sorted(faults.items())},
        by_status=dict(lookup.statuses(entries.times).most_common()),
        distinct_entries=len(lookup.keys),
        most_unknown=[Unknown(*pair) for pair in most],
        first_rejected=list(rejected),
    )


def first_rejected(scan: pl.LazyFrame, columns: Columns) -> list[Rejected]:
    """Return the first rows that are not counted."""
    frame = normalize_rows(nw.from_native(scan), columns).to_native()
    bad = frame.filter(pl.col("fault") > 0).head(MAX_REJECTED)
    found = bad.select("row", pl.col("story_id").cast(pl.String), "fault", "file").collect().rows()
    files = {row[3] for row in found}
    starts = frame.filter(pl.col("file").is_in(list(files))).group_by("file").agg(pl.col("row").min())
    first = dict(starts.collect(engine="streaming").rows()) if len(files) > 1 or found else {}
    return [
        Rejected(row - first[file] + 1, story, REJECT_REASONS[fault], file)
        for row, story, fault, file in found
    ]
