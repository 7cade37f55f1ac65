"""Line by line: NDJSON always, CSV when it has faults. A bad line is a row too, with its fault."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from service.bulk.layout import FAULT, FAULTS, ROW, Columns
from service.core.errors import DataError

CHUNK = 2**22
"""Bytes of NDJSON decoded at a time."""

BATCH = 50_000
"""Rows of CSV handed over at a time."""

LONGEST_RECORD = 100
"""Lines that one quoted cell may run over; a quote without its end must not swallow the rest of a file."""

_NO_UTF8, _NO_JSON, _WRONG_TYPE, _FIELDS, _QUOTE = map(FAULTS.index, FAULTS[3:])


def scan_ndjson(path: Path, columns: Columns) -> pl.LazyFrame:
    """One JSON object a line; a story's id is a text or a whole number."""
    names = columns.by_part
    wanted = [("story_id", str | int | None, None), *((field, str | None, None) for field in columns.entry)]
    record = msgspec.defstruct("Record", wanted, rename=names)
    return _source(lambda: _json_batches(path, record, list(names)), list(names)).rename(names)


def scan_csv(path: Path, columns: Columns) -> pl.LazyFrame:
    """A CSV file that polars refuses as a whole."""
    names = list(columns.by_part.values())
    return _source(lambda: _csv_batches(path, names), names)


def columns_of_ndjson(path: Path) -> list[str]:
    """The names in the first line that is a JSON object."""
    with path.open("rb") as lines:
        for line in lines:
            try:
                return list(msgspec.json.decode(line, type=dict[str, msgspec.Raw]))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
    raise DataError(f"{path.name} has no line that is a JSON object")


def _source(batches: Any, names: list[str]) -> pl.LazyFrame:
    """A lazy frame that reads its rows from a generator, again for each run."""
    schema = {ROW: pl.Int64, **dict.fromkeys(names, pl.String), FAULT: pl.Int64}

    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for columns in batches():
            frame = pl.DataFrame(columns, schema=schema)
            frame = frame if left is None else frame.head(left)
            left = None if left is None else left - frame.height
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else frame.select(with_columns)
            if left == 0:
                return

    return pl.io.plugins.register_io_source(read, schema=schema)


def _json_batches(path: Path, record: type[msgspec.Struct], names: list[str]) -> Iterator[Mapping[str, Any]]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(record)
    first = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            chunk += file.readline()
            records, faults = _decoded(decoder, chunk)
            columns = {name: [getattr(each, name, None) for each in records] for name in names}
            columns["story_id"] = [None if story is None else str(story) for story in columns["story_id"]]
            yield {ROW: range(first, first + len(records)), **columns, FAULT: faults}
            first += len(records)


def _decoded(decoder: msgspec.json.Decoder[Any], chunk: bytes) -> tuple[list[Any], list[int]]:
    """The records of some lines at once, or one by one when a line among them is bad."""
    lines = chunk.removesuffix(b"\n").split(b"\n")
    try:
        records = decoder.decode_lines(chunk)
    except (msgspec.DecodeError, UnicodeDecodeError):
        records = []
    if len(records) == len(lines):
        return records, [0] * len(records)
    pairs = [_decoded_line(decoder, line) for line in lines]
    return [record for record, _ in pairs], [fault for _, fault in pairs]


def _decoded_line(decoder: msgspec.json.Decoder[Any], line: bytes) -> tuple[Any, int]:
    try:
        return decoder.decode(line), 0
    except msgspec.ValidationError:
        return None, _WRONG_TYPE
    except msgspec.DecodeError:
        return None, _NO_JSON
    except UnicodeDecodeError:
        return None, _NO_UTF8


def _csv_batches(path: Path, names: list[str]) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        header = next(csv.reader([file.readline().decode("utf-8-sig", "replace")]))
        at = [header.index(name) for name in names]
        records = _records(file, len(header))
        first = 1
        while batch := list(islice(records, BATCH)):
            columns = {
                name: [(cells[i] or None) if cells else None for cells, _ in batch]
                for name, i in zip(names, at, strict=True)
            }
            yield {ROW: range(first, first + len(batch)), **columns, FAULT: [fault for _, fault in batch]}
            first += len(batch)


def _records(lines: Iterator[bytes], width: int) -> Iterator[tuple[list[str] | None, int]]:
    """The cells of each record, or ``None`` with the fault it has."""
    waiting: deque[bytes] = deque()
    while waiting or (line := next(lines, b"")):
        first = waiting.popleft() if waiting else line
        if first.count(b'"') % 2:
            waiting.extend(islice(lines, max(0, LONGEST_RECORD - len(waiting))))
            end = next((i for i, more in enumerate(waiting, 1) if more.count(b'"') % 2), 0)
            record = _cells(b"".join((first, *islice(waiting, end))), width) if end else (None, _QUOTE)
            for _ in range(end if record[1] != _QUOTE else 0):
                waiting.popleft()
            yield record
        else:
            yield _cells(first, width)


def _cells(record: bytes, width: int) -> tuple[list[str] | None, int]:
    try:
        cells = next(csv.reader(io.StringIO(record.decode(), newline=""), strict=True), [])
    except UnicodeDecodeError:
        return None, _NO_UTF8
    except csv.Error:
        return None, _QUOTE
    return (None, _FIELDS) if len(cells) > width else (cells + [""] * (width - len(cells)), 0)
