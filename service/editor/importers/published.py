"""Reads published listings: tables, spreadsheet exports, their keys and facts."""

import csv
import html
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from service.core.outlets import FACTUALITY
from service.core.resolve.hosts import find_host, strip_www
from service.dataset import schema
from service.dataset.file_reader import BOM, DataIssue, InvalidDataError, decode_text, read_bytes
from service.dataset.tables import iter_rows, read_csv, read_file, to_records, write_csv

FRONT_PAGE = re.compile(r"(index|home)(\.\w{1,5})?", re.IGNORECASE)
LISTING_COLUMNS = (
    "domain",
    "name",
    "label_as_published",
    "score",
    "factuality_as_published",
    "country",
    "media_type",
    "as_of",
    "source_ref",
)


class ListedOutlet(Struct, frozen=True, kw_only=True):
    """One line of a rater's listing, at ``place`` in its file."""

    place: int | str
    domain: str
    name: str
    label: str
    as_of: str
    url: str = ""
    factuality: str = ""


class Row(Struct, frozen=True):
    """One record of an export with the line it starts on."""

    line: int
    cells: dict[str, str]


def read_listing(path: Path) -> list[ListedOutlet]:
    """Read the rows of a listing that name an outlet by host."""
    return [
        ListedOutlet(
            place=row.Index,
            domain=domain,
            name=clean_name(row.name),
            label=row.label_as_published.strip(),
            as_of=row.as_of,
            factuality=row.factuality_as_published,
        )
        for row in iter_rows(read_csv(path, LISTING_COLUMNS))
        if (domain := parse_key(row.domain))
    ]


def parse_key(text: str) -> str | None:
    """Return the host of a listing's key, or ``None`` for a key with a path: a section is not its outlet.

    >>> parse_key("https://www.Reuters.com/"), parse_key("cnn.com/opinion"), parse_key("cjr.org/index.php")
    ('reuters.com', None, 'cjr.org')
    """
    host = find_host(text)
    path = text.rpartition("://")[2].strip().rstrip("/").partition("/")[2]
    return strip_www(host) if host and (not path or FRONT_PAGE.fullmatch(path)) else None


def clean_name(text: str) -> str:
    """Clean a name: decode entities, drop control characters, join spaces."""
    visible = "".join(c if c.isprintable() else " " for c in html.unescape(text))
    return re.sub(r"\s+", " ", visible).strip()


def read_export(path: Path, needed: Sequence[Sequence[str]]) -> list[Row]:
    """Read the records of an export, by column name in lower case.

    ``needed`` has the possible names of each required column, and records use the first. Raise
    ``InvalidDataError`` when a column is missing.
    """
    data = read_bytes(path).removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    reader = csv.reader(io.StringIO(decode_text(data, str(path))), strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader)]
        names = _rename_columns(header, needed, str(path))
        rows = []
        for cells in reader:
            if any(cells):
                padded = [*cells, *[""] * (len(names) - len(cells))]
                rows.append(Row(reader.line_num, dict(zip(names, map(str.strip, padded), strict=False))))
    except csv.Error as error:
        raise InvalidDataError(
            [
                DataIssue(
                    str(path),
                    reader.line_num,
                    "row",
                    f"this is not CSV ({error})",
                    "quote cells as RFC 4180 does",
                )
            ]
        ) from error
    return rows


def _rename_columns(header: Sequence[str], needed: Sequence[Sequence[str]], file: str) -> list[str]:
    """Rename each needed column of ``header`` to its first name."""
    named = list(header)
    for names in needed:
        have = next((name for name in names if name in header), None)
        if have is None:
            right = f"a column called {' or '.join(names)}"
            raise InvalidDataError([DataIssue(file, 1, names[0], "the column is missing", right)])
        named[header.index(have)] = names[0]
    return named


def parse_factuality(text: str) -> str:
    """Return MBFC's label for factual reporting as the table spells it, empty for any other text.

    >>> parse_factuality("Mostly Factual"), parse_factuality("very-high"), parse_factuality("Satire")
    ('mostly_factual', 'very_high', '')
    """
    spelled = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return spelled if spelled in FACTUALITY else ""


def update_factuality(path: Path, listed: Iterable[ListedOutlet], as_of: str = "") -> int:
    """Write the factuality of ``listed`` (oldest first) into the facts at ``path``. Count the changes.

    New outlets get a row. Cells of other columns stay. A former host counts for today's host, and excluded
    hosts stay out.
    """
    columns = schema.COLUMNS[schema.OUTLETS_FILE]
    facts = {row["domain"]: row for row in to_records(read_csv(path, columns))}
    moved = read_moved(path.parents[1])
    excluded = set(read_file(path.parents[1], "facts/excluded.csv")["domain"])
    changed = 0
    for outlet in listed:
        factuality = parse_factuality(outlet.factuality)
        domain = moved.get(outlet.domain, outlet.domain)
        if domain in excluded or (domain != outlet.domain and facts.get(domain, {}).get("factuality")):
            continue
        row = facts.setdefault(domain, {**dict.fromkeys(columns, ""), "domain": domain})
        if factuality:
            changed += row["factuality"] != factuality
            row |= {"factuality": factuality, "factuality_as_of": outlet.as_of or as_of}
    write_csv(path, columns, [facts[domain] for domain in sorted(facts)])
    return changed


def read_decisions(folder: Path, rater: str) -> dict[str, str]:
    """Return the rater's page that counts for each host whose pages disagree."""
    rows = iter_rows(read_file(folder, "facts/decisions.csv"))
    return {row.domain: row.url for row in rows if row.rater == rater}


def read_moved(folder: Path) -> dict[str, str]:
    """Map each host that an outlet has left to its host of today."""
    return {row.domain: row.to for row in iter_rows(read_file(folder, "facts/moved.csv"))}
