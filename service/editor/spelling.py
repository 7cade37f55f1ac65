"""Finds misspelt names: words one slip away from a word of the outlet's host, or of many names.

The table itself is the word list: one name has "Gazatte", a hundred have "Gazette".
"""

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from service.dataset.file_reader import DataIssue
from service.dataset.tables import iter_rows

MIN_WORD_LENGTH = 6
"""Letters of the shortest word that is checked. Shorter ones have too many neighbours."""
MIN_COMMON_COUNT = 10
"""Names with a word, from which on its spelling is taken to be right."""
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
        "whanganui",
        "wright",
    )
)
"""Words that were looked up and found right."""


def check_names(table: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    """Yield the English names with a word that looks misspelt."""
    names = {row.domain: split_words(row.name) for row in iter_rows(table) if row.language == "en"}
    often = Counter(word for words in names.values() for word in words)
    for row in iter_rows(table):
        host = row.domain.replace("-", "")
        for word in sorted(names.get(row.domain, set()) - CORRECT_WORDS):
            if often[word] == 1 and word not in host and (meant := suggest_spelling(word, host, often)):
                yield DataIssue(
                    file, row.Index, "name", f"{word!r} may be misspelt", f"{meant!r}, if that is meant"
                )


def split_words(name: str) -> set[str]:
    """Return the words of a name that are checked."""
    return {word for word in re.findall(r"[a-z]+", name.casefold()) if len(word) >= MIN_WORD_LENGTH}


def suggest_spelling(word: str, host: str, often: Counter[str]) -> str | None:
    """Return the right spelling that an unusual word may stand for.

    >>> suggest_spelling("jounral", "jewishjournal.com", Counter())
    'journal'
    >>> suggest_spelling("gazatte", "a.com", Counter(gazette=99))
    'gazette'
    """
    near = edits_by_one(word) - {f"{word}s", word[:-1], word[1:]}
    return next((other for other in sorted(near) if often[other] >= MIN_COMMON_COUNT or other in host), None)


def edits_by_one(word: str) -> set[str]:
    """Return all words that differ from ``word`` by one letter removed, added, changed or swapped."""
    parts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1),
        *(left + letter + right for left, right in parts for letter in LETTERS),
        *(left + letter + right[1:] for left, right in parts if right for letter in LETTERS),
    } - {word}
