"""Tables as lazy polars frames: CSV, Parquet and NDJSON, wherever they lie.

Polars reads Parquet, and CSV in which every line is sound. NDJSON and CSV with faults are read line by line,
so that a bad line is a row too, with its fault.
"""

import codecs
import csv
import gzip
import io
import shutil
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import polars as pl
from msgspec import structs

from service.bulk.columns import FAULT, FIELDS, FILE, REJECT_REASONS, ROW, Columns
from service.bulk.paths import STDIO, Source
from service.core.errors import DataError

# Bytes and lines of text, and rows of CSV, that are handed over at a time.
CHUNK_SIZE, BATCH_LINES, BATCH_ROWS = 2**22, 20_000, 50_000

# Lines that one quoted cell may run over; a quote without its end must not swallow the rest of a file.
MAX_RECORD_LINES = 100

GZIP_MAGIC = b"\x1f\x8b"
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_UTF8, NOT_JSON, WRONG_TYPE, TOO_MANY_CELLS, OPEN_QUOTE = range(3, len(REJECT_REASONS))

Chunks = Iterator[tuple[str, bytes]]  # name of a file, and some whole lines of it, in order
Batch = tuple[str, Mapping[str, list[Any]]]  # name of a file, and some rows of it as columns


def scan_table(source: Source, columns: Columns) -> tuple[pl.LazyFrame, Columns, int | None]:
    """Return the table in ``source``, each row with its number and its file, and the columns found in it.

    The third value is the number of rows. ``None`` where only reading would tell.
    """
    if source.format.kind == "ndjson":
        columns = columns.check_against(_find_ndjson_columns(source, columns))
        return _scan_ndjson(source, columns), columns, None
    addresses, several = list(source.addresses), len(source.addresses) > 1 or source.remote
    numbered: Any = {
        "row_index_name": ROW,
        "row_index_offset": 1,
        "include_file_paths": FILE,
        "glob": source.remote,
    }
    if source.format.kind == "parquet":
        added: Any = {"missing_columns": "insert", "extra_columns": "ignore", "hive_partitioning": several}
        scan = pl.scan_parquet(addresses, **added, **numbered)
        columns = columns.check_against(scan.collect_schema().names())
        return scan, columns, scan.select(pl.len()).collect().item()
    text: Any = {"infer_schema": False, "separator": source.format.delimiter}
    alike = len(_read_headers(source)) < 2
    scan = pl.scan_csv(addresses if alike else addresses[:1], **text, **numbered)
    columns = columns.check_against(scan.collect_schema().names())
    rows = _count_rows_if_valid(scan) if alike else None
    return scan if rows is not None else _scan_faulty_csv(source, columns), columns, rows


@contextmanager
def as_data_errors(name: str) -> Iterator[None]:
    """Raise faults of a whole table as ``DataError``, in one line."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{name}: {(str(error) or type(error).__name__).splitlines()[0]}") from error


def materialize(source: Source, workdir: Path) -> Source:
    """Put standard input, and text in another encoding, into ``workdir``. All else stays where it is."""
    if source.given == STDIO:
        spool = workdir / f"input{source.format.ending}"
        with spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, CHUNK_SIZE)
        source = structs.replace(source, addresses=(str(spool),))
    encoding = _detect_encoding(source)
    if encoding == "utf-8":
        return source
    if not _is_read_here(source):
        raise DataError(f"{source.given}: text in {encoding} is read only from files here, plain or .gz")
    spools = [workdir / f"{i}.txt" for i in range(len(source.addresses))]
    for address, spool in zip(source.addresses, spools, strict=True):
        with _open(address) as packed, spool.open("w", encoding="utf-8", newline="") as plain:
            text = io.TextIOWrapper(packed, encoding=encoding, errors="replace", newline="")
            shutil.copyfileobj(text, plain, CHUNK_SIZE)
    plain_text = structs.replace(source.format, packed="", encoding="")
    return structs.replace(source, addresses=tuple(map(str, spools)), format=plain_text)


def _detect_encoding(source: Source) -> str:
    encoding = source.format.encoding
    if not encoding and source.format.kind != "parquet" and _is_read_here(source):
        with _open(source.addresses[0]) as file:
            encoding = "utf-16" if file.read(2) in UTF16_BOMS else ""
    try:
        name = codecs.lookup(encoding or "utf-8").name
    except LookupError:
        raise DataError(f"encoding {encoding!r} is not known; utf-8, utf-16 or latin-1 are") from None
    return "utf-8" if name in ("utf-8-sig", "ascii") or source.format.kind == "parquet" else name


def _is_read_here(source: Source) -> bool:
    # Python has no zstd before 3.14.
    return not source.remote and source.format.packed != "zst"


def _open(address: str) -> BinaryIO:
    with Path(address).open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(address) if packed else Path(address).open("rb"))


def _read_headers(source: Source) -> set[bytes]:
    """Return the different first lines of the files here, none of those that only polars can open."""
    lines = set()
    for address in source.addresses if _is_read_here(source) else ():
        with _open(address) as file:
            lines.add(file.readline().removeprefix(codecs.BOM_UTF8).rstrip())
    return lines


def _count_rows_if_valid(scan: pl.LazyFrame) -> int | None:
    # Polars looks for faults only in the columns that it reads, so each is counted.
    try:
        counts = scan.select(pl.len().alias(ROW), pl.exclude(ROW).count()).collect(engine="streaming")
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    return cast("int", counts[ROW].item())


def _read_chunks(source: Source) -> Chunks:
    """Read the lines of a table. Those of one file follow each other."""
    if not _is_read_here(source):
        yield from _read_by_polars(source)
        return
    for address in source.addresses:
        with _open(address) as file:
            start = file.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
            while chunk := start + file.read(CHUNK_SIZE):
                yield address, chunk + file.readline()
                start = b""


def _read_by_polars(source: Source) -> Chunks:
    # Bytes that are not UTF-8 come as U+FFFD.
    lines = pl.scan_csv(
        list(source.addresses),
        has_header=False,
        schema={"line": pl.String},
        separator="\0",
        quote_char=None,
        encoding="utf8-lossy",
        include_file_paths="file",
    )
    for batch in lines.collect_batches(chunk_size=BATCH_LINES, maintain_order=True):
        for part in batch.partition_by("file", maintain_order=True):
            yield part["file"][0], "".join(f"{line or ''}\n" for line in part["line"]).encode()


def _make_scan(batches: Callable[[], Iterator[Batch]], names: Sequence[str]) -> pl.LazyFrame:
    """Return a lazy frame that reads its rows from a generator, again for each run."""
    schema = {ROW: pl.Int64, FILE: pl.String, **dict.fromkeys(names, pl.String), FAULT: pl.Int64}

    def read(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        first = 0
        for file, columns in batches():
            rows = len(columns[FAULT])
            if n_rows is not None and first >= n_rows:
                return
            numbered = {ROW: range(first + 1, first + rows + 1), FILE: [file] * rows, **columns}
            frame = pl.DataFrame(numbered, schema=schema)
            frame = frame if n_rows is None else frame.head(n_rows - first)
            first += rows
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else frame.select(with_columns)

    return pl.io.plugins.register_io_source(read, schema=schema)


def _scan_ndjson(source: Source, columns: Columns) -> pl.LazyFrame:
    """One JSON object a line. A story's id is a text or a number."""
    names = columns.by_role
    wanted = [(field, str | None, None) for field in columns.entry]
    record = msgspec.defstruct(
        "Record", [("story_id", str | int | float | None, None), *wanted], rename=names
    )
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(record)

    def batches() -> Iterator[Batch]:
        for file, chunk in _read_chunks(source):
            records, faults = _decode_lines(decoder, chunk)
            read = {name: [getattr(record, name, None) for record in records] for name in names}
            read["story_id"] = [None if story is None else str(story) for story in read["story_id"]]
            yield file, {**read, FAULT: faults}

    return _make_scan(batches, list(names)).rename(names)


def _find_ndjson_columns(source: Source, columns: Columns) -> list[str]:
    """Return the names that matter of those in any line, and all names of the first line that has some."""
    wanted = list(columns.by_role.values()) if columns.entry else [columns.story_id, *FIELDS]
    found: dict[str, None] = {}
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for _, chunk in _read_chunks(source):
        records, _ = _decode_lines(decoder, chunk)
        if not found:
            found |= dict.fromkeys(next((record for record in records if record), {}))
        missing = [name for name in wanted if name not in found]
        found |= dict.fromkeys(
            name for name in missing if any(name in record for record in records if record)
        )
        if all(name in found for name in wanted):
            break
    if not found:
        raise DataError(f"{source.given} has no line that is a JSON object")
    return list(found)


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
        return None, WRONG_TYPE
    except msgspec.DecodeError:
        return None, NOT_JSON
    except UnicodeDecodeError:
        return None, NOT_UTF8


def _scan_faulty_csv(source: Source, columns: Columns) -> pl.LazyFrame:
    """CSV files that polars refuses as a whole, or whose columns stand in several orders."""
    names, delimiter = list(columns.by_role.values()), source.format.delimiter

    def batches() -> Iterator[Batch]:
        for file, chunks in groupby(_read_chunks(source), itemgetter(0)):
            lines = (line for _, chunk in chunks for line in io.BytesIO(chunk))
            header = next(
                csv.reader([next(lines, b"").decode("utf-8-sig", "replace")], delimiter=delimiter), []
            )
            if missing := [name for name in names if name not in header]:
                raise DataError(f"{file}: no column {missing[0]!r}; it has: {', '.join(header)[:500]}")
            records = _split_records(lines, len(header), delimiter)
            while batch := list(islice(records, BATCH_ROWS)):
                indices = {name: header.index(name) for name in names}
                read: dict[str, list[Any]] = {
                    name: [(cells[i] or None) if cells else None for cells, _ in batch]
                    for name, i in indices.items()
                }
                yield file, {**read, FAULT: [fault for _, fault in batch]}

    return _make_scan(batches, names)


def _split_records(
    lines: Iterator[bytes], width: int, delimiter: str
) -> Iterator[tuple[list[str] | None, int]]:
    """Yield the cells of each record, or ``None`` with the fault it has."""
    waiting: deque[bytes] = deque()
    while waiting or (line := next(lines, b"")):
        record = waiting.popleft() if waiting else line
        if record.count(b'"') % 2:
            waiting.extend(islice(lines, max(0, MAX_RECORD_LINES - len(waiting))))
            end = next((i for i, more in enumerate(waiting, 1) if more.count(b'"') % 2), 0)
            parsed = _parse_cells(b"".join((record, *islice(waiting, end))), width, delimiter)
            if not end or parsed[1] == OPEN_QUOTE:
                parsed, end = (None, OPEN_QUOTE), 0
            for _ in range(end):
                waiting.popleft()
            yield parsed
        else:
            yield _parse_cells(record, width, delimiter)


def _parse_cells(record: bytes, width: int, delimiter: str) -> tuple[list[str] | None, int]:
    try:
        text = io.StringIO(record.decode(), newline="")
        cells = next(csv.reader(text, strict=True, delimiter=delimiter), [])
    except UnicodeDecodeError:
        return None, NOT_UTF8
    except csv.Error:
        return None, OPEN_QUOTE
    return (None, TOO_MANY_CELLS) if len(cells) > width else (cells + [""] * (width - len(cells)), 0)
