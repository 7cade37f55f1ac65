"""A caller's entry (``EntryFields``), and the result of resolving it (``Match``)."""

from functools import lru_cache
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.core.outlets import Outlet

MatchStatus = Literal["found", "unknown", "ambiguous", "platform", "invalid"]
MatchRule = Literal["url", "domain", "host_alias", "name", "name_alias"]
MatchVia = Literal["redirect", "shortener", "syndicated", "account"]
Ties = Literal["never", "best_known"]
MAX_CANDIDATES = 10

# Confidence of a host that is listed, and of one that another link carries.
LISTED, REDIRECTED = 1.0, 0.95
# Confidence of a name: the listed one, an alias, one that a place settles, other spaces, part of a title.
EXACT, ALIAS, SETTLED, SPELLED, READ = 0.98, 0.95, 0.9, 0.85, 0.8
# Confidence of a name that one stranger bears too, of a brand with an edition or desk behind it, of what
# lists alone call an outlet, and of the best-known bearer of a shared name.
LIKELY, DESK, CALLED, BEST_KNOWN = 0.8, 0.75, 0.7, 0.6


CountryCode = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z]{2}$",
        description="Two capital letters such as GB (ISO 3166-1).",
        examples=["GB"],
    ),
]
Region = Annotated[
    str,
    Meta(max_length=80, description="A town, or a state of the US by name or letters.", examples=["Lowell"]),
]


class EntryFields(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry in object form. ``url``, ``domain`` and ``name`` are tried in that order.

    ``country`` and ``region`` settle its own name, before those of the request.
    """

    url: str | None = None
    domain: str | None = None
    name: str | None = None
    country: CountryCode | None = None
    region: Region | None = None


class Place(Struct, frozen=True):
    """The place of an outlet: a country (ISO 3166-1 alpha-2), and a town or a state in it."""

    country: str | None = None
    region: str | None = None


ANYWHERE = Place()


class Candidate(Struct, frozen=True):
    """An outlet that a name may mean. ``listed`` is false of a stranger who bears it."""

    domain: str
    name: str
    country: str | None = None
    listed: bool | UnsetType = UNSET


class MatchedBy(Struct, frozen=True, gc=False, omit_defaults=True):
    """The rule that recognised an outlet, and its ``confidence`` (0…1).

    ``via`` says what stood between the entry and the outlet.
    """

    by: MatchRule
    confidence: float
    via: MatchVia | None = None


class Match(Struct, frozen=True):
    """The result of resolving an entry. Every outlet that is found has a ``rule``.

    ``key`` is the same for two entries that mean the same, known or not. ``more`` counts the bearers of an
    ambiguous name beyond ``candidates``, and ``best`` is the best known of them, if one is. ``hint`` is said
    of an entry that looks like several.
    """

    status: MatchStatus
    key: str = ""
    outlet: Outlet | None = None
    rule: MatchedBy | None = None
    candidates: tuple[Candidate, ...] = ()
    more: int = 0
    best: Outlet | None = None
    hint: str | None = None


INVALID = Match("invalid")


def break_tie(match: Match) -> Match:
    """Return an ambiguous match as one with the best-known bearer of the name, if one is best known."""
    if match.best is None:
        return match
    rule = make_matched_by("name", BEST_KNOWN, None)
    return Match("found", match.best.domain, match.best, rule, match.candidates, match.more)


def matched(outlet: Outlet, by: MatchRule, confidence: float, via: MatchVia | None = None) -> Match:
    """Return a match with ``outlet``."""
    return Match("found", outlet.domain, outlet, make_matched_by(by, confidence, via))


@lru_cache
def make_matched_by(by: MatchRule, confidence: float, via: MatchVia | None) -> MatchedBy:
    """One of the few ways in which an entry is recognised. All matches share them."""
    return MatchedBy(by, confidence, via)
