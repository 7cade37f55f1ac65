"""Judge how far to trust a distribution: the chance that its lead holds, and what weakens it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import erfc, sqrt
from typing import Literal

from msgspec import Struct

from service.core.bias import SIDES
from service.core.figures import (
    CACHE_SIZE,
    MIN_RATED,
    NOUNS,
    BySide,
    SideCounts,
    SingleRaterCounts,
    Sums,
    Unit,
    find_leading,
    is_or_are,
    pluralize,
    side_names,
    to_percentages,
)
from service.core.outlets import DECIMALS

Level = Literal["too_few", "fragile", "likely", "firm"]
Range = tuple[float, float]

# Probabilities of leading from which a lead is called so.
MIN_FIRM, MIN_LIKELY = 0.95, 0.80

# A lead that every rater denies is no better than a coin's toss.
MAX_DENIED = 0.5

# Variance of a lead, in outlets squared: of rounding to whole outlets, of each rated and each unrated one.
# Fitted to lists of outlets whose side other raters show too; the methodology says how well it holds.
ROUNDING_VAR, RATED_VAR, UNRATED_VAR = 0.25, 0.2, 0.1

# One rater's errors run one way and grow with the list. Where two rate, most of them cancel.
SHARED_ERROR, SHARED_ERROR_OF_ONE = 0.06, 0.20

# The same of one side's share. Its quantile is rounded, so that who implements the page gets our decimals.
SHARE_RATED_VAR, SHARE_UNRATED_VAR, SHARE_QUANTILE = 0.07, 0.05, 1.96

# Two-sided 95 % quantile of the normal distribution.
NORMAL_Q975 = 1.959963984540054


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


class OwnersOnce(Struct, frozen=True):
    """The percentages with the outlets of one known owner on one side counted once: ``merged`` fewer."""

    distribution: BySide | None
    merged: int


class Robustness(Struct, frozen=True):
    """The verdict (``level``) with its reasons in words, and the figures behind it.

    ``probability_leading`` is the chance (0…1) that more raters would put the same side in front.
    ``label_error`` is how far wrong labels and missing ratings could move each share (0…1).
    """

    level: Level
    probability_leading: float | None
    reasons: tuple[str, ...]
    single_rater: SingleRater
    interval: Ranges | None
    label_error: Ranges | None
    bounds: Ranges | None
    owners_once: OwnersOnce
    by_rater: dict[str, RaterView]


def wilson_interval(count: int, total: int) -> Range:
    """Return the 95 % score interval of a share (0…1). Wilson, E. B. (1927), JASA 22(158), 209-212."""
    share, z2 = count / total, NORMAL_Q975 * NORMAL_Q975
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = NORMAL_Q975 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return round(max(0.0, middle - half), DECIMALS), round(min(1.0, middle + half), DECIMALS)


def label_error(count: int, rated: int, unrated: int) -> Range:
    """Return how far wrong labels and missing ratings could move a side's share (0…1)."""
    variance = ROUNDING_VAR + SHARE_RATED_VAR * rated + SHARE_UNRATED_VAR * unrated
    share, half = count / rated, SHARE_QUANTILE * sqrt(variance) / rated
    return round(max(0.0, share - half), DECIMALS), round(min(1.0, share + half), DECIMALS)


def side_bounds(count: int, unrated: int, total: int) -> Range:
    """Return a side's share (0…1) if all unrated outlets were elsewhere, and if all were on it."""
    return round(count / total, DECIMALS), round((count + unrated) / total, DECIMALS)


@lru_cache(CACHE_SIZE)
def share_ranges(sides: SideCounts, unrated: int) -> tuple[Ranges | None, Ranges | None, Ranges | None]:
    """Return the ``interval``, ``label_error`` and ``bounds`` of each side."""
    rated = sum(sides)
    if not rated:
        return None, None, Ranges(*[(0.0, 1.0)] * 3) if unrated else None
    return (
        Ranges(*[wilson_interval(n, rated) for n in sides]),
        Ranges(*[label_error(n, rated, unrated) for n in sides]),
        Ranges(*[side_bounds(n, unrated, rated + unrated) for n in sides]),
    )


def probability_leading(
    sides: SideCounts, unrated: int, squares: int, raters: int, *, denied: bool = False
) -> float | None:
    """Return the chance that a panel of more raters puts the same side in front, 0 for a tie.

    ``squares`` adds up the square of what each outlet counts for, ``raters`` are enabled, and ``denied`` says
    that none of them puts that side in front.

    >>> probability_leading((4, 9, 7), 4, 20, 2), probability_leading((5, 5, 1), 0, 11, 2)
    (0.7284, 0.0)
    """
    rated = sum(sides)
    if not rated:
        return None
    _, second, most = sorted(sides)
    if most == second:
        return 0.0
    shared = (SHARED_ERROR_OF_ONE if raters == 1 else SHARED_ERROR) * rated
    variance = ROUNDING_VAR + RATED_VAR * squares + UNRATED_VAR * unrated + shared * shared
    chance = round(erfc(-(most - second - 0.5) / sqrt(2 * variance)) / 2, DECIMALS)
    return min(chance, MAX_DENIED) if denied else chance


def is_denied(sides: SideCounts, by_rater: Iterable[SideCounts]) -> bool:
    """Say whether none of the raters with enough of the outlets has one of the leading sides in front."""
    lead = set(find_leading(sides))
    views = [each for each in by_rater if sum(each) >= MIN_RATED]
    return bool(views) and all(lead.isdisjoint(find_leading(each)) for each in views)


def changes_lead(sides: SideCounts, owners_once: SideCounts) -> bool:
    """Say whether another side leads with each owner counted once."""
    return find_leading(sides) != find_leading(owners_once)


def choose_level(
    chance: float | None, sides: SideCounts, unrated: int, outlets: int, *, owners_change: bool = False
) -> Level:
    """Put ``probability_leading`` in a word, where enough outlets are rated and no owner makes the lead."""
    if chance is None or outlets < MIN_RATED:
        return "too_few"
    if chance < MIN_LIKELY or owners_change:
        return "fragile"
    return "firm" if chance >= MIN_FIRM and sum(sides) >= unrated else "likely"


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
    # What is not certain is not called so.
    return "over 99%" if chance > 0.99 else f"{chance * 100:.0f}%"


@lru_cache(CACHE_SIZE)
def judge_robustness(sums: Sums, names: tuple[str, ...] = (), unit: Unit = "outlet") -> Robustness:
    """Judge the distribution of a story. ``names`` says how people call the raters, in their order."""
    sides, unrated = sums.sides, sums.unrated
    interval, error, bounds = share_ranges(sides, unrated)
    views = [counts for _, counts in sums.by_rater]
    denied, owners_change = is_denied(sides, views), changes_lead(sides, sums.owners_once)
    chance = probability_leading(sides, unrated, sums.squares, len(views), denied=denied)
    level = choose_level(chance, sides, unrated, sums.outlets, owners_change=owners_change)
    return Robustness(
        level=level,
        probability_leading=chance,
        reasons=tuple(_Reasons(sums, names, unit, denied=denied).collect(level)),
        single_rater=count_single_rater(sides, sums.single_rater),
        interval=interval,
        label_error=error,
        bounds=bounds,
        owners_once=OwnersOnce(to_percentages(sums.owners_once), sum(sides) - sum(sums.owners_once)),
        by_rater={rater: RaterView(to_percentages(each), sum(each)) for rater, each in sums.by_rater},
    )


class _Reasons:
    """What weakens a distribution, in words and strongest first, or what it rests on if nothing does."""

    def __init__(self, sums: Sums, names: Sequence[str], unit: Unit, *, denied: bool) -> None:
        self.sums, self.sides, self.denied, self.noun = sums, sums.sides, denied, NOUNS[unit]
        self.rated, self.lead = sum(sums.sides), find_leading(sums.sides)
        known = names or [rater for rater, _ in sums.by_rater]
        pairs = [(name, counts) for name, (_, counts) in zip(known, sums.by_rater, strict=True)]
        self.raters = [(name, counts) for name, counts in pairs if sum(counts) >= MIN_RATED]
        self.only_rater = pairs[0][0] if len(pairs) == 1 else None

    def collect(self, level: Level) -> list[str]:
        if level == "too_few":
            return [self._too_few()]
        found = [*self._from_raters(), *self._from_unrated()]
        if not found and level != "firm":
            found = [self._narrow()]
        return [*found, *self._near_center()] or [self._holds()]

    def _too_few(self) -> str:
        needed = f"at least {MIN_RATED} are needed"
        outlets = self.sums.outlets
        if self.rated != outlets:
            outlet = "outlet" if outlets == 1 else "outlets"
            return f"the {self.rated} rated {self.noun}s are of only {outlets} {outlet}, {needed}"
        number = f"only {self.rated}" if self.rated else "no"
        return f"{number} rated {pluralize(self.rated, self.noun)}, {needed}"

    def _from_raters(self) -> list[str]:
        """Say whose ratings alone do not put the leading side in front, and whose outlets make the lead."""
        if len(self.lead) > 1:
            return [f"{side_names(self.lead)} tie for the lead", *self._from_owners()]
        if self.denied:
            views = [f"{name} has {side_names(find_leading(counts))}" for name, counts in self.raters]
            return [
                f"no rater with {MIN_RATED} or more of the rated {self.noun}s has {side_names(self.lead)} "
                f"in front: {', '.join(views)}",
                *self._from_owners(),
            ]
        return [
            *self._from_owners(),
            *(
                f"{side_names(self.lead)} does not lead on {_to_possessive(name)} ratings alone "
                f"({sum(counts)} rated)"
                for name, counts in self.raters
                if find_leading(counts) != self.lead
            ),
        ]

    def _from_owners(self) -> list[str]:
        owner = self.sums.owner
        if owner is None:
            return []
        others = find_leading(self.sums.owners_once)
        there = self.sides[SIDES.index(owner.side)]
        return [
            f"{owner.outlets} of the {there} {pluralize(there, self.noun)} "
            f"{'in' if owner.side == 'center' else 'on'} the {owner.side.capitalize()} "
            f"{'belongs' if owner.outlets == 1 else 'belong'} to {owner.owner}; with each owner counted once "
            f"{side_names(others)} {'leads' if len(others) == 1 else 'tie'}"
        ]

    def _from_unrated(self) -> list[str]:
        """Say so where the unrated outlets could make another side as large as the leading one."""
        _, second, most = sorted(self.sides)
        unrated = self.sums.unrated
        if not unrated or most > second + unrated or most == second:
            return []
        return [
            f"the {unrated} {pluralize(unrated, self.noun)} without a rating could let another side catch up"
        ]

    def _narrow(self) -> str:
        _, second, most = sorted(self.sides)
        sums = self.sums
        if self.only_rater:
            more = probability_leading(self.sides, sums.unrated, sums.squares, 2)
            if more is not None and more >= MIN_FIRM:
                return f"{self.only_rater} alone rates here, and the errors of one rater run one way"
        return f"{side_names(self.lead)} leads by only {most - second} of {self.rated} rated {self.noun}s"

    def _near_center(self) -> list[str]:
        """Say what outlets near the center, known from one rater, would make if they were Center."""
        _, left, _, right = self.sums.single_rater
        moved = left + right
        shown = count_single_rater(self.sides, self.sums.single_rater).if_center
        if not moved or not shown or self.lead == ("center",):
            return []
        figures = f"{shown.left}% Left, {shown.center}% Center and {shown.right}% Right"
        return [
            f"{moved} {pluralize(moved, self.noun)} near the center {is_or_are(moved)} rated by one rater "
            f"only; as Center {'it' if moved == 1 else 'they'} would make it {figures}"
        ]

    def _holds(self) -> str:
        rest = "any rating of the rest" if self.sums.unrated else ""
        if not self.raters:
            same = f"no rater has {MIN_RATED} of the rated {self.noun}s"
            return (
                f"{rest} gives the same leading side, but {same}"
                if rest
                else f"nothing else leads, but {same}"
            )
        who = f"every rater with {MIN_RATED} or more rated {self.noun}s"
        return f"{who}{f', and {rest},' if rest else ''} gives the same leading side"


def _to_possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
