"""Which articles are one text: near-identical title and excerpt, found without comparing every pair.

Texts that share a run of four words are compared, rarest runs first in effect: a run that many different
texts share is ignored. The work is bounded for any 1,000 articles, and their order does not matter as long
as they come sorted by content.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

Likeness = Literal["text", "owner"]

LONGEST_TITLE, LONGEST_EXCERPT = 300, 1000
"""Characters of a title and of an excerpt that are looked at."""

RUN = 4
COMMON = 8
"""A run of words in more unlike texts than this tells nothing."""

CANDIDATES = 8
"""Texts that one text is compared with: those that share the most runs with it."""

_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
DATELINE = re.compile(r"^.{0,60}?[(/][^()/]{2,30}[)/]\s*[-–—.:]{1,3}\s*")
TRAILER = re.compile(r"(?i)\b(?:read more|continue reading|click here|the post .{0,200} appeared first)\b.*$")
FURNITURE = re.compile(
    r"(?i)\bcookies?\b|\bjavascript\b|\bsubscribe\b|\bnewsletters?\b|\ball rights reserved\b|\bsign up\b"
)
QUOTED = re.compile(r"[\"“„«「『][^\"”“»」』]{0,600}[\"”“»」』]")


class Text(NamedTuple):
    """The words of an article that are compared; ``own``: the number of words outside quotation marks."""

    title: tuple[str, ...]
    excerpt: tuple[str, ...]
    own: float
    owner: str | None = None


class Link(NamedTuple):
    """Two texts (by index) that are one, and how alike they are (0…100)."""

    first: int
    second: int
    by: Likeness
    likeness: int


def text_of(title: str | None, excerpt: str | None, owner: str | None = None) -> Text:
    """The words to compare; a site's furniture (cookies, subscriptions, "read more") is no text."""
    body = TRAILER.sub("", DATELINE.sub("", (excerpt or "")[:LONGEST_EXCERPT]))
    if FURNITURE.search(body):
        body = ""
    excerpt_words = _words(body)
    own = size(_words(QUOTED.sub(" ", body))) if QUOTED.search(body) else size(excerpt_words)
    return Text(_words((title or "")[:LONGEST_TITLE]), excerpt_words, own, owner)


def size(words: Sequence[str]) -> float:
    """How much a text says, in words; a single letter or ideograph is half a word."""
    return len(words) - sum(len(word) == 1 for word in words) / 2


def same_text(one: Text, two: Text) -> tuple[Likeness, int] | None:
    """How two texts show that they are one, with their likeness (0…100); ``None`` when they are two."""
    title, title_size = _likeness(one.title, two.title)
    excerpt, excerpt_size = _likeness(one.excerpt, two.excerpt)
    long_excerpts = min(excerpt_size, one.own, two.own) >= 12
    titles_clash = bool(title_size) and _shared(one.title, two.title) < 0.2
    if long_excerpts and excerpt >= 90 and not titles_clash:
        return "text", round(excerpt)
    if title_size >= 5 and title >= 90 and excerpt_size >= 8 and excerpt >= 75:
        return "text", round(min(title, excerpt))
    if title_size >= 8 and title >= 95 and excerpt_size < 8:
        return "text", round(title)
    same_owner = one.owner is not None and one.owner == two.owner
    if same_owner and title_size >= 4 and title >= 90 and (excerpt_size < 8 or excerpt >= 60):
        return "owner", round(title)
    return None


def same_texts(texts: Sequence[Text]) -> Iterator[Link]:
    """Links between the ``texts`` that are one; following them gives each group of copies."""
    index: dict[tuple[str, ...], list[int]] = {}
    for at, text in enumerate(texts):
        runs = _runs(text)
        shared = Counter(other for run in runs for other in index.get(run, ()))
        nearest = sorted(shared, key=lambda other: (-shared[other], other))[:CANDIDATES]
        links = [Link(at, other, *how) for other in nearest if (how := same_text(texts[other], text))]
        yield from links
        if not links:
            # A copy is found through the text it copies, so that only unlike texts fill the index.
            for run in runs:
                if len(known := index.setdefault(run, [])) < COMMON:
                    known.append(at)


def _words(text: str) -> tuple[str, ...]:
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return tuple(WORD.findall(folded))


def _runs(text: Text) -> set[tuple[str, ...]]:
    title, excerpt = text.title, text.excerpt
    return {*zip(*(title[i:] for i in range(RUN)), strict=False)} | {
        *zip(*(excerpt[i:] for i in range(RUN)), strict=False)
    }


def _likeness(one: Sequence[str], two: Sequence[str]) -> tuple[float, float]:
    """Likeness (0…100) of two word lists over their common length, and that length; other numbers, none.

    Normalised insertion-deletion distance of the letters. (rapidfuzz: ``fuzz.ratio``.)
    """
    common = min(len(one), len(two))
    one, two = one[:common], two[:common]
    if not common:
        return 0.0, 0.0
    if one == two:
        return 100.0, size(one)
    if _numbers(one) != _numbers(two):
        return 0.0, min(size(one), size(two))
    return fuzz.ratio(" ".join(one), " ".join(two), score_cutoff=60), min(size(one), size(two))


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if word[0].isdigit())


def _shared(one: Sequence[str], two: Sequence[str]) -> float:
    """Share (0…1) of the shorter list's words that the other has too."""
    return len({*one} & {*two}) / min(len({*one}), len({*two}))
