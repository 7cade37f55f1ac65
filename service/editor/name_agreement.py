"""Compares lists of outlets with the table: name and URL must lead to one outlet."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from service.core.resolve import Match, resolve
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import DataIssue, InvalidDataError, read_bytes

Outcome = Literal["same", "other", "ambiguous", "unknown"]
OUTCOMES: tuple[Outcome, ...] = ("same", "other", "ambiguous", "unknown")


class ComparedRow(Struct, frozen=True):
    """A row whose URL belongs to an outlet, and the verdict on its name."""

    line: int
    name: str
    url: str
    by_url: Match
    by_name: Match
    verdict: Outcome


class NameAgreement(Struct, frozen=True):
    """Every row whose URL belongs to an outlet, and the number of rows left out."""

    rows: list[ComparedRow]
    left_out: int

    @property
    def counts(self) -> dict[Outcome, int]:
        """Count the rows of each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in OUTCOMES}

    def lines(self) -> Iterator[str]:
        """Yield each disagreement, then the counts, as lines for people."""
        for row in self.rows:
            if row.verdict != "same":
                by_name, by_url = describe_match(row.by_name), describe_match(row.by_url)
                means = f"{row.name!r} is {by_name}, {row.url} is {by_url}"
                yield f"{row.verdict:9} line {row.line}: {means}"
        total = len(self.rows)
        yield f"{total} rows whose URL belongs to an outlet, {self.left_out} others"
        for verdict, count in self.counts.items():
            yield f"  {verdict:9} {count:6}  {count / total:7.2%}" if total else f"  {verdict:9} {count:6}"


def read_list(path: Path) -> list[dict[str, str]]:
    """Return the rows of a list with the columns ``name`` and ``url``.

    Raise ``InvalidDataError`` when it is not such a list.
    """
    try:
        reader = csv.DictReader(io.StringIO(read_bytes(path).decode("utf-8-sig"), newline=""), restval="")
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidDataError(
            [DataIssue(str(path), 1, "file", f"not CSV in UTF-8 ({error})", "save the list as CSV in UTF-8")]
        ) from error
    if missing := {"name", "url"} - set(reader.fieldnames or ()):
        wrong = f"the column {min(missing)!r} is missing"
        raise InvalidDataError(
            [DataIssue(str(path), 1, "header", wrong, "a header with the columns name and url")]
        )
    return rows


def compare_names(catalog: Catalog, rows: Iterable[Mapping[str, str]]) -> NameAgreement:
    """Return how name and URL of each row agree. Rows that lack one of them are left out."""
    found: list[ComparedRow] = []
    left_out = 0
    for line, row in enumerate(rows, 2):
        name, url = (row.get("name") or "").strip(), (row.get("url") or "").strip()
        by_url = resolve(catalog, url)
        if not name or by_url.outlet is None:
            left_out += 1
            continue
        by_name = resolve(catalog, name)
        found.append(ComparedRow(line, name, url, by_url, by_name, compare_matches(by_name, by_url)))
    return NameAgreement(found, left_out)


def compare_matches(by_name: Match, by_url: Match) -> Outcome:
    """Compare the outlet of a name with the outlet of a URL."""
    if by_name.outlet is not None:
        return "same" if by_name.outlet is by_url.outlet else "other"
    return "ambiguous" if by_name.status == "ambiguous" else "unknown"


def describe_match(match: Match) -> str:
    """Describe a match, with the outlets that an ambiguous name may mean."""
    if match.outlet is not None:
        return match.outlet.domain
    several = ", ".join(candidate.domain for candidate in match.candidates)
    return f"{match.status} ({several})" if several else match.status
