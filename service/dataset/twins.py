"""One newsroom, one row: rows that look like one outlet, one half of them unrated.

Such a pair is joined (the other host becomes an alias), or ``facts/apart.csv`` says why there are two.
"""

from collections.abc import Iterable, Iterator, Sequence

from service.core.resolve.names import normal
from service.dataset.csvfile import Fault, Row

Pair = tuple[str, str]


def check_twins(table: Sequence[Row], apart: Sequence[Row], file: str, apart_file: str) -> list[Fault]:
    """Return pairs that nobody has explained, and explanations of pairs that are none."""
    rows = {row.cells["domain"]: row for row in table}
    explained = {pair_of(row.cells["domain"], row.cells["other"]): row for row in apart}
    pairs = {pair: why for pair, why in (*same_names(table), *parents(rows)) if half_rated(rows, pair)}
    return [
        *(
            Fault(file, rows[second].line, "domain", f"{second} {why} {first}, and one is unrated", JOIN)
            for (first, second), why in sorted(pairs.items())
            if (first, second) not in explained
        ),
        *(
            Fault(apart_file, row.line, "domain", f"{' and '.join(pair)} are not such a pair", "no row")
            for pair, row in explained.items()
            if pair not in pairs
        ),
    ]


JOIN = "make one host an alias of the other outlet, or say in facts/apart.csv why they are two"


def pair_of(one: str, other: str) -> Pair:
    """Return two domains in one order, whichever is named first."""
    return (one, other) if one < other else (other, one)


def half_rated(rows: dict[str, Row], pair: Pair) -> bool:
    """Tell whether exactly one of two outlets is rated."""
    first, second = (bool(rows[domain].cells["bias"]) for domain in pair)
    return first != second


def same_names(table: Iterable[Row]) -> Iterator[tuple[Pair, str]]:
    """Yield the pairs of outlets of one name."""
    bearers: dict[str, list[str]] = {}
    for row in table:
        bearers.setdefault(normal(row.cells["name"]), []).append(row.cells["domain"])
    for domains in bearers.values():
        for index, domain in enumerate(domains):
            yield from ((pair_of(domain, other), "is called like") for other in domains[index + 1 :])


def parents(rows: dict[str, Row]) -> Iterator[tuple[Pair, str]]:
    """Yield the pairs of an outlet's host and a host above it."""
    for domain in rows:
        _, _, parent = domain.partition(".")
        while parent:
            if parent in rows:
                yield pair_of(domain, parent), "is a host beside"
            _, _, parent = parent.partition(".")
