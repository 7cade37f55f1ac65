"""The few things that narwhals leaves to each engine: making a small table, keeping a result."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import narwhals as nw

from service.bulk.layout import FIELDS

Frame = nw.LazyFrame[Any]
"""What the pipeline is written for; narwhals' eager frames have the same methods."""

Table = Mapping[str, Sequence[Any]]
"""Small columns made in Python, to be joined; their names say their types."""

TEXTS = (*FIELDS, "headline", "level", "status", "outlet", "side", "label")
FRACTIONS = ("mean", "value", "probability_leading")

Row = tuple[Any, ...]


def adopted(native: Any) -> Frame:
    """A caller's own frame; in a pandas column of mixed values those that are no text are taken for gaps."""
    frame: Frame = cast("Frame", nw.from_native(native))
    mixed = [name for name, dtype in frame.collect_schema().items() if dtype == nw.Object]
    if not frame.implementation.is_pandas() or not mixed:
        return frame
    texts = {
        name: native[name].map(lambda v: v if isinstance(v, str) else None).astype("str") for name in mixed
    }
    return cast("Frame", nw.from_native(native.assign(**texts)))


def table(like: Frame, columns: Table) -> Frame:
    """``columns`` as a frame of the engine (and the session) that ``like`` belongs to."""
    make = _MAKERS.get(like.implementation)
    if make is None:
        raise TypeError(f"frames of {like.implementation} are not supported")
    return cast("Frame", nw.from_native(make(like.to_native(), columns)))


def rows(frame: Frame) -> list[Row]:
    """The rows of a small frame."""
    if isinstance(frame, nw.DataFrame):
        return frame.rows()
    streamed: dict[str, Any] = {"engine": "streaming"} if frame.implementation.is_polars() else {}
    return frame.collect(**streamed).rows()


def kept(frame: Frame) -> Frame:
    """``frame``, worked out once and held for the steps that follow."""
    keep = _KEEPERS.get(frame.implementation)
    return cast("Frame", nw.from_native(keep(frame.to_native()))) if keep else frame


def dtypes(columns: Iterable[str]) -> dict[str, Any]:
    """The type of each column: whole numbers, unless it is one of the few of texts or fractions."""
    named = {**dict.fromkeys(TEXTS, nw.String()), **dict.fromkeys(FRACTIONS, nw.Float64())}
    return {name: named.get(name, nw.Int64()) for name in columns}


def _polars(native: Any, columns: Table) -> Any:
    import polars as pl  # noqa: PLC0415  # each engine is imported by those who use it

    made = nw.from_dict(dict(columns), schema=dtypes(columns), backend="polars").to_native()
    return made.lazy() if isinstance(native, pl.LazyFrame) else made


def _pandas(_: Any, columns: Table) -> Any:
    import pandas as pd  # noqa: PLC0415

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
    import dask.dataframe as dd  # noqa: PLC0415

    return dd.from_pandas(_pandas(None, columns), npartitions=1)  # type: ignore[no-untyped-call]


def _arrow(_: Any, columns: Table) -> Any:
    return nw.from_dict(dict(columns), schema=dtypes(columns), backend="pyarrow").to_native()


def _duckdb(native: Any, columns: Table) -> Any:
    return _bound(native, _arrow(None, columns))


def _bound(relation: Any, made: Any) -> Any:
    """An Arrow table as a relation of the connection that ``relation`` belongs to."""
    return relation.query("_slantwise", "SELECT * FROM made")


def _spark(native: Any, columns: Table) -> Any:
    kinds = {nw.Int64(): "bigint", nw.Float64(): "double", nw.String(): "string"}
    schema = ", ".join(f"`{name}` {kinds[dtype]}" for name, dtype in dtypes(columns).items())
    return native.sparkSession.createDataFrame(list(zip(*columns.values(), strict=True)), schema)


def _duckdb_kept(native: Any) -> Any:
    return _bound(native, native.to_arrow_table())


def _dask_kept(native: Any) -> Any:
    import dask.dataframe as dd  # noqa: PLC0415

    held = native.compute()
    return dd.from_pandas(held, npartitions=native.npartitions)  # type: ignore[no-untyped-call]


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
