"""Spark's executors: batches of rows → units of stories, and batches of sums → figures."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from service.bulk.columns import FIELDS
from service.bulk.entry_coding import EntryCoder
from service.bulk.pipeline import to_figures
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.resolve.catalog import Catalog

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

KEY_SEPARATOR = "\t"
"""Stands between the parts of a unit's key: its status, whether each entry counts, and its name."""


def make_resolver(catalog: Catalog, options: Options) -> Any:
    """Return what an executor does with batches of rows. Spark sends it the catalog once."""

    def resolved(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        units: _Units | None = None
        for batch in batches:
            rows = pl.DataFrame(batch)
            units = units or _Units(
                [field for field in FIELDS if field in rows.columns], Scorer(catalog, options)
            )
            yield from units.of(rows).to_arrow().to_batches()

    return resolved


class _Units:
    """The units of rows, by story. Entries are resolved once, and remembered from batch to batch."""

    def __init__(self, fields: Sequence[str], scorer: Scorer) -> None:
        self.entries = EntryCoder(fields, scorer)
        self.names: list[str] = []

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the units of some rows. A row with a fault is one of no story."""
        coded = self.entries.encode_rows(rows.lazy()).group_by("story_id", "key").len("entries").collect()
        told = pl.Series(self._named(), dtype=pl.String).gather(coded["key"])
        fault = pl.col("fault").cast(pl.String).alias("key")
        bad = rows.filter(pl.col("fault") > 0).group_by(fault).len("entries")
        none = pl.lit(None, rows.schema["story_id"]).alias("story_id")
        units = pl.concat([coded.with_columns(told.alias("key")), bad.select(none, "key", "entries")])
        return units.with_columns(pl.col("entries").cast(pl.Int64))

    def _named(self) -> list[str]:
        lookup, first = self.entries.lookup, len(self.names)
        fresh = zip(lookup.verdicts[first:], lookup.effects[first:], lookup.units[first:], strict=True)
        self.names += [
            KEY_SEPARATOR.join(
                (verdict.status, str(effect.each), verdict.outlet.domain if verdict.outlet else unit)
            )
            for verdict, effect, unit in fresh
        ]
        return self.names


def compute_figures(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Turn sums of stories into the figures of the answer."""
    for batch in batches:
        if batch.num_rows:
            yield from to_figures(pl.DataFrame(batch)).to_arrow().to_batches()
