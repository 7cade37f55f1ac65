"""Distinct sums → the figures that stories with these sums have. Each comes from the core, once."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from service.bulk.entry_lookup import SINGLE_COLUMNS, VALUE_SCALE
from service.core.bias import SIDES
from service.core.figures import BySide, SideCounts, mean_value, to_percentages, write_headline
from service.core.robustness import choose_level, count_single_rater, probability_leading

PERCENT_COLUMNS = tuple(f"{side}_pct" for side in SIDES)
ROBUSTNESS_COLUMNS = ("level", "probability_leading")
IF_CENTER_COLUMNS = ("single_near_center", *(f"{side}_pct_if_center" for side in SIDES))

MAX_CACHED = 2**18
"""Figures kept from one part of a table to the next."""

Counts = tuple[int, ...]


def side_figures(distinct: Iterable[SideCounts]) -> dict[str, list[Any]]:
    """Turn counts of the three sides into percentages and headline."""
    return _to_columns(
        (*SIDES, *PERCENT_COLUMNS, "headline"), [(*sides, *_side_figures(sides)) for sides in distinct]
    )


def robustness_figures(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn counts of the sides and of the unrated into the level, and the probability behind it."""
    return _to_columns(
        (*SIDES, "unrated", *ROBUSTNESS_COLUMNS), [(*sums, *_robustness_figures(sums)) for sums in distinct]
    )


def single_rater_figures(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn counts of the sides, and of what one rater alone rates, into what that leaves open."""
    return _to_columns(
        (*SIDES, *SINGLE_COLUMNS, *IF_CENTER_COLUMNS),
        [(*sums, *_single_rater_figures(sums)) for sums in distinct],
    )


def mean_figures(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn the sum of the bias values in ten-thousandths, and the number of rated units, into the mean."""
    means = ((values, rated, mean_value(values / VALUE_SCALE, rated)) for values, rated in distinct)
    return _to_columns(("values", "rated", "mean"), list(means))


def _percentages(shown: BySide | None) -> tuple[int | None, ...]:
    return (shown.left, shown.center, shown.right) if shown else (None, None, None)


@lru_cache(MAX_CACHED)
def _side_figures(sides: SideCounts) -> tuple[Any, ...]:
    return (*_percentages(to_percentages(sides)), write_headline(sides))


@lru_cache(MAX_CACHED)
def _robustness_figures(sums: Counts) -> tuple[Any, ...]:
    left, center, right, unrated = sums
    sides = left, center, right
    return choose_level(sides, unrated), probability_leading(sides, unrated)


@lru_cache(MAX_CACHED)
def _single_rater_figures(sums: Counts) -> tuple[Any, ...]:
    left, center, right, *single = sums
    rated, near_left, near_center, near_right = single
    said = count_single_rater((left, center, right), (rated, near_left, near_center, near_right))
    return (said.near_center, *_percentages(said.if_center))


def _to_columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as named columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
