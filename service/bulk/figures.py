"""Distinct sums → the figures that stories with these sums have. Each comes from the core, once."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from service.bulk.entry_lookup import SINGLE, TEN_THOUSANDTHS
from service.core.bias import SIDES
from service.core.figures import BySide, Sides, headline_of, mean_of, percentages
from service.core.robustness import level_of, probability_leading, single_rater

PERCENT = tuple(f"{side}_pct" for side in SIDES)
TRUST = ("level", "probability_leading")
IF_CENTER = ("single_near_center", *(f"{side}_pct_if_center" for side in SIDES))

MOST_REMEMBERED = 2**18
"""Figures kept from one part of a table to the next."""

Counts = tuple[int, ...]


def of_sides(distinct: Iterable[Sides]) -> dict[str, list[Any]]:
    """Turn counts of the three sides into percentages and headline."""
    return _columns((*SIDES, *PERCENT, "headline"), [(*sides, *_figures(sides)) for sides in distinct])


def of_trust(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn counts of the sides and of the unrated into the level, and the probability behind it."""
    return _columns((*SIDES, "unrated", *TRUST), [(*sums, *_trust(sums)) for sums in distinct])


def of_single(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn counts of the sides, and of what one rater alone rates, into what that leaves open."""
    return _columns((*SIDES, *SINGLE, *IF_CENTER), [(*sums, *_single(sums)) for sums in distinct])


def of_values(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Turn the sum of the bias values in ten-thousandths, and the number of rated units, into the mean."""
    means = ((values, rated, mean_of(values / TEN_THOUSANDTHS, rated)) for values, rated in distinct)
    return _columns(("values", "rated", "mean"), list(means))


def _percent(shown: BySide | None) -> tuple[int | None, ...]:
    return (shown.left, shown.center, shown.right) if shown else (None, None, None)


@lru_cache(MOST_REMEMBERED)
def _figures(sides: Sides) -> tuple[Any, ...]:
    return (*_percent(percentages(sides)), headline_of(sides))


@lru_cache(MOST_REMEMBERED)
def _trust(sums: Counts) -> tuple[Any, ...]:
    left, center, right, unrated = sums
    sides = left, center, right
    return level_of(sides, unrated), probability_leading(sides, unrated)


@lru_cache(MOST_REMEMBERED)
def _single(sums: Counts) -> tuple[Any, ...]:
    left, center, right, *single = sums
    rated, near_left, near_center, near_right = single
    said = single_rater((left, center, right), (rated, near_left, near_center, near_right))
    return (said.near_center, *_percent(said.if_center))


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as named columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
