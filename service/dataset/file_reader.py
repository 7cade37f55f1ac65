"""Read data files whole, and name each fault with its file, line and column. Needs no pandas."""

import hashlib
import os
import stat
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from service.core.errors import DataError
from service.settings import Settings

MAX_BYTES = 64 * 2**20
MAX_SHOWN_ISSUES = 50
BOM = b"\xef\xbb\xbf"
# What a server reads of the facts; the table holds the others.
SERVED_FACTS = ("namesakes.csv",)
FileSignature = tuple[int, int, int]


class DataIssue(Struct, frozen=True, order=True):
    """A fault at one place of a file (``line`` counts from 1), and the correction."""

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


def write_bytes(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file whole or not at all, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(beside, "wb", opener=partial(os.open, mode=mode)) as file:
        file.write(data)
    beside.replace(path)


class FileReader:
    """Read the files that settings name, each once, so that all who ask see the same.

    ``sha256`` maps the folder and name of each file that was read to the hash of its bytes. The folders have
    fixed names, so that hashes do not depend on where the data lies.
    """

    def __init__(self, settings: Settings) -> None:
        data = Path(settings.data)
        self.folders = {
            data: "data",
            data / "raters": "raters",
            data / "facts": "facts",
            data / "changes": "changes",
        }
        if settings.rater_files:
            self.folders[Path(settings.rater_files)] = "rater_files"
        self.paths = [path for folder in self.folders for path in self._list(folder)]
        self.sha256: dict[str, str] = {}
        self._contents: dict[Path, bytes] = {}

    def _list(self, folder: Path) -> list[Path]:
        patterns = SERVED_FACTS if self.folders[folder] == "facts" else ("*.csv", "*.json")
        return sorted(path for pattern in patterns for path in folder.glob(pattern))

    def find(self, folder: Path, suffix: str) -> list[Path]:
        return [path for path in self.paths if path.parent == folder and path.suffix == suffix]

    def read(self, path: Path) -> bytes:
        if path not in self._contents:
            self._contents[path] = read_bytes(path)
        name = f"{self.folders[path.parent]}/{path.name}"
        self.sha256[name] = hashlib.sha256(self._contents[path]).hexdigest()
        return self._contents[path]

    def fingerprint(self, *also: str) -> str:
        """Return one SHA-256 over the files that were read, and over what else changes the figures."""
        digest = hashlib.sha256("\0".join(also).encode())
        for name, sha256 in sorted(self.sha256.items()):
            digest.update(f"{name} {sha256}\n".encode())
        return digest.hexdigest()
