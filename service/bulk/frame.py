"""The one pipeline, for every engine: what is distinct goes through the core once, and is joined back.

Frames are narwhals': the same lines run on polars, pandas, DuckDB, Dask and Spark.
"""

from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw

from service.bulk import figures as answers
from service.bulk.distinct import SINGLE, Lookup
from service.bulk.engines import Frame, kept, rows, table
from service.bulk.layout import FAULT, FILE, ROW, Columns
from service.core.bias import SIDES
from service.core.errors import DataError

ANSWER = (
    "story_id",
    *SIDES,
    *("rated", "unrated", "total", "entries", "duplicates"),
    *answers.PERCENT,
    *("headline", *answers.TRUST, "single_rater", *answers.IF_CENTER, "mean"),
)
"""Columns of the answer, one row a story."""


def prepared(frame: Frame, columns: Columns) -> Frame:
    """Return the rows with their columns called as the fields are, and ``fault``: a place in ``FAULTS``, 0 if
    none.

    The columns that readers of files add become ``row``, ``file`` and ``fault``. Raises ``DataError`` for a
    column that is missing or that holds lists or bytes.
    """
    schema = frame.collect_schema()
    columns = columns.found_in(schema.names())
    for name in (columns.story_id, *columns.entry.values()):
        if schema[name].is_nested() or schema[name] in (nw.Binary, nw.Object):
            raise DataError(f"column {name!r} holds {schema[name]} values; texts are wanted")
    texts = (_text(column, schema[column]).alias(field) for field, column in columns.entry.items())
    own = {
        name: own for name, own in ((ROW, "row"), (FILE, "file"), (FAULT, "fault")) if name in schema.names()
    }
    kept_as = (nw.col(name).alias(own) for name, own in own.items())
    picked = frame.select(nw.col(columns.story_id).alias("story_id"), *texts, *kept_as)
    picked = picked.with_columns(_id(schema[columns.story_id]).alias("story_id"))
    empty = reduce(and_, (nw.col(field).is_null() for field in columns.entry))
    fault = nw.when(empty).then(nw.lit(2)).otherwise(nw.lit(0))
    fault = nw.when(nw.col("story_id").is_null()).then(nw.lit(1)).otherwise(fault)
    if FAULT in own:
        fault = nw.when(nw.col("fault") > 0).then(nw.col("fault")).otherwise(fault)
    return picked.with_columns(fault.cast(nw.Int64).alias("fault"))


def _text(column: str, dtype: Any) -> nw.Expr:
    text = nw.col(column).cast(nw.String)
    return nw.when(~nw.col(column).is_nan()).then(text) if dtype.is_float() else text


def _id(dtype: Any) -> nw.Expr:
    """Story ids that can be grouped and compared: categories are texts, and what is not a number is a gap."""
    story = nw.col("story_id")
    if dtype in (nw.Categorical, nw.Enum):
        return story.cast(nw.String)
    return nw.when(~story.is_nan()).then(story) if dtype.is_float() else story


def counted(frame: Frame, lookup: Lookup) -> Frame:
    """Frame of ``story_id`` and ``key``, in any order → one row a story with the sums over its units."""
    multiplied = any(effect.each and any(effect.sides) for effect in lookup.effects)
    effects = table(frame, lookup.effect_table())
    return summed(paired(frame), effects, multiplied=multiplied)


def paired(frame: Frame) -> Frame:
    """One row for each unit of a story, with the number of its entries."""
    return frame.group_by("story_id", "key").agg(nw.len().alias("entries"))


def summed(pairs: Frame, effects: Frame, *, multiplied: bool) -> Frame:
    """One row a story with the sums over its units. ``multiplied`` if rated entries count by themselves."""
    added = [*SIDES, *SINGLE, "values"]
    units = (nw.col("each") * (nw.col("entries") - 1) + 1).alias("total")
    joined = pairs.join(effects, on="key", how="left")
    adding = joined.with_columns(units, *(nw.col(name).fill_null(0) for name in added))
    if multiplied:
        adding = adding.with_columns(nw.col(name) * nw.col("total") for name in added)
    sums = (
        adding.group_by("story_id")
        .agg(nw.col(name).sum() for name in (*added, "entries", "total"))
        .with_columns(nw.col(name).cast(nw.Int64) for name in (*added, "entries", "total"))
    )
    rated = reduce(lambda one, other: one + other, map(nw.col, SIDES))
    return sums.with_columns(rated.alias("rated")).with_columns(
        (nw.col("total") - nw.col("rated")).alias("unrated"),
        (nw.col("entries") - nw.col("total")).alias("duplicates"),
    )


def answered(sums: Frame) -> Frame:
    """One row of sums a story → one row of the answer's figures. ``sums`` is read several times."""
    frame = kept(sums)
    for names, figures in (
        (SIDES, answers.of_sides),
        ((*SIDES, "unrated"), answers.of_trust),
        ((*SIDES, *SINGLE), answers.of_single),
        (("values", "rated"), answers.of_values),
    ):
        distinct = rows(frame.select(*names).unique())
        frame = frame.join(table(frame, figures(distinct)), on=list(names), how="left")
    return frame.select(*ANSWER)
