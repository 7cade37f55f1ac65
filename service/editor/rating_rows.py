"""Rows of rater files as importers make them: read, merged with today's file, written."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field, structs

from service.core.outlets import Rater
from service.dataset.file_reader import write_bytes
from service.dataset.schema import RATER_COLUMNS
from service.dataset.tables import iter_rows, read_csv, write_csv


class RatingRow(Struct, frozen=True, order=True):
    """One rater's verdict on one outlet: label, score if there is one, date and link."""

    domain: str
    name: str
    label: str
    score: str = ""
    as_of: str = ""
    url: str = ""
    basis: str = ""
    since: str = ""


class ImportInputs(Struct, frozen=True):
    """Input of an importer.

    ``newest`` has a rater's published files, the newest first. ``fill`` has files that only settle what these
    leave open. ``as_of`` dates files without a date. ``names`` maps an outlet's normal name to its domain,
    for files with names only. ``decisions`` has the rater's page that counts, by domain, where its pages
    disagree; ``previous`` the ratings before this import; ``warn`` takes what an editor should decide.
    """

    newest: tuple[Path, ...]
    fill: tuple[Path, ...] = ()
    as_of: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, RatingRow] = field(default_factory=dict)
    warn: Callable[[str], object] = str


def read_rating_rows(path: Path) -> list[tuple[int, RatingRow]]:
    """Read the verdicts of a rater's CSV file, each with its line."""
    return [(line, RatingRow(*cells)) for line, *cells in iter_rows(read_csv(path, RATER_COLUMNS))]


def write_rating_rows(path: Path, ratings: Iterable[RatingRow]) -> None:
    """Write a rater's CSV file, sorted by domain."""
    write_csv(path, RATER_COLUMNS, [structs.asdict(verdict) for verdict in sorted(ratings)])


def merge_unchanged(previous: Mapping[str, RatingRow], ratings: Iterable[RatingRow]) -> list[RatingRow]:
    """Carry over what a listing does not say: since when a label stands, its link, an editor's rows."""
    found = [carry_over(row, previous.get(row.domain)) for row in ratings]
    listed = {row.domain for row in found}
    # A row with a basis is an editor's: the rater lists the outlet under another key.
    return [*found, *(row for row in previous.values() if row.basis and row.domain not in listed)]


def carry_over(row: RatingRow, before: RatingRow | None) -> RatingRow:
    """Return today's row with the older row's ``since`` and link. The row with the later date wins."""
    if before is None:
        return structs.replace(row, since=row.since or row.as_of)
    if row.as_of < before.as_of:
        return before
    if row.label != before.label:
        return structs.replace(row, since=row.as_of)
    return structs.replace(row, since=before.since or before.as_of, url=row.url or before.url)


def count_differences(previous: Mapping[str, RatingRow], ratings: Iterable[RatingRow]) -> str:
    """Count the ratings that came, went, changed their label, or only their date or link."""
    found = {row.domain: row for row in ratings}
    both = [(previous[domain], row) for domain, row in found.items() if domain in previous]
    labels = sum(before.label != row.label for before, row in both)
    rest = sum(before != row for before, row in both) - labels
    came, went = len(found.keys() - previous.keys()), len(previous.keys() - found.keys())
    return (
        f"{came} added, {went} removed, {labels} with another label, {rest} with another date, name or link"
    )


def write_description(path: Path, rater: Rater) -> None:
    """Write a rater's description as JSON that people can edit."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(rater), indent=2) + b"\n")
