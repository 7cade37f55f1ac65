"""Tables in files, on this machine: read in streams, set aside by story in parts, scored part by part.

What stands in memory is the distinct hosts and one part. Each step leaves its result as a file in the working
folder, and is not repeated while that is there.
"""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import msgspec
import narwhals as nw
import polars as pl
from msgspec import Struct, structs

from service.bulk.columns import Columns
from service.bulk.entry_coding import EntryCoder, join_units
from service.bulk.paths import (
    COMPRESSIONS,
    STDIO,
    Format,
    Source,
    Target,
    check_not_overwritten,
    parse_source,
    parse_target,
)
from service.bulk.pipeline import normalize_rows, sum_by_story, to_figures
from service.bulk.readers import as_data_errors, materialize, scan_table
from service.bulk.summary import MAX_UNKNOWN, Meter, Summary, Totals, find_rejected, summarize
from service.bulk.workdir import (
    SUMMARY_FILE,
    WORKDIR,
    persistent_workdir,
    read_summary,
    replace_durably,
    temp_workdir,
    write_atomically,
)
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.dataset.snapshot import gc_paused

# Rows of a part; each story is in one part. Tables whose length only reading tells get so many parts.
PART_ROWS, UNKNOWN_PARTS = 2_000_000, 64


class Job(Struct, frozen=True):
    """What to score, and where the answer goes. ``entries`` gets each entry with what it means."""

    source: Source
    target: Target
    columns: Columns
    entries: Target | None = None


def score_table(
    source: str | Path,
    target: str | Path,
    scorer: Scorer,
    columns: Columns,
    *,
    entries_to: str | Path | None = None,
    form: str | None = None,
    to: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    resume: bool = False,
    meter: Meter | None = None,
) -> Summary:
    """Score the table in ``source`` into ``target``.

    Outputs appear when they are whole, a folder part by part. The endings of the names say the formats.
    Raises ``DataError`` for a table that cannot be read or written.
    """
    read, write = parse_source(source, form), parse_target(target, to)
    text = structs.replace(
        read.format, delimiter=delimiter or read.format.delimiter, encoding=encoding or read.format.encoding
    )
    entries = parse_target(entries_to) if entries_to is not None else None
    job = Job(structs.replace(read, format=text), write, columns, entries)
    check_not_overwritten(read, write, *([entries] if entries else []))
    folder = write.path if write.folder else None
    if folder and (done := read_summary(folder, resume=resume)):
        return msgspec.json.decode(done, type=Summary)
    with ExitStack() as stack:
        parent = write.path.parent if write.path else Path(gettempdir())
        workdir = stack.enter_context(persistent_workdir(folder) if folder else temp_workdir(parent))
        stack.enter_context(as_data_errors(read.given))
        stack.enter_context(gc_paused())
        summary = _Run(job, scorer, workdir, meter or Meter()).score()
        if folder:
            write_atomically(folder / SUMMARY_FILE, msgspec.json.encode(summary) + b"\n")
    return summary


class _Run:
    """One run of a job in its working folder."""

    def __init__(self, job: Job, scorer: Scorer, workdir: Path, meter: Meter) -> None:
        self.job, self.scorer, self.workdir, self.meter = job, scorer, workdir, meter
        self.scan, self.columns, self.known = scan_table(materialize(job.source, workdir), job.columns)
        self._check_same_job()

    def score(self) -> Summary:
        """Do each step that has no result yet."""
        if not (self.workdir / "rows").exists():
            self._set_aside()
        units = pl.read_ipc(self.workdir / "units.ipc")
        rows = pl.scan_ipc(self.workdir / "rows/*.ipc")
        times = rows.group_by("key").len("times").collect(engine="streaming")
        self.meter.expect(int(times["times"].sum()))
        totals = Totals()
        for part in sorted({path.name[:5] for path in (self.workdir / "rows").glob("*-*.ipc")}):
            done = self.workdir / f"totals-{part}"
            if not done.exists():
                write_atomically(done, msgspec.json.encode(self._score(part, units)))
            own = msgspec.json.decode(done.read_bytes(), type=Totals)
            self.meter.passed += own.entries
            totals += own
        if not self.job.target.folder:
            self._write("stories", "story_id", self.job.target)
        if self.job.entries is not None:
            self._write("entries", "row", self.job.entries)
        return self._summarize(totals, times, units)

    def _check_same_job(self) -> None:
        """Refuse to go on with what another job has begun."""
        job, mark = self.job, self.workdir / "job"
        stats = [Path(name).stat() for name in job.source.addresses if Path(name).is_file()]
        seen = [(stat.st_size, stat.st_mtime_ns) for stat in stats]
        outputs = (job.target.format, job.entries.given if job.entries else None)
        given = (
            job.source,
            seen,
            self.columns,
            self.scorer.options,
            self.scorer.dataset,
            outputs,
            PART_ROWS,
            pl.__version__,
        )
        if mark.exists() and mark.read_bytes() != msgspec.json.encode(given):
            raise DataError(
                f"{job.target.given}: was begun with another input, other options or other data; "
                f"name another folder, or remove {WORKDIR} in it"
            )
        write_atomically(mark, msgspec.json.encode(given))

    def _set_aside(self) -> None:
        """Write the rows with their keys, each story in one part, and what the keys mean."""
        folder = self.workdir / "rows-unfinished"
        folder.mkdir(exist_ok=True)
        coder = EntryCoder(list(self.columns.entry), self.scorer, self.meter)
        if self.known is not None:
            self.meter.expect(2 * self.known)
        rows = normalize_rows(nw.from_native(self.scan), self.columns).to_native()
        kept = ["story_id", "key"]
        if self.job.entries:
            rows = rows.with_columns(pl.col(field).alias(f"given_{field}") for field in coder.fields)
            kept += ["row", *(f"given_{field}" for field in coder.fields)]
        coded = coder.encode_rows(rows).select(kept)
        parts = UNKNOWN_PARTS if self.known is None else self.known // PART_ROWS + 1
        by_story = pl.PartitionBy(
            folder,
            key=(pl.col("story_id").hash() % parts).alias("part"),
            include_key=False,
            file_path_provider=lambda file: (
                f"{file.partition_keys['part'][0]:05}-{file.index_in_partition}.ipc"
            ),
        )
        coded.sink_ipc(by_story, engine="streaming")
        coded.clear().sink_ipc(folder / "00000-none.ipc")  # a table without rows has a part too
        coder.units().write_ipc(self.workdir / "units.ipc")
        coder.unknown().write_ipc(self.workdir / "unknown.ipc")
        folder.rename(self.workdir / "rows")

    def _score(self, part: str, units: pl.DataFrame) -> Totals:
        rows = pl.scan_ipc(self.workdir / f"rows/{part}-*.ipc").filter(pl.col("key") >= 0)
        sums = sum_by_story(rows.select("story_id", "key"), units)
        stories, target = to_figures(sums).lazy(), self.job.target
        if target.folder and target.path:
            made = self.workdir / f"part{target.format.ending}"
            _sink(stories.sort("story_id"), made, target.format)
            replace_durably(made, target.path / f"part-{part}{target.format.ending}")
        else:
            self._keep(stories, "stories", part)
        if self.job.entries:
            self._keep(_with_units(rows, units), "entries", part)
        return Totals(*sums.select(pl.len(), pl.col("entries").sum(), pl.col("duplicates").sum()).row(0))

    def _keep(self, frame: pl.LazyFrame, folder: str, part: str) -> None:
        (self.workdir / folder).mkdir(exist_ok=True)
        frame.sink_ipc(self.workdir / folder / f"{part}.ipc", engine="streaming")

    def _write(self, folder: str, order: str, target: Target) -> None:
        """Write what all parts have left in a folder, and put it in its place when it is whole."""
        frame = pl.scan_ipc(self.workdir / folder / "*.ipc").sort(order)
        if target.path is None and target.given != STDIO:
            _sink(frame, target.given, target.format)  # a remote object appears when it is whole
            return
        made = self.workdir / f"output{target.format.ending}"
        _sink(frame, made, target.format)
        if target.path is not None:
            replace_durably(made, target.path)
            return
        with made.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()

    def _summarize(self, totals: Totals, times: pl.DataFrame, units: pl.DataFrame) -> Summary:
        faults = dict(times.filter(pl.col("key") < 0).select(-pl.col("key"), "times").rows())
        times = times.filter(pl.col("key") >= 0)
        tally = join_units(times.lazy(), units).group_by("status").agg(pl.col("times").sum()).collect()
        unknown = times.join(pl.read_ipc(self.workdir / "unknown.ipc"), on="key").sort(
            "times", "text", descending=[True, False]
        )
        return summarize(
            totals,
            by_status=dict(tally.select("status", "times").rows()),
            faults=faults,
            distinct_entries=len(times),
            unknown=unknown.select("text", "times").head(MAX_UNKNOWN).rows(),
            rejected=find_rejected(self.scan, self.columns) if faults else [],
        )


def _with_units(rows: pl.LazyFrame, units: pl.DataFrame) -> pl.LazyFrame:
    """Add to each entry what it means. The first one of an outlet in its story counts."""
    again = (pl.col("alone") == 0) & (pl.col("row") > pl.col("row").min().over("story_id", "key"))
    status = pl.when(again).then(pl.lit("duplicate")).otherwise("status").alias("status")
    given = pl.col("^given_.*$").name.map(lambda name: name.removeprefix("given_"))
    shown = join_units(rows, units).with_columns(status)
    return shown.select("row", "story_id", given, "status", "outlet", "side", "label", "value")


def _sink(frame: pl.LazyFrame, where: Path | str, form: Format) -> None:
    if form.kind == "parquet":
        frame.sink_parquet(where, engine="streaming")
        return
    text: Any = {"engine": "streaming", "compression": COMPRESSIONS[form.packed], "check_extension": False}
    if form.kind == "csv":
        frame.sink_csv(where, separator=form.delimiter, **text)
    else:
        frame.sink_ndjson(where, **text)
