"""Finds misspelt names: words one slip away from one of the host, of the rater's page, or of many names.

The table itself is the word list: one name has "Gazatte", a hundred have "Gazette".
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from service.dataset.file_reader import DataIssue
from service.dataset.tables import iter_rows

MIN_WORD_LENGTH = 6
"""Letters of the shortest word that is checked. Shorter ones have too many neighbours."""
MIN_COMMON_COUNT = 10
"""Names with a word, from which on its spelling is taken to be right."""
# Names with a word, below which the address of a page may know it better.
RARE_COUNT = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CORRECT_WORDS = frozenset(
    (
        "advanced",
        "advancing",
        "aransas",
        "arizonan",
        "champaign",
        "corning",
        "dailyer",
        "humane",
        "israeli",
        "loudon",
        "marxism",
        "nebraskan",
        "organisation",
        "protect",
        "retort",
        "russian",
        "staten",
        "syrian",
        "ukrainska",
        "whanganui",
        "wright",
    )
)
"""Words that were looked up and found right."""


def check_names(table: pd.DataFrame, pages: Mapping[str, str], file: str) -> Iterator[DataIssue]:
    """Find names with a word that looks misspelt. ``pages`` has a rater's page by domain."""
    words = {row.domain: split_words(row.name) for row in iter_rows(table)}
    english = set(table["domain"][table["language"] == "en"])
    often = Counter(word for domain in english for word in words[domain])
    for row in iter_rows(table):
        host = row.domain.replace("-", "")
        slug = split_words(pages.get(row.domain, "").rstrip("/").rpartition("/")[2])
        for word in sorted(words[row.domain] - CORRECT_WORDS):
            if word in host or word in slug:
                continue
            near = edits_by_one(word) - {f"{word}s", word[:-1], word[1:]}
            # Pages have slips of their own, mostly in common words.
            meant = near & slug if often[word] < RARE_COUNT else set()
            if row.domain in english and often[word] == 1:
                meant |= {other for other in near if often[other] >= MIN_COMMON_COUNT or other in host}
            if meant:
                expected = f"{min(meant)!r}, if that is meant"
                yield DataIssue(file, row.Index, "name", f"{word!r} may be misspelt", expected)


def split_words(name: str) -> set[str]:
    """Return the words of a name that are checked."""
    return {word for word in re.findall(r"[a-z]+", name.casefold()) if len(word) >= MIN_WORD_LENGTH}


def edits_by_one(word: str) -> set[str]:
    """Return all words that differ from ``word`` by one letter removed, added, changed or swapped."""
    parts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1),
        *(left + letter + right for left, right in parts for letter in LETTERS),
        *(left + letter + right[1:] for left, right in parts if right for letter in LETTERS),
    } - {word}
