"""A caller's own frames: taken as polars frames, piece by piece, and given back as they came."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, cast

import narwhals as nw
import polars as pl

from service.bulk.columns import FAULT, REJECT_REASONS, Columns

Frame = nw.LazyFrame[Any]
"""A frame of any kind; narwhals' eager frames have the same methods."""

DUCKDB_BATCH_ROWS = 1_000_000
"""Rows of a DuckDB relation that are held at a time."""


def from_native(native: Any, columns: Columns) -> Frame:
    """Take a caller's own frame. In its columns of Python objects a story's id becomes its text.

    An entry that is not a text, and an id that has none of its own (a list, a mapping, bytes), is a gap, and
    its row has a fault.
    """
    frame: Frame = cast("Frame", nw.from_native(native))
    columns = columns.check_against(frame.collect_schema().names())
    if not frame.implementation.is_pandas():
        return frame
    objects = {name: native[name] for name in columns.by_role.values() if native[name].dtype == object}
    if not objects:
        return frame
    texts = {
        name: column.map(_to_id if name == columns.story_id else _to_entry)
        for name, column in objects.items()
    }
    wrong = sum((column == _WRONG_TYPE).astype("int64") for column in texts.values()) > 0
    told = {name: column.where(column != _WRONG_TYPE, None).astype("str") for name, column in texts.items()}
    if columns.story_id in objects:
        plain = objects[columns.story_id].infer_objects()
        if plain.dtype != object:
            told[columns.story_id] = plain
    fault = wrong.astype("int64") * REJECT_REASONS.index("a value of the wrong type")
    return cast("Frame", nw.from_native(native.assign(**told, **{FAULT: fault})))


_WRONG_TYPE = "\0"
"""Stands for a value of the wrong type; no host, name or id is written so."""


def _to_entry(value: Any) -> str | None:
    return value if isinstance(value, str) else None if _is_missing(value) else _WRONG_TYPE


def _to_id(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray, memoryview)) or not isinstance(value, Hashable):
        return _WRONG_TYPE
    return None if _is_missing(value) else str(value)


def _is_missing(value: Any) -> bool:
    return value is None or (str(value) in ("nan", "<NA>", "NaT") and not isinstance(value, str))


def to_polars(frame: Frame, columns: Columns) -> Iterator[pl.LazyFrame]:
    """Yield the rows of a frame that is not Spark's as polars frames, at least one of them.

    Raises ``TypeError`` for a frame of a kind that is not supported.
    """
    take = _TO_POLARS.get(frame.implementation)
    if take is None:
        raise TypeError(f"frames of {frame.implementation} are not supported")
    return take(frame.select(*_needed_columns(frame, columns)).to_native())


def to_native(frame: Frame, answer: pl.DataFrame) -> Any:
    """Return ``answer`` as a frame of the kind (and the session) that ``frame`` is of."""
    return _TO_NATIVE[frame.implementation](frame.to_native(), answer)


def _needed_columns(frame: Frame, columns: Columns) -> list[str]:
    names = frame.collect_schema().names()
    own = columns.check_against(names).by_role.values()
    return [name for name in names if name in own or name == FAULT]


def _from_pandas(native: Any) -> Iterator[pl.LazyFrame]:
    yield pl.from_pandas(native).lazy()


def _from_duckdb(native: Any) -> Iterator[pl.LazyFrame]:
    reader = native.to_arrow_reader(DUCKDB_BATCH_ROWS)
    yield pl.DataFrame(reader.schema.empty_table()).lazy()
    yield from (pl.DataFrame(batch).lazy() for batch in reader)


def _from_dask(native: Any) -> Iterator[pl.LazyFrame]:
    yield from (pl.from_pandas(part.compute()).lazy() for part in native.partitions)


def _to_pandas(_: Any, answer: pl.DataFrame) -> Any:
    """Whole numbers stay such, also beside gaps."""
    gaps = [name for name, kind in answer.schema.items() if kind.is_integer() and answer[name].has_nulls()]
    return answer.to_pandas().astype(dict.fromkeys(gaps, "Int64"))


def _to_duckdb(native: Any, answer: pl.DataFrame) -> Any:
    made = answer.to_arrow()  # noqa: F841  # DuckDB finds it by its name
    return native.query("_slantwise", "SELECT * FROM made")


def _to_dask(native: Any, answer: pl.DataFrame) -> Any:
    import dask.dataframe as dd  # noqa: PLC0415  # each engine is imported by those who use it

    return dd.from_pandas(_to_pandas(None, answer), npartitions=native.npartitions)  # type: ignore[no-untyped-call]  # Dask has no types


_TO_POLARS: dict[nw.Implementation, Callable[[Any], Iterator[pl.LazyFrame]]] = {
    nw.Implementation.POLARS: lambda native: iter([native.lazy()]),
    nw.Implementation.PANDAS: _from_pandas,
    nw.Implementation.PYARROW: lambda native: iter([pl.DataFrame(native).lazy()]),
    nw.Implementation.DUCKDB: _from_duckdb,
    nw.Implementation.DASK: _from_dask,
}
_TO_NATIVE: dict[nw.Implementation, Callable[[Any, pl.DataFrame], Any]] = {
    nw.Implementation.POLARS: lambda native, answer: (
        answer.lazy() if isinstance(native, pl.LazyFrame) else answer
    ),
    nw.Implementation.PANDAS: _to_pandas,
    nw.Implementation.PYARROW: lambda _, answer: answer.to_arrow(),
    nw.Implementation.DUCKDB: _to_duckdb,
    nw.Implementation.DASK: _to_dask,
}
