"""Group the articles of a story that are one voice: one text, or one newsroom, that speaks several times.

Four signals join articles: a credited agency, the same address on sister sites, a near-identical text, and
one owner's same headline. Two outlets that merely report the same event stay two voices.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from msgspec import Struct, structs

from service.core.bias import Label
from service.core.coverage.agencies import AGENCY_BY_DOMAIN
from service.core.coverage.bylines import Credit, find_agency, find_credit
from service.core.coverage.models import Article, Cluster, Signal
from service.core.coverage.near_duplicates import TextFeatures, extract_features, find_matches
from service.core.coverage.tokenizer import tokenize
from service.core.resolve.hosts import parse_address, strip_www

# Fewest words in the last part of a path that is an article's, and not a section's ("/world/europe").
MIN_SLUG_WORDS = 4

ARTICLE_NUMBER = re.compile(r"\d{6,}")

DATE_DIGITS = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")


class ArticleAddress(NamedTuple):
    """An article's host, its path if that says something, its number if it has one."""

    host: str
    path: str | None
    number: str | None


def split_address(url: str | None) -> ArticleAddress | None:
    """Return the parts of ``url`` that tell one article from another. ``None`` when it names no host."""
    address = parse_address(url) if url else None
    if address is None:
        return None
    path = address.tail.partition("?")[0].partition("#")[0].lower().rstrip("/").removesuffix("/amp")
    directory, slash, slug = path.rpartition("/")
    slug = slug.partition(".")[0]
    path = directory + slash + slug
    numbers = [number for number in ARTICLE_NUMBER.findall(path) if not DATE_DIGITS.fullmatch(number)]
    telling = count_slug_words(slug) >= MIN_SLUG_WORDS or bool(numbers)
    return ArticleAddress(
        strip_www(address.host), path if telling else None, numbers[-1] if numbers else None
    )


def find_parent_host(host: str, known: Container[str]) -> str:
    """Return the host among ``known`` that ``host`` lies under (``a.b.example``: ``b.example``), else
    itself.
    """
    labels = host.split(".")
    parents = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((parent for parent in parents if parent in known), host)


def is_distinctive_path(place: ArticleAddress) -> bool:
    """Return True if two sites hardly make this path by chance: it has several words and a number."""
    return bool(place.number) and count_slug_words(place.path or "") >= MIN_SLUG_WORDS


def count_slug_words(slug: str) -> int:
    return slug.count("-") + slug.count("_") + 1


SortKey = tuple[datetime | str, ...]
# Characters of a title and of an excerpt that are read, and of all excerpts of a story: whatever their order,
# each has an equal part.
MAX_TITLE_LENGTH, MAX_EXCERPT_LENGTH, MAX_TOTAL_LENGTH = 300, 2000, 600_000

LAST_DATE = datetime.max.replace(tzinfo=UTC)


class ArticleInfo(Struct, frozen=True):
    """An article with what is known of its outlet.

    ``site`` is the domain its address stands for, ``domain`` that of the outlet, which the source may have
    named. ``published`` is given only where the date counts.
    """

    article: Article
    site: str | None = None
    domain: str | None = None
    owner: str | None = None
    label: Label | None = None
    published: datetime | None = None

    @property
    def key(self) -> SortKey:
        """Sort articles by date and content, so that their order in the request changes nothing."""
        given = [text or "" for text in structs.astuple(self.article)]
        return (self.published or LAST_DATE, self.domain or "", *given)


class Edge(Struct, frozen=True):
    """Two articles that one signal joins."""

    one: int
    two: int
    signal: Signal
    why: str


def cluster_articles(articles: Sequence[ArticleInfo]) -> list[Cluster]:
    """Return the groups of two and more articles that are one voice, in the order of their first article."""
    order = sorted(range(len(articles)), key=lambda i: articles[i].key)
    ranked = [articles[i] for i in order]
    # Copies of one text are read once.
    length = min(MAX_EXCERPT_LENGTH, MAX_TOTAL_LENGTH // max(1, len(ranked)))
    # Copies are many, and read once.
    read_once = cache(read_article)
    readings = [
        read_once(each.article.source or "", each.article.title or "", (each.article.excerpt or "")[:length])
        for each in ranked
    ]
    credited = [found for found, _ in readings]
    own_agencies = [find_own_agency(each) for each in ranked]
    agencies = [
        own or (found.agency.name if found else None)
        for own, found in zip(own_agencies, credited, strict=True)
    ]
    texts = [
        TextFeatures(text.title, text.excerpt, text.shingles, each.owner, agency)
        for each, (_, text), agency in zip(ranked, readings, agencies, strict=True)
    ]
    edges = [*_text_edges(texts, credited), *_address_edges(ranked)]
    clusters = []
    for members in _connected_components(len(ranked), edges):
        inside = set(members)
        labels = most_common_labels({ranked[i].domain: ranked[i].label for i in members}.values())
        lead = min(
            members,
            key=lambda i: (
                own_agencies[i] is None,
                ranked[i].label not in labels,
                ranked[i].published or LAST_DATE,
                i,
            ),
        )
        within = [edge for edge in edges if edge.one in inside]
        signals: dict[Signal, str] = {edge.signal: edge.why for edge in reversed(within)}
        named: list[Signal] = [s for s in ("agency", "address", "text", "owner") if s in signals]
        clusters.append(
            Cluster(
                lead=order[lead],
                members=sorted(order[i] for i in members),
                agency=own_agencies[lead] or next((agencies[i] for i in members if agencies[i]), None),
                signals=named,
                reason="; ".join(signals[signal] for signal in named),
            )
        )
    return sorted(clusters, key=lambda cluster: cluster.members)


def most_common_labels(labels: Iterable[Label | None]) -> list[Label]:
    """Return the label that most have, or those that equally many have. The unrated do not count."""
    times = Counter(label for label in labels if label)
    return [label for label, n in times.items() if n == max(times.values())]


def read_article(source: str, title: str, excerpt: str) -> tuple[Credit | None, TextFeatures]:
    """Return the agency that an article credits, and the words that are compared with others'."""
    title = title[:MAX_TITLE_LENGTH]
    title_words, words = tokenize(title), tokenize(excerpt)
    found = find_credit(source, (("title", title, title_words), ("excerpt", excerpt, words)))
    return found, extract_features(title_words, excerpt, words)


def find_own_agency(voice: ArticleInfo) -> str | None:
    """Return the agency whose own site the article stands on. Without an address, the source decides."""
    article = voice.article
    if article.url:
        agency = AGENCY_BY_DOMAIN.get(strip_www(voice.site or ""))
    else:
        agency = find_agency(article.source or "") or AGENCY_BY_DOMAIN.get(voice.domain or "")
    return agency.name if agency else None


def _address_edges(voices: Sequence[ArticleInfo]) -> Iterator[Edge]:
    """Join articles with one path or number on sites of one owner, or with a path that nobody makes twice."""
    shared: dict[str, list[tuple[int, ArticleAddress]]] = defaultdict(list)
    for at, voice in enumerate(voices):
        if place := split_address(voice.article.url):
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
            is_unique = place.path == part and is_distinctive_path(place)
            site = "any" if is_unique else voices[at].owner or find_parent_host(place.host, firsts)
            first = firsts.setdefault(site, at)
            if first != at:
                yield Edge(first, at, "address", f"the same address on sister sites (“{part[-60:]}”)")


def _text_edges(texts: Sequence[TextFeatures], credited: Sequence[Credit | None]) -> Iterator[Edge]:
    """Join articles with one text, of one agency, or with one headline of one owner."""
    for match in find_matches(texts):
        first, second = texts[match.first], credited[match.first] or credited[match.second]
        why = match.shared
        if match.by == "owner":
            why = f"{first.owner} owns the outlets, and {why}"
        elif match.by == "agency" and second:
            why = f"articles that credit {first.agency}, as in the {second.field} (“{second.words}”), {why}"
        elif match.by == "agency":
            why = f"articles of {first.agency} {why}"
        yield Edge(match.first, match.second, match.by, why)


def _connected_components(n: int, edges: Iterable[Edge]) -> list[list[int]]:
    """Return the sets of articles that edges connect. (Union-find, Galler and Fischer 1964.)"""
    parent = list(range(n))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    for edge in edges:
        one, two = sorted((root(edge.one), root(edge.two)))
        parent[two] = one
    members = defaultdict(list)
    for at in range(n):
        members[root(at)].append(at)
    return [found for found in members.values() if len(found) > 1]
