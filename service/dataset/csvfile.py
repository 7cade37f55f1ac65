"""Reads CSV files strictly, and reports each fault with its file, line and column.

A byte order mark and CRLF line ends are read, because Excel writes them.
"""

import csv
import io
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from service.core.errors import DataError
from service.dataset.schema import OPTIONAL_COLUMNS

MAX_BYTES = 64 * 2**20
MAX_ROWS = 250_000
"""More rows than the world has news outlets. A larger file is a mistake."""
MAX_SHOWN_ISSUES = 50
BOM = b"\xef\xbb\xbf"
FileSignature = tuple[int, int, int]


class DataIssue(Struct, frozen=True, order=True):
    """A fault at one place of a file (``line`` counts from 1), and the correction."""

    file: str
    line: int
    column: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.wrong}; {self.right}"


class InvalidDataError(DataError):
    """Data with faults. The message has one on each line."""

    def __init__(self, faults: Sequence[DataIssue]) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:MAX_SHOWN_ISSUES]]
        more = len(self.faults) - len(shown)
        super().__init__("\n".join([*shown, *([f"… and {more} more faults"] if more else [])]))


class UnreadableFileError(InvalidDataError):
    """A file or folder that could not be read. What is in it may be good, and may be read again later."""


def raise_if_any(faults: Sequence[DataIssue]) -> None:
    """Raise ``InvalidDataError`` when there is a fault."""
    if faults:
        raise InvalidDataError(faults)


class Row(Struct, frozen=True):
    """One record of a file with the line it starts on."""

    line: int
    cells: dict[str, str]


def read_csv(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the records of a CSV file. Raise ``InvalidDataError`` when it is not as documented."""
    return parse_csv(read_bytes(path), str(path), columns)


def read_bytes(path: Path) -> bytes:
    """Read a regular file whole.

    Raise ``InvalidDataError`` when it cannot be read, is too large, or changes during the reading.
    """

    def fault(wrong: str, right: str) -> InvalidDataError:
        return InvalidDataError([DataIssue(str(path), 1, "file", wrong, right)])

    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise fault("this is not a regular file", "give the path of a CSV or JSON file")
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1)
        after = path.stat()
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})"
        raise UnreadableFileError([DataIssue(str(path), 1, "file", wrong, "give a readable file")]) from error
    if len(data) > MAX_BYTES:
        raise fault("the file is too large", f"at most {MAX_BYTES} bytes are read")
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, len(data), after.st_mtime_ns):
        raise fault("the file changed while it was read", "write a new file beside it and rename it")
    return data


def file_signature(path: Path) -> FileSignature | None:
    """Return a value that differs once a file was written or replaced. ``None`` where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def parse_csv(data: bytes, file: str, columns: Sequence[str]) -> list[Row]:
    """Return the records of CSV ``data``. Faults name ``file``."""
    text = decode_text(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    faults: list[DataIssue] = []
    absent: Mapping[str, str] = {}
    line = 1
    try:
        for cells in reader:
            if line == 1:
                absent = dict.fromkeys(
                    (name for name in columns if name in OPTIONAL_COLUMNS - set(cells)), ""
                )
                columns = [name for name in columns if name not in absent]
                _check_header(cells, file, columns)
            elif len(rows) == MAX_ROWS:
                raise InvalidDataError(
                    [
                        DataIssue(
                            file, line, "row", "the file has too many rows", f"at most {MAX_ROWS} are read"
                        )
                    ]
                )
            elif len(cells) != len(columns):
                wrong = f"the row has {len(cells)} cells"
                faults.append(
                    DataIssue(file, line, "row", wrong, f"expected {len(columns)}, as in the header")
                )
            else:
                rows.append(Row(line, {**dict(zip(columns, cells, strict=True)), **absent}))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidDataError(
            [DataIssue(file, line, "row", f"this is not CSV ({error})", "quote cells as RFC 4180 does")]
        ) from error
    if faults:
        raise InvalidDataError(faults)
    return rows


def decode_text(data: bytes, file: str) -> str:
    """Return ``data`` as text with LF line ends. Raise ``InvalidDataError`` unless it is UTF-8."""
    data = data.removeprefix(BOM).replace(b"\r\n", b"\n")

    def fault(offset: int, wrong: str, right: str) -> InvalidDataError:
        line = data.count(b"\n", 0, offset) + 1
        character = offset - data.rfind(b"\n", 0, offset)
        return InvalidDataError([DataIssue(file, line, f"character {character}", wrong, right)])

    if not data.strip():
        raise fault(0, "the file is empty", "a file that starts with a header row")
    for byte, name in ((b"\r", "a lone carriage return"), (b"\0", "a null byte")):
        if byte in data:
            raise fault(
                data.index(byte), f"the file has {name}", "save the file as UTF-8 with LF or CRLF line ends"
            )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise fault(error.start, "this is not UTF-8", "save the whole file as UTF-8") from error


def _check_header(found: Sequence[str], file: str, columns: Sequence[str]) -> None:
    for number, (want, have) in enumerate(zip(columns, found, strict=False), 1):
        if want != have:
            wrong = f"column {number} is {have[:80]!r}"
            raise InvalidDataError([DataIssue(file, 1, want, wrong, f"expected {want!r}")])
    if len(found) != len(columns):
        wrong = f"the header has {len(found)} columns"
        raise InvalidDataError([DataIssue(file, 1, "header", wrong, f"expected {','.join(columns)}")])


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV file whole or not at all."""
    write_bytes(path, to_csv(columns, rows).encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(data)
    beside.replace(path)


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Format ``rows`` as CSV with LF line ends, and quotes only where needed."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
