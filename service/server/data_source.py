"""Watch the files of the data, and read them in a child process while this one serves."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from service.core.errors import DataError
from service.dataset.csvfile import stamp
from service.settings import Settings

READ_SECONDS = 20
"""Reading takes about one second; a file system that hangs must not hang the server with it."""

TRIES = 3
PAUSE_SECONDS = 0.2
Signature = tuple[tuple[str, int, int, int], ...]


class PassingError(DataError):
    """The data could not be read at this moment, which says nothing of what is in it."""


class Source:
    """Files that ``settings`` name, and how they looked when they were last tried and seen."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tried: Signature = ()
        self.seen: Signature = ()
        self.again = False

    def read(self) -> bytes:
        """Return the packed snapshot of files that stood still while they were read. Raise ``DataError``."""
        self.again = False
        for _ in range(TRIES):
            self.tried = signature(self.settings)
            try:
                packed: bytes | DataError = read_apart(self.settings)
            except DataError as error:
                packed = error
            if signature(self.settings) == self.tried:
                break
            time.sleep(PAUSE_SECONDS)
        else:
            raise PassingError("the data files kept changing while they were read")
        if isinstance(packed, DataError):
            raise packed
        return packed

    def forget(self) -> None:
        """Have the files tried again, though they have not changed."""
        self.again = True

    def changed(self) -> bool:
        """Tell whether the files are not those last tried, and have been left alone since the last look."""
        before, self.seen = self.seen, signature(self.settings)
        return self.seen == before and self.seen != self.tried


def read_apart(settings: Settings) -> bytes:
    """Return what ``service.dataset.load`` makes of the data. Raise ``DataError`` with its faults.

    A child process does it: reading takes memory and time that this process then need not spare. Its output
    tells how it ended: the server in whose thread this runs may have asked for its status first.
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
        raise PassingError(f"the data could not be read in {READ_SECONDS} seconds") from error
    if done.stdout:
        return done.stdout
    if faults := done.stderr.decode(errors="replace").strip():
        raise PassingError(faults) if done.returncode == os.EX_TEMPFAIL else DataError(faults)
    raise PassingError(f"the reader of the data ended with status {done.returncode}")


def signature(settings: Settings) -> Signature:
    """Return what tells that a data file was written, replaced, added or removed, without reading it."""
    return tuple(sorted((str(path), *found) for path in files(settings) if (found := stamp(path))))


def files(settings: Settings) -> Iterator[Path]:
    """Every file that the data may be read from."""
    folder = Path(settings.data)
    for place in (folder, folder / "raters", *([Path(settings.rater_files)] if settings.rater_files else [])):
        yield from place.glob("*.csv")
        yield from place.glob("*.json")
