"""The data as a process that serves sees it: files that change, and a child process that reads them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from service.core.errors import DataError
from service.settings import Settings

READ_SECONDS = 20
"""Reading takes about one second; a file system that hangs must not hang the server with it."""

TRIES = 3
Signature = tuple[tuple[str, int, int, int], ...]


class Source:
    """The files that ``settings`` name; remembers how they looked when they were last tried and seen."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tried: Signature = ()
        self.seen: Signature = ()

    def read(self) -> bytes:
        """The packed snapshot of files that stood still while they were read; raises ``DataError``."""
        for _ in range(TRIES):
            self.tried = signature(self.settings)
            try:
                packed: bytes | DataError = read_apart(self.settings)
            except DataError as error:
                packed = error
            if signature(self.settings) == self.tried:
                break
        else:
            raise DataError("the data files kept changing while they were read")
        if isinstance(packed, DataError):
            raise packed
        return packed

    def changed(self) -> bool:
        """Whether the files are not those last tried, and have been left alone since the last look."""
        before, self.seen = self.seen, signature(self.settings)
        return self.seen == before and self.seen != self.tried


def read_apart(settings: Settings) -> bytes:
    """What ``service.dataset.load`` makes of the data; raises ``DataError`` with its faults.

    A child process does it: reading takes memory and time that this process then need not spare.
    """
    try:
        done = subprocess.run(  # our own module
            [sys.executable, "-m", "service.dataset.load"],
            input=msgspec.json.encode(settings),
            cwd=Path(__file__).parents[2],
            capture_output=True,
            timeout=READ_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(f"the data could not be read in {READ_SECONDS} seconds") from error
    if done.returncode:
        faults = done.stderr.decode(errors="replace").strip()
        raise DataError(faults or f"the reader of the data ended with status {done.returncode}")
    return done.stdout


def signature(settings: Settings) -> Signature:
    """What tells that a data file was written, replaced, added or removed, without reading it."""
    found = []
    for path in files(settings):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))


def files(settings: Settings) -> Iterator[Path]:
    """Every file that the data may be read from."""
    folder = Path(settings.data)
    for place in (folder, folder / "raters", *([Path(settings.rater_files)] if settings.rater_files else [])):
        yield from place.glob("*.csv")
        yield from place.glob("*.json")
