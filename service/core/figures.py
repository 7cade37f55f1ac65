"""Counts of outlets → the figures that are published: percentages, headline, sentence, shares, mean."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import fsum
from typing import Literal, NamedTuple

from msgspec import Struct

from service.core.bias import LABELS, SIDES, Label, Side
from service.core.outlets import DECIMALS, OVERRIDE, Bias

# Counts of left, center and right.
SideCounts = tuple[int, int, int]

# Outlets that one rater alone rates: all of them, and those near the center by side.
SingleRaterCounts = tuple[int, int, int, int]

# What is counted: distinct outlets, or every entry of the caller's list.
Unit = Literal["outlet", "entry"]
NOUNS: dict[Unit, str] = {"outlet": "source", "entry": "article"}

# Results kept of the functions of counts: few counts are frequent, and they are most stories'.
CACHE_SIZE = 8192

# Under five rated outlets one more moves a share by over 16 points. Five is a convention all the same.
MIN_RATED = 5

# Stands before every sentence, and in place of every headline, on fewer sources than that.
TOO_FEW_PREFIX = "Too few sources to say"


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


class OwnerLead(NamedTuple):
    """The owner of most outlets on a leading side, and how many of them."""

    owner: str
    side: Side
    outlets: int


class Sums(NamedTuple):
    """All that the figures of a story follow from. Two stories with the same sums have the same figures.

    ``outlets`` counts the distinct rated outlets, ``squares`` adds up the square of what each counts for.
    ``by_rater`` has what each rater alone says, ``single_rater`` what one rater alone rates. ``owners_once``
    counts the outlets of one owner on one side once; ``owner`` is given where that changes the lead.
    """

    sides: SideCounts
    unrated: int
    outlets: int
    squares: int
    by_rater: tuple[tuple[str, SideCounts], ...] = ()
    single_rater: SingleRaterCounts = (0, 0, 0, 0)
    owners_once: SideCounts = (0, 0, 0)
    owner: OwnerLead | None = None


# One triple of counts is asked for again and again: by headline and sentence, by rater, by owner.
@lru_cache(CACHE_SIZE)
def to_percentages(counts: SideCounts) -> BySide | None:
    """Return whole percentages of left, center and right, ``None`` when nothing is counted."""
    return BySide(*largest_remainder(counts)) if sum(counts) else None


@lru_cache(CACHE_SIZE)
def find_leading(counts: SideCounts) -> tuple[Side, ...]:
    """Return the sides with the largest count, in the order left, center, right."""
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
            single[bias.single_rater_index] += 1
            for rater, side in bias.votes:
                votes[rater][side] += 1
        a, b, c, d, e, f, g = self.spectrum.values()
        self.sides: SideCounts = (a + b + c, d, e + f + g)
        _, far, left, center, right = single
        self.single_rater_counts: SingleRaterCounts = (far + left + center + right, left, center, right)
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


def merge_owners(sides: SideCounts, owned: Sequence[tuple[str, Side]]) -> tuple[SideCounts, OwnerLead | None]:
    """Return the counts with each owner once a side, and the owner of most where that changes the lead.

    ``owned`` has the owner and side of each counted outlet whose owner is known.
    """
    if len(set(owned)) == len(owned):
        return sides, None
    times = Counter(owned)
    merged = dict(zip(SIDES, sides, strict=True))
    for (_, side), n in times.items():
        merged[side] -= n - 1
    once = merged["left"], merged["center"], merged["right"]
    lead = find_leading(sides)
    if find_leading(once) == lead:
        return once, None
    # Of owners with equally many the first by name, so that the order of a list changes nothing.
    n, owner, side = min((-n, owner, side) for (owner, side), n in times.items() if side in lead)
    return once, OwnerLead(owner, side, -n)


def mean_value(values: float, rated: int) -> float | None:
    """Return the mean of ``rated`` bias values. Their sum is a decimal, so that their order cannot matter."""
    return round(round(values, DECIMALS) / rated, DECIMALS) if rated else None


def compute_shares(sides: SideCounts, unrated: int) -> Shares:
    """Return the share of each side among the rated, and among all, the unrated included."""
    rated = sum(sides)
    total = rated + unrated
    return Shares(
        Fractions(*(round(n / rated, DECIMALS) for n in sides)) if rated else None,
        AllFractions(*(round(n / total, DECIMALS) for n in (*sides, unrated))) if total else None,
    )


class Figures(NamedTuple):
    """What counts of outlets say, in percentages and in words."""

    headline: str | None
    sentence: str
    leading: tuple[Side, ...]
    distribution: BySide | None
    shares: Shares


@lru_cache(CACHE_SIZE)
def compute_figures(sides: SideCounts, unrated: int, outlets: int, unit: Unit) -> Figures:
    """Return the figures of counts. ``outlets`` is how many distinct ones are rated."""
    return Figures(
        write_headline(sides),
        write_sentence(sides, unrated, outlets, unit),
        find_leading(sides),
        to_percentages(sides),
        compute_shares(sides, unrated),
    )


def write_headline(sides: SideCounts) -> str | None:
    """Return the largest side with its percentage. Sides with equal counts share it.

    >>> write_headline((4, 9, 7)), write_headline((5, 2, 5)), write_headline((2, 2, 2))
    ('45% Center', '42% Left and 42% Right', 'Left, Center and Right tie')
    """
    if not sum(sides):
        return None
    leaders = _leading_sides(sides)
    if _rounded_apart(leaders):
        return f"{side_names(find_leading(sides))} tie"
    return join_words([f"{percent} {side}" for percent, side in leaders])


def write_sentence(sides: SideCounts, unrated: int, outlets: int | None = None, unit: Unit = "outlet") -> str:
    """Say the figures in a sentence that carries its own denominator.

    ``outlets`` is how many distinct ones are rated, where that is not what ``sides`` add up to.

    >>> write_sentence((4, 9, 7), 4)
    '45% of the 20 rated sources are Center; 4 of 24 sources are not rated.'
    >>> write_sentence((0, 0, 1), 0)
    'Too few sources to say: 1 rated source is Right.'
    >>> write_sentence((5, 0, 0), 55)
    'Only 5 of 60 sources are rated: all 5 are Left.'
    """
    rated, noun = sum(sides), NOUNS[unit]
    if (rated if outlets is None else outlets) < MIN_RATED:
        return f"{TOO_FEW_PREFIX}: {_list_counts(sides, unrated, noun)}."
    total = rated + unrated
    if rated < unrated:
        unanimous = rated == max(sides)
        told = (
            f"all {rated} are {side_names(find_leading(sides))}" if unanimous else _say_leaders(sides, "them")
        )
        return f"Only {rated} of {total} {noun}s are rated: {told}."
    return f"{_say_leaders(sides, f'the {rated} rated {noun}s')}; {_say_unrated(unrated, total, noun)}."


def _say_leaders(sides: SideCounts, whom: str) -> str:
    leaders = _leading_sides(sides)
    if _rounded_apart(leaders):
        return f"{side_names(find_leading(sides))} tie among {whom}"
    (percent, side), *others = leaders
    return join_words([f"{percent} of {whom} are {side}", *(f"{p} are {s}" for p, s in others)])


def _leading_sides(sides: SideCounts) -> list[tuple[str, str]]:
    shown = to_percentages(sides)
    return [(f"{getattr(shown, side)}%", side.capitalize()) for side in find_leading(sides)]


def _rounded_apart(leaders: Sequence[tuple[str, str]]) -> bool:
    """Say whether equal counts are shown as unequal percentages: 2, 2 and 2 are 34, 33 and 33 %."""
    return len({percent for percent, _ in leaders}) > 1


def _list_counts(sides: SideCounts, unrated: int, noun: str) -> str:
    total = sum(sides) + unrated
    if total == unrated:
        if unrated > 1:
            return f"none of the {unrated} {noun}s is rated"
        return f"the only {noun} is not rated" if unrated else "there are none"
    (number, side), *others = [(n, side.capitalize()) for n, side in zip(sides, SIDES, strict=True) if n]
    first = f"{number} rated {pluralize(number, noun)} {is_or_are(number)} {side}"
    told = join_words([first, *(f"{n} {is_or_are(n)} {s}" for n, s in others)])
    return told if total == 1 else f"{told}; {_say_unrated(unrated, total, noun)}"


def _say_unrated(unrated: int, total: int, noun: str) -> str:
    if not unrated:
        return f"every {noun} is rated"
    return f"{unrated} of {total} {noun}s {is_or_are(unrated)} not rated"


def pluralize(number: int, noun: str = "source") -> str:
    return noun if number == 1 else f"{noun}s"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


def side_names(sides: Sequence[Side]) -> str:
    """Write sides as a sentence names them: ``Left and Center``."""
    return join_words([side.capitalize() for side in sides])


def join_words(parts: Sequence[str]) -> str:
    """Write ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
