"""A caller's own frames: taken as polars frames, piece by piece, and given back as they came."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, cast

import narwhals as nw
import polars as pl

from service.bulk.columns import FAULT, REJECT_REASONS, Columns

Frame = nw.LazyFrame[Any]  # of any kind; narwhals' eager frames have the same methods

# Rows of a DuckDB relation that are held at a time.
DUCKDB_BATCH_ROWS = 1_000_000

# Stands for a value of the wrong type; no host, name or id is written so.
_WRONG_TYPE = "\0"


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
    texts = {
        name: column.map(_to_id if name == columns.story_id else _to_entry)
        for name, column in objects.items()
    }
    if not texts:
        return frame
    wrong = sum((column == _WRONG_TYPE).astype("int64") for column in texts.values()) > 0
    made = {name: column.where(column != _WRONG_TYPE, None).astype("str") for name, column in texts.items()}
    if columns.story_id in objects and (plain := objects[columns.story_id].infer_objects()).dtype != object:
        made[columns.story_id] = plain
    fault = wrong.astype("int64") * REJECT_REASONS.index("a value of the wrong type")
    return cast("Frame", nw.from_native(native.assign(**made, **{FAULT: fault})))


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
    if frame.implementation not in _TO_NATIVE:
        raise TypeError(f"frames of {frame.implementation} are not supported")
    wanted = {*columns.check_against(frame.collect_schema().names()).by_role.values(), FAULT}
    native = frame.select(name for name in frame.collect_schema().names() if name in wanted).to_native()
    if frame.implementation.is_duckdb():
        reader = native.to_arrow_reader(DUCKDB_BATCH_ROWS)
        yield pl.DataFrame(reader.schema.empty_table()).lazy()
        yield from (pl.DataFrame(batch).lazy() for batch in reader)
    else:
        yield native.lazy() if frame.implementation.is_polars() else pl.DataFrame(native).lazy()


def to_native(frame: Frame, answer: pl.DataFrame) -> Any:
    return _TO_NATIVE[frame.implementation](frame.to_native(), answer)


def _to_pandas(_: Any, answer: pl.DataFrame) -> Any:
    # Whole numbers stay such, also beside gaps.
    gaps = [name for name, kind in answer.schema.items() if kind.is_integer() and answer[name].has_nulls()]
    return answer.to_pandas().astype(dict.fromkeys(gaps, "Int64"))


def _to_duckdb(native: Any, answer: pl.DataFrame) -> Any:
    made = answer.to_arrow()  # noqa: F841  # DuckDB finds it by its name
    return native.query("_slantwise", "SELECT * FROM made")


_TO_NATIVE: dict[nw.Implementation, Callable[[Any, pl.DataFrame], Any]] = {
    nw.Implementation.POLARS: lambda native, answer: (
        answer.lazy() if isinstance(native, pl.LazyFrame) else answer
    ),
    nw.Implementation.PANDAS: _to_pandas,
    nw.Implementation.PYARROW: lambda _, answer: answer.to_arrow(),
    nw.Implementation.DUCKDB: _to_duckdb,
}
