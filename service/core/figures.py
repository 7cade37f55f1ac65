"""Counts of outlets → the figures that are published: percentages, ranges, headline, sentence."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress, product
from math import fsum, sqrt
from typing import Literal, NamedTuple

from msgspec import Struct

from service.core.bias import LABELS, SIDES, Label, Side, side_index
from service.core.outlets import DECIMALS, OVERRIDE, Bias

# Counts of left, center and right.
SideCounts = tuple[int, int, int]

# Lowest and highest value.
Range = tuple[float, float]

# What is counted: distinct outlets, or every entry of the caller's list.
Unit = Literal["outlet", "entry"]
NOUNS: dict[Unit, str] = {"outlet": "source", "entry": "article"}

# Few counts are frequent, and they are most stories'. With 5,000 lists of 24 in rotation seven of ten are met
# again, and a triple of sides 19 times of 20.
CACHE_SIZE = 8192

# Below five, one more outlet shifts a share by over 16 points; five itself is a convention.
MIN_RATED = 5

# Distance from the center within which a second rater often says "center".
NEAR_CENTER = 1.5

# Which sides lead, by whether left, center and right have the largest count.
LEADERS: dict[tuple[bool, ...], tuple[Side, ...]] = {
    flags: tuple(compress(SIDES, flags)) for flags in product((False, True), repeat=len(SIDES))
}

# Stands before every sentence, and in place of every headline, on fewer sources than that.
TOO_FEW_PREFIX = "Too few sources to say"

# Variance of a side's count, in outlets squared: of rounding to whole outlets, of each rated and each unrated
# one. Fitted to lists of outlets whose side other raters show too; the methodology says how well it holds.
ROUNDING_VAR, SHARE_RATED_VAR, SHARE_UNRATED_VAR = 0.25, 0.07, 0.05

# Two-sided 95 % quantile of the normal distribution, and as the methodology prints it for `label_error`, so
# that who implements the page gets our decimals.
NORMAL_Q975, SHARE_QUANTILE = 1.959963984540054, 1.96


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


class Ranges(Struct, frozen=True):
    """Lowest and highest share (0…1) of each side."""

    left: Range
    center: Range
    right: Range


class Tally(NamedTuple):
    """Sums over the rated units of a story: by side, by label, and of their values.

    ``by_rater`` has what each rater alone counts. ``single_rater`` counts what one rater alone rates: all of
    it, and what is near the center by side.
    """

    sides: SideCounts
    spectrum: dict[Label, int]
    total: float
    single_rater: tuple[int, int, int, int]
    by_rater: dict[str, SideCounts]


class OwnerLead(NamedTuple):
    """The owner of most outlets on a leading side, and how many of them."""

    owner: str
    side: Side
    outlets: int


class Figures(NamedTuple):
    """The published figures that follow from a story's counts alone."""

    headline: str | None
    sentence: str
    leading: tuple[Side, ...]
    distribution: BySide | None
    shares: Shares
    interval: Ranges | None
    label_error: Ranges | None
    bounds: Ranges | None


def tally_biases(raters: Sequence[str], biases: Sequence[Bias]) -> Tally:
    """Count ``biases``, one for each rated unit."""
    spectrum: dict[Label, int] = dict.fromkeys(LABELS, 0)
    votes = {rater: [0, 0, 0] for rater in (*raters, OVERRIDE)}
    single, near = 0, dict.fromkeys(SIDES, 0)
    for bias in biases:
        spectrum[bias.label] += 1
        for rating in bias.ratings:
            votes[rating.rater][side_index(rating.value)] += 1
        if len(bias.ratings) == 1 and bias.ratings[0].rater != OVERRIDE:
            single += 1
            if abs(bias.value) <= NEAR_CENTER:
                near[bias.side] += 1
    far_left, left, lean_left, center, lean_right, right, far_right = spectrum.values()
    # An override speaks for every rater.
    x, y, z = votes.pop(OVERRIDE)
    return Tally(
        (far_left + left + lean_left, center, lean_right + right + far_right),
        spectrum,
        fsum([bias.value for bias in biases]),
        (single, near["left"], near["center"], near["right"]),
        {rater: (a + x, b + y, c + z) for rater, (a, b, c) in votes.items()},
    )


def merge_owners(sides: SideCounts, owned: Sequence[tuple[str, Side]]) -> tuple[SideCounts, OwnerLead | None]:
    """Count each owner once a side. If that changes the lead, find the owner of most outlets in front.

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


def find_leading(counts: SideCounts) -> tuple[Side, ...]:
    """Return the sides with the largest count, in the order left, center, right."""
    left, center, right = counts
    most = max(counts)
    return LEADERS[left == most, center == most, right == most] if most else ()


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
    return BySide(*largest_remainder(counts)) if any(counts) else None


def mean_value(total: float, rated: int) -> float | None:
    """Return the mean of ``rated`` bias values. Their sum is a decimal, so that their order cannot matter."""
    return round(round(total, DECIMALS) / rated, DECIMALS) if rated else None


def wilson_interval(count: int, rated: int) -> Range:
    """Return the 95 % score interval of a share (0…1). Wilson, E. B. (1927), JASA 22(158), 209-212."""
    share, z2 = count / rated, NORMAL_Q975 * NORMAL_Q975
    middle = (share + z2 / (2 * rated)) / (1 + z2 / rated)
    half = NORMAL_Q975 / (1 + z2 / rated) * sqrt(share * (1 - share) / rated + z2 / (4 * rated * rated))
    return _cut_range(middle - half, middle + half)


def label_error(count: int, rated: int, unrated: int) -> Range:
    """Return how far wrong labels and missing ratings could move a side's share (0…1)."""
    variance = ROUNDING_VAR + SHARE_RATED_VAR * rated + SHARE_UNRATED_VAR * unrated
    share, half = count / rated, SHARE_QUANTILE * sqrt(variance) / rated
    return _cut_range(share - half, share + half)


def side_bounds(count: int, unrated: int, total: int) -> Range:
    """Return a side's share (0…1) if all unrated outlets were elsewhere, and if all were on it."""
    return _cut_range(count / total, (count + unrated) / total)


def _cut_range(low: float, high: float) -> Range:
    return round(max(0.0, low), DECIMALS), round(min(1.0, high), DECIMALS)


@lru_cache(CACHE_SIZE)
def compute_figures(sides: SideCounts, unrated: int, outlets: int, unit: Unit) -> Figures:
    """Compute all that follows from counts. ``outlets`` is how many distinct ones are rated."""
    rated = sum(sides)
    total = rated + unrated
    return Figures(
        headline=write_headline(sides),
        sentence=write_sentence(sides, unrated, outlets, unit),
        leading=find_leading(sides),
        distribution=to_percentages(sides),
        shares=Shares(
            Fractions(*(round(n / rated, DECIMALS) for n in sides)) if rated else None,
            AllFractions(*(round(n / total, DECIMALS) for n in (*sides, unrated))) if total else None,
        ),
        interval=Ranges(*(wilson_interval(n, rated) for n in sides)) if rated else None,
        label_error=Ranges(*(label_error(n, rated, unrated) for n in sides)) if rated else None,
        bounds=Ranges(*(side_bounds(n, unrated, total) for n in sides)) if total else None,
    )


def write_headline(sides: SideCounts) -> str | None:
    """Return the largest side with its percentage. Sides with equal counts share it.

    >>> write_headline((4, 9, 7)), write_headline((5, 2, 5)), write_headline((2, 2, 2))
    ('45% Center', '42% Left and 42% Right', 'Left, Center and Right tie')
    """
    if not any(sides):
        return None
    shares = _leading_shares(sides)
    return join_words([f"{share} {side}" for share, side in shares]) if shares else _say_tie(sides)


def write_sentence(sides: SideCounts, unrated: int, outlets: int | None = None, unit: Unit = "outlet") -> str:
    """Write the figures in a sentence that carries its own denominator.

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
        return f"{TOO_FEW_PREFIX}: {_say_counts(sides, unrated, noun)}."
    if rated >= unrated:
        return f"{_say_leaders(sides, f'the {rated} rated {noun}s')}; {_say_unrated(rated, unrated, noun)}."
    all_alike = f"all {rated} are {side_names(find_leading(sides))}" if rated == max(sides) else ""
    return f"Only {rated} of {rated + unrated} {noun}s are rated: {all_alike or _say_leaders(sides, 'them')}."


def _leading_shares(sides: SideCounts) -> list[tuple[str, str]]:
    """Return percentage and name of the leading sides. Empty where rounding shows equal counts apart."""
    shown = to_percentages(sides)
    shares = [(f"{getattr(shown, side)}%", side.capitalize()) for side in find_leading(sides)]
    return shares if len({share for share, _ in shares}) == 1 else []


def _say_tie(sides: SideCounts) -> str:
    return f"{side_names(find_leading(sides))} tie"


def _say_leaders(sides: SideCounts, whom: str) -> str:
    shares = _leading_shares(sides)
    if not shares:
        return f"{_say_tie(sides)} among {whom}"
    (share, side), *others = shares
    return join_words([f"{share} of {whom} are {side}", *(f"{share} are {side}" for share, side in others)])


def _say_counts(sides: SideCounts, unrated: int, noun: str) -> str:
    if not any(sides):
        if unrated > 1:
            return f"none of the {unrated} {noun}s is rated"
        return f"the only {noun} is not rated" if unrated else "there are none"
    (number, side), *others = [(n, side.capitalize()) for n, side in zip(sides, SIDES, strict=True) if n]
    first = f"{number} rated {pluralize(number, noun)} {is_or_are(number)} {side}"
    told = join_words([first, *(f"{n} {is_or_are(n)} {side}" for n, side in others)])
    rated = sum(sides)
    return told if rated + unrated == 1 else f"{told}; {_say_unrated(rated, unrated, noun)}"


def _say_unrated(rated: int, unrated: int, noun: str) -> str:
    if not unrated:
        return f"every {noun} is rated"
    return f"{unrated} of {rated + unrated} {noun}s {is_or_are(unrated)} not rated"


def pluralize(number: int, noun: str = "source") -> str:
    return noun if number == 1 else f"{noun}s"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


def side_names(sides: Sequence[Side]) -> str:
    """Write sides as a sentence names them: ``Left and Center``."""
    return join_words([side.capitalize() for side in sides])


def join_words(parts: Sequence[str]) -> str:
    """Write ``a``, ``a and b``, ``a, b and c``."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
