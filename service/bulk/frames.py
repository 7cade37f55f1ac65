"""A caller's own frames: taken as polars frames, piece by piece, and given back as they came."""

import warnings
from collections.abc import Hashable, Iterator
from typing import Any, cast

import narwhals as nw
import polars as pl

from service.bulk.columns import FAULT, REJECT_REASONS, Columns, Frame, normalize_rows
from service.bulk.entry_coding import EntryCoder
from service.bulk.pipeline import make_units, sum_by_story, to_figures
from service.core.answer import Options
from service.core.distribution import DEFAULT_OPTIONS, Scorer
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import from_environment

DEFAULT_COLUMNS = Columns()
SPARK_BACKENDS = (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)

# Rows of a DuckDB relation that are held at a time.
DUCKDB_BATCH_ROWS = 1_000_000

# Stands for a value of the wrong type; no host, name or id is written so.
WRONG_TYPE = "\0"


class RejectedRowsWarning(UserWarning):
    """Some rows of a frame were not scored. The message counts them by reason."""


def score_frame(
    frame: Any,
    catalog: Catalog | None = None,
    columns: Columns = DEFAULT_COLUMNS,
    options: Options = DEFAULT_OPTIONS,
) -> Any:
    """One row a story, as a frame of the kind given: pandas, polars, PyArrow, DuckDB or PySpark.

    ``frame`` has one row an entry, in any order: a story's id, and a URL, a domain or a name. Rows without
    id or entry are left out with a ``RejectedRowsWarning``. ``rejected`` gives them.
    Without a ``catalog`` the settings' own is used.
    Raises ``DataError`` for a column that is missing, ``RequestError`` for options that cannot be met.
    """
    scorer = Scorer(catalog or load(from_environment()), options)
    own = _from_native(frame, columns)
    if own.implementation in SPARK_BACKENDS:
        from service.bulk.spark import score_spark_frame  # noqa: PLC0415  # needs PySpark

        answer, faults = score_spark_frame(own, scorer, columns)
    else:
        coder = EntryCoder(list(columns.check_against(own.collect_schema().names()).entry), scorer)
        coded = []
        for piece in _to_polars(own, columns):
            rows = normalize_rows(nw.from_native(piece), columns).to_native()
            coded.append(coder.encode_rows(rows).collect(engine="streaming"))
        keyed = pl.concat(coded, how="vertical_relaxed")
        sums = sum_by_story(keyed.lazy().filter(pl.col("key") >= 0), make_units(scorer))
        answer = _to_native(own, to_figures(sums))
        faults = dict(keyed.filter(pl.col("key") < 0).group_by(-pl.col("key")).len().rows())
    if faults:
        reasons = ", ".join(f"{times:,} {REJECT_REASONS[fault]}" for fault, times in sorted(faults.items()))
        text = f"{sum(faults.values()):,} rows were not scored ({reasons}); rejected(frame) gives them"
        warnings.warn(RejectedRowsWarning(text), stacklevel=2)
    return answer


def rejected(frame: Any, columns: Columns = DEFAULT_COLUMNS) -> Any:
    """Return the rows that ``score_frame`` leaves out, as a frame of the kind given.

    ``fault`` is 1 for a row without a story's id, 2 for one without an entry, 5 for a value of a wrong type.
    """
    rows = normalize_rows(_from_native(frame, columns), columns)
    return rows.filter(nw.col("fault") > 0).to_native()


def _from_native(native: Any, columns: Columns) -> Frame:
    """Take a caller's own frame. In its columns of Python objects a story's id becomes its text.

    An entry that is not a text, and an id that has none of its own (a list, a mapping, bytes), is a gap, and
    its row has a fault.
    """
    frame: Frame = cast("Frame", nw.from_native(native))
    columns = columns.check_against(frame.collect_schema().names())
    names = columns.by_role.values() if frame.implementation.is_pandas() else ()
    made: dict[str, Any] = {}
    for name in names:
        column = native[name].infer_objects() if name == columns.story_id else native[name]
        if column.dtype == object:
            texts = column.map(_to_id if name == columns.story_id else _to_entry)
            made[FAULT] = made.get(FAULT, False) | (texts == WRONG_TYPE)
            column = texts.where(texts != WRONG_TYPE, None).astype("str")
        made[name] = column
    if FAULT in made:
        made[FAULT] = made[FAULT].astype("int64") * REJECT_REASONS.index("a value of the wrong type")
    return cast("Frame", nw.from_native(native.assign(**made))) if made else frame


def _to_entry(value: Any) -> str | None:
    return value if isinstance(value, str) else None if _is_missing(value) else WRONG_TYPE


def _to_id(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray, memoryview)) or not isinstance(value, Hashable):
        return WRONG_TYPE
    return None if _is_missing(value) else str(value)


def _is_missing(value: Any) -> bool:
    return value is None or (str(value) in ("nan", "<NA>", "NaT") and not isinstance(value, str))


def _to_polars(frame: Frame, columns: Columns) -> Iterator[pl.LazyFrame]:
    """Yield the rows of a frame that is not Spark's as polars frames, at least one of them."""
    kind, present = frame.implementation, frame.collect_schema().names()
    if not (kind.is_polars() or kind.is_pandas() or kind.is_pyarrow() or kind.is_duckdb()):
        raise TypeError(f"frames of {kind} are not supported")
    wanted = {*columns.check_against(present).by_role.values(), FAULT}
    native = frame.select(name for name in present if name in wanted).to_native()
    if kind.is_duckdb():
        reader = native.to_arrow_reader(DUCKDB_BATCH_ROWS)
        yield pl.DataFrame(reader.schema.empty_table()).lazy()
        yield from (pl.DataFrame(batch).lazy() for batch in reader)
    else:
        yield native.lazy() if kind.is_polars() else pl.DataFrame(native).lazy()


def _to_native(frame: Frame, answer: pl.DataFrame) -> Any:
    kind, native = frame.implementation, frame.to_native()
    if kind.is_polars():
        return answer.lazy() if isinstance(native, pl.LazyFrame) else answer
    if kind.is_pandas():
        # Whole numbers stay such, also beside gaps.
        whole = [name for name, dtype in answer.schema.items() if dtype.is_integer()]
        gaps = [name for name in whole if answer[name].has_nulls()]
        return answer.to_pandas().astype(dict.fromkeys(gaps, "Int64"))
    made = answer.to_arrow()  # DuckDB finds it by its name
    return made if kind.is_pyarrow() else native.query("_slantwise", "SELECT * FROM made")
