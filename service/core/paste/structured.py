"""Read texts that have a structure: JSON of any shape, and tables with a header.

Records and rows are read as articles are. Each gives one entry: its address where that is an outlet's, else
the name that stands with it.
"""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from service.core.coverage.models import Article
from service.core.errors import RequestError
from service.core.payload import NoArticlesError, read_payload, to_article
from service.core.payload.field_roles import VOCABULARY, find_role, split_words
from service.core.payload.reading import read_fields
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host

MAX_DEPTH = 8
MAX_RECORDS = 20_000
_COLUMN_KINDS = ("address", "outlet", "name")


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
    try:
        articles = read_payload(value, partial(resolve, catalog), MAX_RECORDS + 1).articles
        found = [entry for article in articles if (entry := choose_entry(catalog, article))]
    except NoArticlesError:
        found = list(islice(_iter_texts(value), MAX_RECORDS + 1))
    if len(found) > MAX_RECORDS:
        raise RequestError("/outlets", f"over {MAX_RECORDS:,} records given, {MAX_RECORDS:,} allowed")
    return tuple(found)


def _parse_json_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [msgspec.json.decode(line) for line in lines] if len(lines) > 1 else None
    except (msgspec.DecodeError, RecursionError):
        return None


def _iter_texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts of lists, and keys that are hosts."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str) and item.strip():
                yield item.strip()
            else:
                yield from _iter_texts(item, depth + 1)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        if value and all(map(find_host, value)):
            yield from value
        else:
            for item in value.values():
                yield from _iter_texts(item, depth + 1)


def choose_entry(catalog: Catalog, article: Article) -> str | None:
    """Return the text of an article that says most: the first that an outlet of its own is found by."""
    said = [text.strip() for text in (article.url, article.domain, article.source) if text and text.strip()]
    found = [(text, resolve(catalog, text)) for text in said]
    known = [(text, match) for text, match in found if match.outlet]
    own = (text for text, match in known if match.rule is None or match.rule.via != "syndicated")
    return next(own, known[0][0] if known else said[0] if said else None)


def parse_table(catalog: Catalog, lines: list[str]) -> tuple[str, ...] | None:
    """Return the entries of a table whose first line names its columns. ``None`` when it does not."""
    if len(lines) < 2:
        return None
    for mark in (",", ";", "\t"):
        header = lines[0].split(mark)
        if len(header) > 1 and any(map(is_column, header)):
            rows = (
                dict(zip(header, row, strict=False))
                for row in _iter_rows(csv.reader(lines[1:], delimiter=mark))
            )
            articles = (to_article(read_fields(row), partial(resolve, catalog)) for row in rows)
            return tuple(entry for each in articles if (entry := choose_entry(catalog, each)))
    return None


def is_column(name: str) -> bool:
    return find_role(name).kind in _COLUMN_KINDS and VOCABULARY.issuperset(split_words(name))


def is_lone_column(catalog: Catalog, line: str) -> bool:
    """Return True for the header of a table with one column, unless an outlet bears its name."""
    return is_column(line) and resolve(catalog, line).status == "unknown"


def _iter_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return
