"""Files as lazy polars frames and back: CSV, Parquet and NDJSON, by the ending of the name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from service.bulk.layout import ROW, Columns
from service.bulk.readers import columns_of_ndjson, scan_csv, scan_ndjson
from service.core.errors import DataError

Writer = Callable[[pl.LazyFrame, Path], object]

WRITERS: dict[str, Writer] = {
    ".csv": lambda frame, path: frame.sink_csv(path, engine="streaming"),
    ".parquet": lambda frame, path: frame.sink_parquet(path, engine="streaming"),
    ".ndjson": lambda frame, path: frame.sink_ndjson(path, engine="streaming"),
}
WRITERS[".jsonl"] = WRITERS[".ndjson"]


def opened(path: Path, columns: Columns) -> tuple[pl.LazyFrame, Columns]:
    """The table in ``path``, each row with its number, and the columns found in it."""
    written_as(path)
    if path.suffix == ".parquet":
        scan = pl.scan_parquet(path, row_index_name=ROW, row_index_offset=1, glob=False)
        return scan, columns.found_in(scan.collect_schema().names())
    if path.suffix == ".csv":
        scan = _plain_csv(path)
        columns = columns.found_in(scan.collect_schema().names())
        return scan if _is_sound(scan) else scan_csv(path, columns), columns
    columns = columns.found_in(columns_of_ndjson(path))
    return scan_ndjson(path, columns), columns


def write(frame: pl.LazyFrame, path: Path) -> None:
    """Write ``frame`` in the format that the ending of ``path`` names."""
    written_as(path)(frame, path)


def written_as(path: Path) -> Writer:
    """The writer of a path's format; raises ``DataError`` for an ending that names none."""
    if path.suffix not in WRITERS:
        raise DataError(f"{path.name}: the name of a table ends in {', '.join(WRITERS)}")
    return WRITERS[path.suffix]


@contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """Faults of a whole file as ``DataError``."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path.name}: {str(error).splitlines()[0]}") from error


def _plain_csv(path: Path) -> pl.LazyFrame:
    return pl.scan_csv(path, infer_schema=False, row_index_name=ROW, row_index_offset=1, glob=False)


def _is_sound(scan: pl.LazyFrame) -> bool:
    """Whether every cell of a CSV file can be read; polars looks for faults only in the columns it reads."""
    try:
        scan.select(pl.all().count()).collect(engine="streaming")
    except pl.exceptions.ComputeError:
        return False
    return True
