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
from service.bulk.entry_coding import Entries, Found
from service.bulk.paths import Source, Target, check_apart, source_of, target_of
from service.bulk.pieces import brought
from service.bulk.pipeline import Effects, answered, counted, effects_of, prepared
from service.bulk.progress import Meter
from service.bulk.resume import begun, finished
from service.bulk.summary import Summary, Totals, first_rejected, summary_of
from service.bulk.tables import opened, read_errors, sink, write
from service.bulk.workdir import KEPT, lasting, passing, replaced
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.dataset.snapshot import gc_paused

PART = 2_000_000
"""Rows of a part; each story is in one part."""

VERDICT = {
    **{"key": pl.Int32, "each": pl.Int64},
    **dict.fromkeys(("status", "outlet", "side", "label"), pl.String),
    "value": pl.Float64,
}
"""Type of each column of a verdict."""

MOST_HEAPS = 256
"""Heaps into which stories fall. Parts are made of heaps, when it is known how long those are."""


class Job(Struct, frozen=True):
    """What to score, and where the answer goes. ``entries`` gets each entry with its verdict."""

    source: Source
    target: Target
    columns: Columns
    entries: Target | None = None
    resume: bool = False


def job_of(
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
    read, entries = source_of(source, form), target_of(entries_to) if entries_to is not None else None
    read = structs.replace(read, format=read.format.with_text(delimiter, encoding))
    job = Job(read, target_of(target, to), columns, entries, resume)
    check_apart(job.source, *((job.target, entries) if entries else (job.target,)))
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
    return run(job_of(source, target, columns, entries_to=entries_to), scorer, meter)


def run(job: Job, scorer: Scorer, meter: Meter | None = None) -> Summary:
    """Do a job. Outputs appear when they are whole. A folder of parts fills part by part."""
    with ExitStack() as stack:
        if job.target.folder and job.target.path is not None:
            if done := begun(job.target.path, job.resume):
                return done
            room = stack.enter_context(lasting(job.target.path))
        else:
            room = stack.enter_context(passing(_home(job.target)))
        stack.enter_context(read_errors(job.source.given))
        stack.enter_context(gc_paused())
        summary = _Run(job, scorer, room, meter or Meter()).summary()
        if job.target.folder and job.target.path is not None:
            finished(job.target.path, summary)
    return summary


def _home(target: Target) -> Path:
    return target.path.parent if target.path else Path(gettempdir())


class _Run:
    """One run of a job in its working folder."""

    def __init__(self, job: Job, scorer: Scorer, room: Path, meter: Meter) -> None:
        self.job, self.scorer, self.room, self.meter = job, scorer, room, meter
        self.whole = job.entries is not None
        self.scan, self.columns, self.known = opened(brought(job.source, room), job.columns)
        self._check_same()
        self.entries = Entries(list(self.columns.entry), scorer)

    def summary(self) -> Summary:
        """Do each step that has no result yet."""
        if (self.room / "rows").exists():
            found = (self.room / "found").read_bytes()
            self.entries.recall(msgspec.msgpack.decode(found, type=Found))
        else:
            self._set_aside()
        self.meter.expect(sum(self.entries.times))
        effects, totals = effects_of(self.entries.lookup.effects), Totals()
        for part, heaps in enumerate(self._parts()):
            own = self._totals_of(part, heaps, effects)
            totals += own
            self.meter.add(own.entries)
        if not self.job.target.folder:
            write(self._all("stories").sort("story_id"), self.job.target, self.room)
        if self.job.entries is not None:
            write(self._all("entries").sort("row"), self.job.entries, self.room)
        rejected = first_rejected(self.scan, self.columns) if self.entries.faults else []
        return summary_of(self.entries, totals, rejected)

    def _check_same(self) -> None:
        """Refuse to go on with what another job has begun."""
        mark = self.room / "job"
        own = fingerprint(self.job, self.columns, self.scorer)
        if mark.exists() and mark.read_bytes() != own:
            raise DataError(
                f"{self.job.target.given}: was begun with another input, other options or other data; "
                f"name another folder, or remove {KEPT} in it"
            )
        _put(mark, own)

    def _set_aside(self) -> None:
        """Write the rows, coded, into heaps by story, and beside them what they hold."""
        folder, fields = self.room / "rows-unfinished", self.entries.fields
        folder.mkdir(exist_ok=True)
        if self.known is not None:
            self.meter.expect(2 * self.known)
        scan = self.meter.counting(self.scan, self.columns.story_id)
        rows = prepared(nw.from_native(scan), self.columns).to_native()
        own = ["row", *(f"given_{field}" for field in fields)] if self.whole else []
        given = (pl.col(field).alias(f"given_{field}") for field in fields if self.whole)
        coded = self.entries.coded(rows.with_columns(given)).select("story_id", "key", *own)
        heaps = MOST_HEAPS if self.known is None else min(MOST_HEAPS, self.known // PART + 1)
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
        _put(self.room / "found", msgspec.msgpack.encode(self.entries.found))
        folder.rename(self.room / "rows")

    def _parts(self) -> list[list[Path]]:
        """Return the files of each part: heaps that follow each other, as many as make up a part."""
        parts: list[list[Path]] = [[self.room / "rows" / "none.ipc"]]
        rows = 0
        for _, files in groupby(sorted((self.room / "rows").glob("*-*.ipc")), lambda path: path.name[:3]):
            heap = list(files)
            length = pl.scan_ipc(heap).select(pl.len()).collect().item()
            if rows and rows + length > PART:
                parts, rows = [*parts, []], 0
            parts[-1] += heap
            rows += length
        return parts

    def _totals_of(self, part: int, heaps: list[Path], effects: Effects) -> Totals:
        """Score the stories of a part, unless that is done."""
        done = self.room / f"totals-{part}"
        if not done.exists():
            _put(done, msgspec.json.encode(self._score(part, heaps, effects)))
        return msgspec.json.decode(done.read_bytes(), type=Totals)

    def _score(self, part: int, heaps: list[Path], effects: Effects) -> Totals:
        rows = pl.scan_ipc(heaps)
        sums = counted(rows.select("story_id", "key"), effects)
        self._keep(answered(sums).lazy(), part)
        if self.whole:
            _sink(_with_verdicts(rows, self.entries), self.room / "entries", part)
        return Totals(*sums.select(pl.len(), pl.col("entries").sum(), pl.col("duplicates").sum()).row(0))

    def _keep(self, stories: pl.LazyFrame, part: int) -> None:
        if not self.job.target.folder or self.job.target.path is None:
            _sink(stories, self.room / "stories", part)
            return
        form = self.job.target.format
        made = self.room / f"part{form.ending}"
        sink(stories.sort("story_id"), made, form)
        replaced(made, self.job.target.path / f"part-{part:05}{form.ending}")

    def _all(self, name: str) -> pl.LazyFrame:
        return pl.scan_ipc(sorted((self.room / name).glob("*")))


def fingerprint(job: Job, columns: Columns, scorer: Scorer) -> bytes:
    """Say in bytes what two runs must have in common for the second to go on with the first."""
    stats = [Path(each).stat() for each in job.source.addresses if Path(each).is_file()]
    seen = [(stat.st_size, stat.st_mtime_ns) for stat in stats]
    outputs = (job.target.format, job.entries.given if job.entries else None)
    given = (job.source, seen, columns, scorer.options, scorer.dataset, outputs, PART, pl.__version__)
    return msgspec.json.encode(given)


def _put(path: Path, content: bytes) -> None:
    """Write a small file that is there whole or not at all."""
    fresh = path.with_name(f"{path.name}-unfinished")
    fresh.write_bytes(content)
    replaced(fresh, path)


def _with_verdicts(rows: pl.LazyFrame, entries: Entries) -> pl.LazyFrame:
    """Each entry with what it is. The first one of an outlet in its story counts."""
    again = (pl.col("each") == 0) & (pl.col("row") > pl.col("row").min().over("story_id", "key"))
    status = pl.when(again).then(pl.lit("duplicate")).otherwise("status").alias("status")
    verdicts = pl.LazyFrame(entries.lookup.verdict_table(), VERDICT)
    given = (pl.col(f"given_{field}").alias(field) for field in entries.fields)
    shown = rows.join(verdicts, on="key", how="left").with_columns(status)
    return shown.select("row", "story_id", *given, "status", "outlet", "side", "label", "value")


def _sink(frame: pl.LazyFrame, folder: Path, part: int) -> None:
    folder.mkdir(exist_ok=True)
    frame.sink_ipc(folder / f"{part:05}", engine="streaming")
