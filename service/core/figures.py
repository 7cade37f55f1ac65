"""Counts of outlets → the figures that are published: percentages, headline, sentence, shares, mean."""

from collections.abc import Sequence
from functools import lru_cache
from math import fsum

from msgspec import Struct

from service.core.bias import LABELS, SIDES, Label, Side
from service.core.outlets import DECIMALS, OVERRIDE, Bias

SideCounts = tuple[int, int, int]
"""Counts of left, center and right."""

CACHE_SIZE = 8192
"""Results kept of each function of counts: few counts are frequent, and they are most stories'."""

MIN_RATED = 5
"""Under five rated outlets one more moves a share by over 16 points. Five is a convention all the same."""

TOO_FEW_PREFIX = "Too few sources to say"
"""Stands before every sentence, and in place of every headline, on fewer sources than that."""

SingleRaterCounts = tuple[int, int, int, int]
"""Outlets that one rater alone rates: all of them, and those near the center by side."""


class BySide(Struct, frozen=True, gc=False):
    """A whole number for each side: a count, or a percentage."""

    left: int
    center: int
    right: int


class Fractions(Struct, frozen=True):
    """Share (0…1) of each side among the rated."""

    left: float
    center: float
    right: float


class AllFractions(Struct, frozen=True):
    """Share (0…1) of each side, and of what is not rated, among all."""

    left: float
    center: float
    right: float
    unrated: float


class Shares(Struct, frozen=True):
    """The figures behind the percentages. ``None`` when there is nothing to divide by."""

    of_rated: Fractions | None
    of_all: AllFractions | None


def largest_remainder(counts: Sequence[int]) -> list[int]:
    """Return whole percentages that sum to 100 by the largest remainder, all 0 when nothing is counted.

    Ties between remainders go to the one that stands first. (Hamilton's method of apportionment.)
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [count / total * 100 for count in counts]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
    for i in by_remainder[: 100 - sum(whole)]:
        whole[i] += 1
    return whole


@lru_cache(CACHE_SIZE)
def to_percentages(counts: SideCounts) -> BySide | None:
    """Return whole percentages of left, center and right, ``None`` when nothing is counted."""
    return BySide(*largest_remainder(counts)) if sum(counts) else None


@lru_cache(CACHE_SIZE)
def find_leading(counts: SideCounts) -> tuple[Side, ...]:
    """Return the sides with the largest count, in the order left, center, right. None when nothing is
    counted.
    """
    most = max(counts)
    return tuple(side for side, count in zip(SIDES, counts, strict=True) if most and count == most)


class Tally:
    """The sums over ``biases``, one for each rated unit.

    ``by_rater`` counts what each rater alone says, ``single`` the units that one rater alone rates.
    """

    def __init__(self, raters: Sequence[str], biases: Sequence[Bias]) -> None:
        self.spectrum: dict[Label, int] = dict.fromkeys(LABELS, 0)
        votes = {rater: [0, 0, 0] for rater in (*raters, OVERRIDE)}
        single = [0, 0, 0, 0, 0]
        for bias in biases:
            self.spectrum[bias.label] += 1
            single[bias.single] += 1
            for rater, side in bias.votes:
                votes[rater][side] += 1
        a, b, c, d, e, f, g = self.spectrum.values()
        self.sides: SideCounts = (a + b + c, d, e + f + g)
        _, far, left, center, right = single
        self.single: SingleRaterCounts = (far + left + center + right, left, center, right)
        self.total = fsum([bias.value for bias in biases])
        # An override speaks for every rater.
        x, y, z = votes.pop(OVERRIDE)
        self.by_rater: dict[str, SideCounts] = {
            name: (a + x, b + y, c + z) for name, (a, b, c) in votes.items()
        }

    @property
    def mean(self) -> float | None:
        """Return the mean bias value (−3…+3) of the rated units."""
        return mean_value(self.total, sum(self.sides))


def mean_value(values: float, rated: int) -> float | None:
    """Return the mean of ``rated`` bias values. Their sum is a decimal, so that their order cannot matter."""
    return round(round(values, DECIMALS) / rated, DECIMALS) if rated else None


@lru_cache(CACHE_SIZE)
def compute_shares(sides: SideCounts, unrated: int) -> Shares:
    """Return the share of each side among the rated, and among all. ``unrated`` units are part of the
    latter.
    """
    rated = sum(sides)
    total = rated + unrated
    return Shares(
        Fractions(*(round(n / rated, DECIMALS) for n in sides)) if rated else None,
        AllFractions(*(round(n / total, DECIMALS) for n in (*sides, unrated))) if total else None,
    )


@lru_cache(CACHE_SIZE)
def write_headline(sides: SideCounts) -> str | None:
    """Return the largest side with its percentage. Sides with equal counts share it.

    >>> write_headline((4, 9, 7)), write_headline((5, 2, 5)), write_headline((0, 0, 0))
    ('45% Center', '42% Left and 42% Right', None)
    """
    return (
        join_words([f"{percent} {side}" for percent, side in _leading_sides(sides)]) if sum(sides) else None
    )


@lru_cache(CACHE_SIZE)
def write_sentence(sides: SideCounts, unrated: int) -> str:
    """Say the figures in a sentence that carries its own denominator.

    >>> write_sentence((4, 9, 7), 4)
    '45% of the 20 rated sources are Center; 4 of 24 sources are not rated.'
    >>> write_sentence((0, 0, 1), 0)
    'Too few sources to say: 1 rated source is Right.'
    """
    rated = sum(sides)
    if rated < MIN_RATED:
        return f"{TOO_FEW_PREFIX}: {_list_counts(sides, unrated) if rated else _say_none_rated(unrated)}."
    (percent, side), *others = _leading_sides(sides)
    told = [f"{percent} of the {rated} rated sources are {side}", *(f"{p} are {s}" for p, s in others)]
    return f"{join_words(told)}; {_say_unrated(unrated, rated + unrated)}."


def _leading_sides(sides: SideCounts) -> list[tuple[str, str]]:
    """Return the percentage and the name of each leading side."""
    shown = dict(zip(SIDES, largest_remainder(sides), strict=True))
    return [(f"{shown[side]}%", side.capitalize()) for side in find_leading(sides)]


def _list_counts(sides: SideCounts, unrated: int) -> str:
    (number, side), *others = [(n, side.capitalize()) for n, side in zip(sides, SIDES, strict=True) if n]
    told = join_words(
        [
            f"{number} rated {pluralize_sources(number)} {is_or_are(number)} {side}",
            *(f"{n} {is_or_are(n)} {s}" for n, s in others),
        ]
    )
    total = sum(sides) + unrated
    return told if total == 1 else f"{told}; {_say_unrated(unrated, total)}"


def _say_none_rated(unrated: int) -> str:
    if unrated > 1:
        return f"none of the {unrated} sources is rated"
    return "the only source is not rated" if unrated else "there are none"


def _say_unrated(unrated: int, total: int) -> str:
    return (
        f"{unrated} of {total} sources {is_or_are(unrated)} not rated" if unrated else "every source is rated"
    )


def pluralize_sources(number: int) -> str:
    """Return "source" or "sources", as ``number`` asks for."""
    return "source" if number == 1 else "sources"


def is_or_are(number: int) -> str:
    """Return the verb that ``number`` asks for."""
    return "is" if number == 1 else "are"


def side_names(sides: Sequence[Side]) -> str:
    """Write sides as a sentence names them: ``Left and Center``."""
    return join_words([side.capitalize() for side in sides])


def join_words(parts: Sequence[str]) -> str:
    """Write ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
