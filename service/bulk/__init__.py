"""Score tables of any size: the same answers as the API, on the engine that holds the table."""

import warnings
from typing import Any

import narwhals as nw
import polars as pl

from service.bulk.columns import FAULTS, Columns
from service.bulk.dataframe_adapters import adopted, like, taken
from service.bulk.entry_coding import Entries
from service.bulk.pipeline import answered, counted, effects_of, prepared
from service.core.answer import Options
from service.core.distribution import DEFAULTS, Scorer
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import from_environment

__all__ = ["Columns", "RejectedRowsWarning", "rejected", "score_frame"]

BY_NAME = Columns()
SPARK = (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)


class RejectedRowsWarning(UserWarning):
    """Some rows of a frame were not scored. The message counts them by reason."""


def score_frame(
    frame: Any, catalog: Catalog | None = None, columns: Columns = BY_NAME, options: Options = DEFAULTS
) -> Any:
    """One row a story, as a frame of the kind given: pandas, polars (eager or lazy), DuckDB, PySpark or Dask.

    ``frame`` has one row an entry, in any order: a story's id, and a URL, a domain or a name. Rows without
    id or entry are left out with a ``RejectedRowsWarning``. ``rejected`` gives them.
    Without a ``catalog`` the settings' own is used.
    Raises ``DataError`` for a column that is missing, ``RequestError`` for options that cannot be met.
    """
    scorer = Scorer(catalog or load(from_environment()), options)
    own = adopted(frame, columns)
    if own.implementation in SPARK:
        from service.bulk.spark import scored  # noqa: PLC0415  # needs PySpark

        answer, faults = scored(own, scorer, columns)
    else:
        entries = Entries(list(columns.found_in(own.collect_schema().names()).entry), scorer)
        coded = [
            entries.coded(prepared(nw.from_native(piece), columns).to_native()).collect(engine="streaming")
            for piece in taken(own, columns)
        ]
        sums = counted(pl.concat(coded, how="vertical_relaxed").lazy(), effects_of(entries.lookup.effects))
        answer, faults = like(own, answered(sums)), entries.faults
    if faults:
        reasons = ", ".join(f"{times:,} {FAULTS[fault]}" for fault, times in sorted(faults.items()))
        text = f"{sum(faults.values()):,} rows were not scored ({reasons}); rejected(frame) gives them"
        warnings.warn(RejectedRowsWarning(text), stacklevel=2)
    return answer


def rejected(frame: Any, columns: Columns = BY_NAME) -> Any:
    """Return the rows that ``score_frame`` leaves out, as a frame of the kind given.

    ``fault`` is 1 for a row without a story's id, 2 for one without an entry, 5 for a value of a wrong type.
    """
    rows = prepared(adopted(frame, columns), columns)
    return rows.filter(nw.col("fault") > 0).to_native()
