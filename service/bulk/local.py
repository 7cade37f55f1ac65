"""Tables in files, on this machine: read in streams, set aside by story in parts, scored part by part.

What stands in memory is the distinct entries and one part; parts have about the same size however long the
table is.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import narwhals as nw
import polars as pl

from service.bulk.engines import Frame, kept, table
from service.bulk.entries import Entries
from service.bulk.frame import answered, counted, prepared
from service.bulk.layout import FAULTS, FIELDS, Columns
from service.bulk.summary import Rejected, Summary, Totals, summary_of
from service.bulk.tables import opened, read_errors, write, written_as
from service.core.distribution import Scorer
from service.core.errors import DataError

PART = 2_000_000
"""Rows of a part; each story is in one part."""

MOST_PARTS = 256
MOST_REJECTED = 20
"""Rejected rows that the summary points out."""

Progress = Callable[[int, int], None]
"""Told after each step: steps done, and steps in all."""


def score_file(
    source: Path,
    target: Path,
    scorer: Scorer,
    columns: Columns,
    *,
    entries_to: Path | None = None,
    progress: Progress = lambda done, steps: None,
) -> Summary:
    """Score the table in ``source`` into ``target``; ``entries_to`` gets each entry with its verdict.

    The endings of the names say the formats. Raises ``DataError`` for a table that cannot be read.
    """
    whole = entries_to is not None
    for path in (target, *([entries_to] if entries_to else [])):
        written_as(path)
    with TemporaryDirectory(dir=target.parent, prefix=".slantwise-") as room, read_errors(source):
        scan, columns = opened(source, columns)
        entries = Entries(_numbered(prepared(nw.from_native(scan), columns), whole=whole), scorer)
        steps = min(MOST_PARTS, sum(entries.lookup.statuses.values()) // PART + 1) + 3
        progress(1, steps)
        _set_aside(entries, Path(room, "rows"), steps - 3, whole=whole)
        progress(2, steps)
        totals = Totals()
        for done, part in enumerate(sorted(Path(room, "rows").glob("*")), 3):
            totals += _score_part(part, Path(room), entries, whole=whole)
            progress(done, steps)
        if totals.entries != sum(entries.lookup.statuses.values()):
            raise DataError(f"{source.name} changed while it was read")
        write(_parts(Path(room, "stories")).sort("story_id"), target)
        if entries_to is not None:
            write(_parts(Path(room, "entries")).sort("row"), entries_to)
        rejected = _first_rejected(scan, columns) if entries.faults else []
        progress(steps, steps)
    return summary_of(entries.lookup, entries.faults, totals, rejected)


def _numbered(frame: Frame, *, whole: bool) -> Frame:
    """The frame as it is, or with each entry's text once more, to be shown beside its verdict."""
    fields = [name for name in frame.collect_schema().names() if name in FIELDS]
    return frame.with_columns(nw.col(name).alias(f"given_{name}") for name in fields) if whole else frame


def _set_aside(entries: Entries, folder: Path, parts: int, *, whole: bool) -> None:
    """Write the rows, coded, into parts by story."""
    coded = entries.coded().to_native()
    given = [pl.col(f"given_{field}") for field in entries.fields]
    slim = coded.select("story_id", pl.col("key").cast(pl.Int32), *(["row", *given] if whole else []))
    folder.mkdir()
    by_story = pl.PartitionBy(
        folder, key=(pl.col("story_id").hash() % parts).alias("part"), include_key=False
    )
    slim.sink_ipc(by_story, engine="streaming")
    if not any(folder.iterdir()):
        slim.clear().sink_ipc(folder / "none")


def _score_part(part: Path, room: Path, entries: Entries, *, whole: bool) -> Totals:
    """Score the stories of a part into a file of the same name; with ``whole`` their entries too."""
    rows = pl.scan_ipc(part).with_columns(pl.col("key").cast(pl.Int64))
    sums = kept(counted(nw.from_native(rows.select("story_id", "key")), entries.lookup))
    _sink(answered(sums).to_native(), room / "stories" / part.name)
    if whole:
        _sink(_with_verdicts(nw.from_native(rows), entries).to_native(), room / "entries" / part.name)
    figures = sums.to_native().select(pl.len(), pl.col("entries").sum(), pl.col("duplicates").sum())
    return Totals(*figures.collect().row(0))


def _with_verdicts(rows: Frame, entries: Entries) -> Frame:
    """Each entry with what it is; the first one of an outlet in its story counts."""
    first = nw.col("row").min().over("story_id", "key")
    again = (nw.col("each") == 0) & (nw.col("row") > first)
    status = nw.when(again).then(nw.lit("duplicate")).otherwise(nw.col("status"))
    shown = rows.join(table(rows, entries.lookup.verdict_table()), on="key", how="left")
    given = [nw.col(f"given_{field}").alias(field) for field in entries.fields]
    verdict = ("outlet", "side", "label", "value")
    return shown.with_columns(status.alias("status")).select("row", "story_id", *given, "status", *verdict)


def _first_rejected(scan: pl.LazyFrame, columns: Columns) -> list[Rejected]:
    bad = prepared(nw.from_native(scan), columns).filter(nw.col("fault") > 0).head(MOST_REJECTED)
    found = bad.select("row", nw.col("story_id").cast(nw.String), "fault").to_native().collect()
    return [Rejected(row, story, FAULTS[fault]) for row, story, fault in found.rows()]


def _sink(frame: pl.LazyFrame, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    frame.sink_ipc(path, engine="streaming")


def _parts(folder: Path) -> pl.LazyFrame:
    return pl.scan_ipc(sorted(folder.glob("*")))
