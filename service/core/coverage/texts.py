"""Which articles are one text: near-identical title and excerpt, found without comparing every pair.

Each text is compared with the few that share a landmark with it: a run of words that any copy would choose
too. So the work is bounded for any number of texts, and their order does not matter.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from math import inf
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

MARKS = ".,:;!?()[]{}\"'`-/|*#&+=<>_~"

OTHER_MARKS = "–—―’‘“”„‚«»‹›…·•،؛؟।。、「」『』【】"

UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that leave no space between words: there each character counts as a word of its own."""

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words of ``text`` in lower case, without punctuation.

    >>> words_of("“It’s over,” he said — 北島で")
    ('it', 's', 'over', 'he', 'said', '北', '島', 'で')
    """
    if not text.isascii():
        text = _without(OTHER_MARKS, unicodedata.normalize("NFKC", text))
        if UNSPACED.search(text):
            text = UNSPACED.sub(r" \g<0> ", text)
    return tuple(_without(MARKS, text).casefold().split())


def size(words: Words) -> float:
    """How much a text says, in words; a single letter or ideograph is half a word."""
    return len(words) - sum(map((1).__eq__, map(len, words))) / 2


def _without(marks: str, text: str) -> str:
    """``text`` with spaces for ``marks``; five times as fast as a regular expression over the words."""
    for mark in marks:
        if mark in text:
            text = text.replace(mark, " ")
    return text


Likeness = Literal["text", "owner"]

MOST_WORDS = 160
"""Words of an excerpt that are looked at."""

WINDOWS = (12, 30)
"""Lengths of an excerpt's beginning, in words, in which landmarks are sought; copies begin alike."""

RUN = 3
"""Words of a landmark."""

COMMON = 8
"""Texts, unlike each other, that one landmark leads to."""

CANDIDATES = 6
"""Texts that one text is compared with: those that share most of its landmarks."""

LEAST_SHARED = 0.2
"""Share of the shorter title's words that two titles of one text have in common, at the least."""

DATELINE = re.compile(r"^.{0,60}?[(/\[【（［][^()/\]】）］]{1,30}[)/\]】）］]\s*[-–—.:]{0,3}\s*")
TRAILER = re.compile(r"(?i)\b(?:read more|continue reading|click here|the post .{0,200} appeared first)\b.*$")
TRAILING = frozenset(("read", "reading", "click", "appeared"))
FURNITURE = frozenset(
    ("cookie", "cookies", "javascript", "newsletter", "newsletters", "subscribe", "paywall")
)
QUOTES = '"“”„«»「」『』'
QUOTED = re.compile(rf"[{QUOTES}][^{QUOTES}]{{0,600}}[{QUOTES}]")


class Text(NamedTuple):
    """The words of an article that are compared; ``own``: its words outside quotations, if it has any."""

    title: Words
    excerpt: Words
    own: float
    owner: str | None = None


class Link(NamedTuple):
    """Two texts (by index) that are one, and how alike they are (0…100)."""

    first: int
    second: int
    by: Likeness
    likeness: int


def text_of(
    title: Words, excerpt: str, words: Words, owner: str | None = None, *, dateline: bool = False
) -> Text:
    """What to compare of a title and an excerpt (its ``words`` too): no ``dateline``, no site's furniture."""
    if dateline:
        excerpt = DATELINE.sub("", excerpt, count=1)
        words = words_of(excerpt)
    if not TRAILING.isdisjoint(words):
        words = words_of(TRAILER.sub("", excerpt))
    if not FURNITURE.isdisjoint(words):
        words = ()
    words = words[:MOST_WORDS]
    own = size(words_of(QUOTED.sub(" ", excerpt))) if QUOTED.search(excerpt) else inf
    return Text(title, words, own, owner)


def same_text(one: Text, two: Text) -> tuple[Likeness, int] | None:
    """How two texts show that they are one, with their likeness (0…100); ``None`` when they are two."""
    common = min(len(one.excerpt), len(two.excerpt))
    excerpts = one.excerpt[:common], two.excerpt[:common]
    excerpt = _likeness(*excerpts, least=60)
    if (
        excerpt >= 90
        and min(one.own, two.own, *map(size, excerpts)) >= 12
        and not _clash(one.title, two.title)
    ):
        return "text", round(excerpt)
    title = _likeness(one.title, two.title, least=90)
    if not title:
        return None
    title_size, excerpt_size = min(map(size, (one.title, two.title))), min(map(size, excerpts))
    if title_size >= 5 and excerpt_size >= 8 and excerpt >= 75:
        return "text", round(min(title, excerpt))
    if title_size >= 8 and title >= 95 and excerpt_size < 8:
        return "text", round(title)
    one_owner = one.owner is not None and one.owner == two.owner
    if one_owner and title_size >= 4 and (excerpt_size < 8 or excerpt >= 60):
        return "owner", round(title)
    return None


def same_texts(texts: Sequence[Text]) -> Iterator[Link]:
    """Links between the ``texts`` that are one; following them gives each group of copies."""
    index: dict[str, list[int]] = {}
    for at in sorted(range(len(texts)), key=lambda at: texts[at][:2]):
        landmarks = _landmarks(texts[at])
        known = [index[mark] for mark in landmarks if mark in index]
        links = [
            Link(other, at, *how)
            for other in (_most_often(known) if known else ())
            if (how := same_text(texts[other], texts[at]))
        ]
        yield from links
        if not links:
            # A copy is found through the text it copies, so that only unlike texts fill the index.
            for mark in landmarks:
                if len(there := index.setdefault(mark, [])) < COMMON:
                    there.append(at)


def _landmarks(text: Text) -> set[str]:
    """Runs of words that copies of the text have too, unless each of them is changed.

    They start at the first and the last word by alphabet of the title and of the beginnings of the excerpt:
    two copies choose the same ones. (After min-wise hashing; Broder, A. (1997).)
    """
    beginnings = [(text.excerpt, text.excerpt[:window]) for window in WINDOWS] if text.excerpt else []
    if text.title:
        beginnings.append((text.title, text.title))
    return {
        " ".join(whole[(at := whole.index(word)) : at + RUN])
        for whole, words in beginnings
        for word in (min(words), max(words))
    }


def _most_often(known: Sequence[Sequence[int]]) -> list[int]:
    """The texts that share most landmarks, those with equally many in the order of the index."""
    shared = Counter(chain.from_iterable(known))
    return sorted(shared, key=lambda other: (-shared[other], other))[:CANDIDATES]


def _likeness(one: Words, two: Words, least: int) -> float:
    """Likeness (0…100) of two word lists; 0 under ``least``, or when they hold other numbers.

    Normalised insertion-deletion distance of the letters (rapidfuzz: ``fuzz.ratio``).
    """
    if not one or not two:
        return 0.0
    if one == two:
        return 100.0
    likeness = fuzz.ratio(" ".join(one), " ".join(two), score_cutoff=least)
    return likeness if likeness and _numbers(one) == _numbers(two) else 0.0


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if word[0].isdigit())


def _clash(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether two titles speak of different things: other numbers, or hardly a word in common."""
    numbers = _numbers(one), _numbers(two)
    if all(numbers) and numbers[0] != numbers[1]:
        return True
    words, others = {*one}, {*two}
    return bool(words and others) and len(words & others) < LEAST_SHARED * min(len(words), len(others))
