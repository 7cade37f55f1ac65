"""Judge how far to trust a distribution: the chance that its lead holds, and what weakens it."""

from collections.abc import Mapping, Sequence
from math import erfc, sqrt
from typing import Literal, NamedTuple

from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import (
    MIN_RATED,
    NOUNS,
    ROUNDING_VAR,
    BySide,
    Figures,
    OwnerLead,
    Ranges,
    SideCounts,
    Tally,
    Unit,
    find_leading,
    is_or_are,
    pluralize,
    side_names,
    to_percentages,
)
from service.core.outlets import DECIMALS

Level = Literal["too_few", "fragile", "likely", "firm"]

# Probabilities of leading from which a lead is called so.
MIN_FIRM, MIN_LIKELY = 0.95, 0.80

# A lead that every rater denies is no better than a coin's toss.
MAX_DENIED = 0.5

# Variance of a lead, in outlets squared: of each rated and each unrated outlet.
# Fitted to lists of outlets whose side other raters show too; the methodology says how well it holds.
RATED_VAR, UNRATED_VAR = 0.2, 0.1

# One rater's errors run one way and grow with the list. Where two rate, most of them cancel.
SHARED_ERROR, SHARED_ERROR_OF_ONE = 0.06, 0.20


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


class Sums(NamedTuple):
    """The sums that robustness follows from, besides the figures of the counts.

    ``outlets`` counts the distinct rated outlets, ``squares`` adds up the square of what each counts for.
    ``owners_once`` counts the outlets of one owner on one side once; ``owner`` is given where that changes
    the lead.
    """

    tally: Tally
    unrated: int
    outlets: int
    squares: int
    owners_once: SideCounts
    owner: OwnerLead | None = None


class Voice(NamedTuple):
    """The sides that one rater with enough of the rated outlets puts in front."""

    name: str
    rated: int
    leading: tuple[Side, ...]


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


def choose_level(
    chance: float | None, sides: SideCounts, unrated: int, outlets: int, *, owners_change: bool = False
) -> Level:
    """Put ``probability_leading`` in a word. Too few outlets or an owner that makes the lead weigh more."""
    if chance is None or outlets < MIN_RATED:
        return "too_few"
    if chance < MIN_LIKELY or owners_change:
        return "fragile"
    return "firm" if chance >= MIN_FIRM and sum(sides) >= unrated else "likely"


def count_single_rater(counts: SideCounts, single: tuple[int, int, int, int]) -> SingleRater:
    """Recount as if a second rater called all outlets near the center Center."""
    rated, left, center, right = single
    moved = (counts[0] - left, counts[1] + left + right, counts[2] - right)
    return SingleRater(rated, left + center + right, to_percentages(moved))


def judge_robustness(
    sums: Sums, figures: Figures, names: Mapping[str, str], unit: Unit = "outlet"
) -> Robustness:
    """Judge the distribution of a story. ``names`` has how people call each rater."""
    tally, lead = sums.tally, figures.leading
    voices = [
        Voice(names[rater], rated, find_leading(counts))
        for rater, counts in tally.by_rater.items()
        if (rated := sum(counts)) >= MIN_RATED
    ]
    denied = bool(voices) and set(lead).isdisjoint(side for voice in voices for side in voice.leading)
    owners_change = find_leading(sums.owners_once) != lead
    chance = probability_leading(tally.sides, sums.unrated, sums.squares, len(tally.by_rater), denied=denied)
    level = choose_level(chance, tally.sides, sums.unrated, sums.outlets, owners_change=owners_change)
    single = count_single_rater(tally.sides, tally.single_rater)
    if level == "too_few":
        reasons = [_say_too_few(sum(tally.sides), sums.outlets, NOUNS[unit])]
    else:
        reasons = _list_reasons(sums, lead, voices, NOUNS[unit], denied=denied)
        if not reasons and level != "firm":
            reasons = [_say_narrow(sums, lead, [names[rater] for rater in tally.by_rater], NOUNS[unit])]
        if lead != ("center",):
            reasons += _say_near_center(tally, single, NOUNS[unit])
        reasons = reasons or [_say_what_holds(sums.unrated, voices, NOUNS[unit])]
    return Robustness(
        level=level,
        probability_leading=chance,
        reasons=tuple(reasons),
        single_rater=single,
        interval=figures.interval,
        label_error=figures.label_error,
        bounds=figures.bounds,
        owners_once=OwnersOnce(to_percentages(sums.owners_once), sum(tally.sides) - sum(sums.owners_once)),
        by_rater={
            rater: RaterView(to_percentages(counts), sum(counts)) for rater, counts in tally.by_rater.items()
        },
    )


def _list_reasons(
    sums: Sums, lead: Sequence[Side], voices: Sequence[Voice], noun: str, *, denied: bool
) -> list[str]:
    """List what weakens the lead, strongest first: a tie, raters, an owner, the unrated."""
    reasons = []
    if len(lead) > 1:
        reasons.append(f"{side_names(lead)} tie for the lead")
    elif denied:
        told = ", ".join(f"{voice.name} has {side_names(voice.leading)}" for voice in voices)
        reasons.append(
            f"no rater with {MIN_RATED} or more of the rated {noun}s has {side_names(lead)} in front: {told}"
        )
    if sums.owner:
        reasons.append(_say_owner(sums.owner, sums, noun))
    if len(lead) == 1 and not denied:
        reasons += [
            f"{side_names(lead)} does not lead on {voice.name}'{'' if voice.name.endswith('s') else 's'} "
            f"ratings alone ({voice.rated} rated)"
            for voice in voices
            if voice.leading != tuple(lead)
        ]
    _, second, most = sorted(sums.tally.sides)
    if sums.unrated and second < most <= second + sums.unrated:
        noun = pluralize(sums.unrated, noun)
        reasons.append(f"the {sums.unrated} {noun} without a rating could let another side catch up")
    return reasons


def _say_too_few(rated: int, outlets: int, noun: str) -> str:
    needed = f"at least {MIN_RATED} are needed"
    if rated != outlets:
        return f"the {rated} rated {noun}s are of only {outlets} {pluralize(outlets, 'outlet')}, {needed}"
    return f"{f'only {rated}' if rated else 'no'} rated {pluralize(rated, noun)}, {needed}"


def _say_owner(owner: OwnerLead, sums: Sums, noun: str) -> str:
    others = find_leading(sums.owners_once)
    there = sums.tally.sides[SIDES.index(owner.side)]
    return (
        f"{owner.outlets} of the {there} {pluralize(there, noun)} "
        f"{'in' if owner.side == 'center' else 'on'} the {owner.side.capitalize()} "
        f"{'belongs' if owner.outlets == 1 else 'belong'} to {owner.owner}; with each owner counted once "
        f"{side_names(others)} {'leads' if len(others) == 1 else 'tie'}"
    )


def _say_narrow(sums: Sums, lead: Sequence[Side], raters: Sequence[str], noun: str) -> str:
    sides = sums.tally.sides
    if len(raters) == 1:
        chance_of_two = probability_leading(sides, sums.unrated, sums.squares, 2)
        if chance_of_two is not None and chance_of_two >= MIN_FIRM:
            return f"only {raters[0]} rates here, and the errors of one rater run one way"
    _, second, most = sorted(sides)
    return f"{side_names(lead)} leads by only {most - second} of {sum(sides)} rated {noun}s"


def _say_near_center(tally: Tally, single: SingleRater, noun: str) -> list[str]:
    _, left, _, right = tally.single_rater
    moved, shown = left + right, single.if_center
    if not moved or not shown:
        return []
    return [
        f"{moved} {pluralize(moved, noun)} near the center {is_or_are(moved)} rated by one rater only; "
        f"as Center {'it' if moved == 1 else 'they'} would make it "
        f"{shown.left}% Left, {shown.center}% Center and {shown.right}% Right"
    ]


def _say_what_holds(unrated: int, voices: Sequence[Voice], noun: str) -> str:
    rest = "any rating of the rest" if unrated else ""
    if voices:
        who = f"every rater with {MIN_RATED} or more rated {noun}s"
        return f"{who}{f', and {rest},' if rest else ''} gives the same leading side"
    lead = f"{rest} gives the same leading side" if rest else "no other side comes close"
    return f"{lead}, but no rater alone rates {MIN_RATED} of the {noun}s"


def describe_robustness(robustness: Robustness) -> str:
    """Write the level, the chance behind it and the reasons in one line, as on a terminal."""
    chance = robustness.probability_leading
    told = robustness.level.replace("_", " ")
    # A tie has no chance of its own to tell: nobody leads, and the first reason says so.
    if robustness.level != "too_few" and chance:
        # What is not certain is not called so.
        percent = "over 99%" if chance > 0.99 else f"{chance * 100:.0f}%"
        told += f" ({percent} that more raters would put the same side in front)"
    return f"{told}: {'; '.join(robustness.reasons)}"
