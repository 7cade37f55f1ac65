"""How far to trust a distribution: its interval, its bounds, and each rater alone."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Literal

from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import REMEMBERED, BySide, Sides, leading, percentages
from service.core.outlets import DECIMALS

Level = Literal["too_few", "fragile", "firm"]
Range = tuple[float, float]

FEWEST_RATED = 5
"""Under five rated outlets one more outlet moves a share by over 16 points: no figure worth a headline."""

HOLDS = "every rater with 5 or more rated sources, and any rating of the rest, gives the same leading side"
"""The reason of a firm distribution."""

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


class Ranges(Struct, frozen=True):
    """Lowest and highest share (0…1) of each side."""

    left: Range
    center: Range
    right: Range


class RaterView(Struct, frozen=True):
    """The distribution with one rater alone, and how many outlets that rater rates."""

    distribution: BySide | None
    rated: int


class Robustness(Struct, frozen=True):
    """The verdict (``level``) with its reasons in words, and the figures behind it."""

    level: Level
    reasons: tuple[str, ...]
    interval: Ranges | None
    bounds: Ranges | None
    by_rater: dict[str, RaterView]


@lru_cache(REMEMBERED)
def intervals(counts: Sides) -> Ranges | None:
    """``wilson`` of each side among the rated."""
    rated = sum(counts)
    return Ranges(*(wilson(count, rated) for count in counts)) if rated else None


@lru_cache(REMEMBERED)
def bounds(counts: Sides, unrated: int) -> Ranges | None:
    """``bounds_of`` each side among all."""
    total = sum(counts) + unrated
    return Ranges(*(bounds_of(count, unrated, total) for count in counts)) if total else None


def wilson(count: int, total: int) -> Range:
    """95 % score interval of a share (0…1). Wilson, E. B. (1927), JASA 22(158), 209-212."""
    share, z2 = count / total, Z95 * Z95
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return round(max(0.0, middle - half), DECIMALS), round(min(1.0, middle + half), DECIMALS)


def bounds_of(count: int, unrated: int, total: int) -> Range:
    """Share (0…1) of a side if the unrated outlets were all elsewhere, and if they were all on it."""
    return round(count / total, DECIMALS), round((count + unrated) / total, DECIMALS)


def robustness(counts: Sides, unrated: int, by_rater: Mapping[str, Sides]) -> Robustness:
    """Judge a distribution: ``counts`` per side, ``unrated`` outlets, and the counts of each rater alone."""
    return _judged(counts, unrated, tuple(by_rater.items()))


@lru_cache(REMEMBERED)
def _judged(counts: Sides, unrated: int, counts_by_rater: tuple[tuple[str, Sides], ...]) -> Robustness:
    by_rater = dict(counts_by_rater)
    reasons = _reasons(counts, unrated, by_rater)
    return Robustness(
        level=_level(counts, reasons),
        reasons=tuple(reasons) or (HOLDS,),
        interval=intervals(counts),
        bounds=bounds(counts, unrated),
        by_rater={name: RaterView(percentages(each), sum(each)) for name, each in by_rater.items()},
    )


def level_of(counts: Sides, unrated: int, by_rater: Mapping[str, Sides]) -> Level:
    """The verdict of ``robustness`` alone."""
    return _level(counts, _reasons(counts, unrated, by_rater))


def gist(counts: Sides) -> Sides:
    """The least counts of a rater that weigh the same in the verdict as ``counts``.

    There are eight of them, so that many stories can share one verdict.

    >>> gist((9, 4, 9)), gist((2, 1, 1))
    ((5, 0, 5), (0, 0, 0))
    """
    lead = leading(counts) if sum(counts) >= FEWEST_RATED else ()
    left, center, right = (FEWEST_RATED * (side in lead) for side in SIDES)
    return left, center, right


def _level(counts: Sides, reasons: Sequence[str]) -> Level:
    return "too_few" if sum(counts) < FEWEST_RATED else "fragile" if reasons else "firm"


def _reasons(counts: Sides, unrated: int, by_rater: Mapping[str, Sides]) -> list[str]:
    rated = sum(counts)
    if rated < FEWEST_RATED:
        return [f"only {rated} rated {'source' if rated == 1 else 'sources'}; {FEWEST_RATED} are the least"]
    return [*_disputes(counts, by_rater), *_overturns(counts, unrated)]


def _disputes(counts: Sides, by_rater: Mapping[str, Sides]) -> list[str]:
    """Raters with enough rated outlets for whom the leading side is not strictly the largest."""
    lead = leading(counts)
    if len(lead) > 1:
        return [f"{_words(lead)} tie for the lead"]
    return [
        f"{_words(lead)} does not lead by {name} alone ({sum(each)} rated)"
        for name, each in by_rater.items()
        if sum(each) >= FEWEST_RATED and leading(each) != lead
    ]


def _overturns(counts: Sides, unrated: int) -> list[str]:
    """Whether the unrated outlets could make another side as large as the leading one."""
    _, second, most = sorted(counts)
    if not unrated or most > second + unrated:
        return []
    noun = "source that is" if unrated == 1 else "sources that are"
    return [f"the {unrated} {noun} not rated could overturn the lead"]


def _words(sides: Sequence[Side]) -> str:
    return " and ".join(side.capitalize() for side in sides)
