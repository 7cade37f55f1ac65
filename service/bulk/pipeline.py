"""The one pipeline: rows with keys → sums by story → figures, of which the core makes each distinct one."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from service.core.bias import SIDES
from service.core.distribution import NEVER_DUPLICATES, Scorer
from service.core.figures import MIN_RATED, BySide, mean_value, tally_biases, to_percentages, write_headline
from service.core.outlets import DECIMALS
from service.core.resolve.match import Match
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

UNIT_SCHEMA = {
    "key": pl.Int32,
    **dict.fromkeys(("status", "outlet", "side", "label"), pl.String),
    "value": pl.Float64,
    **dict.fromkeys(("alone", "owner"), pl.Int64),
}

# A story's id has the type that it has in the table.
ANSWER_TYPES: dict[str, Any] = {
    **dict.fromkeys(ANSWER_COLUMNS[1:], pl.Int64),
    **dict.fromkeys(("headline", "level"), pl.String),
    **dict.fromkeys(("probability_leading", "mean"), pl.Float64),
}

# Figures kept from one part of a table to the next.
MAX_CACHED = 2**18

Row = tuple[Any, ...]


def number_units(scorer: Scorer) -> dict[str, int]:
    """Return the key of each outlet that may be counted, and of each status that is never a duplicate."""
    statuses = map(status_unit, sorted(NEVER_DUPLICATES))
    units = dict.fromkeys((*scorer.catalog.outlets, *scorer.overrides, *statuses))
    return {unit: key for key, unit in enumerate(units)}


def status_unit(status: str) -> str:
    return f":{status}"  # no domain is written so


def make_units(scorer: Scorer) -> pl.DataFrame:
    """Return a row for each key: its meaning and its part in the story. The last row is for unknown keys.

    ``alone``: its entries count each by itself. The sums of the sides come last, those by rater behind them.
    """
    alone = int(scorer.options.count_by == "entry")
    owners = {owner: number for number, owner in enumerate(dict.fromkeys(scorer.catalog.owners.values()))}
    by_rater = [f"{side}_by_{i}" for i in range(len(scorer.raters)) for side in SIDES]
    summed = (*SIDES, *SINGLE_COLUMNS, "values", *by_rater)
    nothing = (0,) * len(summed)
    rows: list[tuple[Any, ...]] = []
    for unit in number_units(scorer):
        if unit.startswith(":"):
            rows.append((len(rows), unit[1:], None, None, None, None, 1, -1, *nothing))
            continue
        known = scorer.catalog.outlets.get(unit)
        outlet = scorer.get_outlet(Match("found" if known else "unknown", unit, known))
        bias = outlet.bias if outlet else None
        if bias is None:
            status = "unrated" if outlet else "unknown"
            rows.append((len(rows), status, unit if outlet else None, None, None, None, alone, -1, *nothing))
            continue
        tally = tally_biases(scorer.raters, [bias])
        votes = (count for counts in tally.by_rater.values() for count in counts)
        sums = (*tally.sides, *tally.single_rater, round(tally.total * VALUE_SCALE), *votes)
        owner = owners.get(scorer.catalog.owners.get(unit, ""), -1)
        rows.append((len(rows), "rated", unit, bias.side, bias.label, bias.value, alone, owner, *sums))
    rows.append((len(rows), "unknown", None, None, None, None, alone, -1, *nothing))
    return pl.DataFrame(rows, {**UNIT_SCHEMA, **dict.fromkeys(summed, pl.Int64)}, orient="row")


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
    """Find the stories whose raters deny the lead, or whose owners make it, as the core does."""
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
