"""The words around a name: what they say of it, and what is left without them."""

import re
from collections.abc import Iterator

from service.core.outlets import Outlet
from service.core.resolve.desks import (
    ARTICLES,
    GENERIC_WORDS,
    HEADING_WORDS,
    NAME_PREFIXES,
    NAME_SUFFIXES,
    NEWS_WORDS,
    ORGANISATION_WORDS,
    PAPER_WORDS,
    SECTION_WORDS,
    SMALL_WORDS,
)
from service.core.resolve.normalization import MIN_LABEL_LENGTH, normalize_name, registrable_label
from service.core.resolve.vocabulary import COMMON_WORDS

MAX_PREFIX_WORDS, MAX_SUFFIX_WORDS = 5, 3
"""Words in front of a name, and words behind it, that are left out."""

MIN_LETTERS = 4
"""Letters that what is left of a longer name must have."""

MIN_INITIALS = 3

TAGLINE_WORDS = SECTION_WORDS | PAPER_WORDS | ARTICLES
TRADE_WORDS = COMMON_WORDS | GENERIC_WORDS

_MARKS = re.compile(r"[-–—|·•»›>:~(\[（,]|//|\.\s|\w\.\w{2,4}$")


def has_separators(name: str) -> bool:
    """Tell whether a name has a mark that can part it: a dash, a colon, a bracket, ".com"."""
    return not name.replace(" ", "").isalnum() and _MARKS.search(name) is not None


def has_affixes(key: str) -> bool:
    """Tell whether a word at an end of a normal form is one that stands beside names."""
    return key[key.rfind(" ") + 1 :] in NAME_SUFFIXES or key[: key.find(" ")] in NAME_PREFIXES


def is_heading(key: str) -> bool:
    """Tell whether a normal form says no more than a section's heading does.

    >>> is_heading("asia news"), is_heading("ultimas noticias"), is_heading("asia times")
    (True, True, False)
    """
    words = key.split()
    return HEADING_WORDS.issuperset(words) and not NEWS_WORDS.isdisjoint(words)


def is_section(key: str) -> bool:
    """Tell whether a part of a title names a section: "World", "Top stories"."""
    return SECTION_WORDS.issuperset(key.split())


def is_tagline(key: str) -> bool:
    """Tell whether a text behind a colon says only that a newspaper stands before it."""
    return TAGLINE_WORDS.issuperset(key.split())


def is_generic(key: str) -> bool:
    """Tell whether a normal form is made of words of the trade alone, so that many outlets may bear it."""
    words = key.split()
    return SECTION_WORDS.issuperset(words) or TRADE_WORDS.issuperset(words)


def is_distinctive(key: str) -> bool:
    """Tell whether what is left of a longer name can name an outlet alone."""
    return len(key) >= MIN_LETTERS and key.rpartition(" ")[2] not in COMMON_WORDS and not is_generic(key)


def strip_affixes(key: str) -> Iterator[str]:
    """Yield a normal form without words around a name, fewest words left out first.

    >>> list(strip_affixes("news agency unian")), list(strip_affixes("zeit online"))
    (['agency unian', 'unian'], ['zeit'])
    """
    words = key.split()
    first, last = 0, len(words)
    while last > 1 and words[last - 1] in ORGANISATION_WORDS and last > len(words) - MAX_SUFFIX_WORDS:
        last -= 1
    while first < MAX_PREFIX_WORDS and first < len(words) - 1 and words[first] in NAME_PREFIXES:
        first += 1
    for end in range(len(words), last - 1, -1):
        for start in range(0 if end < len(words) else 1, min(first, end - 1) + 1):
            yield " ".join(words[start:end])


def short_forms(outlet: Outlet) -> Iterator[str]:
    """Yield what speakers leave of a listed name, where the domain says the same.

    "Jamestown" of "The Jamestown Foundation" at jamestown.org, "CSIS" of "Center for Strategic and
    International Studies" at csis.org. And "Mattino" of "Il Mattino", whatever the domain says.
    """
    key, label = normalize_name(outlet.full_name), registrable_label(outlet.domain)
    words = key.split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in ORGANISATION_WORDS:
        kept.pop()
        if "".join(kept) in (label, label.removeprefix("the")):
            yield " ".join(kept)
    if len(words) > 1 and words[0] in ARTICLES and len(key) - len(words[0]) > MIN_LABEL_LENGTH:
        yield " ".join(words[1:])
    initials = "".join(word[0] for word in words if word not in SMALL_WORDS)
    if len(initials) >= MIN_INITIALS and initials == label:
        yield label
    if outlet.name.lower() == outlet.domain and len(label) >= MIN_LABEL_LENGTH:
        yield label
