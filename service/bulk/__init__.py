"""Score tables of any size: the same answers as the API, on the engine that holds the table."""

import warnings
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from service.bulk.columns import REJECT_REASONS, Columns
from service.bulk.dataframe_adapters import from_native, to_native, to_polars
from service.bulk.entry_coding import EntryCoder
from service.bulk.pipeline import normalize_rows, sum_by_story, to_figures
from service.core.answer import Options
from service.core.distribution import DEFAULT_OPTIONS, Scorer
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import from_environment

__all__ = ["Columns", "RejectedRowsWarning", "rejected", "score_frame"]

DEFAULT_COLUMNS = Columns()
SPARK_BACKENDS = (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)


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
    own = from_native(frame, columns)
    if own.implementation in SPARK_BACKENDS:
        from service.bulk.spark import score_spark_frame  # noqa: PLC0415  # needs PySpark

        answer, faults = score_spark_frame(own, scorer, columns)
    else:
        coder = EntryCoder(list(columns.check_against(own.collect_schema().names()).entry), scorer)
        pieces = (
            normalize_rows(nw.from_native(piece), columns).to_native() for piece in to_polars(own, columns)
        )
        rows = pl.concat(
            [coder.encode_rows(piece).collect(engine="streaming") for piece in pieces], how="vertical_relaxed"
        )
        answer = to_native(
            own, to_figures(sum_by_story(rows.lazy().filter(pl.col("key") >= 0), coder.units()))
        )
        faults = dict(rows.filter(pl.col("key") < 0).group_by(-pl.col("key")).len().rows())
    if faults:
        warnings.warn(_describe(faults), stacklevel=2)
    return answer


def rejected(frame: Any, columns: Columns = DEFAULT_COLUMNS) -> Any:
    """Return the rows that ``score_frame`` leaves out, as a frame of the kind given.

    ``fault`` is 1 for a row without a story's id, 2 for one without an entry, 5 for a value of a wrong type.
    """
    rows = normalize_rows(from_native(frame, columns), columns)
    return rows.filter(nw.col("fault") > 0).to_native()


def _describe(faults: Mapping[int, int]) -> RejectedRowsWarning:
    reasons = ", ".join(f"{times:,} {REJECT_REASONS[fault]}" for fault, times in sorted(faults.items()))
    text = f"{sum(faults.values()):,} rows were not scored ({reasons}); rejected(frame) gives them"
    return RejectedRowsWarning(text)
