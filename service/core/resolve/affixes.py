"""The words around a name: what they say of it, and what is left without them."""

import re
from collections.abc import Iterator

from service.core.outlets import Outlet
from service.core.resolve.desks import (
    ARTICLES,
    GENERIC,
    HEADING,
    HEADS,
    NEWS_WORDS,
    ORGANISATION_WORDS,
    PAPER_WORDS,
    SECTION,
    SMALL_WORDS,
    TAILS,
)
from service.core.resolve.normalization import SHORTEST_LABEL, normal, own_label
from service.core.resolve.vocabulary import COMMON_WORDS

MOST_BEFORE, MOST_BEHIND = 5, 3
"""Words in front of a name, and words behind it, that are left out."""

LEAST_LETTERS = 4
"""Letters that what is left of a longer name must have."""

LEAST_INITIALS = 3

TAGLINE = SECTION | PAPER_WORDS | ARTICLES
TRADE = COMMON_WORDS | GENERIC

_MARKS = re.compile(r"[-–—|·•»›>:~(\[（,]|//|\.\s|\w\.\w{2,4}$")


def has_marks(name: str) -> bool:
    """Tell whether a name has a mark that can part it: a dash, a colon, a bracket, ".com"."""
    return not name.replace(" ", "").isalnum() and _MARKS.search(name) is not None


def has_words_around(key: str) -> bool:
    """Tell whether a word at an end of a normal form is one that stands beside names."""
    return key[key.rfind(" ") + 1 :] in TAILS or key[: key.find(" ")] in HEADS


def is_heading(key: str) -> bool:
    """Tell whether a normal form says no more than a section's heading does.

    >>> is_heading("asia news"), is_heading("ultimas noticias"), is_heading("asia times")
    (True, True, False)
    """
    words = key.split()
    return HEADING.issuperset(words) and not NEWS_WORDS.isdisjoint(words)


def is_section(key: str) -> bool:
    """Tell whether a part of a title names a section: "World", "Top stories"."""
    return SECTION.issuperset(key.split())


def is_tagline(key: str) -> bool:
    """Tell whether a text behind a colon says only that a newspaper stands before it."""
    return TAGLINE.issuperset(key.split())


def is_plain(key: str) -> bool:
    """Tell whether a normal form is made of words of the trade alone, so that many outlets may bear it."""
    words = key.split()
    return SECTION.issuperset(words) or TRADE.issuperset(words)


def is_distinctive(key: str) -> bool:
    """Tell whether what is left of a longer name can name an outlet alone."""
    return len(key) >= LEAST_LETTERS and key.rpartition(" ")[2] not in COMMON_WORDS and not is_plain(key)


def shortened(key: str) -> Iterator[str]:
    """Yield a normal form without words around a name, fewest words left out first.

    >>> list(shortened("news agency unian")), list(shortened("zeit online"))
    (['agency unian', 'unian'], ['zeit'])
    """
    words = key.split()
    first, last = 0, len(words)
    while last > 1 and words[last - 1] in ORGANISATION_WORDS and last > len(words) - MOST_BEHIND:
        last -= 1
    while first < MOST_BEFORE and first < len(words) - 1 and words[first] in HEADS:
        first += 1
    for end in range(len(words), last - 1, -1):
        for start in range(0 if end < len(words) else 1, min(first, end - 1) + 1):
            yield " ".join(words[start:end])


def short_forms(outlet: Outlet) -> Iterator[str]:
    """Yield what speakers leave of a listed name, where the domain says the same.

    "Jamestown" of "The Jamestown Foundation" at jamestown.org, "CSIS" of "Center for Strategic and
    International Studies" at csis.org. And "Mattino" of "Il Mattino", whatever the domain says.
    """
    key, label = normal(outlet.name), own_label(outlet.domain)
    words = key.split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in ORGANISATION_WORDS:
        kept.pop()
        if "".join(kept) in (label, label.removeprefix("the")):
            yield " ".join(kept)
    if len(words) > 1 and words[0] in ARTICLES and len(key) - len(words[0]) > SHORTEST_LABEL:
        yield " ".join(words[1:])
    initials = "".join(word[0] for word in words if word not in SMALL_WORDS)
    if len(initials) >= LEAST_INITIALS and initials == label:
        yield label
    if outlet.name.lower() == outlet.domain and len(label) >= SHORTEST_LABEL:
        yield label
