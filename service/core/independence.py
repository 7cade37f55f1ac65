"""Which articles of a story are one voice: one text, or one newsroom, that speaks several times.

Four signals join articles: a credited agency, the same address on sister sites, a near-identical text, and
one owner's same headline. Two outlets that merely report the same event stay two voices.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from service.core.agencies import AGENCY_BY_DOMAIN
from service.core.credits import Credit, agency_of, credit
from service.core.hosts import host_of
from service.core.samepath import Address, address_of, is_sister, speaks_for_itself
from service.core.sametext import same_texts, text_of
from service.core.story import Article

Signal = Literal["agency", "address", "text", "owner"]
Key = tuple[str, ...]
NEVER = datetime.max.replace(tzinfo=UTC)


class Voice(Struct, frozen=True):
    """An article with what is known of its outlet; ``published`` only where the date counts."""

    article: Article
    domain: str | None = None
    owner: str | None = None
    rated: bool = False
    published: datetime | None = None

    @property
    def key(self) -> Key:
        """Sorts articles by what they say, whatever their order in the request."""
        date = self.published.isoformat() if self.published else "~"
        given = (getattr(self.article, name) or "" for name in self.article.__struct_fields__)
        return (date, self.domain or "", *given)


class Group(Struct, frozen=True):
    """Articles (by index) that are one voice; only ``lead`` counts, and ``reason`` says why in words."""

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
    """The groups of two and more articles that are one voice, in the order of their first article."""
    order = sorted(range(len(voices)), key=lambda at: voices[at].key)
    ranked = [voices[at] for at in order]
    credited = [credit(v.article.source, v.article.title, v.article.excerpt) for v in ranked]
    owned = [own_agency(voice) for voice in ranked]
    joints = [*_by_agency(ranked, credited, owned), *_by_address(ranked), *_by_text(ranked)]
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


def own_agency(voice: Voice) -> str | None:
    """The agency whose own site the article stands on; without an address, the source decides."""
    article = voice.article
    host = host_of(article.url) if article.url else None
    if host is None:
        agency = agency_of(article.source or "") or AGENCY_BY_DOMAIN.get(voice.domain or "")
        return agency.name if agency else None
    labels = host.split(".")[-5:]
    suffixes = (".".join(labels[start:]) for start in range(len(labels)))
    return next((AGENCY_BY_DOMAIN[s].name for s in suffixes if s in AGENCY_BY_DOMAIN), None)


def _by_agency(
    voices: Sequence[Voice], credited: Sequence[Credit | None], owned: Sequence[str | None]
) -> Iterator[Joint]:
    """All articles that credit one agency, and with them the agency's own."""
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
    """Articles with one path or number on sites of one owner, or with a path that nobody makes twice."""
    shared: dict[str, list[tuple[int, Address]]] = defaultdict(list)
    for at, voice in enumerate(voices):
        if address := address_of(voice.article.url):
            for part in {address.path, address.number} - {None}:
                shared[str(part)].append((at, address))
    for part, places in shared.items():
        firsts: dict[str, int] = {}
        for at, address in places:
            alone = address.path == part and speaks_for_itself(address)
            site = "any" if alone else voices[at].owner or _family(address.host, firsts)
            first = firsts.setdefault(site, at)
            if first != at:
                yield Joint(first, at, "address", f"the same address on sister sites (“{part[-60:]}”)")


def _family(host: str, known: Iterable[str]) -> str:
    """The site among ``known`` that ``host`` belongs to, else itself."""
    return next((site for site in known if is_sister(site, host)), host)


def _by_text(voices: Sequence[Voice]) -> Iterator[Joint]:
    texts = [text_of(v.article.title, v.article.excerpt, v.owner) for v in voices]
    for link in same_texts(texts):
        owner = voices[link.first].owner
        why = f"near-identical text ({link.likeness}% alike)"
        if link.by == "owner":
            why = f"{owner} owns the outlets, and their headlines are {link.likeness}% alike"
        yield Joint(link.second, link.first, link.by, why)


def _chain(members: Sequence[int], signal: Signal, why: str) -> Iterator[Joint]:
    return (Joint(members[0], at, signal, why) for at in members[1:])


def _components(n: int, joints: Iterable[Joint]) -> list[list[int]]:
    """The sets of articles that joints connect. (Union-find; Galler and Fischer 1964.)"""
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
