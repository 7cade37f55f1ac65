"""Roles of an article's fields, by the words in their names: ``sourceUrl``, ``source-url`` …"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal[
    "address", "outlet", "title", "excerpt", "date", "language", "country", "name", "foreign", "other"
]


class Role(NamedTuple):
    """The meaning of a field. Of several fields with one meaning the lowest ``rank`` is read first.

    A ``foreign`` field tells of something beside the article: a picture, a person, a comment.
    """

    kind: Kind
    rank: int = 0


def to_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _ranks(*groups: str) -> dict[str, int]:
    return {word: rank for rank, group in enumerate(groups) for word in group.split()}


ADDRESS = _ranks(
    "url",
    "link href canonical",
    "links weblink permalink",
    "alternate",
    "web",
    "uri",
    "guid",
    "identifier id",
)
OUTLET = _ranks(
    "source publisher outlet publication newspaper",
    "provider origin site website sitename domain hostname netloc host",
    "feed",
    "media",
)
TITLE = _ranks("title headline")
EXCERPT = _ranks(
    "excerpt",
    "description desc summary snippet abstract",
    "teaser lead dek trail standfirst subtitle synopsis opening",
    "content text",
    "body markdown html message",
)
DATE = _ranks(
    "published publish pub publication issued",
    "date datetime seendate",
    "time timestamp",
    "created posted inserted added",
    "updated modified update",
    "crawled crawl seen indexed fetched parse age",
)
LANGUAGE = _ranks("language lang langs languages")
COUNTRY = _ranks("country countries")

# Beside a word for the outlet these say which of its facts the field holds.
OUTLET_FACTS = to_words(
    "name title url uri link href home homepage page full display info common data metadata news original "
    "clean web html base long id details og meta"
)
FOREIGN = to_words(
    "image images img picture pictures photo photos thumbnail thumb icon favicon logo avatar banner "
    "visual video videos audio author authors byline creator creators contributor contributors person "
    "persons people journalist journalists user users account owner submitter comment comments discussion "
    "social share self next previous prev api serpapi related similar cluster clusters topic topics "
    "category categories section tag tags keyword keywords entities company companies symbol symbols "
    "ticker tickers stock stocks metrics sentiment score scores hub hubs highlight enclosure "
    "attachment attachments multimedia places location locations mention mentions about extra "
    "all count rank type format precision zone tz timezone relative ago reading word words parsed detail "
    "details ids profile"
)
# Forms of an address that a reader does not see, read after the others.
SECONDARY = to_words(
    "external amp mobile short check preview rss json pdf proxy given tracking docs documentation"
)

MAX_NAME_LENGTH = 60
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
VOCABULARY = to_words("article iso at name").union(
    *(ADDRESS, OUTLET, TITLE, EXCERPT, DATE, LANGUAGE, COUNTRY, OUTLET_FACTS, FOREIGN, SECONDARY)
)


@lru_cache(maxsize=4096)
def split_words(name: str) -> tuple[str, ...]:
    """Split the name of a field into lower-case words, those written without a mark between them too."""
    words = [word.lower() for word in _WORD.findall(name[:MAX_NAME_LENGTH])]
    return tuple(part for word in words for part in _split_joined(word))


def _split_joined(word: str) -> tuple[str, ...]:
    """Split ``pubdate`` where both halves are words that names of fields are made of."""
    if word not in VOCABULARY:
        for end in range(2, len(word) - 1):
            if word[:end] in VOCABULARY and word[end:] in VOCABULARY:
                return word[:end], word[end:]
    return (word,)


@lru_cache(maxsize=4096)
def find_role(name: str) -> Role:
    """Return the meaning of a field."""
    words = split_words(name)
    if words in (("name",), ("id",)):
        return Role("name") if words == ("name",) else Role("address", ADDRESS["id"])
    role = _find_outlet_role(words)
    if role is None and not FOREIGN.isdisjoint(words):
        return Role("foreign")
    return role or _find_article_role(words)


def _find_outlet_role(words: tuple[str, ...]) -> Role | None:
    ranks = [OUTLET[word] for word in words if word in OUTLET]
    if not ranks or not all(word in OUTLET or word in OUTLET_FACTS for word in words):
        return None
    # The address of a feed may be a service's, and an id is a name of last resort.
    return Role("outlet", min(ranks) + (5 if "feed" in words[1:] else 6 if "id" in words else 0))


def _find_article_role(words: tuple[str, ...]) -> Role:
    kinds: tuple[tuple[Kind, dict[str, int]], ...] = (
        ("country", COUNTRY),
        ("language", LANGUAGE),
        ("date", DATE),
        ("title", TITLE),
        ("address", ADDRESS),
        ("excerpt", EXCERPT),
    )
    for kind, vocabulary in kinds:
        if ranks := [vocabulary[word] for word in words if word in vocabulary]:
            if kind == "date":
                return Role(kind, max(ranks) if min(ranks) else 0)
            secondary = not SECONDARY.isdisjoint(words)
            return Role(kind, 2 * min(ranks) + len(words) - 1 + 10 * secondary)
    return Role("other")
