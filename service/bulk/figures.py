"""Distinct sums → the figures that stories with these sums have; each comes from the core, once."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from service.bulk.verdicts import TEN_THOUSANDTHS
from service.core.bias import SIDES
from service.core.figures import Sides, headline_of, mean_of, percentages
from service.core.robustness import FEWEST_RATED, Level, gist, level_of

PERCENT = tuple(f"{side}_pct" for side in SIDES)
_LEAST = (0, FEWEST_RATED)
GISTS: tuple[Sides, ...] = tuple(product(_LEAST, _LEAST, _LEAST))
"""Every ``gist`` there is; a story's rows carry its place in this list."""

MOST_REMEMBERED = 2**18
"""Verdicts kept from one part of a table to the next."""

Counts = tuple[int, ...]


def of_sides(distinct: Iterable[Sides]) -> dict[str, list[Any]]:
    """Counts of the three sides → percentages, headline, and what they say in the verdict."""
    counts = list(distinct)
    return _columns((*SIDES, *PERCENT, "headline", "gist"), [(*sides, *_figures(sides)) for sides in counts])


def of_verdicts(names: Sequence[str], distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Counts of the sides, unrated, and the place in ``GISTS`` of each rater → level."""
    return _columns((*names, "level"), [(*sums, _level(sums)) for sums in distinct])


def of_values(distinct: Iterable[Counts]) -> dict[str, list[Any]]:
    """Sum of the bias values in ten-thousandths, and number of rated units → mean."""
    means = ((values, rated, mean_of(values / TEN_THOUSANDTHS, rated)) for values, rated in distinct)
    return _columns(("values", "rated", "mean"), list(means))


@lru_cache(MOST_REMEMBERED)
def _figures(sides: Sides) -> tuple[Any, ...]:
    shown = percentages(sides)
    percent = (shown.left, shown.center, shown.right) if shown else (None, None, None)
    return (*percent, headline_of(sides), GISTS.index(gist(sides)))


@lru_cache(MOST_REMEMBERED)
def _level(sums: Counts) -> Level:
    left, center, right, unrated, *said = sums
    return level_of((left, center, right), unrated, {str(i): GISTS[place] for i, place in enumerate(said)})


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as named columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
