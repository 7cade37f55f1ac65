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
from service.core.paste.outlet_names import resolve_cached
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host

URL_FIELDS = ("url", "link", "href", "external_url", "article_url", "canonical_url", "guid")
DOMAIN_FIELDS = (
    "domain",
    "host",
    "hostname",
    "site",
    "website",
    "source_domain",
    "outlet_domain",
    "source_url",
)
NAME_FIELDS = (
    *("source", "outlet", "publisher", "source_name", "sourcename", "outlet_name", "publication", "provider"),
    *("news source", "newspaper", "medium", "media", "feed_title", "name", "site_name"),
)
NESTED_FIELDS = ("url", "link", "href", "domain", "name", "title", "_", "#text", "$", "value", "id")
"""Fields of a source that is a record itself."""

CONTAINER_FIELDS = (
    *("outlets", "articles", "sources", "items", "item", "entries", "results", "stories", "data", "value"),
    *("values", "hits", "docs", "response", "rss", "feed", "channel", "news", "coverage", "list"),
)
MAX_DEPTH = 8
MAX_RECORDS = 20_000
_KNOWN_COLUMNS = frozenset((*URL_FIELDS, *DOMAIN_FIELDS, *NAME_FIELDS))
_NON_COLUMN_CHARS = re.compile(r"[^a-z]+")


def parse_json(catalog: Catalog, text: str) -> tuple[str, ...] | None:
    """Return the entries of a JSON text or of JSON lines. ``None`` when it is neither.

    Raise ``RequestError`` when there are too many.
    """
    if text[:1] not in ("{", "["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        value = _parse_json_lines(text)
    if value is None:
        return None
    found = tuple(islice(_iter_entries(catalog, value, 0), MAX_RECORDS + 1))
    if len(found) > MAX_RECORDS:
        raise RequestError("/outlets", f"over {MAX_RECORDS:,} records given, {MAX_RECORDS:,} allowed")
    return found


def _parse_json_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [msgspec.json.decode(line) for line in lines] if len(lines) > 1 else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _iter_entries(catalog: Catalog, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str) and depth and value.strip():
        yield value.strip()
    elif isinstance(value, list):
        for each in value:
            yield from _iter_entries(catalog, each, depth + 1)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        for each in _read_record(catalog, value):
            yield from (each,) if isinstance(each, str) else _iter_entries(catalog, each, depth + 1)


def _read_record(catalog: Catalog, value: Mapping[str, Any]) -> list[Any]:
    """Return what a record holds: the lists in it, else its entry, else its keys when they are hosts."""
    fields = {name.casefold(): each for name, each in value.items()}
    if inner := [fields[name] for name in CONTAINER_FIELDS if isinstance(fields.get(name), list | dict)]:
        return inner
    if entry := choose_entry(catalog, fields):
        return [entry]
    if fields and all(map(find_host, fields)):
        return list(fields)
    return [each for each in value.values() if isinstance(each, list | dict)]


def choose_entry(catalog: Catalog, fields: Mapping[str, Any]) -> str | None:
    """Return the text of a record that says most: the first field that an outlet is found by.

    A copy on a portal gives way to the source that is named with it.
    """
    said = [
        text for name in (*URL_FIELDS, *DOMAIN_FIELDS, *NAME_FIELDS) for text in _iter_texts(fields.get(name))
    ]
    weaker = None
    for text in said:
        match = resolve_cached(catalog, text)
        if match.outlet and not (match.how and match.how.via == "syndicated"):
            return text
        weaker = weaker or (text if match.outlet else None)
    return weaker or (said[0] if said else None)


def _iter_texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return [text for name in NESTED_FIELDS for text in _iter_texts(value.get(name))]
    return [text for each in value[:3] for text in _iter_texts(each)] if isinstance(value, list) else []


def parse_table(catalog: Catalog, lines: list[str]) -> tuple[str, ...] | None:
    """Return the entries of a table whose first line names its columns. ``None`` when it does not."""
    if len(lines) < 2:
        return None
    for mark in (",", ";", "\t"):
        header = [_normalize_column(name) for name in lines[0].split(mark)]
        if len(header) > 1 and not _KNOWN_COLUMNS.isdisjoint(header):
            rows = csv.reader(lines[1:], delimiter=mark)
            found = (choose_entry(catalog, dict(zip(header, row, strict=False))) for row in _iter_rows(rows))
            return tuple(entry for entry in found if entry)
    return None


def is_lone_column(catalog: Catalog, line: str) -> bool:
    """Tell the header of a table with one column, unless an outlet bears its name."""
    return _normalize_column(line) in _KNOWN_COLUMNS and resolve_cached(catalog, line).status == "unknown"


def _normalize_column(name: str) -> str:
    return _NON_COLUMN_CHARS.sub("_", name.casefold()).strip("_")


def _iter_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return
