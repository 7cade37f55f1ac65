"""Tables as lazy polars frames: CSV, Parquet and NDJSON, wherever they lie.

Polars reads Parquet, and CSV in which every line is sound. All other text is read line by line, so that a bad
line is a row too, with its fault, and lies in the working folder as columns from then on.
"""

import codecs
import csv
import gzip
import io
import shutil
import sys
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import polars as pl
from msgspec import structs

from service.bulk.columns import FAULT, FIELDS, FILE, REJECT_REASONS, ROW, Columns
from service.bulk.paths import STDIO, Source
from service.core.errors import DataError

# Rows that are written at a time.
BATCH_ROWS = 50_000

# Lines that one quoted cell may run over; a quote without its end must not swallow the rest of a file.
MAX_RECORD_LINES = 100

GZIP_MAGIC = b"\x1f\x8b"
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF8 = "utf-8-sig"
NOT_UTF8, NOT_JSON, WRONG_TYPE, TOO_MANY_CELLS, OPEN_QUOTE = range(3, len(REJECT_REASONS))

Record = tuple[Any, ...]  # the cells of the wanted columns, and the fault


def scan_table(source: Source, columns: Columns, workdir: Path) -> tuple[pl.LazyFrame, Columns, int]:
    """Return the rows with their numbers and files, the columns found in them, and how many there are."""
    if source.given == STDIO:
        spool = workdir / f"input{source.format.ending}"
        with spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        source = structs.replace(source, addresses=(str(spool),))
    addresses = list(source.addresses)
    numbered: Any = {"row_index_name": ROW, "row_index_offset": 1, "include_file_paths": FILE}
    numbered["glob"] = source.remote
    if source.format.kind == "parquet":
        several = len(addresses) > 1 or source.remote
        added: Any = {"missing_columns": "insert", "extra_columns": "ignore", "hive_partitioning": several}
        scan = pl.scan_parquet(addresses, **added, **numbered)
        columns = columns.check_against(scan.collect_schema().names())
        return scan, columns, scan.select(pl.len()).collect().item()
    encoding = _detect_encoding(source)
    if source.format.kind == "csv" and encoding == UTF8 and len(_read_headers(source)) < 2:
        scan = pl.scan_csv(addresses, infer_schema=False, separator=source.format.delimiter, **numbered)
        columns = columns.check_against(scan.collect_schema().names())
        with suppress(pl.exceptions.ComputeError, pl.exceptions.SchemaError):
            # Polars looks for faults only in the columns that it reads, so each is counted.
            counts = scan.select(pl.len().alias(ROW), pl.exclude(ROW).count()).collect(engine="streaming")
            return scan, columns, counts[ROW].item()
    return _read_by_line(source, encoding, columns, workdir / "input")


@contextmanager
def as_data_errors(name: str) -> Iterator[None]:
    """Raise faults of a whole table as ``DataError``, in one line."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{name}: {(str(error) or type(error).__name__).splitlines()[0]}") from error


def _is_read_here(source: Source) -> bool:
    # Python has no zstd before 3.14.
    return not source.remote and source.format.packed != "zst"


def _open(address: str) -> BinaryIO:
    with Path(address).open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(address) if packed else Path(address).open("rb"))


def _detect_encoding(source: Source) -> str:
    encoding = source.format.encoding
    if not encoding and _is_read_here(source):
        with _open(source.addresses[0]) as file:
            encoding = "utf-16" if file.read(2) in UTF16_BOMS else ""
    try:
        name = codecs.lookup(encoding or UTF8).name
    except LookupError:
        raise DataError(f"encoding {encoding!r} is not known; utf-8, utf-16 or latin-1 are") from None
    if name in (UTF8, "utf-8", "ascii"):
        return UTF8
    if not _is_read_here(source):
        raise DataError(f"{source.given}: text in {encoding} is read only from files here, plain or .gz")
    return name


def _read_headers(source: Source) -> set[bytes]:
    """Return the different first lines of the files here, none of those that only polars can open."""
    lines = set()
    for address in source.addresses if _is_read_here(source) else ():
        with _open(address) as file:
            lines.add(file.readline().removeprefix(codecs.BOM_UTF8).rstrip())
    return lines


def _read_by_line(
    source: Source, encoding: str, columns: Columns, folder: Path
) -> tuple[pl.LazyFrame, Columns, int]:
    """Write the wanted columns of a text, with the fault of each line, into ``folder``."""
    names = [columns.story_id, *(columns.entry.values() or FIELDS)]
    schema = {ROW: pl.Int64, FILE: pl.String, **dict.fromkeys(names, pl.String), FAULT: pl.Int64}
    folder.mkdir(exist_ok=True)
    pl.DataFrame(schema=schema).write_ipc(folder / "none.ipc")
    rows, header = 0, dict[str, None]()
    for file, lines in _open_texts(source, encoding):
        if source.format.kind == "csv":
            header = dict.fromkeys(next(csv.reader([next(lines, "")], delimiter=source.format.delimiter), []))
            columns.check_against(header)
            records = _parse_csv(lines, names, list(header), source.format.delimiter)
        else:
            records = _parse_ndjson(lines, names, header)
        while batch := list(islice(records, BATCH_ROWS)):
            numbered = [(row, file, *record) for row, record in enumerate(batch, rows + 1)]
            written = folder / f"{rows:015}.ipc"
            pl.DataFrame(numbered, schema, orient="row").write_ipc(written, compression="lz4")
            rows += len(batch)
    if not header:
        raise DataError(f"{source.given} has no line that is a JSON object")
    scan = pl.scan_ipc(folder / "*.ipc")
    filled = scan.select(pl.col(names).is_not_null().any()).collect().row(0, named=True)
    return scan, columns.check_against(header | {name: None for name in names if filled[name]}), rows


def _open_texts(source: Source, encoding: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the lines of each file. A byte that is not UTF-8 is a lone surrogate in them."""
    if _is_read_here(source):
        errors = "surrogateescape" if encoding == UTF8 else "replace"
        for address in source.addresses:
            with _open(address) as file:
                yield address, io.TextIOWrapper(file, encoding, errors, newline="\n")
        return
    # Polars opens all else, and gives U+FFFD for such bytes.
    scan = pl.scan_csv(
        list(source.addresses),
        has_header=False,
        schema={"line": pl.String},
        separator="\0",
        quote_char=None,
        encoding="utf8-lossy",
        include_file_paths="file",
    )
    batches = scan.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)
    rows = (row for batch in batches for row in batch.iter_rows())
    for address, group in groupby(rows, lambda row: str(row[1])):
        yield address, (f"{line or ''}\n" for line, _ in group)


def _parse_ndjson(lines: Iterator[str], names: Sequence[str], header: dict[str, None]) -> Iterator[Record]:
    """One JSON object a line. A story's id is a text or a number. The first object's names are a header."""
    fields = [f"field_{i}" for i in range(len(names))]
    kinds = [str | int | float | None, *[str | None] * (len(names) - 1)]
    optional = [(field, kind, None) for field, kind in zip(fields, kinds, strict=True)]
    kind = msgspec.defstruct("Line", optional, rename=dict(zip(fields, names, strict=True)))
    decode = msgspec.json.Decoder(kind).decode
    for line in lines:
        cells: Record = (None,) * len(names)
        fault = 0
        try:
            story, *entry = structs.astuple(decode(line))
            cells = (None if story is None else str(story), *entry)
            if not header:
                header |= dict.fromkeys(msgspec.json.decode(line))
        except msgspec.ValidationError:
            fault = WRONG_TYPE
        except msgspec.DecodeError:
            fault = NOT_JSON
        except UnicodeError:
            fault = NOT_UTF8
        yield (*cells, fault)


def _parse_csv(
    lines: Iterator[str], names: Sequence[str], header: Sequence[str], delimiter: str
) -> Iterator[Record]:
    indices = [header.index(name) if name in header else None for name in names]
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(lines, ""):
        more = 0
        if line.count('"') % 2:
            ahead.extend(islice(lines, max(0, MAX_RECORD_LINES - len(ahead))))
            more = next((i for i, later in enumerate(ahead, 1) if later.count('"') % 2), 0)
        cells, fault = _parse_record("".join((line, *islice(ahead, more))), len(header), delimiter)
        for _ in range(0 if fault == OPEN_QUOTE else more):
            ahead.popleft()
        wanted = (cells[i] if i is not None and i < len(cells) else None for i in indices)
        yield (*(cell or None for cell in wanted), fault)


def _parse_record(text: str, width: int, delimiter: str) -> tuple[list[str], int]:
    try:
        text.encode()
        cells = next(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter), [])
    except UnicodeEncodeError:
        return [], NOT_UTF8
    except csv.Error:
        return [], OPEN_QUOTE
    return ([], TOO_MANY_CELLS) if len(cells) > width else (cells, 0)
