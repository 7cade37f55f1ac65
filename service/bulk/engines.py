"""The few things that narwhals leaves to each engine: making a small table, keeping a result."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, cast

import narwhals as nw

from service.bulk.layout import FAULT, FAULTS, FIELDS, Columns

Frame = nw.LazyFrame[Any]
"""What the pipeline is written for; narwhals' eager frames have the same methods."""

Table = Mapping[str, Sequence[Any]]
"""Small columns made in Python, to be joined; their names say their types."""

TEXTS = (*FIELDS, "short", "headline", "level", "status", "outlet", "side", "label")
FRACTIONS = ("mean", "value", "probability_leading")

MOST_BROADCAST = 1_000_000
"""Rows of a small table that Spark sends to every executor; a larger one is joined by a shuffle."""

Row = tuple[Any, ...]


def adopted(native: Any, columns: Columns) -> Frame:
    """Take a caller's own frame. In its columns of Python objects a story's id becomes its text.

    An entry that is not a text, and an id that has none of its own (a list, a mapping, bytes), is a gap, and
    its row has a fault.
    """
    frame: Frame = cast("Frame", nw.from_native(native))
    columns = columns.found_in(frame.collect_schema().names())
    if not frame.implementation.is_pandas():
        return frame
    objects = {name: native[name] for name in columns.by_part.values() if native[name].dtype == object}
    if not objects:
        return frame
    texts = {
        name: column.map(_id if name == columns.story_id else _entry) for name, column in objects.items()
    }
    wrong = sum((column == _WRONG).astype("int64") for column in texts.values()) > 0
    told = {name: column.where(column != _WRONG, None).astype("str") for name, column in texts.items()}
    if columns.story_id in objects:
        plain = objects[columns.story_id].infer_objects()
        if plain.dtype != object:
            told[columns.story_id] = plain
    fault = wrong.astype("int64") * FAULTS.index("a value of the wrong type")
    return cast("Frame", nw.from_native(native.assign(**told, **{FAULT: fault})))


_WRONG = "\0"
"""Stands for a value of the wrong type; no host, name or id is written so."""


def _entry(value: Any) -> str | None:
    return value if isinstance(value, str) else None if _is_gap(value) else _WRONG


def _id(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray, memoryview)) or not isinstance(value, Hashable):
        return _WRONG
    return None if _is_gap(value) else str(value)


def _is_gap(value: Any) -> bool:
    return value is None or (str(value) in ("nan", "<NA>", "NaT") and not isinstance(value, str))


def table(like: Frame, columns: Table) -> Frame:
    """``columns`` as a frame of the engine (and the session) that ``like`` belongs to."""
    make = _MAKERS.get(like.implementation)
    if make is None:
        raise TypeError(f"frames of {like.implementation} are not supported")
    return cast("Frame", nw.from_native(make(like.to_native(), columns)))


def rows(frame: Frame) -> list[Row]:
    """Return the rows of a small frame."""
    if isinstance(frame, nw.DataFrame):
        return frame.rows()
    streamed: dict[str, Any] = {"engine": "streaming"} if frame.implementation.is_polars() else {}
    return frame.collect(**streamed).rows()


def kept(frame: Frame) -> Frame:
    """``frame``, worked out once and held for the steps that follow."""
    keep = None if isinstance(frame, nw.DataFrame) else _KEEPERS.get(frame.implementation)
    return cast("Frame", nw.from_native(keep(frame.to_native()))) if keep else frame


def mapped(frame: Frame, texts: nw.Expr, function: Callable[[str], str]) -> Frame | None:
    """Return ``frame`` with ``short``, ``function`` of each of ``texts``. ``None`` if an engine cannot."""
    if not frame.implementation.is_polars():
        return None
    import polars as pl  # noqa: PLC0415  # each engine is imported by those who use it

    def short(batch: pl.Series) -> pl.Series:
        there = batch.is_not_null()
        made = pl.Series([function(text) for text in batch.filter(there)], dtype=pl.String)
        return batch.scatter(there.arg_true(), made) if len(made) else batch

    native = frame.with_columns(texts.alias("short")).to_native()
    run = pl.col("short").map_batches(short, return_dtype=pl.String, is_elementwise=True)
    return cast("Frame", nw.from_native(native.with_columns(run)))


def dtypes(columns: Iterable[str]) -> dict[str, Any]:
    """Return the type of each column: whole numbers, unless it is one of the few of texts or fractions."""
    named = {**dict.fromkeys(TEXTS, nw.String()), **dict.fromkeys(FRACTIONS, nw.Float64())}
    return {name: named.get(name, nw.Int64()) for name in columns}


def _polars(native: Any, columns: Table) -> Any:
    import polars as pl  # noqa: PLC0415  # each engine is imported by those who use it

    made = nw.from_dict(dict(columns), schema=dtypes(columns), backend="polars").to_native()
    return made.lazy() if isinstance(native, pl.LazyFrame) else made


def _pandas(_: Any, columns: Table) -> Any:
    import pandas as pd  # noqa: PLC0415  # each engine is imported by those who use it

    names = {nw.Int64(): "Int64", nw.Float64(): "Float64", nw.String(): "str"}
    types = dtypes(columns)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=_plain(names[types[name]], values))
            for name, values in columns.items()
        }
    )


def _plain(dtype: str, values: Sequence[Any]) -> str:
    """Whole numbers without a gap are ordinary ones."""
    return dtype.lower() if dtype == "Int64" and None not in values else dtype


def _dask(_: Any, columns: Table) -> Any:
    import dask.dataframe as dd  # noqa: PLC0415  # each engine is imported by those who use it

    return dd.from_pandas(_pandas(None, columns), npartitions=1)  # type: ignore[no-untyped-call]  # Dask has no types


def _arrow(_: Any, columns: Table) -> Any:
    return nw.from_dict(dict(columns), schema=dtypes(columns), backend="pyarrow").to_native()


def _duckdb(native: Any, columns: Table) -> Any:
    return _bound(native, _arrow(None, columns))


def _bound(relation: Any, made: Any) -> Any:
    """Return an Arrow table as a relation of the connection that ``relation`` belongs to."""
    return relation.query("_slantwise", "SELECT * FROM made")


def _spark(native: Any, columns: Table) -> Any:
    kinds = {nw.Int64(): "bigint", nw.Float64(): "double", nw.String(): "string"}
    schema = ", ".join(f"`{name}` {kinds[dtype]}" for name, dtype in dtypes(columns).items())
    rows = list(zip(*columns.values(), strict=True))
    made = native.sparkSession.createDataFrame(rows, schema)
    return made.hint("broadcast") if len(rows) <= MOST_BROADCAST else made


def _duckdb_kept(native: Any) -> Any:
    return _bound(native, native.to_arrow_table())


def _dask_kept(native: Any) -> Any:
    import dask.dataframe as dd  # noqa: PLC0415  # each engine is imported by those who use it

    held = native.compute()
    return dd.from_pandas(held, npartitions=native.npartitions)  # type: ignore[no-untyped-call]  # Dask has no types


_MAKERS: dict[nw.Implementation, Callable[[Any, Table], Any]] = {
    nw.Implementation.POLARS: _polars,
    nw.Implementation.PANDAS: _pandas,
    nw.Implementation.PYARROW: _arrow,
    nw.Implementation.DUCKDB: _duckdb,
    nw.Implementation.DASK: _dask,
    nw.Implementation.PYSPARK: _spark,
    nw.Implementation.PYSPARK_CONNECT: _spark,
}
_KEEPERS: dict[nw.Implementation, Callable[[Any], Any]] = {
    nw.Implementation.POLARS: lambda native: native.lazy().collect(engine="streaming").lazy(),
    nw.Implementation.DUCKDB: _duckdb_kept,
    nw.Implementation.DASK: _dask_kept,
    nw.Implementation.PYSPARK: lambda native: native.persist(),
    nw.Implementation.PYSPARK_CONNECT: lambda native: native.persist(),
}
