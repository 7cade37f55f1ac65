"""Tables in files, on this machine: read in streams, set aside by story in parts, scored part by part.

What stands in memory is the distinct entries and one part. Parts have about the same size however long the
table is. Each step leaves its result as a file in the working folder. With one it is not repeated.
"""

from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir

import msgspec
import narwhals as nw
import polars as pl
from msgspec import Struct, structs

from service.bulk.engines import Frame, kept, table
from service.bulk.entries import Entries, Found
from service.bulk.frame import answered, counted, prepared
from service.bulk.layout import FIELDS, Columns
from service.bulk.pieces import brought
from service.bulk.places import Source, Target, check_apart, source_of, target_of
from service.bulk.progress import Meter
from service.bulk.resume import begun, finished
from service.bulk.rooms import KEPT, lasting, passing, replaced
from service.bulk.summary import Summary, Totals, first_rejected, summary_of
from service.bulk.tables import opened, read_errors, sink, write
from service.core.distribution import Scorer
from service.core.errors import DataError

PART = 2_000_000
"""Rows of a part; each story is in one part."""

MOST_PARTS = 256


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
        self.scan, self.columns = opened(brought(job.source, room), job.columns)
        self._check_same()
        self.scan = meter.counting(self.scan, self.columns.story_id)
        self.entries = self._entries()
        self.rows = sum(self.entries.lookup.statuses.values())
        self.parts = min(MOST_PARTS, self.rows // PART + 1)
        self.meter.expect(self.rows * (1 if (self.room / "rows").exists() else 2))

    def summary(self) -> Summary:
        """Do each step that has no result yet."""
        if not (self.room / "rows").exists():
            self._set_aside()
        totals = Totals()
        for part in range(self.parts):
            own = self._totals_of(part)
            totals += own
            self.meter.add(own.entries)
        if totals.entries != self.rows:
            raise DataError(f"{self.job.source.given} changed while it was read")
        if not self.job.target.folder:
            write(self._all("stories").sort("story_id"), self.job.target, self.room)
        if self.job.entries is not None:
            write(self._all("entries").sort("row"), self.job.entries, self.room)
        rejected = first_rejected(self.scan, self.columns) if self.entries.faults else []
        return summary_of(self.entries.lookup, self.entries.faults, totals, rejected)

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

    def _entries(self) -> Entries:
        saved = self.room / "found"
        frame = prepared(nw.from_native(self.scan), self.columns)
        if self.whole:
            fields = [name for name in frame.collect_schema().names() if name in FIELDS]
            frame = frame.with_columns(nw.col(name).alias(f"given_{name}") for name in fields)
        found = msgspec.msgpack.decode(saved.read_bytes(), type=Found) if saved.exists() else None
        entries = Entries(frame, self.scorer, found)
        if found is None:
            _put(saved, msgspec.msgpack.encode(entries.found))
        return entries

    def _set_aside(self) -> None:
        """Write the rows, coded, into parts by story."""
        folder = self.room / "rows-unfinished"
        given = [pl.col(f"given_{field}") for field in self.entries.fields]
        own = ["row", *given] if self.whole else []
        slim = self.entries.coded().to_native().select("story_id", pl.col("key").cast(pl.Int32), *own)
        folder.mkdir(exist_ok=True)
        number = (pl.col("story_id").hash() % self.parts).alias("part")
        by_story = pl.PartitionBy(
            folder,
            key=number,
            include_key=False,
            file_path_provider=lambda file: f"{file.partition_keys['part'][0]}-{file.index_in_partition}.ipc",
        )
        slim.sink_ipc(by_story, engine="streaming")
        slim.clear().sink_ipc(folder / "none")
        folder.rename(self.room / "rows")

    def _totals_of(self, part: int) -> Totals:
        """Score the stories of a part, unless that is done."""
        done = self.room / f"totals-{part}"
        if not done.exists():
            _put(done, msgspec.json.encode(self._score(part)))
        return msgspec.json.decode(done.read_bytes(), type=Totals)

    def _score(self, part: int) -> Totals:
        own = sorted((self.room / "rows").glob(f"{part}-*.ipc")) or [self.room / "rows" / "none"]
        rows = pl.scan_ipc(own).with_columns(pl.col("key").cast(pl.Int64))
        sums = kept(counted(nw.from_native(rows.select("story_id", "key")), self.entries.lookup))
        self._keep(answered(sums).to_native(), part)
        if self.whole:
            _sink(_with_verdicts(nw.from_native(rows), self.entries).to_native(), self.room / "entries", part)
        figures = sums.to_native().select(pl.len(), pl.col("entries").sum(), pl.col("duplicates").sum())
        return Totals(*figures.collect().row(0))

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


def _with_verdicts(rows: Frame, entries: Entries) -> Frame:
    """Each entry with what it is. The first one of an outlet in its story counts."""
    first = nw.col("row").min().over("story_id", "key")
    again = (nw.col("each") == 0) & (nw.col("row") > first)
    status = nw.when(again).then(nw.lit("duplicate")).otherwise(nw.col("status"))
    shown = rows.join(table(rows, entries.lookup.verdict_table()), on="key", how="left")
    given = [nw.col(f"given_{field}").alias(field) for field in entries.fields]
    verdict = ("outlet", "side", "label", "value")
    return shown.with_columns(status.alias("status")).select("row", "story_id", *given, "status", *verdict)


def _sink(frame: pl.LazyFrame, folder: Path, part: int) -> None:
    folder.mkdir(exist_ok=True)
    frame.sink_ipc(folder / f"{part:05}", engine="streaming")
