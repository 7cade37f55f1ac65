"""Tables in files, on this machine: read in streams, set aside by story in parts, scored part by part.

What stands in memory is the distinct hosts and one part. Each step leaves its result as a file in the working
folder, and is not repeated while that is there.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import narwhals as nw
import polars as pl
from msgspec import Struct, structs

from service.bulk.columns import Columns, normalize_rows
from service.bulk.entry_coding import EntryCoder
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
from service.bulk.pipeline import make_units, sum_by_story, to_figures
from service.bulk.readers import as_data_errors, scan_table
from service.bulk.summary import MAX_UNKNOWN, Meter, Summary, find_rejected, summarize
from service.bulk.workdir import (
    SUMMARY_FILE,
    WORKDIR,
    open_workdir,
    read_summary,
    replace_durably,
    write_atomically,
)
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.dataset.snapshot import gc_paused

# Rows of a part; each story is in one part.
PART_ROWS = 2_000_000


class Job(Struct, frozen=True):
    """A table to score, and the target of the answer. ``entries`` gets each entry with what it means."""

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
    if write.folder and write.path and (done := read_summary(write.path, resume=resume)):
        return msgspec.json.decode(done, type=Summary)
    with open_workdir(write) as workdir, as_data_errors(read.given), gc_paused():
        summary = _Run(job, scorer, workdir, meter or Meter()).score()
        if write.folder and write.path:
            write_atomically(write.path / SUMMARY_FILE, msgspec.json.encode(summary) + b"\n")
    return summary


class _Run:
    """One run of a job in its working folder."""

    def __init__(self, job: Job, scorer: Scorer, workdir: Path, meter: Meter) -> None:
        self.job, self.scorer, self.workdir, self.meter = job, scorer, workdir, meter
        self.scan, self.columns, self.known = scan_table(job.source, job.columns, workdir)
        self.units = make_units(scorer)
        self._check_same_job()

    def score(self) -> Summary:
        """Do each step that has no result yet."""
        self.meter.whole = 2 * self.known
        if not (self.workdir / "rows").exists():
            self._set_aside()
        self.meter.passed = self.known
        for part in sorted({path.name[:5] for path in (self.workdir / "rows").glob("*-*.ipc")}):
            done = self.workdir / f"totals-{part}.ipc"
            if not done.exists():
                made = self.workdir / "totals.ipc"
                self._score(part).write_ipc(made)
                replace_durably(made, done)
            self.meter.passed += pl.read_ipc(done)["entries"].item()
        if not self.job.target.folder:
            self._write("stories", "story_id", self.job.target)
        if self.job.entries is not None:
            self._write("entries", "row", self.job.entries)
        return self._summarize()

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
        rows = normalize_rows(nw.from_native(self.scan), self.columns).to_native()
        kept = ["story_id", "key"]
        if self.job.entries:
            rows = rows.with_columns(pl.col(field).alias(f"given_{field}") for field in coder.fields)
            kept += ["row", *(f"given_{field}" for field in coder.fields)]
        coded = coder.encode_rows(rows).select(kept)
        parts = self.known // PART_ROWS + 1
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
        coder.unknown().write_ipc(self.workdir / "unknown.ipc")
        folder.rename(self.workdir / "rows")

    def _score(self, part: str) -> pl.DataFrame:
        rows = pl.scan_ipc(self.workdir / f"rows/{part}-*.ipc").filter(pl.col("key") >= 0)
        sums = sum_by_story(rows.select("story_id", "key"), self.units)
        stories, target = to_figures(sums).lazy(), self.job.target
        if target.folder and target.path:
            made = self.workdir / f"part{target.format.ending}"
            _sink(stories.sort("story_id"), made, target.format)
            replace_durably(made, target.path / f"part-{part}{target.format.ending}")
        else:
            self._keep(stories, "stories", part)
        if self.job.entries:
            self._keep(self._describe(rows), "entries", part)
        return sums.select(pl.len().alias("stories"), pl.col("entries").sum(), pl.col("duplicates").sum())

    def _describe(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Add to each entry what it means. The first one of an outlet in its story counts."""
        last = pl.lit(len(self.units) - 1, pl.Int32)
        units = rows.with_columns(pl.min_horizontal("key", last).alias("unit")).join(
            self.units.lazy(), left_on="unit", right_on="key", how="left"
        )
        unknown = pl.read_ipc(self.workdir / "unknown.ipc").filter("ambiguous")
        again = (pl.col("alone") == 0) & (pl.col("row") > pl.col("row").min().over("story_id", "key"))
        said = pl.when(pl.col("key").is_in(unknown["key"].implode())).then(pl.lit("ambiguous"))
        status = pl.when(again).then(pl.lit("duplicate")).otherwise(said.otherwise("status"))
        given = pl.col("^given_.*$").name.map(lambda name: name.removeprefix("given_"))
        shown = (status.alias("status"), "outlet", "side", "label", "value")
        return units.select("row", "story_id", given, *shown)

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

    def _summarize(self) -> Summary:
        totals = pl.scan_ipc(self.workdir / "totals-*.ipc").sum().collect()
        counted = pl.scan_ipc(self.workdir / "rows/*.ipc").group_by("key").len("n")
        keys = counted.join(pl.scan_ipc(self.workdir / "unknown.ipc"), on="key", how="left").collect()
        last = len(self.units) - 1 + pl.col("ambiguous").fill_null(value=False).cast(pl.Int32)
        kind = pl.min_horizontal("key", last)
        kinds = keys.group_by(kind.alias("kind")).agg(pl.col("n").sum(), pl.len().alias("distinct"))
        unknown = keys.filter(~pl.col("ambiguous")).sort("n", "text", descending=[True, False])
        return summarize(
            stories=totals["stories"].item(),
            duplicates=totals["duplicates"].item(),
            kinds=kinds.rows(),
            units=self.units,
            unknown=unknown.select("text", "n").head(MAX_UNKNOWN).rows(),
            rejected=find_rejected(self.scan, self.columns) if (keys["key"] < 0).any() else [],
        )


def _sink(frame: pl.LazyFrame, where: Path | str, form: Format) -> None:
    if form.kind == "parquet":
        frame.sink_parquet(where, engine="streaming")
        return
    text: Any = {"engine": "streaming", "compression": COMPRESSIONS[form.packed], "check_extension": False}
    if form.kind == "csv":
        frame.sink_csv(where, separator=form.delimiter, **text)
    else:
        frame.sink_ndjson(where, **text)
