"""Counts of outlets → the figures that are published: percentages, headline, sentence, shares, mean."""

from collections.abc import Sequence
from functools import lru_cache
from math import fsum

from msgspec import Struct

from service.core.bias import LABELS, SIDES, Label, Side
from service.core.outlets import DECIMALS, Bias

Sides = tuple[int, int, int]
"""Counts of left, center and right."""

REMEMBERED = 8192
"""Results kept of each function of counts: few counts are frequent, and they are most stories'."""

OVERRIDE = "override"
"""Stands where a rater's id would: the caller's own label, which wins over every rater."""


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
    """The figures behind the percentages; ``None`` when there is nothing to divide by."""

    of_rated: Fractions | None
    of_all: AllFractions | None


def largest_remainder(counts: Sequence[int]) -> list[int]:
    """Whole percentages that sum to 100 by the largest remainder; all 0 when nothing is counted.

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


@lru_cache(REMEMBERED)
def percentages(counts: Sides) -> BySide | None:
    """``largest_remainder`` of the sides left, center and right; ``None`` when nothing is counted."""
    return BySide(*largest_remainder(counts)) if sum(counts) else None


@lru_cache(REMEMBERED)
def leading(counts: Sides) -> tuple[Side, ...]:
    """The sides with the largest count, in the order left, center, right; none when nothing is counted."""
    most = max(counts)
    return tuple(side for side, count in zip(SIDES, counts, strict=True) if most and count == most)


class Tally:
    """The sums over ``biases``, one for each rated unit; ``by_rater`` counts what each rater alone says."""

    def __init__(self, raters: Sequence[str], biases: Sequence[Bias]) -> None:
        self.spectrum: dict[Label, int] = dict.fromkeys(LABELS, 0)
        votes = {rater: [0, 0, 0] for rater in (*raters, OVERRIDE)}
        for bias in biases:
            self.spectrum[bias.label] += 1
            for rater, side in bias.votes:
                votes[rater][side] += 1
        far_left, left, lean_left, center, lean_right, right, far_right = self.spectrum.values()
        self.sides: Sides = (far_left + left + lean_left, center, lean_right + right + far_right)
        self.total = fsum([bias.value for bias in biases])
        # An override speaks for every rater.
        x, y, z = votes.pop(OVERRIDE)
        self.by_rater: dict[str, Sides] = {name: (a + x, b + y, c + z) for name, (a, b, c) in votes.items()}

    @property
    def mean(self) -> float | None:
        """Mean bias value (−3…+3) of the rated units."""
        return mean_of(self.total, sum(self.sides))


def mean_of(values: float, rated: int) -> float | None:
    """Mean of ``rated`` bias values from their sum; that is a decimal, so that their order cannot matter."""
    return round(round(values, DECIMALS) / rated, DECIMALS) if rated else None


@lru_cache(REMEMBERED)
def shares_of(sides: Sides, unrated: int) -> Shares:
    """The share of each side among the rated, and among all; ``unrated`` units are part of the latter."""
    rated = sum(sides)
    total = rated + unrated
    return Shares(
        Fractions(*(round(n / rated, DECIMALS) for n in sides)) if rated else None,
        AllFractions(*(round(n / total, DECIMALS) for n in (*sides, unrated))) if total else None,
    )


@lru_cache(REMEMBERED)
def headline_of(sides: Sides) -> str | None:
    """The largest side with its percentage; sides with equal counts share it.

    >>> headline_of((4, 9, 7)), headline_of((5, 2, 5)), headline_of((0, 0, 0))
    ('45% Center', '42% Left and 42% Right', None)
    """
    shown = percentages(sides)
    return (
        None if shown is None else joined([f"{_percent(shown, s)} {s.capitalize()}" for s in leading(sides)])
    )


@lru_cache(REMEMBERED)
def sentence_of(sides: Sides, unrated: int) -> str:
    """The headline as a sentence that carries its own denominator."""
    shown, rated = percentages(sides), sum(sides)
    rest = f"{unrated} of {rated + unrated} sources are not rated."
    if shown is None:
        return f"No source is rated; {rest}"
    first, *others = leading(sides)
    told = [f"{_percent(shown, first)} of the {rated} rated sources are {first.capitalize()}"]
    told += [f"{_percent(shown, side)} are {side.capitalize()}" for side in others]
    return f"{joined(told)}; {rest}"


def _percent(shown: BySide, side: Side) -> str:
    return f"{(shown.left, shown.center, shown.right)[SIDES.index(side)]}%"


def joined(parts: Sequence[str]) -> str:
    """Write ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
