"""Score tables of any size: the same answers as the API, on the engine that holds the table."""

from typing import Any

import narwhals as nw

from service.bulk.engines import adopted, kept
from service.bulk.entries import Entries
from service.bulk.frame import answered, counted, prepared
from service.bulk.layout import Columns
from service.core.answer import Options
from service.core.distribution import DEFAULTS, Scorer
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import from_environment

__all__ = ["Columns", "rejected", "score_frame"]

BY_NAME = Columns()


def score_frame(
    frame: Any, catalog: Catalog | None = None, columns: Columns = BY_NAME, options: Options = DEFAULTS
) -> Any:
    """One row a story, as a frame of the kind given: pandas, polars (eager or lazy), DuckDB, PySpark or Dask.

    ``frame`` has one row an entry, in any order: a story's id, and a URL, a domain or a name. Rows without
    id or entry are left out; ``rejected`` gives them. Without a ``catalog`` the settings' own is used.
    Raises ``DataError`` for a column that is missing, ``RequestError`` for options that cannot be met.
    """
    scorer = Scorer(catalog or load(from_environment()), options)
    entries = Entries(prepared(adopted(frame), columns), scorer)
    return answered(kept(counted(entries.coded(), entries.lookup))).to_native()


def rejected(frame: Any, columns: Columns = BY_NAME) -> Any:
    """The rows that ``score_frame`` leaves out, as a frame of the kind given.

    ``fault`` is 1 for a row without a story's id, 2 for one without an entry.
    """
    return prepared(adopted(frame), columns).filter(nw.col("fault") > 0).to_native()
