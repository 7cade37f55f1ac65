"""The one pipeline: rows with keys → sums by story → figures, of which the core makes each distinct one."""

from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from operator import and_
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from service.bulk.columns import FAULT, FILE, ROW, Columns
from service.bulk.dataframe_adapters import Frame
from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.figures import MIN_RATED, BySide, mean_value, tally_biases, to_percentages, write_headline
from service.core.outlets import DECIMALS, Bias
from service.core.robustness import choose_level, count_single_rater, probability_leading

# What one rater alone rates: all of it, and what is near the center by side.
SINGLE_COLUMNS = ("single_rater", "single_left", "single_center", "single_right")

# The sides, with the outlets of one known owner on one side counted once.
ONCE_COLUMNS = tuple(f"{side}_once" for side in SIDES)

# Bias values are added up as whole numbers of this size, so that their order does not matter.
VALUE_SCALE = 10**DECIMALS

PERCENT_COLUMNS = tuple(f"{side}_pct" for side in SIDES)
IF_CENTER_COLUMNS = ("single_near_center", *(f"{side}_pct_if_center" for side in SIDES))

ANSWER_COLUMNS = (
    "story_id",
    *SIDES,
    *("rated", "unrated", "total", "entries", "duplicates"),
    *PERCENT_COLUMNS,
    *("headline", "level", "probability_leading", "single_rater", *IF_CENTER_COLUMNS, "mean"),
)

# A story's id has the type that it has in the table.
ANSWER_TYPES: dict[str, Any] = {
    **dict.fromkeys(ANSWER_COLUMNS[1:], pl.Int64),
    **dict.fromkeys(("headline", "level"), pl.String),
    **dict.fromkeys(("probability_leading", "mean"), pl.Float64),
}

# Figures kept from one part of a table to the next.
MAX_CACHED = 2**18

Row = tuple[Any, ...]


def normalize_rows(frame: Frame, columns: Columns) -> Frame:
    """Return the rows with their columns called as the fields are, and ``fault``.

    That is an index of ``REJECT_REASONS``. Raises ``DataError`` for a column that is missing, or that
    holds lists or bytes.
    """
    schema = frame.collect_schema()
    columns = columns.check_against(schema.names())
    for name in columns.by_role.values():
        if schema[name].is_nested() or schema[name] in (nw.Binary, nw.Object):
            raise DataError(f"column {name!r} holds {schema[name]} values; texts are wanted")
    texts = (_text(column, schema[column]).alias(field) for field, column in columns.entry.items())
    own = {ROW: "row", FILE: "file", FAULT: "fault"}
    added = (nw.col(name).alias(role) for name, role in own.items() if name in schema.names())
    picked = frame.select(nw.col(columns.story_id).alias("story_id"), *texts, *added)
    picked = picked.with_columns(_id(schema[columns.story_id]).alias("story_id"))
    empty = reduce(and_, (nw.col(field).is_null() for field in columns.entry))
    fault = nw.when(empty).then(nw.lit(2)).otherwise(nw.lit(0))
    fault = nw.when(nw.col("story_id").is_null()).then(nw.lit(1)).otherwise(fault)
    if FAULT in schema.names():
        fault = nw.when(nw.col("fault") > 0).then(nw.col("fault")).otherwise(fault)
    return picked.with_columns(fault.cast(nw.Int64).alias("fault"))


def _text(column: str, dtype: Any) -> nw.Expr:
    text = nw.col(column).cast(nw.String)
    return nw.when(~nw.col(column).is_nan()).then(text) if dtype.is_float() else text


def _id(dtype: Any) -> nw.Expr:
    # Ids are grouped and compared: categories are texts, and what is not a number is a gap.
    story = nw.col("story_id")
    if dtype in (nw.Categorical, nw.Enum):
        return story.cast(nw.String)
    return nw.when(~story.is_nan()).then(story) if dtype.is_float() else story


def summed_columns(raters: int) -> tuple[str, ...]:
    """Return the columns that a unit adds to those of its story, the last ones by each rater alone."""
    return (*SIDES, *SINGLE_COLUMNS, "values", *(f"{side}_by_{i}" for i in range(raters) for side in SIDES))


def to_summed(scorer: Scorer, bias: Bias | None) -> list[int]:
    tally = tally_biases(scorer.raters, [bias] if bias else [])
    by_rater = (count for counts in tally.by_rater.values() for count in counts)
    return [*tally.sides, *tally.single_rater, round(tally.total * VALUE_SCALE), *by_rater]


def sum_by_story(rows: pl.LazyFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Frame of ``story_id`` and ``key``, in any order → one row a story with the sums over its units.

    The last of the ``units`` stands for all keys that are higher.
    """
    stories = rows.group_by("story_id").agg(pl.col("key").sort()).collect(engine="streaming")
    keys = stories["key"].explode(empty_as_null=False).to_numpy()
    entries = stories["key"].list.len().to_numpy().astype(np.int64)
    first = entries.cumsum() - entries
    # Entries of one unit follow each other. Its first one counts, or all do.
    begins = np.ones(len(keys), bool)
    begins[1:] = keys[1:] != keys[:-1]
    begins[first] = True
    unit, alone = np.minimum(keys, len(units) - 1), units["alone"].to_numpy() > 0
    counts = begins | alone[unit]
    total = np.add.reduceat(counts, first, dtype=np.int64)
    counted, start = unit[counts], total.cumsum() - total
    added = {name: units[name].to_numpy() for name in units.columns[units.columns.index(SIDES[0]) :]}
    sums = {name: np.add.reduceat(column[counted], start) for name, column in added.items()}
    rated = np.sum([sums[side] for side in SIDES], axis=0)
    sums |= _merge_owners(units, counted, total, sums)
    sums |= {"entries": entries, "total": total, "duplicates": entries - total, "rated": rated}
    sums |= {"unrated": total - rated, "outlets": rated, "squares": rated}
    if alone.all():
        length = np.diff(np.append(np.flatnonzero(begins), len(begins)))
        is_rated = np.sum([added[side] for side in SIDES], axis=0)[unit[begins]]
        runs = np.add.reduceat(begins, first, dtype=np.int64)
        start = runs.cumsum() - runs
        sums["outlets"] = np.add.reduceat(is_rated, start)
        sums["squares"] = np.add.reduceat(is_rated * length * length, start)
    return stories.select("story_id").with_columns(pl.Series(name, column) for name, column in sums.items())


def _merge_owners(units: pl.DataFrame, counted: Any, total: Any, sums: dict[str, Any]) -> dict[str, Any]:
    """Count each side of each story with the units of one owner counted once."""
    owner = units["owner"].to_numpy()  # -1 where none is known
    size = owner.max() + 1
    side = np.argmax([units[side].to_numpy() for side in SIDES], axis=0)
    at = np.flatnonzero(owner[counted] >= 0)
    story, unit = np.repeat(np.arange(len(total)), total)[at], counted[at]
    places = len(total) * len(SIDES)
    owned = np.bincount(story * len(SIDES) + side[unit], minlength=places)
    distinct = np.unique((story * len(SIDES) + side[unit]) * size + owner[unit])
    fewer = (owned - np.bincount(distinct // size, minlength=places)).reshape(len(total), len(SIDES))
    return {name: sums[SIDES[i]] - fewer[:, i] for i, name in enumerate(ONCE_COLUMNS)}


def to_figures(sums: pl.DataFrame) -> pl.DataFrame:
    """One row of sums a story → one row of the answer's figures."""
    sums = sums.with_columns(_find_doubts(sums))
    for given, names, compute in _FIGURES:
        distinct = sums.select(given).unique()
        schema = {**distinct.schema, **{name: ANSWER_TYPES[name] for name in names}}
        rows = [(*row, *compute(*row)) for row in distinct.rows()]
        sums = sums.join(pl.DataFrame(rows, schema, orient="row"), on=given, how="left")
    return sums.select(ANSWER_COLUMNS)


def _find_doubts(sums: pl.DataFrame) -> list[pl.Series]:
    """Say of each story whether its raters deny the lead, and whether owners make it, as the core does."""
    raters = sum(name.startswith(f"{SIDES[0]}_by_") for name in sums.columns)
    lead = _find_leads(sums, SIDES)
    views = [[f"{side}_by_{i}" for side in SIDES] for i in range(raters)]
    enough = np.array(
        [sums.select(pl.sum_horizontal(view)).to_series().to_numpy() >= MIN_RATED for view in views]
    )
    agrees = np.array([(_find_leads(sums, view) & lead) > 0 for view in views])
    denied = enough.any(axis=0) & ~(enough & agrees).any(axis=0)
    owners_change = _find_leads(sums, ONCE_COLUMNS) != lead
    series = {"denied": denied, "owners_change": owners_change, "raters": np.full(len(sums), raters)}
    return [pl.Series(name, column) for name, column in series.items()]


def _find_leads(sums: pl.DataFrame, columns: Sequence[str]) -> Any:
    # A bit for each side that has the largest count.
    counts = sums.select(columns).to_numpy()
    most = counts.max(axis=1, initial=0)[:, None]
    return ((counts == most) & (most > 0)) @ np.array([1, 2, 4])


def _percentages(shown: BySide | None) -> Row:
    return (shown.left, shown.center, shown.right) if shown else (None, None, None)


@lru_cache(MAX_CACHED)
def _side_figures(left: int, center: int, right: int) -> Row:
    sides = left, center, right
    return (*_percentages(to_percentages(sides)), write_headline(sides))


@lru_cache(MAX_CACHED)
def _robustness_figures(left: int, center: int, right: int, *others: Any) -> Row:
    sides, (unrated, outlets, squares, raters, denied, owners_change) = (left, center, right), others
    chance = probability_leading(sides, unrated, squares, raters, denied=denied)
    return choose_level(chance, sides, unrated, outlets, owners_change=owners_change), chance


@lru_cache(MAX_CACHED)
def _single_rater_figures(left: int, center: int, right: int, *single: int) -> Row:
    rated, near_left, near_center, near_right = single
    found = count_single_rater((left, center, right), (rated, near_left, near_center, near_right))
    return (found.near_center, *_percentages(found.if_center))


def _mean_figures(values: int, rated: int) -> Row:
    return (mean_value(values / VALUE_SCALE, rated),)


# Each figure depends on few columns, so that few combinations of them are distinct.
_FIGURES: tuple[tuple[Sequence[str], Sequence[str], Callable[..., Row]], ...] = (
    (SIDES, (*PERCENT_COLUMNS, "headline"), _side_figures),
    (
        (*SIDES, "unrated", "outlets", "squares", "raters", "denied", "owners_change"),
        ("level", "probability_leading"),
        _robustness_figures,
    ),
    ((*SIDES, *SINGLE_COLUMNS), IF_CENTER_COLUMNS, _single_rater_figures),
    (("values", "rated"), ("mean",), _mean_figures),
)
