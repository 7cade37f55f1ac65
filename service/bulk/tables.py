"""Tables as lazy polars frames and back: CSV, Parquet and NDJSON, wherever they lie."""

import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import polars as pl

from service.bulk.columns import FILE, ROW, Columns
from service.bulk.paths import STDIO, Format, Source, Target
from service.bulk.pieces import read_headers
from service.bulk.readers import find_ndjson_columns, scan_csv, scan_ndjson
from service.bulk.workdir import replace_durably
from service.core.errors import DataError

Packing = Literal["uncompressed", "gzip", "zstd"]
COMPRESSIONS: dict[str, Packing] = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}

ROW_NUMBER_OPTIONS: dict[str, Any] = {
    "row_index_name": ROW,
    "row_index_offset": 1,
    "include_file_paths": FILE,
}
"""Rows are numbered through all files of a table, which are read in order."""


def scan_table(source: Source, columns: Columns) -> tuple[pl.LazyFrame, Columns, int | None]:
    """Return the table in ``source``, each row with its number and its file, and the columns found in it.

    The third value is the number of rows. ``None`` where only reading would tell.
    """
    if source.format.kind == "ndjson":
        columns = columns.check_against(find_ndjson_columns(source, columns))
        return scan_ndjson(source, columns), columns, None
    if source.format.kind == "parquet":
        scan = pl.scan_parquet(
            list(source.addresses),
            glob=source.remote,
            missing_columns="insert",
            extra_columns="ignore",
            hive_partitioning=len(source.addresses) > 1 or source.remote,
            **ROW_NUMBER_OPTIONS,
        )
        columns = columns.check_against(scan.collect_schema().names())
        return scan, columns, scan.select(pl.len()).collect().item()
    scan = pl.scan_csv(
        list(source.addresses),
        infer_schema=False,
        separator=source.format.delimiter,
        glob=source.remote,
        **ROW_NUMBER_OPTIONS,
    )
    several = len(read_headers(source)) > 1
    first = pl.scan_csv(source.addresses[0], infer_schema=False, separator=source.format.delimiter)
    columns = columns.check_against((first if several else scan).collect_schema().names())
    rows = None if several else _count_rows_if_valid(scan)
    return scan if rows is not None else scan_csv(source, columns), columns, rows


def sink_table(frame: pl.LazyFrame, where: Path | str, form: Format) -> None:
    """Write ``frame`` in a format."""
    if form.kind == "parquet":
        frame.sink_parquet(where, engine="streaming")
    elif form.kind == "csv":
        frame.sink_csv(
            where,
            engine="streaming",
            separator=form.delimiter,
            compression=COMPRESSIONS[form.packed],
            check_extension=False,
        )
    else:
        frame.sink_ndjson(
            where, engine="streaming", compression=COMPRESSIONS[form.packed], check_extension=False
        )


def write_table(frame: pl.LazyFrame, target: Target, room: Path) -> None:
    """Write ``frame`` beside ``target`` and put it in its place when it is whole."""
    if target.path is None and target.given != STDIO:
        sink_table(frame, target.given, target.format)  # a remote object appears when it is whole
        return
    made = room / f"output{target.format.ending}"
    sink_table(frame, made, target.format)
    if target.path is not None:
        replace_durably(made, target.path)
        return
    with made.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()


@contextmanager
def as_data_errors(name: str) -> Iterator[None]:
    """Faults of a whole table as ``DataError``, in one line."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{name}: {(str(error) or type(error).__name__).splitlines()[0]}") from error


def _count_rows_if_valid(scan: pl.LazyFrame) -> int | None:
    """Return the number of rows of a CSV file if every cell can be read. Polars looks for faults only in the
    columns it reads.
    """
    try:
        counts = scan.select(pl.len().alias(ROW), pl.exclude(ROW).count()).collect(engine="streaming")
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    rows: int = counts[ROW].item()
    return rows
