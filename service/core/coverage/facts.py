"""Count a story's outlets by the classes of one fact: factuality, country, owner's kind …"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from service.core.figures import (
    MIN_RATED,
    NOUNS,
    TOO_FEW_PREFIX,
    Unit,
    is_or_are,
    join_words,
    largest_remainder,
    pluralize,
)
from service.core.outlets import DECIMALS

CLASS_NAMES = {"tv": "TV"}

# Classes that a headline names when several share the lead.
MAX_NAMED = 3


class FactShares(Struct, frozen=True):
    """Counts and percentages of each class among the outlets where the fact is known.

    ``distribution`` is whole percentages by the largest remainder. ``None`` when nothing is known. Under five
    known there is no headline.
    """

    headline: str | None
    sentence: str
    leading: list[str]
    distribution: dict[str, int] | None
    counts: dict[str, int]
    known: int
    unknown: int
    total: int


def summarize_fact(
    values: Iterable[str | None],
    noun: str,
    order: Sequence[str] = (),
    *,
    rater: str | None = None,
    unit: Unit = "outlet",
) -> FactShares:
    """Count ``values``, one for each outlet, ``None`` where not known. ``noun`` names the fact in words.

    Classes stand in the given ``order``, the rest by count and then by alphabet. Ties between remainders
    go in that order too. ``rater`` is named where the fact is one rater's judgement.
    """
    tally = Counter(values)
    unknown = tally.pop(None, 0)
    named = sorted(
        ((name, n) for name, n in tally.items() if name is not None),
        key=lambda item: (order.index(item[0]) if item[0] in order else len(order), -item[1], item[0]),
    )
    counts = dict(named)
    known = sum(counts.values())
    shown = dict(zip(counts, largest_remainder(list(counts.values())), strict=True))
    lead = [name for name, n in counts.items() if n == max(counts.values())]
    headline = _write_headline(lead, shown, f"{noun}{f' by {rater}' if rater else ''}", known, unknown)
    sources = pluralize(known + unknown, NOUNS[unit])
    who = f"{rater} rates the {noun} of" if rater else f"the {noun} is known for"
    rest = f"{who} {known} of {known + unknown} {sources}."
    if not known:
        rest = f"{rater} rates the {noun} of none." if rater else f"no {NOUNS[unit]}'s {noun} is known."
    return FactShares(
        headline=headline,
        sentence=f"{headline or TOO_FEW_PREFIX}{';' if headline else ':'} {rest}",
        leading=lead,
        distribution=shown if known else None,
        counts=counts,
        known=known,
        unknown=unknown,
        total=known + unknown,
    )


def summarize_state_media(values: Iterable[str | None], unit: Unit = "outlet") -> FactShares:
    """Count the outlets on our list of state media. What is not on it was not checked, hence unknown."""
    shares = summarize_fact(values, "state media", unit=unit)
    listed, total = shares.known, shares.total
    sources = pluralize(total, NOUNS[unit])
    number = listed or "None"
    sentence = f"{number} of {total} {sources} {is_or_are(listed or 1)} on our list of state media"
    others = f"; the other{' was' if total - listed == 1 else 's were'} not checked one by one"
    # A count, not a share of what is known: it may stand where few are listed.
    headline = f"{number} of {total} {sources} on our list of state media" if total >= MIN_RATED else None
    return structs.replace(
        shares, headline=headline, sentence=f"{sentence}{others if listed < total else ''}."
    )


def format_class(name: str) -> str:
    """Return a class as people write it: ``very_high`` → ``Very high``. Codes and names of owners stay."""
    return CLASS_NAMES.get(name) or (name.replace("_", " ").capitalize() if name.islower() else name)


def _write_headline(
    lead: Sequence[str], shown: dict[str, int], noun: str, known: int, unknown: int
) -> str | None:
    if known < MIN_RATED:
        return None
    told = [f"{shown[name]}% {format_class(name)}" for name in lead[:MAX_NAMED]]
    if len(lead) > MAX_NAMED:
        told.append(f"{len(lead) - MAX_NAMED} more alike")
    if not unknown:
        return join_words(told)
    share = largest_remainder([known, unknown])[0]
    return f"Of the {f'{share}%' if share else 'under 1%'} with a known {noun}: {join_words(told)}"


HOME_COUNTRY = "US"


class Frame(Struct, frozen=True):
    """Number of outlets from elsewhere (``mismatch``), and the ``shares`` (0…1) of the known countries."""

    scale: Literal["us"]
    mismatch: int
    known: int
    unknown: int
    sentence: str
    shares: dict[str, float]


def make_frame(countries: Mapping[str, int], unknown: int) -> Frame:
    """Return the frame of outlets counted by country (ISO 3166-1 alpha-2)."""
    known = sum(countries.values())
    elsewhere = known - countries.get(HOME_COUNTRY, 0)
    return Frame(
        scale="us",
        mismatch=elsewhere,
        known=known,
        unknown=unknown,
        sentence=_write_frame_sentence(elsewhere, known),
        shares={country: round(n / known, DECIMALS) for country, n in countries.items()},
    )


def _write_frame_sentence(elsewhere: int, known: int) -> str:
    scale = "Left, center and right are meant as in the United States"
    if not known:
        return f"{scale}; no source's country is known."
    told = f"{elsewhere} of the {known} sources whose country is known {is_or_are(elsewhere)} from elsewhere"
    if known == 1:
        told = f"the one source whose country is known is from {'elsewhere' if elsewhere else 'there'}"
    if elsewhere * 2 > known:
        return f"{scale}, yet most sources are not from there: {told}, and the words may not fit them."
    return f"{scale}; {told}."
