"""Watch the files of the data, and read them in a child process while this one serves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from service.core.errors import DataError
from service.dataset.file_reader import FileReader, file_signature
from service.dataset.load import load_kept
from service.dataset.snapshot import Snapshot, decode_snapshot
from service.settings import Settings

# Reading takes about one second; a file system that hangs must not hang the server with it.
READ_TIMEOUT = 20
MAX_TRIES = 3
PAUSE_SECONDS = 0.2
FilesSignature = tuple[tuple[str, int, int, int], ...]


class TransientError(DataError):
    """The data could not be read at this moment, which says nothing of what is in it."""


class DataSource:
    """Files that ``settings`` name, and how they looked when they were last tried and seen.

    ``retry`` has them tried again, though they have not changed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tried: FilesSignature = ()
        self.seen: FilesSignature = ()
        self.retry = False

    def load(self) -> Snapshot:
        """Return the snapshot that is kept of the files, or read them. Raise ``DataError``."""
        self.tried = files_signature(self.settings)
        return load_kept(self.settings) or decode_snapshot(self.read())

    def read(self) -> bytes:
        """Return the encoded snapshot of files that stood still while they were read. Raise ``DataError``."""
        self.retry = False
        for _ in range(MAX_TRIES):
            self.tried = files_signature(self.settings)
            try:
                encoded: bytes | DataError = load_in_subprocess(self.settings)
            except DataError as error:
                encoded = error
            if files_signature(self.settings) == self.tried:
                break
            time.sleep(PAUSE_SECONDS)
        else:
            raise TransientError("the data files kept changing while they were read")
        if isinstance(encoded, DataError):
            raise encoded
        return encoded

    def has_changed(self) -> bool:
        """Return True if the files are not those last tried, and have been left alone since the last look."""
        before, self.seen = self.seen, files_signature(self.settings)
        return self.seen == before and self.seen != self.tried


def load_in_subprocess(settings: Settings) -> bytes:
    """Run ``service.dataset.load`` and return the encoded snapshot. Raise ``DataError`` with the faults.

    A child process does it: reading takes memory and time that this process then need not spare. Its output
    tells how it ended: the server in whose thread this runs may have asked for its status first.
    """
    try:
        done = subprocess.run(  # our own module
            [sys.executable, "-m", "service.dataset.load"],
            input=msgspec.json.encode(settings),
            cwd=Path(__file__).parents[2],
            capture_output=True,
            timeout=READ_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TransientError(f"the data could not be read in {READ_TIMEOUT} seconds") from error
    if done.stdout:
        return done.stdout
    if faults := done.stderr.decode(errors="replace").strip():
        raise TransientError(faults) if done.returncode == os.EX_TEMPFAIL else DataError(faults)
    raise TransientError(f"the reader of the data ended with status {done.returncode}")


def files_signature(settings: Settings) -> FilesSignature:
    """Return a value that differs once a data file was written, replaced, added or removed."""
    paths = FileReader(settings).paths
    return tuple(sorted((str(path), *found) for path in paths if (found := file_signature(path))))
