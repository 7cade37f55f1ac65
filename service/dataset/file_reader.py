"""Reads each data file once, and keeps its fingerprint."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from service.core.outlets import Rater
from service.dataset.checks import check_description
from service.dataset.csvfile import DataIssue, Row, parse_csv, raise_if_any, read_bytes
from service.dataset.rater_files import parse_description

RowsCheck = Callable[[Sequence[Row]], Sequence[DataIssue]]


class FileReader:
    """The files of one snapshot. ``sha256`` maps each folder and name to the fingerprint of the bytes.

    ``folders`` gives each folder a name, so that fingerprints do not depend on where the data lies.
    """

    def __init__(self, folders: Mapping[Path, str]) -> None:
        self.folders = folders
        self.sha256: dict[str, str] = {}

    def read(self, path: Path) -> bytes:
        """Read a file's bytes. Raise ``FaultyDataError`` when it cannot be read."""
        data = read_bytes(path)
        self.sha256[f"{self.folders[path.parent]}/{path.name}"] = hashlib.sha256(data).hexdigest()
        return data

    def rows(self, path: Path, columns: Sequence[str], check: RowsCheck) -> list[Row]:
        """Read a CSV file's rows. Raise ``FaultyDataError`` when ``check`` or the reading finds a fault."""
        rows = parse_csv(self.read(path), str(path), columns)
        raise_if_any(check(rows))
        return rows

    def raters(self, folder: Path) -> Iterator[tuple[Path, Rater]]:
        """Yield each rater described in ``folder`` with its path. Raise ``FaultyDataError`` for a bad one."""
        for path in sorted(folder.glob("*.json")):
            rater = parse_description(self.read(path), str(path))
            raise_if_any(check_description(rater, str(path), path.stem))
            yield path, rater

    def fingerprint(self, also: str = "") -> str:
        """Return one SHA-256 over all files, and over ``also``, the settings that change the figures."""
        digest = hashlib.sha256(also.encode())
        for name, sha256 in sorted(self.sha256.items()):
            digest.update(f"{name} {sha256}\n".encode())
        return digest.hexdigest()
