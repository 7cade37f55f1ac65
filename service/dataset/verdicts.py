"""Turns rater files into ratings, for shipped raters and those of a deployer alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import UNSET

from service.core.outlets import Rater, Rating
from service.dataset.checks import check_ratings
from service.dataset.csvfile import DataIssue, Row
from service.dataset.file_reader import FileReader
from service.dataset.schema import RATER_COLUMNS

MAX_FRESH_YEARS = 2
"""An older verdict is marked as stale. Its weight stays: a lower one gave worse figures when measured."""

HostAliases = Mapping[str, str | None]
"""Maps another host of an outlet to the outlet's domain, and a platform to ``None``."""


class RaterRatings(NamedTuple):
    """A rater's verdicts that carry a lean, and the names of all its outlets, by domain."""

    rater: Rater
    ratings: dict[str, Rating]
    names: dict[str, str]


def read_rater_file(files: FileReader, path: Path, rater: Rater) -> list[Row]:
    """Return the rows of a rater's CSV file. Raise ``FaultyDataError`` when it has a fault."""
    return files.rows(path, RATER_COLUMNS, lambda rows: check_ratings(rows, rater, str(path)))


def to_ratings(rows: Sequence[Row], rater: Rater, hosts: HostAliases, created: str) -> RaterRatings:
    """Return the verdicts in ``rows`` by outlet, as of the day ``created``.

    A verdict under the outlet's own domain counts before one under another of its hosts.
    """
    found, oldest = RaterRatings(rater, {}, {}), stale_before(created)
    for row in sorted(rows, key=lambda row: row.cells["domain"] in hosts):
        domain = hosts.get(row.cells["domain"], row.cells["domain"])
        if domain is not None and domain not in found.names:
            found.names[domain] = row.cells["name"] or domain
            if (rating := to_rating(row.cells, rater, oldest)) is not None:
                found.ratings[domain] = rating
    return found


def to_rating(cells: Mapping[str, str], rater: Rater, oldest: str) -> Rating | None:
    """Return the verdict in a row, or ``None`` when its label carries no lean."""
    value = rater.scale[cells["label"]]
    if value is None:
        return None
    return Rating(
        rater=rater.id,
        label=cells["label"],
        value=value,
        as_of=cells["as_of"],
        url=cells["url"] or UNSET,
        basis=cells["basis"] or UNSET,
        stale=is_stale(cells["as_of"], oldest) or UNSET,
    )


def stale_before(created: str) -> str:
    """Return the day from which on a verdict is not stale.

    >>> stale_before("2026-12-01T00:00:00Z")
    '2024-12-01'
    """
    return f"{int(created[:4]) - MAX_FRESH_YEARS:04}{created[4:10]}"


def is_stale(as_of: str, oldest: str) -> bool:
    """Tell whether a date (a day, month or year) lies wholly before the day ``oldest``.

    >>> is_stale("2024-09", "2024-12-01"), is_stale("2024", "2024-12-01"), is_stale("2024-12", "2024-12-01")
    (True, False, False)
    """
    return as_of < oldest[: len(as_of)]


def find_misplaced(rows: Iterable[Row], hosts: HostAliases, file: str) -> Iterator[DataIssue]:
    """Yield verdicts on platforms, and second verdicts on an outlet under another host."""
    lines: dict[str, int] = {}
    for row in rows:
        given = row.cells["domain"]
        domain = hosts.get(given, given)
        if domain is None:
            yield DataIssue(file, row.line, "domain", f"{given} is a platform", "the domain of an outlet")
        elif (first := lines.setdefault(domain, row.line)) != row.line:
            yield DataIssue(file, row.line, "domain", f"line {first} also rates {domain}", "keep one of them")
