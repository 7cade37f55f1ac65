"""Judge how far to trust a distribution: the chance that its lead holds, and what weakens it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import erfc, sqrt
from typing import Literal

from msgspec import Struct

from service.core.figures import (
    CACHE_SIZE,
    MIN_RATED,
    BySide,
    SideCounts,
    SingleRaterCounts,
    find_leading,
    is_or_are,
    pluralize_sources,
    side_names,
    to_percentages,
)
from service.core.outlets import DECIMALS

Level = Literal["too_few", "fragile", "likely", "firm"]
Range = tuple[float, float]

MIN_FIRM, MIN_LIKELY = 0.95, 0.80
"""Probabilities of leading from which a lead is called so."""

ROUNDING_VAR, RATED_VAR, UNRATED_VAR = 0.25, 0.3, 0.1
"""Variance of a lead, in outlets squared: of rounding to whole outlets, of each rated and each unrated one.

Fitted to lists of outlets whose side other raters show too.
"""

NOTHING_WEAKENS = (
    "every rater with 5 or more rated sources, and any rating of the rest, gives the same leading side"
)
"""The reason of a distribution that nothing weakens."""

NORMAL_Q975 = 1.959963984540054
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


class SingleRater(Struct, frozen=True):
    """Outlets that one rater alone rates, those of them near the center, and the percentages without these.

    ``near_center`` counts outlets within 1.5 steps of the center, ``if_center`` takes them for the center.
    """

    rated: int
    near_center: int
    if_center: BySide | None


class Robustness(Struct, frozen=True):
    """The verdict (``level``) with its reasons in words, and the figures behind it.

    ``probability_leading`` is the chance (0…1) that more raters would put the same side in front.
    """

    level: Level
    probability_leading: float | None
    reasons: tuple[str, ...]
    single_rater: SingleRater
    interval: Ranges | None
    bounds: Ranges | None
    by_rater: dict[str, RaterView]


@lru_cache(CACHE_SIZE)
def wilson_intervals(counts: SideCounts) -> Ranges | None:
    """Return the ``wilson_interval`` interval of each side among the rated."""
    rated = sum(counts)
    return Ranges(*(wilson_interval(count, rated) for count in counts)) if rated else None


@lru_cache(CACHE_SIZE)
def share_bounds(counts: SideCounts, unrated: int) -> Ranges | None:
    """Return the bounds of each side among all."""
    total = sum(counts) + unrated
    return Ranges(*(side_bounds(count, unrated, total) for count in counts)) if total else None


def wilson_interval(count: int, total: int) -> Range:
    """Return the 95 % score interval of a share (0…1). Wilson, E. B. (1927), JASA 22(158), 209-212."""
    share, z2 = count / total, NORMAL_Q975 * NORMAL_Q975
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = NORMAL_Q975 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return round(max(0.0, middle - half), DECIMALS), round(min(1.0, middle + half), DECIMALS)


def side_bounds(count: int, unrated: int, total: int) -> Range:
    """Return a side's share (0…1) if all unrated outlets were elsewhere, and if all were on it."""
    return round(count / total, DECIMALS), round((count + unrated) / total, DECIMALS)


@lru_cache(CACHE_SIZE)
def probability_leading(counts: SideCounts, unrated: int) -> float | None:
    """Return the chance that a panel of more raters puts the same side in front, 0 for a tie.

    >>> probability_leading((4, 9, 7), 4), probability_leading((5, 5, 1), 0)
    (0.7196, 0.0)
    """
    rated = sum(counts)
    if not rated:
        return None
    _, second, most = sorted(counts)
    if most == second:
        return 0.0
    lead = (most - second - 0.5) / sqrt(ROUNDING_VAR + RATED_VAR * rated + UNRATED_VAR * unrated)
    return round(erfc(-lead / sqrt(2)) / 2, DECIMALS)


@lru_cache(CACHE_SIZE)
def choose_level(counts: SideCounts, unrated: int) -> Level:
    """Put ``probability_leading`` in a word."""
    chance = probability_leading(counts, unrated)
    if chance is None or sum(counts) < MIN_RATED:
        return "too_few"
    return "firm" if chance >= MIN_FIRM else "likely" if chance >= MIN_LIKELY else "fragile"


@lru_cache(CACHE_SIZE)
def count_single_rater(counts: SideCounts, single: SingleRaterCounts) -> SingleRater:
    """Show what the outlets near the center would make if a second rater called them all Center."""
    rated, left, center, right = single
    moved = (counts[0] - left, counts[1] + left + right, counts[2] - right)
    return SingleRater(rated, left + center + right, to_percentages(moved))


def describe_robustness(robustness: Robustness) -> str:
    """Say the level, the chance behind it and the reasons in one line, as on a terminal."""
    chance = robustness.probability_leading
    told = robustness.level.replace("_", " ")
    # A tie has no chance of its own to tell: nobody leads, and the first reason says so.
    if robustness.level != "too_few" and chance:
        told += f" ({_format_chance(chance)} that more raters would put the same side in front)"
    return f"{told}: {'; '.join(robustness.reasons)}"


def _format_chance(chance: float) -> str:
    """Return a chance in whole percent. What is not certain is not called so."""
    return "over 99%" if chance > 0.99 else f"{chance * 100:.0f}%"


def judge_robustness(
    counts: SideCounts,
    unrated: int,
    by_rater: Mapping[str, SideCounts],
    single: SingleRaterCounts = (0, 0, 0, 0),
    names: Sequence[str] = (),
) -> Robustness:
    """Judge a distribution: ``counts`` per side, ``unrated`` outlets, and the counts of each rater alone.

    ``single`` counts what one rater alone rates. ``names`` says how people call the raters, in their order.
    """
    return _robustness(counts, unrated, tuple(by_rater.items()), single, tuple(names) or tuple(by_rater))


@lru_cache(CACHE_SIZE)
def _robustness(
    counts: SideCounts,
    unrated: int,
    by_rater: tuple[tuple[str, SideCounts], ...],
    single: SingleRaterCounts,
    names: tuple[str, ...],
) -> Robustness:
    alone = [(name, each) for name, (_, each) in zip(names, by_rater, strict=True)]
    return Robustness(
        level=choose_level(counts, unrated),
        probability_leading=probability_leading(counts, unrated),
        reasons=tuple(_list_reasons(counts, unrated, alone, single)),
        single_rater=count_single_rater(counts, single),
        interval=wilson_intervals(counts),
        bounds=share_bounds(counts, unrated),
        by_rater={rater: RaterView(to_percentages(each), sum(each)) for rater, each in by_rater},
    )


def _list_reasons(
    counts: SideCounts, unrated: int, alone: Sequence[tuple[str, SideCounts]], single: SingleRaterCounts
) -> list[str]:
    rated = sum(counts)
    if rated < MIN_RATED:
        number = f"only {rated}" if rated else "no"
        return [f"{number} rated {pluralize_sources(rated)}, at least {MIN_RATED} are needed"]
    found = [*_rater_reasons(counts, alone), *_unrated_reasons(counts, unrated)]
    if not found and choose_level(counts, unrated) != "firm":
        found = [_narrow_reason(counts)]
    return [*found, *_near_center_reasons(counts, single)] or [NOTHING_WEAKENS]


def _rater_reasons(counts: SideCounts, alone: Sequence[tuple[str, SideCounts]]) -> list[str]:
    """Name the raters with enough rated outlets for whom the leading side is not strictly the largest."""
    lead = find_leading(counts)
    if len(lead) > 1:
        return [f"{side_names(lead)} tie for the lead"]
    return [
        f"{side_names(lead)} does not lead on {_to_possessive(name)} ratings alone ({sum(each)} rated)"
        for name, each in alone
        if sum(each) >= MIN_RATED and find_leading(each) != lead
    ]


def _unrated_reasons(counts: SideCounts, unrated: int) -> list[str]:
    """Say so when the unrated outlets could make another side as large as the leading one."""
    _, second, most = sorted(counts)
    if not unrated or most > second + unrated or most == second:
        return []
    return [f"the {unrated} {pluralize_sources(unrated)} without a rating could let another side catch up"]


def _narrow_reason(counts: SideCounts) -> str:
    _, second, most = sorted(counts)
    return f"{side_names(find_leading(counts))} leads by only {most - second} of {sum(counts)} rated sources"


def _near_center_reasons(counts: SideCounts, single: SingleRaterCounts) -> list[str]:
    """Say what outlets near the center, known from one rater, would make if they were Center."""
    moved = single[1] + single[3]
    shown = count_single_rater(counts, single).if_center
    if not moved or not shown or find_leading(counts) == ("center",):
        return []
    figures = f"{shown.left}% Left, {shown.center}% Center and {shown.right}% Right"
    return [
        f"{moved} {pluralize_sources(moved)} near the center {is_or_are(moved)} rated by one rater only; "
        f"as Center {'it' if moved == 1 else 'they'} would make it {figures}"
    ]


def _to_possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
