"""Tables in files, on this machine: read in streams, set aside by story in parts, scored part by part.

What stands in memory is the distinct entries and one part. Parts have about the same size however long the
table is. Each step leaves its result as a file in the working folder. With one it is not repeated.
"""

from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import gettempdir

import msgspec
import narwhals as nw
import polars as pl
from msgspec import Struct, structs

from service.bulk.columns import Columns
from service.bulk.entry_coding import EntryCoder, EntryState
from service.bulk.paths import Source, Target, check_not_overwritten, parse_source, parse_target
from service.bulk.pieces import materialize
from service.bulk.pipeline import Effects, normalize_rows, sum_by_story, to_effects, to_figures
from service.bulk.progress import Meter
from service.bulk.resume import check_folder, write_summary
from service.bulk.summary import Summary, Totals, first_rejected, make_summary
from service.bulk.tables import as_data_errors, scan_table, sink_table, write_table
from service.bulk.workdir import WORKDIR, persistent_workdir, replace_durably, temp_workdir
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.dataset.snapshot import gc_paused

PART_ROWS = 2_000_000
"""Rows of a part; each story is in one part."""

UNIT_SCHEMA = {
    **{"key": pl.Int32, "each": pl.Int64},
    **dict.fromkeys(("status", "outlet", "side", "label"), pl.String),
    "value": pl.Float64,
}
"""Type of each column of a verdict."""

MAX_BUCKETS = 256
"""Heaps into which stories fall. Parts are made of heaps, when it is known how long those are."""


class Job(Struct, frozen=True):
    """What to score, and where the answer goes. ``entries`` gets each entry with its verdict."""

    source: Source
    target: Target
    columns: Columns
    entries: Target | None = None
    resume: bool = False


def make_job(
    source: str | Path,
    target: str | Path,
    columns: Columns,
    *,
    entries_to: str | Path | None = None,
    form: str | None = None,
    to: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    resume: bool = False,
) -> Job:
    """Return the job that the names of tables say. Raise ``DataError`` for one that cannot be done."""
    read, entries = parse_source(source, form), parse_target(entries_to) if entries_to is not None else None
    read = structs.replace(read, format=read.format.with_options(delimiter, encoding))
    job = Job(read, parse_target(target, to), columns, entries, resume)
    check_not_overwritten(job.source, *((job.target, entries) if entries else (job.target,)))
    return job


def score_file(
    source: str | Path,
    target: str | Path,
    scorer: Scorer,
    columns: Columns,
    *,
    entries_to: str | Path | None = None,
    meter: Meter | None = None,
) -> Summary:
    """Score the table in ``source`` into ``target``. ``entries_to`` gets each entry with its verdict.

    The endings of the names say the formats. Raises ``DataError`` for a table that cannot be read.
    """
    return run(make_job(source, target, columns, entries_to=entries_to), scorer, meter)


def run(job: Job, scorer: Scorer, meter: Meter | None = None) -> Summary:
    """Do a job. Outputs appear when they are whole. A folder of parts fills part by part."""
    with ExitStack() as stack:
        if job.target.folder and job.target.path is not None:
            if done := check_folder(job.target.path, job.resume):
                return done
            room = stack.enter_context(persistent_workdir(job.target.path))
        else:
            room = stack.enter_context(temp_workdir(_workdir_parent(job.target)))
        stack.enter_context(as_data_errors(job.source.given))
        stack.enter_context(gc_paused())
        summary = _Run(job, scorer, room, meter or Meter()).summary()
        if job.target.folder and job.target.path is not None:
            write_summary(job.target.path, summary)
    return summary


def _workdir_parent(target: Target) -> Path:
    return target.path.parent if target.path else Path(gettempdir())


class _Run:
    """One run of a job in its working folder."""

    def __init__(self, job: Job, scorer: Scorer, room: Path, meter: Meter) -> None:
        self.job, self.scorer, self.room, self.meter = job, scorer, room, meter
        self.whole = job.entries is not None
        self.scan, self.columns, self.known = scan_table(materialize(job.source, room), job.columns)
        self._check_same()
        self.entries = EntryCoder(list(self.columns.entry), scorer)

    def summary(self) -> Summary:
        """Do each step that has no result yet."""
        if (self.room / "rows").exists():
            found = (self.room / "found").read_bytes()
            self.entries.restore(msgspec.msgpack.decode(found, type=EntryState))
        else:
            self._set_aside()
        self.meter.expect(sum(self.entries.times))
        effects, totals = to_effects(self.entries.lookup.effects), Totals()
        for part, heaps in enumerate(self._parts()):
            own = self._totals_of(part, heaps, effects)
            totals += own
            self.meter.add(own.entries)
        if not self.job.target.folder:
            write_table(self._all("stories").sort("story_id"), self.job.target, self.room)
        if self.job.entries is not None:
            write_table(self._all("entries").sort("row"), self.job.entries, self.room)
        rejected = first_rejected(self.scan, self.columns) if self.entries.faults else []
        return make_summary(self.entries, totals, rejected)

    def _check_same(self) -> None:
        """Refuse to go on with what another job has begun."""
        mark = self.room / "job"
        own = fingerprint(self.job, self.columns, self.scorer)
        if mark.exists() and mark.read_bytes() != own:
            raise DataError(
                f"{self.job.target.given}: was begun with another input, other options or other data; "
                f"name another folder, or remove {WORKDIR} in it"
            )
        _write_atomically(mark, own)

    def _set_aside(self) -> None:
        """Write the rows, coded, into heaps by story, and beside them what they hold."""
        folder, fields = self.room / "rows-unfinished", self.entries.fields
        folder.mkdir(exist_ok=True)
        if self.known is not None:
            self.meter.expect(2 * self.known)
        scan = self.meter.counting(self.scan, self.columns.story_id)
        rows = normalize_rows(nw.from_native(scan), self.columns).to_native()
        own = ["row", *(f"given_{field}" for field in fields)] if self.whole else []
        given = (pl.col(field).alias(f"given_{field}") for field in fields if self.whole)
        coded = self.entries.encode_rows(rows.with_columns(given)).select("story_id", "key", *own)
        heaps = MAX_BUCKETS if self.known is None else min(MAX_BUCKETS, self.known // PART_ROWS + 1)
        by_story = pl.PartitionBy(
            folder,
            key=(pl.col("story_id").hash() % heaps).alias("heap"),
            include_key=False,
            file_path_provider=lambda file: (
                f"{file.partition_keys['heap'][0]:03}-{file.index_in_partition}.ipc"
            ),
        )
        coded.sink_ipc(by_story, engine="streaming")
        coded.clear().sink_ipc(folder / "none.ipc")
        _write_atomically(self.room / "found", msgspec.msgpack.encode(self.entries.found))
        folder.rename(self.room / "rows")

    def _parts(self) -> list[list[Path]]:
        """Return the files of each part: heaps that follow each other, as many as make up a part."""
        parts: list[list[Path]] = [[self.room / "rows" / "none.ipc"]]
        rows = 0
        for _, files in groupby(sorted((self.room / "rows").glob("*-*.ipc")), lambda path: path.name[:3]):
            heap = list(files)
            length = pl.scan_ipc(heap).select(pl.len()).collect().item()
            if rows and rows + length > PART_ROWS:
                parts, rows = [*parts, []], 0
            parts[-1] += heap
            rows += length
        return parts

    def _totals_of(self, part: int, heaps: list[Path], effects: Effects) -> Totals:
        """Score the stories of a part, unless that is done."""
        done = self.room / f"totals-{part}"
        if not done.exists():
            _write_atomically(done, msgspec.json.encode(self._score(part, heaps, effects)))
        return msgspec.json.decode(done.read_bytes(), type=Totals)

    def _score(self, part: int, heaps: list[Path], effects: Effects) -> Totals:
        rows = pl.scan_ipc(heaps)
        sums = sum_by_story(rows.select("story_id", "key"), effects)
        self._keep(to_figures(sums).lazy(), part)
        if self.whole:
            _sink(_with_units(rows, self.entries), self.room / "entries", part)
        return Totals(*sums.select(pl.len(), pl.col("entries").sum(), pl.col("duplicates").sum()).row(0))

    def _keep(self, stories: pl.LazyFrame, part: int) -> None:
        if not self.job.target.folder or self.job.target.path is None:
            _sink(stories, self.room / "stories", part)
            return
        form = self.job.target.format
        made = self.room / f"part{form.ending}"
        sink_table(stories.sort("story_id"), made, form)
        replace_durably(made, self.job.target.path / f"part-{part:05}{form.ending}")

    def _all(self, name: str) -> pl.LazyFrame:
        return pl.scan_ipc(sorted((self.room / name).glob("*")))


def fingerprint(job: Job, columns: Columns, scorer: Scorer) -> bytes:
    """Say in bytes what two runs must have in common for the second to go on with the first."""
    stats = [Path(each).stat() for each in job.source.addresses if Path(each).is_file()]
    seen = [(stat.st_size, stat.st_mtime_ns) for stat in stats]
    outputs = (job.target.format, job.entries.given if job.entries else None)
    given = (job.source, seen, columns, scorer.options, scorer.dataset, outputs, PART_ROWS, pl.__version__)
    return msgspec.json.encode(given)


def _write_atomically(path: Path, content: bytes) -> None:
    """Write a small file that is there whole or not at all."""
    fresh = path.with_name(f"{path.name}-unfinished")
    fresh.write_bytes(content)
    replace_durably(fresh, path)


def _with_units(rows: pl.LazyFrame, entries: EntryCoder) -> pl.LazyFrame:
    """Each entry with what it is. The first one of an outlet in its story counts."""
    again = (pl.col("each") == 0) & (pl.col("row") > pl.col("row").min().over("story_id", "key"))
    status = pl.when(again).then(pl.lit("duplicate")).otherwise("status").alias("status")
    verdicts = pl.LazyFrame(entries.lookup.unit_table(), UNIT_SCHEMA)
    given = (pl.col(f"given_{field}").alias(field) for field in entries.fields)
    shown = rows.join(verdicts, on="key", how="left").with_columns(status)
    return shown.select("row", "story_id", *given, "status", "outlet", "side", "label", "value")


def _sink(frame: pl.LazyFrame, folder: Path, part: int) -> None:
    folder.mkdir(exist_ok=True)
    frame.sink_ipc(folder / f"{part:05}", engine="streaming")
