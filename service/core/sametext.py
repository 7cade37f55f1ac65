"""Which articles are one text: near-identical title and excerpt, found without comparing every pair.

Each text is compared with those that share its rarest words. The work is bounded for any number of texts, and
their order does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import inf
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from service.core.wording import Words, size, words_of

Likeness = Literal["text", "owner"]

MOST_WORDS = 160
"""Words of an excerpt that are looked at."""

RAREST = 8
"""Words by which a text is looked up: those that the fewest other texts have, but at least one."""

INDEXED = 32
"""Words by which a text is found: as many as a shorter copy may look for."""

COMMON = 8
"""Texts, unlike each other, that one word leads to."""

CANDIDATES = 6
"""Texts that one text is compared with: those that share most of its rarest words."""

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
    words = [frozenset(text.title + text.excerpt) for text in texts]
    spread = Counter(chain.from_iterable(words))
    # Words from the rarest on; one that only one text has leads nowhere.
    common = sorted((n, word) for word, n in spread.items() if n > 1)
    rank = {word: at for at, (_, word) in enumerate(common, 1)}
    ranks = [sorted(filter(None, map(rank.get, each))) for each in words]
    # The longest come first, so that a shortened copy finds all of its words in what it was cut from.
    order = sorted(range(len(texts)), key=lambda at: (-len(words[at]), texts[at][:2]))
    index: dict[int, list[int]] = {}
    for at in order:
        links = [
            Link(other, at, *how)
            for other in _nearest(ranks[at][:RAREST], index)
            if (how := same_text(texts[other], texts[at]))
        ]
        yield from links
        if not links:
            # A copy is found through the text it copies, so that only unlike texts fill the index.
            for word in ranks[at][:INDEXED]:
                if len(known := index.setdefault(word, [])) < COMMON:
                    known.append(at)


def _nearest(rarest: Sequence[int], index: Mapping[int, Sequence[int]]) -> list[int]:
    """The texts in the index that share most of the ``rarest`` words, and a third of them at the least."""
    shared = Counter(chain.from_iterable(index.get(word, ()) for word in rarest))
    near = [(-count, other) for other, count in shared.items() if count * 3 >= len(rarest)]
    return [other for _, other in sorted(near)[:CANDIDATES]]


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
