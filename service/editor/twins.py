"""Finds pairs of rows that look like one outlet, of which only one is rated.

Such a pair is joined (one host becomes an alias), or ``facts/apart.csv`` says why there are two outlets.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import DataIssue
from service.dataset.tables import iter_rows

Pair = tuple[str, str]


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


TWIN_CURE = "make one host an alias of the other outlet, or say in facts/apart.csv why there are two outlets"


def sort_pair(one: str, other: str) -> Pair:
    """Return two domains in sorted order."""
    return (one, other) if one < other else (other, one)


def is_half_rated(rows: Mapping[str, Any], pair: Pair) -> bool:
    """Tell whether exactly one of two outlets is rated."""
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
