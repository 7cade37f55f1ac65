"""Read texts that have a structure: JSON of any shape, and tables with a header.

Each record gives one entry: its address where that is an outlet's, else the name that stands with it.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from service.core.errors import RequestError
from service.core.paste.line_parser import meaning
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host

ADDRESSES = ("url", "link", "href", "external_url", "article_url", "canonical_url", "guid")
DOMAINS = ("domain", "host", "hostname", "site", "website", "source_domain", "outlet_domain", "source_url")
NAMES = (
    *("source", "outlet", "publisher", "source_name", "sourcename", "outlet_name", "publication", "provider"),
    *("news source", "newspaper", "medium", "media", "feed_title", "name", "site_name"),
)
INSIDE = ("url", "link", "href", "domain", "name", "title", "_", "#text", "$", "value", "id")
"""Fields of a source that is a record itself."""

CONTAINERS = (
    *("outlets", "articles", "sources", "items", "item", "entries", "results", "stories", "data", "value"),
    *("values", "hits", "docs", "response", "rss", "feed", "channel", "news", "coverage", "list"),
)
DEEPEST = 8
MOST_RECORDS = 20_000
_COLUMNS = frozenset((*ADDRESSES, *DOMAINS, *NAMES))
_NOT_OF_COLUMN = re.compile(r"[^a-z]+")


def from_json(catalog: Catalog, text: str) -> tuple[str, ...] | None:
    """Return the entries of a JSON text or of JSON lines. ``None`` when it is neither.

    Raise ``RequestError`` when there are too many.
    """
    if text[:1] not in ("{", "["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        value = _lines_of(text)
    if value is None:
        return None
    found = tuple(islice(_entries(catalog, value, 0), MOST_RECORDS + 1))
    if len(found) > MOST_RECORDS:
        raise RequestError("/outlets", f"over {MOST_RECORDS:,} records given, {MOST_RECORDS:,} allowed")
    return found


def _lines_of(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [msgspec.json.decode(line) for line in lines] if len(lines) > 1 else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _entries(catalog: Catalog, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str) and depth and value.strip():
        yield value.strip()
    elif isinstance(value, list):
        for each in value:
            yield from _entries(catalog, each, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        for each in _of_record(catalog, value):
            yield from (each,) if isinstance(each, str) else _entries(catalog, each, depth + 1)


def _of_record(catalog: Catalog, value: Mapping[str, Any]) -> list[Any]:
    """Return what a record holds: the lists in it, else its entry, else its keys when they are hosts."""
    fields = {name.casefold(): each for name, each in value.items()}
    if inner := [fields[name] for name in CONTAINERS if isinstance(fields.get(name), list | dict)]:
        return inner
    if entry := entry_of(catalog, fields):
        return [entry]
    if fields and all(map(find_host, fields)):
        return list(fields)
    return [each for each in value.values() if isinstance(each, list | dict)]


def entry_of(catalog: Catalog, fields: Mapping[str, Any]) -> str | None:
    """Return the text of a record that says most: the first field that an outlet is found by.

    A copy on a portal gives way to the source that is named with it.
    """
    said = [text for name in (*ADDRESSES, *DOMAINS, *NAMES) for text in _texts(fields.get(name))]
    weaker = None
    for text in said:
        match = meaning(catalog, text)
        if match.outlet and not (match.how and match.how.via == "syndicated"):
            return text
        weaker = weaker or (text if match.outlet else None)
    return weaker or (said[0] if said else None)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return [text for name in INSIDE for text in _texts(value.get(name))]
    return [text for each in value[:3] for text in _texts(each)] if isinstance(value, list) else []


def from_table(catalog: Catalog, lines: list[str]) -> tuple[str, ...] | None:
    """Return the entries of a table whose first line names its columns. ``None`` when it does not."""
    if len(lines) < 2:
        return None
    for mark in (",", ";", "\t"):
        header = [_column(name) for name in lines[0].split(mark)]
        if len(header) > 1 and not _COLUMNS.isdisjoint(header):
            rows = csv.reader(lines[1:], delimiter=mark)
            found = (entry_of(catalog, dict(zip(header, row, strict=False))) for row in _rows(rows))
            return tuple(entry for entry in found if entry)
    return None


def is_lone_column(catalog: Catalog, line: str) -> bool:
    """Tell the header of a table with one column, unless an outlet bears its name."""
    return _column(line) in _COLUMNS and meaning(catalog, line).status == "unknown"


def _column(name: str) -> str:
    return _NOT_OF_COLUMN.sub("_", name.casefold()).strip("_")


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return
