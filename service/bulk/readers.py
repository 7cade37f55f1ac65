"""Line by line: NDJSON always, CSV when it has faults. A bad line is a row too, with its fault."""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import msgspec
import polars as pl

from service.bulk.columns import FAULT, FIELDS, FILE, REJECT_REASONS, ROW, Columns
from service.bulk.paths import Source
from service.bulk.pieces import read_chunks, split_lines
from service.core.errors import DataError

BATCH_ROWS = 50_000
"""Rows of CSV handed over at a time."""

MAX_RECORD_LINES = 100
"""Lines that one quoted cell may run over; a quote without its end must not swallow the rest of a file."""

_NO_UTF8, _NO_JSON, _WRONG_TYPE, _FIELDS, _QUOTE = map(REJECT_REASONS.index, REJECT_REASONS[3:])

Batch = tuple[str, Mapping[str, list[Any]]]
"""Name of a file, and some rows of it as columns."""


def scan_ndjson(source: Source, columns: Columns) -> pl.LazyFrame:
    """One JSON object a line. A story's id is a text or a number."""
    names = columns.by_role
    wanted = [
        ("story_id", str | int | float | None, None),
        *((field, str | None, None) for field in columns.entry),
    ]
    record = msgspec.defstruct("Record", wanted, rename=names)
    return _make_scan(lambda: _json_batches(source, record, list(names)), list(names)).rename(names)


def scan_csv(source: Source, columns: Columns) -> pl.LazyFrame:
    """CSV files that polars refuses as a whole, or whose columns stand in several orders."""
    names = list(columns.by_role.values())
    return _make_scan(lambda: _csv_batches(source, names), names)


def find_ndjson_columns(source: Source, columns: Columns) -> list[str]:
    """Return the names that matter of those in any line, and all names of the first line that has some."""
    wanted = list(columns.by_role.values()) if columns.entry else [columns.story_id, *FIELDS]
    found: dict[str, None] = {}
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for _, chunk in read_chunks(source):
        records, _ = _decode_lines(decoder, chunk)
        if not found:
            found |= dict.fromkeys(next((each for each in records if each), {}))
        missing = [name for name in wanted if name not in found]
        found |= dict.fromkeys(name for name in missing if any(each and name in each for each in records))
        if all(name in found for name in wanted):
            break
    if not found:
        raise DataError(f"{source.given} has no line that is a JSON object")
    return list(found)


def _make_scan(batches: Callable[[], Iterator[Batch]], names: list[str]) -> pl.LazyFrame:
    """Return a lazy frame that reads its rows from a generator, again for each run."""
    schema = {ROW: pl.Int64, FILE: pl.String, **dict.fromkeys(names, pl.String), FAULT: pl.Int64}

    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        left, first = n_rows, 1
        for file, columns in batches():
            rows = len(columns[FAULT])
            numbered = {ROW: range(first, first + rows), FILE: [file] * rows, **columns}
            first += rows
            frame = pl.DataFrame(numbered, schema=schema)
            frame = frame if left is None else frame.head(left)
            left = None if left is None else left - frame.height
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else frame.select(with_columns)
            if left == 0:
                return

    return pl.io.plugins.register_io_source(read, schema=schema)


def _json_batches(source: Source, record: type[msgspec.Struct], names: list[str]) -> Iterator[Batch]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(record)
    for file, chunk in read_chunks(source):
        records, faults = _decode_lines(decoder, chunk)
        columns = {name: [getattr(each, name, None) for each in records] for name in names}
        columns["story_id"] = [None if story is None else str(story) for story in columns["story_id"]]
        yield file, {**columns, FAULT: faults}


def _decode_lines(decoder: msgspec.json.Decoder[Any], chunk: bytes) -> tuple[list[Any], list[int]]:
    """Return the records of some lines at once, or one by one when a line among them is bad."""
    lines = chunk.removesuffix(b"\n").split(b"\n")
    try:
        records = decoder.decode_lines(chunk)
    except (msgspec.DecodeError, UnicodeDecodeError):
        records = []
    if len(records) == len(lines):
        return records, [0] * len(records)
    pairs = [_decode_line(decoder, line) for line in lines]
    return [record for record, _ in pairs], [fault for _, fault in pairs]


def _decode_line(decoder: msgspec.json.Decoder[Any], line: bytes) -> tuple[Any, int]:
    try:
        return decoder.decode(line), 0
    except msgspec.ValidationError:
        return None, _WRONG_TYPE
    except msgspec.DecodeError:
        return None, _NO_JSON
    except UnicodeDecodeError:
        return None, _NO_UTF8


def _csv_batches(source: Source, names: list[str]) -> Iterator[Batch]:
    delimiter = source.format.delimiter
    for file, own in groupby(read_chunks(source), itemgetter(0)):
        lines = split_lines(chunk for _, chunk in own)
        header = next(csv.reader([next(lines, b"").decode("utf-8-sig", "replace")], delimiter=delimiter), [])
        at = _column_indices(file, header, names)
        records = _split_records(lines, len(header), delimiter)
        while batch := list(islice(records, BATCH_ROWS)):
            columns: dict[str, list[Any]] = {
                name: [(cells[i] or None) if cells else None for cells, _ in batch]
                for name, i in zip(names, at, strict=True)
            }
            yield file, {**columns, FAULT: [fault for _, fault in batch]}


def _column_indices(file: str, header: list[str], names: list[str]) -> list[int]:
    for name in names:
        if name not in header:
            raise DataError(f"{file}: no column {name!r}; it has: {', '.join(header)[:500]}")
    return [header.index(name) for name in names]


def _split_records(
    lines: Iterator[bytes], width: int, delimiter: str
) -> Iterator[tuple[list[str] | None, int]]:
    """Yield the cells of each record, or ``None`` with the fault it has."""
    waiting: deque[bytes] = deque()
    while waiting or (line := next(lines, b"")):
        first = waiting.popleft() if waiting else line
        if first.count(b'"') % 2:
            waiting.extend(islice(lines, max(0, MAX_RECORD_LINES - len(waiting))))
            end = next((i for i, more in enumerate(waiting, 1) if more.count(b'"') % 2), 0)
            whole = b"".join((first, *islice(waiting, end)))
            record = _parse_cells(whole, width, delimiter) if end else (None, _QUOTE)
            for _ in range(end if record[1] != _QUOTE else 0):
                waiting.popleft()
            yield record
        else:
            yield _parse_cells(first, width, delimiter)


def _parse_cells(record: bytes, width: int, delimiter: str) -> tuple[list[str] | None, int]:
    try:
        cells = next(
            csv.reader(io.StringIO(record.decode(), newline=""), strict=True, delimiter=delimiter), []
        )
    except UnicodeDecodeError:
        return None, _NO_UTF8
    except csv.Error:
        return None, _QUOTE
    return (None, _FIELDS) if len(cells) > width else (cells + [""] * (width - len(cells)), 0)
