"""Reads and writes rater files, the one form in which ratings come in.

``NAME.csv`` has one verdict a row (``domain,name,label,score,as_of,url``, and optionally ``basis``).
``NAME.json`` in the same folder describes the rater, its terms, and the value of each label
(``service.core.outlets.Rater``).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field

from service.core.outlets import Rater
from service.dataset.csvfile import (
    DataIssue,
    InvalidDataError,
    decode_text,
    read_bytes,
    read_csv,
    write_bytes,
    write_csv,
)
from service.dataset.schema import RATER_COLUMNS


class RatingRow(Struct, frozen=True, order=True):
    """One rater's verdict on one outlet: label, score if there is one, date and link."""

    domain: str
    name: str
    label: str
    score: str = ""
    as_of: str = ""
    url: str = ""
    basis: str = ""


class ImportInputs(Struct, frozen=True):
    """Input of an importer.

    ``newest`` has a rater's published files, the newest first. ``fill`` has files that only settle what these
    leave open. ``as_of`` dates files without a date. ``names`` maps an outlet's normal name to its domain,
    for files with names only.
    """

    newest: tuple[Path, ...]
    fill: tuple[Path, ...] = ()
    as_of: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def read_description(path: Path) -> Rater:
    """Read a rater's description from its JSON file. Raise ``InvalidDataError`` when it has a fault."""
    return parse_description(read_bytes(path), str(path))


def parse_description(data: bytes, file: str) -> Rater:
    """Parse a rater's description. Raise ``InvalidDataError`` with the name ``file`` when it has a fault."""
    text = decode_text(data, file)
    try:
        return msgspec.json.decode(text, type=Rater)
    except msgspec.DecodeError as error:
        right = f"an object with the members {', '.join(Rater.__struct_fields__)}"
        raise InvalidDataError([DataIssue(file, 1, "json", str(error), right)]) from error


def read_rating_rows(path: Path) -> list[tuple[int, RatingRow]]:
    """Read the verdicts of a rater's CSV file, each with its line."""
    return [(row.line, RatingRow(**row.cells)) for row in read_csv(path, RATER_COLUMNS)]


def write_rating_rows(path: Path, ratings: Iterable[RatingRow]) -> None:
    """Write a rater's CSV file, sorted by domain."""
    write_csv(path, RATER_COLUMNS, [msgspec.structs.asdict(verdict) for verdict in sorted(ratings)])


def merge_unchanged(path: Path, ratings: Iterable[RatingRow]) -> list[RatingRow]:
    """Add an editor's verdicts in the file at ``path`` for outlets that ``verdicts`` lack."""
    # A row with a basis is an editor's: the rater lists the outlet under another key.
    found = list(ratings)
    listed = {verdict.domain for verdict in found}
    before = [verdict for _, verdict in read_rating_rows(path)] if path.exists() else []
    return [*found, *(each for each in before if each.basis and each.domain not in listed)]


def write_description(path: Path, rater: Rater) -> None:
    """Write a rater's description as JSON that people can edit."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(rater), indent=2) + b"\n")
