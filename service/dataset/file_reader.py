"""Read data files whole, and name each fault with its file, line and column. Needs no pandas."""

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from service.core.errors import DataError

MAX_BYTES = 64 * 2**20
MAX_SHOWN_ISSUES = 50
BOM = b"\xef\xbb\xbf"
FileSignature = tuple[int, int, int]


class DataIssue(Struct, frozen=True, order=True):
    """What is wrong at one place of a file (``line`` counts from 1), and what would be right."""

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.found}; {self.expected}"


class InvalidDataError(DataError):
    """Data with faults. The message has one on each line."""

    def __init__(self, issues: Sequence[DataIssue]) -> None:
        self.issues = tuple(issues)
        shown = [str(issue) for issue in self.issues[:MAX_SHOWN_ISSUES]]
        more = len(self.issues) - len(shown)
        super().__init__("\n".join([*shown, *([f"… and {more} more faults"] if more else [])]))


class UnreadableFileError(InvalidDataError):
    """A file or folder that could not be read. What is in it may be good, and may be read again later."""


def raise_if_any(issues: Sequence[DataIssue]) -> None:
    if issues:
        raise InvalidDataError(issues)


def read_bytes(path: Path) -> bytes:
    """Read a regular file whole.

    Raise ``InvalidDataError`` when it cannot be read, is too large, or changes meanwhile.
    """

    def fault(found: str, expected: str) -> InvalidDataError:
        return InvalidDataError([DataIssue(str(path), 1, "file", found, expected)])

    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise fault("this is not a regular file", "give the path of a CSV or JSON file")
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1)
        after = path.stat()
    except OSError as error:
        found = f"the file cannot be read ({error.strerror})"
        raise UnreadableFileError([DataIssue(str(path), 1, "file", found, "give a readable file")]) from error
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


def decode_text(data: bytes, file: str) -> str:
    """Decode UTF-8 text with LF line ends. Excel's byte order mark and CRLF are read too."""
    data = data.removeprefix(BOM).replace(b"\r\n", b"\n")

    def fault(offset: int, found: str, expected: str) -> InvalidDataError:
        line = data.count(b"\n", 0, offset) + 1
        character = offset - data.rfind(b"\n", 0, offset)
        return InvalidDataError([DataIssue(file, line, f"character {character}", found, expected)])

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


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(data)
    beside.replace(path)


class FileReader:
    """Read the files of one snapshot. ``sha256`` maps each folder and name to the hash of the bytes.

    ``folders`` gives each folder a name, so that hashes do not depend on where the data lies.
    """

    def __init__(self, folders: Mapping[Path, str]) -> None:
        self.folders = folders
        self.sha256: dict[str, str] = {}

    def read(self, path: Path) -> bytes:
        data = read_bytes(path)
        self.sha256[f"{self.folders[path.parent]}/{path.name}"] = hashlib.sha256(data).hexdigest()
        return data

    def fingerprint(self, settings: str = "") -> str:
        """Return one SHA-256 over all files, and over the settings that change the figures."""
        digest = hashlib.sha256(settings.encode())
        for name, sha256 in sorted(self.sha256.items()):
            digest.update(f"{name} {sha256}\n".encode())
        return digest.hexdigest()
