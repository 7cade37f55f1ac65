"""Finds what an editor should look at in the table: pairs that look like one outlet, names and countries."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import DataIssue
from service.dataset.schema import COUNTRIES, Problem, check_name
from service.dataset.tables import check_each, iter_rows
from service.editor.build import BRACKETED_NOTE

Pair = tuple[str, str]

TWIN_CURE = "make one host an alias of the other outlet, or say in facts/apart.csv why there are two outlets"
# Letters of the shortest word that is checked. Shorter ones have too many neighbours.
MIN_WORD_LENGTH = 6
# Names with a word, from which on its spelling is taken to be right.
MIN_COMMON_COUNT = 10
# Names with a word, below which the address of a page may know it better.
RARE_COUNT = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Words that were looked up and found right.
CORRECT_WORDS = frozenset(
    (
        *(
            "advanced",
            "advancing",
            "aransas",
            "arizonan",
            "champaign",
            "corning",
            "dailyer",
            "humane",
            "israeli",
        ),
        *(
            "loudon",
            "marxism",
            "nebraskan",
            "organisation",
            "protect",
            "retort",
            "russian",
            "staten",
            "syrian",
        ),
        *("ukrainska", "whanganui", "wright"),
    )
)
# National endings that sites of any country use: those that search engines treat as generic
# (developers.google.com/search/docs/specialty/international), .to, and .us, under which sites from elsewhere
# pose as American.
GENERIC_ENDINGS = frozenset(
    (
        *(
            "ad",
            "ai",
            "as",
            "bz",
            "cc",
            "cd",
            "co",
            "dj",
            "fm",
            "io",
            "la",
            "me",
            "ms",
            "nu",
            "sc",
            "sr",
            "su",
        ),
        *("to", "tv", "tk", "us", "ws"),
    )
)


def lint_table(
    table: pd.DataFrame, apart: pd.DataFrame, pages: Mapping[str, str], file: str, apart_file: str
) -> list[DataIssue]:
    """Find twins, misspelt names, notes in names, and countries that an ending tells."""
    return [
        *check_twins(table, apart, file, apart_file),
        *check_spelling(table, pages, file),
        *check_each(table, ("name",), check_note, file),
        *check_each(table, ("country", "domain"), check_ending, file),
    ]


def check_note(name: str) -> Problem | None:
    """Check that a name ends in no note, unless it would be a date without it.

    >>> check_note("Pravda (Slovakia)")
    ("the name ends in the note 'Slovakia'", "'Pravda', and the note in facts/disambiguation.csv")
    >>> check_note("Below the Belt(way)"), check_note("14 October (Yemen)")
    (None, None)
    """
    found = BRACKETED_NOTE.fullmatch(name)
    if not found or check_name(found["name"]):
        return None
    wrong = f"the name ends in the note {found['note'][:80]!r}"
    return wrong, f"{found['name'][:80]!r}, and the note in facts/disambiguation.csv"


def check_ending(country: str, domain: str) -> Problem | None:
    """Check that an outlet under a national ending has a country.

    >>> check_ending("", "ilnapoli.sm")
    ('the country is empty under the national ending .sm', "'SM', in facts/outlets.csv")
    """
    ending = domain.rpartition(".")[2]
    code = "GB" if ending == "uk" else ending.upper()
    if country or ending in GENERIC_ENDINGS or code not in COUNTRIES:
        return None
    return f"the country is empty under the national ending .{ending}", f"{code!r}, in facts/outlets.csv"


def check_twins(table: pd.DataFrame, apart: pd.DataFrame, file: str, apart_file: str) -> list[DataIssue]:
    """Return pairs without an explanation, and explanations without such a pair."""
    rows = {row.domain: row for row in iter_rows(table)}
    explained = {sort_pair(row.domain, row.other): row for row in iter_rows(apart)}
    pairs = {
        pair: why
        for pair, why in (*iter_same_names(table), *iter_parent_hosts(rows))
        if is_half_rated(rows, pair)
    }
    return [
        *(
            DataIssue(
                file, rows[second].Index, "domain", f"{second} {why} {first}, and one is unrated", TWIN_CURE
            )
            for (first, second), why in sorted(pairs.items())
            if (first, second) not in explained
        ),
        *(
            DataIssue(
                apart_file,
                row.Index,
                "domain",
                f"{' and '.join(pair)} do not look like one outlet",
                "remove the row",
            )
            for pair, row in explained.items()
            if pair not in pairs
        ),
    ]


def sort_pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def is_half_rated(rows: Mapping[str, Any], pair: Pair) -> bool:
    first, second = (bool(rows[domain].bias) for domain in pair)
    return first != second


def iter_same_names(table: pd.DataFrame) -> Iterator[tuple[Pair, str]]:
    """Yield the pairs of outlets with the same name."""
    bearers: dict[str, list[str]] = {}
    for row in iter_rows(table):
        bearers.setdefault(normalize_name(f"{row.name} ({row.disambiguation})"), []).append(row.domain)
    for domains in bearers.values():
        for index, domain in enumerate(domains):
            yield from ((sort_pair(domain, other), "has the same name as") for other in domains[index + 1 :])


def iter_parent_hosts(rows: Mapping[str, Any]) -> Iterator[tuple[Pair, str]]:
    """Yield the pairs of an outlet's host and one of its parent domains."""
    for domain in rows:
        _, _, parent = domain.partition(".")
        while parent:
            if parent in rows:
                yield sort_pair(domain, parent), "shares a host with"
            _, _, parent = parent.partition(".")


def check_spelling(table: pd.DataFrame, pages: Mapping[str, str], file: str) -> Iterator[DataIssue]:
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
