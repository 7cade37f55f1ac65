"""Find the articles of a story that print one text: they share runs of words that nobody writes twice.

A copy seldom begins and ends where its original does: one puts a sentence before it, another is cut sooner.
So excerpts are compared by the runs of four words that both have. Each is compared with the few texts that
share most of its runs, so that the work is bounded for any number of texts. Their order does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
from operator import itemgetter
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from service.core.coverage.tokenizer import Words, measure_length, tokenize

Likeness = Literal["agency", "text", "owner"]

# Words of an excerpt that are looked at.
MAX_WORDS = 160

# Words of a run, and characters where there is no space between words: what few write alike by chance.
SHINGLE_WORDS, SHINGLE_CHARACTERS = 4, 8

# Runs that two excerpts of one text share, at the least: thirteen words on end.
MIN_SHARED = 10

# Share of the shorter excerpt's runs that make two excerpts one text.
MIN_CONTAINMENT = 0.4

# The same of the stretch that both cover; a third is enough from 25 shared runs on.
MIN_OVERLAP, MIN_LONG_OVERLAP, LONG_OVERLAP = 1 / 2, 1 / 3, 25

# What two articles that credit one agency share besides, so that two dispatches of a day stay two: runs of
# their excerpts or, where one has no excerpt to speak of, this part of their titles' words.
MIN_SHARED_OF_AGENCY, MIN_TITLE_OF_AGENCY = 5, 0.6

# Words of an excerpt that is worth comparing, and of a title that joins where there is none.
MIN_EXCERPT_WORDS, MIN_TITLE_WORDS = 8, 10

# Shared runs that outweigh one number that each of two texts has and the other lacks. A sentence with
# another figure is another report; a long text with one figure brought up to date is not.
SHINGLES_PER_NUMBER = 25

# Texts, unlike each other, that one run leads to.
MAX_TEXTS_PER_SHINGLE = 5

# Texts that one text is compared with: those that share most of its runs.
MAX_CANDIDATES = 3

SENTENCE = re.compile(r"(?<=[.!?。])\s+")
BOILERPLATE = re.compile(
    r"(?i)\b(?:cookies?|javascript|newsletters?|subscribe|paywall|read more|continue reading|click here"
    r"|appeared first)\b"
)
# Words without one of which no sentence is boilerplate.
BOILERPLATE_WORDS = frozenset(
    {"cookie", "cookies", "javascript", "newsletter", "newsletters", "subscribe", "paywall"}
    | {"read", "reading", "click", "appeared"}
)

QUOTES = '"“”„«»「」『』'
# A quotation that an excerpt cuts off runs to its end. A straight mark there may have closed one.
QUOTATION = re.compile(rf"[{QUOTES}][^{QUOTES}]{{0,600}}[{QUOTES}]|[“„«「『][^{QUOTES}]*$")


@dataclass
class TextFeatures:
    """Parts of an article to compare: its title, and its words outside quotations and boilerplate.

    ``shingles`` are the runs of the excerpt.
    """

    title: Words
    excerpt: Words
    shingles: frozenset[int]
    owner: str | None = None
    agency: str | None = None

    @property
    def words(self) -> tuple[Words, Words]:
        """Return all that is compared of two articles without an agency or an owner in common."""
        return self.title, self.excerpt

    @cached_property
    def ordered_shingles(self) -> list[int]:
        """Return the runs of the excerpt in their order."""
        return list(_hash_shingles(self.excerpt))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Return the numbers in both texts."""
        return _get_numbers((*self.title, *self.excerpt))


class TextMatch(NamedTuple):
    """Two texts (by index) that are one, by which signal, and what they share in words."""

    first: int
    second: int
    by: Likeness
    shared: str


def extract_features(title: Words, excerpt: str, words: Words) -> TextFeatures:
    """Extract the features to compare from a title and an excerpt (its ``words`` too)."""
    own = excerpt
    if not BOILERPLATE_WORDS.isdisjoint(words):
        own = " ".join(each for each in SENTENCE.split(excerpt) if not BOILERPLATE.search(each))
    if any(mark in own for mark in QUOTES):
        own = QUOTATION.sub(" ", own)
    if own != excerpt:
        words = tokenize(own)
    words = words[:MAX_WORDS]
    return TextFeatures(title, words, frozenset(_hash_shingles(words)))


def _hash_shingles(words: Words) -> Iterator[int]:
    """Yield a number for each run of words. Two runs have one by a chance of 1 in 2⁶¹."""
    length = SHINGLE_CHARACTERS if [*map(len, words)].count(1) * 2 > len(words) else SHINGLE_WORDS
    return map(hash, zip(*[words[at:] for at in range(length)], strict=False))


def compare_texts(  # noqa: PLR0911  # one for each sign
    one: TextFeatures, two: TextFeatures
) -> tuple[Likeness, str] | None:
    """Return the signal by which two texts are one, and what they share, or ``None``."""
    common = one.shingles & two.shingles
    alike = len(common) >= MIN_SHARED and _is_contained(one, two, common)
    if one.agency and one.agency == two.agency and (alike or _has_second_sign(one, two, common)):
        return "agency", f"share {_describe_share(one, two, common)}"
    if alike:
        return "text", f"the excerpts share {_describe_share(one, two, common)}"
    title = _similarity(one.title, two.title, least=90)
    if not title:
        return None
    cut = min(len(one.excerpt), len(two.excerpt))
    excerpts = one.excerpt[:cut], two.excerpt[:cut]
    title_size, excerpt_size = (min(map(measure_length, pair)) for pair in ((one.title, two.title), excerpts))
    has_excerpt = excerpt_size >= MIN_EXCERPT_WORDS
    excerpt = _similarity(*excerpts, least=60) if has_excerpt else 0.0
    if title_size >= 5 and excerpt >= 75:
        return "text", f"headlines and excerpts are {round(min(title, excerpt))}% alike"
    if title_size >= MIN_TITLE_WORDS and title >= 95 and not has_excerpt:
        return "text", f"the headlines are {round(title)}% alike"
    one_owner = one.owner is not None and one.owner == two.owner
    if one_owner and title_size >= 4 and (not has_excerpt or excerpt >= 60):
        return "owner", f"their headlines are {round(title)}% alike"
    return None


def _has_second_sign(one: TextFeatures, two: TextFeatures, common: Set[int]) -> bool:
    """Return True if two articles that credit one agency share more than the agency."""
    if len(common) >= MIN_SHARED_OF_AGENCY:
        return True
    if min(measure_length(one.excerpt), measure_length(two.excerpt)) >= MIN_EXCERPT_WORDS:
        return False
    titles = set(one.title), set(two.title)
    return len(titles[0] & titles[1]) >= MIN_TITLE_OF_AGENCY * max(1, *map(len, titles))


def _describe_share(one: TextFeatures, two: TextFeatures, common: Set[int]) -> str:
    if not common:
        return "most words of their headlines"
    share = len(common) / min(len(one.shingles), len(two.shingles))
    return f"long passages ({share * 100:.0f}% of the shorter excerpt)"


def _is_contained(one: TextFeatures, two: TextFeatures, common: Set[int]) -> bool:
    """Return True if the runs in ``common`` are so large a part of two excerpts that these are one text."""
    share, least = len(common) / min(len(one.shingles), len(two.shingles)), MIN_CONTAINMENT
    if share < least:
        share = min(1.0, len(common) / _overlap_length(one, two, common))
        least = MIN_LONG_OVERLAP if len(common) >= LONG_OVERLAP else MIN_OVERLAP
    return share >= least and _count_other_numbers(one, two, common) * SHINGLES_PER_NUMBER <= len(common)


def _overlap_length(one: TextFeatures, two: TextFeatures, common: Set[int]) -> int:
    """Return the length of what both cover: from where the later one begins to where the earlier one ends."""
    (start, end, rest), (other_start, other_end, other_rest) = (
        _find_shared_span(text, common) for text in (one, two)
    )
    return min(start, other_start) + min(end - start, other_end - other_start) + min(rest, other_rest)


def _find_shared_span(text: TextFeatures, common: Set[int]) -> tuple[int, int, int]:
    """Return where the first shared run begins, where the last one does, plus one, and the runs behind it."""
    runs = text.ordered_shingles
    start = next(at for at, run in enumerate(runs) if run in common)
    behind = next(at for at, run in enumerate(reversed(runs)) if run in common)
    return start, len(runs) - behind, behind


def _count_other_numbers(one: TextFeatures, two: TextFeatures, common: Set[int]) -> int:
    """Count the numbers that each has, in what it shares or in its title, and the other lacks everywhere."""
    numbers, other_numbers = one.numbers - two.numbers, two.numbers - one.numbers
    # What only one of them has may be an addition.
    if not (numbers and other_numbers):
        return 0
    found = []
    for text, own in ((one, numbers), (two, other_numbers)):
        start, end, _ = _find_shared_span(text, common)
        found.append(len(own.intersection((*text.title, *text.excerpt[start : end - 1 + SHINGLE_WORDS]))))
    return min(found)


def find_matches(texts: Sequence[TextFeatures]) -> Iterator[TextMatch]:
    """Yield links between the ``texts`` that are one. Following them gives each group of copies."""
    index: dict[int, tuple[int, ...]] = {}
    last = None
    for at in sorted(range(len(texts)), key=lambda at: texts[at].words):
        text = texts[at]
        if last is not None and text.words == texts[last].words and (how := compare_texts(texts[last], text)):
            yield TextMatch(last, at, *how)
            continue
        last = at
        keys = _make_index_keys(text)
        known = [*filter(None, map(index.get, keys))]
        shared = Counter(chain.from_iterable(known)) if known else {}
        # One number a text sorts five times as fast as a pair: the more runs, and the earlier, the smaller.
        ranks = sorted([other - runs * len(texts) for other, runs in shared.items()])
        nearest = [rank % len(texts) for rank in ranks[:MAX_CANDIDATES]]
        links = [
            TextMatch(other, at, *how) for other in nearest if (how := compare_texts(texts[other], text))
        ]
        yield from links
        new = keys.difference(index)
        index.update(dict.fromkeys(new, (at,)))
        # A copy is found through the text it copies, so that only unlike texts crowd the index.
        for key in keys - new if known and not links else ():
            if len(there := index[key]) < MAX_TEXTS_PER_SHINGLE:
                index[key] = (*there, at)


def _make_index_keys(text: TextFeatures) -> frozenset[int]:
    """Return the numbers by which a text is found: the runs of its excerpt and its title."""
    keys = text.shingles.union(_hash_shingles(text.title))
    if text.agency:
        # The headlines of one agency's dispatches need no run in common.
        keys = keys.union([hash((text.agency, word)) for word in text.title])
    return keys


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
