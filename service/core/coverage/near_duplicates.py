"""Find the articles of a story that print one text: they share runs of words that nobody writes twice.

A copy seldom begins and ends where its original does: one puts a sentence before it, another is cut sooner.
So excerpts are compared by the runs of four words that both have. Each is compared with the few texts that
share most of its runs, so that the work is bounded for any number of texts. Their order does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import chain, compress
from operator import itemgetter
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from service.core.coverage.tokenizer import Words, measure_length, tokenize

Likeness = Literal["text", "owner"]

MAX_WORDS = 160
"""Words of an excerpt that are looked at."""

SHINGLE_WORDS, SHINGLE_CHARACTERS = 4, 8
"""Words of a run, and characters where there is no space between words: what few write alike by chance."""

MIN_SHARED = 8
"""Runs that two excerpts of one text share, at the least: eleven words on end."""

MIN_CONTAINMENT = 0.4
"""Share of the shorter excerpt's runs that make two excerpts one text."""

MIN_OVERLAP, MIN_LONG_OVERLAP, LONG_OVERLAP = 1 / 2, 1 / 3, 20
"""The same of the stretch that both cover; a third is enough from 20 shared runs on."""

SHINGLES_PER_NUMBER = 25
"""Shared runs that outweigh one number that each of two texts has and the other lacks.

A sentence with another figure is another report; a long text with one figure brought up to date is not.
"""

MAX_TEXTS_PER_SHINGLE = 5
"""Texts, unlike each other, that one run leads to."""

MAX_CANDIDATES = 3
"""Texts that one text is compared with: those that share most of its runs."""

SENTENCE = re.compile(r"(?<=[.!?。])\s+")
BOILERPLATE = re.compile(
    r"(?i)\b(?:cookies?|javascript|newsletters?|subscribe|paywall|read more|continue reading|click here"
    r"|appeared first)\b"
)
BOILERPLATE_WORDS = frozenset(
    {"cookie", "cookies", "javascript", "newsletter", "newsletters", "subscribe", "paywall"}
    | {"read", "reading", "click", "appeared"}
)
"""Words without one of which no sentence is furniture."""

QUOTES = '"“”„«»「」『』'
QUOTATION = re.compile(rf"[{QUOTES}][^{QUOTES}]{{0,600}}[{QUOTES}]")


class TextFeatures(NamedTuple):
    """Parts of an article to compare: its title, and its words outside quotations and furniture.

    ``runs`` are those of the excerpt in their order, ``own`` the same as a set. By ``marks``, which are these
    and the title's, a text is found.
    """

    title: Words
    excerpt: Words
    runs: tuple[int, ...]
    own: frozenset[int]
    marks: frozenset[int]
    numbers: frozenset[str]
    owner: str | None = None


class TextMatch(NamedTuple):
    """Two texts (by index) that are one, and how alike they are (0…100)."""

    first: int
    second: int
    by: Likeness
    likeness: int


def extract_features(title: Words, excerpt: str, words: Words) -> TextFeatures:
    """Return what to compare of a title and an excerpt (its ``words`` too)."""
    own = excerpt if BOILERPLATE_WORDS.isdisjoint(words) else _strip_boilerplate(excerpt)
    own = QUOTATION.sub(" ", own)
    if own != excerpt:
        words = tokenize(own)
    words = words[:MAX_WORDS]
    runs = tuple(_hash_shingles(words))
    known = frozenset(runs)
    return TextFeatures(
        title, words, runs, known, known.union(_hash_shingles(title)), _get_numbers((*title, *words))
    )


def _strip_boilerplate(excerpt: str) -> str:
    return " ".join(each for each in SENTENCE.split(excerpt) if not BOILERPLATE.search(each))


def _hash_shingles(words: Words) -> Iterator[int]:
    """Yield a number for each run of words on end. Two runs have one by a chance of 1 in 2⁶¹."""
    length = SHINGLE_CHARACTERS if [*map(len, words)].count(1) * 2 > len(words) else SHINGLE_WORDS
    return map(hash, zip(*[words[at:] for at in range(length)], strict=False))


def compare_texts(one: TextFeatures, two: TextFeatures) -> tuple[Likeness, int] | None:
    """Say how two texts show that they are one, with their likeness (0…100), or ``None``."""
    if share := _containment(one, two):
        return "text", round(share * 100)
    title = _similarity(one.title, two.title, least=90)
    if not title:
        return None
    common = min(len(one.excerpt), len(two.excerpt))
    excerpts = one.excerpt[:common], two.excerpt[:common]
    title_size, excerpt_size = (min(map(measure_length, pair)) for pair in ((one.title, two.title), excerpts))
    excerpt = _similarity(*excerpts, least=60) if excerpt_size >= 8 else 0.0
    if title_size >= 5 and excerpt >= 75:
        return "text", round(min(title, excerpt))
    if title_size >= 8 and title >= 95 and excerpt_size < 8:
        return "text", round(title)
    one_owner = one.owner is not None and one.owner == two.owner
    if one_owner and title_size >= 4 and (excerpt_size < 8 or excerpt >= 60):
        return "owner", round(title)
    return None


def _containment(one: TextFeatures, two: TextFeatures) -> float:
    """Return the share (0…1) of their runs that two excerpts have in common, 0 if they are not one text."""
    common = one.own & two.own
    if len(common) < MIN_SHARED:
        return 0.0
    share, least = len(common) / min(len(one.own), len(two.own)), MIN_CONTAINMENT
    if share < least:
        share = min(1.0, len(common) / _overlap_length(one.runs, two.runs, common))
        least = MIN_LONG_OVERLAP if len(common) >= LONG_OVERLAP else MIN_OVERLAP
    alike = share >= least and _count_other_numbers(one, two, common) * SHINGLES_PER_NUMBER <= len(common)
    return share if alike else 0.0


def _overlap_length(one: Sequence[int], two: Sequence[int], common: Set[int]) -> int:
    """Return the length of what both cover: from where the later one begins to where the earlier one ends."""
    (start, end), (other_start, other_end) = _shared_span(one, common), _shared_span(two, common)
    after = min(len(one) - end, len(two) - other_end)
    return min(start, other_start) + min(end - start, other_end - other_start) + after


def _shared_span(runs: Sequence[int], common: Set[int]) -> tuple[int, int]:
    """Return where the first shared run begins, and the place behind that where the last one does."""
    start = next(at for at, run in enumerate(runs) if run in common)
    return start, next(at for at in range(len(runs), 0, -1) if runs[at - 1] in common)


def _count_other_numbers(one: TextFeatures, two: TextFeatures, common: Set[int]) -> int:
    """Count the numbers that each has, in what it shares or in its title, and the other lacks everywhere."""
    numbers, other_numbers = one.numbers - two.numbers, two.numbers - one.numbers
    # What only one of them has may be an addition.
    if not (numbers and other_numbers):
        return 0
    found = []
    for text, own in ((one, numbers), (two, other_numbers)):
        start, end = _shared_span(text.runs, common)
        found.append(len(own.intersection((*text.title, *text.excerpt[start : end - 1 + SHINGLE_WORDS]))))
    return min(found)


def find_matches(texts: Sequence[TextFeatures]) -> Iterator[TextMatch]:
    """Yield links between the ``texts`` that are one. Following them gives each group of copies."""
    index: dict[int, tuple[int, ...]] = {}
    last = None
    for at in sorted(range(len(texts)), key=lambda at: texts[at][:2]):
        text, marks = texts[at], texts[at].marks
        if last is not None and text[:2] == texts[last][:2] and (how := compare_texts(texts[last], text)):
            yield TextMatch(last, at, *how)
            continue
        last = at
        known = [*filter(None, map(index.get, marks))]
        nearest = _nearest(known, len(texts)) if known else ()
        links = [
            TextMatch(other, at, *how) for other in nearest if (how := compare_texts(texts[other], text))
        ]
        yield from links
        new = marks.difference(index)
        index.update(dict.fromkeys(new, (at,)))
        # A copy is found through the text it copies, so that only unlike texts crowd the index.
        if known and not links:
            for mark in marks - new:
                if len(there := index[mark]) < MAX_TEXTS_PER_SHINGLE:
                    index[mark] = (*there, at)


def _nearest(known: Sequence[Sequence[int]], texts: int) -> list[int]:
    """Return the texts that share most runs, those with equally many in the order of the index."""
    shared = Counter(chain.from_iterable(known))
    # One number a text sorts five times as fast as a pair: the more runs, and the earlier, the smaller.
    ranks = sorted([other - runs * texts for other, runs in shared.items()])
    return [rank % texts for rank in ranks[:MAX_CANDIDATES]]


def _similarity(one: Words, two: Words, least: int) -> float:
    """Return the likeness (0…100) of two word lists, 0 under ``least`` or when they hold other numbers.

    Normalised insertion-deletion distance of the letters (rapidfuzz: ``fuzz.ratio``).
    """
    if not one or not two:
        return 0.0
    if one == two:
        return 100.0
    likeness = fuzz.ratio(" ".join(one), " ".join(two), score_cutoff=least)
    return likeness if likeness and _get_numbers(one) == _get_numbers(two) else 0.0


def _get_numbers(words: Words) -> frozenset[str]:
    return frozenset(compress(words, map(str.isdigit, map(itemgetter(0), words))))
