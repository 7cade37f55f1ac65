"""The one pipeline: what is distinct goes through the core once, and is joined back."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from msgspec import Struct

from service.bulk import figures as answers
from service.bulk.columns import FAULT, FILE, ROW, Columns
from service.bulk.dataframe_adapters import Frame
from service.bulk.entry_lookup import SINGLE_COLUMNS, Effect
from service.core.bias import SIDES
from service.core.errors import DataError

ANSWER_COLUMNS = (
    "story_id",
    *SIDES,
    *("rated", "unrated", "total", "entries", "duplicates"),
    *answers.PERCENT_COLUMNS,
    *("headline", *answers.ROBUSTNESS_COLUMNS, "single_rater", *answers.IF_CENTER_COLUMNS, "mean"),
)
"""Columns of the answer, one row a story."""

ANSWER_TYPES = {
    **dict.fromkeys(ANSWER_COLUMNS[1:], pl.Int64),
    **dict.fromkeys(("headline", "level"), pl.String),
    **dict.fromkeys(("probability_leading", "mean"), pl.Float64),
}
"""Type of each column of the answer. A story's id has that of the table."""

SUMMED_COLUMNS = (*SIDES, *SINGLE_COLUMNS, "values")
"""Columns that a unit adds to those of its story."""


def normalize_rows(frame: Frame, columns: Columns) -> Frame:
    """Return the rows with their columns called as the fields are, and ``fault``: a place in ``FAULTS``, 0 if
    none.

    The columns that readers of files add become ``row``, ``file`` and ``fault``. Raises ``DataError`` for a
    column that is missing or that holds lists or bytes.
    """
    schema = frame.collect_schema()
    columns = columns.check_against(schema.names())
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


class Effects(Struct, frozen=True):
    """What a unit of each key adds to the ``SUMMED_COLUMNS``, and whether each of its entries is a unit."""

    each: Any
    added: dict[str, Any]


def to_effects(effects: Sequence[Effect]) -> Effects:
    """Return the effects of keys as columns."""
    flat = [(effect.each, *effect.sides, *effect.single, effect.values) for effect in effects]
    each, *added = np.array(flat, np.int64).reshape(-1, 1 + len(SUMMED_COLUMNS)).T.copy()
    return Effects(each > 0, dict(zip(SUMMED_COLUMNS, added, strict=True)))


def sum_by_story(rows: pl.LazyFrame, effects: Effects) -> pl.DataFrame:
    """Frame of ``story_id`` and ``key``, in any order → one row a story with the sums over its units."""
    stories = rows.group_by("story_id").agg(pl.col("key").sort()).collect(engine="streaming")
    keys = stories["key"].explode(empty_as_null=False).to_numpy()
    entries = stories["key"].list.len().to_numpy().astype(np.int64)
    first = entries.cumsum() - entries
    # Entries of one unit follow each other. Its first one counts, or each.
    counts = np.ones(len(keys), bool)
    counts[1:] = keys[1:] != keys[:-1]
    counts[first] = True
    counts |= effects.each[keys]
    total = np.add.reduceat(counts, first, dtype=np.int64)
    units, begin = keys[counts], total.cumsum() - total
    sums = {name: np.add.reduceat(column[units], begin) for name, column in effects.added.items()}
    rated = np.sum([sums[side] for side in SIDES], axis=0)
    sums |= {"entries": entries, "total": total, "duplicates": entries - total}
    return stories.select("story_id").with_columns(
        pl.Series(name, column) for name, column in {**sums, "rated": rated, "unrated": total - rated}.items()
    )


def to_figures(sums: pl.DataFrame) -> pl.DataFrame:
    """One row of sums a story → one row of the answer's figures."""
    frame = sums
    for names, figures in (
        (SIDES, answers.side_figures),
        ((*SIDES, "unrated"), answers.robustness_figures),
        ((*SIDES, *SINGLE_COLUMNS), answers.single_rater_figures),
        (("values", "rated"), answers.mean_figures),
    ):
        made = figures(sums.select(names).unique().rows())
        kinds = {name: ANSWER_TYPES.get(name, pl.Int64) for name in made}
        frame = frame.join(pl.DataFrame(made, kinds), on=names, how="left")
    return frame.select(ANSWER_COLUMNS)
