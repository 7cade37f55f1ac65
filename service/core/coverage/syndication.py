"""Group the articles of a story that are one voice: one text, or one newsroom, that speaks several times.

Four signals join articles: a credited agency, the same address on sister sites, a near-identical text, and
one owner's same headline. Two outlets that merely report the same event stay two voices.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Literal, NamedTuple

from msgspec import Struct, structs

from service.core.coverage.agencies import AGENCY_BY_DOMAIN
from service.core.coverage.bylines import Credit, agency_of, credit
from service.core.coverage.near_duplicates import Text, same_texts, text_of
from service.core.coverage.story import Article
from service.core.coverage.tokenizer import words_of
from service.core.resolve.hosts import parse_address, strip_www

SLUG_WORDS = 4
"""Words of a path that make it more than a section's ("/world/europe")."""

NUMBER = re.compile(r"\d{6,}")

DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")


class Place(NamedTuple):
    """An article's host, its path if that says something, its number if it has one."""

    host: str
    path: str | None
    number: str | None


def place_of(url: str | None) -> Place | None:
    """Return the parts of ``url`` that tell one article from another. ``None`` when it names no host."""
    address = parse_address(url) if url else None
    if address is None:
        return None
    path = address.tail.partition("?")[0].partition("#")[0].lower().rstrip("/").removesuffix("/amp")
    directory, slash, slug = path.rpartition("/")
    slug = slug.partition(".")[0]
    path = directory + slash + slug
    numbers = [number for number in NUMBER.findall(path) if not DATE.fullmatch(number)]
    telling = words_in(slug) >= SLUG_WORDS or bool(numbers)
    return Place(strip_www(address.host), path if telling else None, numbers[-1] if numbers else None)


def family_of(host: str, known: Container[str]) -> str:
    """Return the host among ``known`` that ``host`` lies under (``a.b.example``: ``b.example``), else
    itself.
    """
    labels = host.split(".")
    parents = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((parent for parent in parents if parent in known), host)


def speaks_for_itself(place: Place) -> bool:
    """Tell whether no two systems would make this path by chance: several words and a number in it."""
    return bool(place.number) and words_in(place.path or "") >= SLUG_WORDS


def words_in(slug: str) -> int:
    """Return how many words stand in the last part of a path."""
    return slug.count("-") + slug.count("_") + 1


Signal = Literal["agency", "address", "text", "owner"]
Key = tuple[datetime | str, ...]
LONGEST_TITLE, LONGEST_EXCERPT = 300, 2000
"""Characters of a title and of an excerpt that are read."""

NEVER = datetime.max.replace(tzinfo=UTC)


class Voice(Struct, frozen=True):
    """An article with what is known of its outlet.

    ``site`` is the domain its address stands for, ``domain`` that of the outlet, which the source may have
    named. ``published`` is given only where the date counts.
    """

    article: Article
    site: str | None = None
    domain: str | None = None
    owner: str | None = None
    rated: bool = False
    published: datetime | None = None

    @property
    def key(self) -> Key:
        """Return the order of articles by what they say, whatever their order in the request."""
        given = [text or "" for text in structs.astuple(self.article)]
        return (self.published or NEVER, self.domain or "", *given)


class Group(Struct, frozen=True):
    """Articles (by index) that are one voice. Only ``lead`` counts, and ``reason`` says why in words."""

    lead: int
    members: list[int]
    agency: str | None
    signals: list[Signal]
    reason: str


class Joint(Struct, frozen=True):
    """Two articles that one signal joins."""

    one: int
    two: int
    signal: Signal
    why: str


def groups(voices: Sequence[Voice]) -> list[Group]:
    """Return the groups of two and more articles that are one voice, in the order of their first article."""
    order = sorted(range(len(voices)), key=lambda at: voices[at].key)
    ranked = [voices[at] for at in order]
    read_once = cache(read)
    readings = [read_once(each.article.source, each.article.title, each.article.excerpt) for each in ranked]
    credited = [found for found, _ in readings]
    texts = [text._replace(owner=each.owner) for each, (_, text) in zip(ranked, readings, strict=True)]
    owned = [own_agency(voice) for voice in ranked]
    joints = [*_by_agency(credited, owned), *_by_address(ranked), *_by_text(texts)]
    found = []
    for members in _components(len(ranked), joints):
        inside = set(members)
        lead = min(members, key=lambda at: (owned[at] is None, not ranked[at].rated, _date(ranked[at]), at))
        within = [joint for joint in joints if joint.one in inside]
        signals: dict[Signal, str] = {joint.signal: joint.why for joint in reversed(within)}
        named: list[Signal] = [s for s in ("agency", "address", "text", "owner") if s in signals]
        agency = owned[lead] or next((c.agency.name for at in members if (c := credited[at])), None)
        reason = "; ".join(signals[signal] for signal in named)
        found.append(Group(order[lead], sorted(order[at] for at in members), agency, named, reason))
    return sorted(found, key=lambda group: group.members)


def read(source: str | None, title: str | None, excerpt: str | None) -> tuple[Credit | None, Text]:
    """Return the agency that an article credits, and the words that are compared with others'."""
    title, excerpt = (title or "")[:LONGEST_TITLE], (excerpt or "")[:LONGEST_EXCERPT]
    title_words, words = words_of(title), words_of(excerpt)
    found = credit(source or "", (("title", title, title_words), ("excerpt", excerpt, words)))
    return found, text_of(title_words, excerpt, words)


def own_agency(voice: Voice) -> str | None:
    """Return the agency whose own site the article stands on. Without an address, the source decides."""
    article = voice.article
    if article.url:
        agency = AGENCY_BY_DOMAIN.get(strip_www(voice.site or ""))
    else:
        agency = agency_of(article.source or "") or AGENCY_BY_DOMAIN.get(voice.domain or "")
    return agency.name if agency else None


def _by_agency(credited: Sequence[Credit | None], owned: Sequence[str | None]) -> Iterator[Joint]:
    """Join all articles that credit one agency, and with them the agency's own."""
    printed: dict[str, list[int]] = defaultdict(list)
    for at, (found, own) in enumerate(zip(credited, owned, strict=True)):
        if found and not own:
            printed[found.agency.name].append(at)
    for name, members in printed.items():
        by_itself = [at for at, agency in enumerate(owned) if agency == name]
        first = credited[members[0]]
        where = f"in the {first.field} (“{first.words}”)" if first else ""
        told = f"{_count(len(members))} {name}, as {where}"
        why = told + (f"; {name}'s own article is among them" if by_itself else "")
        yield from _chain([*members, *by_itself], "agency", why)


def _by_address(voices: Sequence[Voice]) -> Iterator[Joint]:
    """Join articles with one path or number on sites of one owner, or with a path that nobody makes twice."""
    shared: dict[str, list[tuple[int, Place]]] = defaultdict(list)
    for at, voice in enumerate(voices):
        if place := place_of(voice.article.url):
            if place.path:
                shared[place.path].append((at, place))
            if place.number:
                shared[place.number].append((at, place))
    for part, places in shared.items():
        if len(places) == 1:
            continue
        firsts: dict[str, int] = {}
        # Shorter hosts first, so that a parent is known before what lies under it.
        for at, place in sorted(places, key=lambda each: (len(each[1].host), each[0])):
            alone = place.path == part and speaks_for_itself(place)
            site = "any" if alone else voices[at].owner or family_of(place.host, firsts)
            first = firsts.setdefault(site, at)
            if first != at:
                yield Joint(first, at, "address", f"the same address on sister sites (“{part[-60:]}”)")


def _by_text(texts: Sequence[Text]) -> Iterator[Joint]:
    """Join articles whose texts are alike, or that one owner prints under one headline."""
    for link in same_texts(texts):
        why = f"near-identical text ({link.likeness}% alike)"
        if link.by == "owner":
            owner = texts[link.first].owner
            why = f"{owner} owns the outlets, and their headlines are {link.likeness}% alike"
        yield Joint(link.first, link.second, link.by, why)


def _chain(members: Sequence[int], signal: Signal, why: str) -> Iterator[Joint]:
    return (Joint(members[0], at, signal, why) for at in members[1:])


def _components(n: int, joints: Iterable[Joint]) -> list[list[int]]:
    """Return the sets of articles that joints connect. (Union-find, Galler and Fischer 1964.)"""
    parent = list(range(n))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    for joint in joints:
        one, two = sorted((root(joint.one), root(joint.two)))
        parent[two] = one
    members = defaultdict(list)
    for at in range(n):
        members[root(at)].append(at)
    return [found for found in members.values() if len(found) > 1]


def _count(n: int) -> str:
    return "one article credits" if n == 1 else f"{n} articles credit"


def _date(voice: Voice) -> datetime:
    return voice.published or NEVER
