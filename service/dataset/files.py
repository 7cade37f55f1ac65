"""Reads data files, each once, and remembers what was read."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from service.core.outlets import Rater
from service.dataset.checks import check_description
from service.dataset.csvfile import Fault, Row, parse_rows, read_bytes, refuse
from service.dataset.raters.file import parse_description

Check = Callable[[Sequence[Row]], Sequence[Fault]]


class Files:
    """The files of one snapshot; ``sha256`` maps each (folder and name) to the fingerprint of its bytes."""

    def __init__(self) -> None:
        self.sha256: dict[str, str] = {}

    def read(self, path: Path) -> bytes:
        """A file's bytes; raises ``FaultyDataError``."""
        data = read_bytes(path)
        self.sha256[f"{path.absolute().parent.name}/{path.name}"] = hashlib.sha256(data).hexdigest()
        return data

    def rows(self, path: Path, columns: Sequence[str], check: Check) -> list[Row]:
        """A CSV file's rows; raises ``FaultyDataError`` when it cannot be read or ``check`` finds a fault."""
        rows = parse_rows(self.read(path), str(path), columns)
        refuse(check(rows))
        return rows

    def raters(self, folder: Path) -> Iterator[tuple[Path, Rater]]:
        """Each description of a rater in ``folder``, with its path; raises ``FaultyDataError``."""
        for path in sorted(folder.glob("*.json")):
            rater = parse_description(self.read(path), str(path))
            refuse(check_description(rater, str(path), path.stem))
            yield path, rater

    def fingerprint(self, also: str = "") -> str:
        """One SHA-256 over all files, and over ``also``: what else decides the figures."""
        digest = hashlib.sha256(also.encode())
        for name, sha256 in sorted(self.sha256.items()):
            digest.update(f"{name} {sha256}\n".encode())
        return digest.hexdigest()
