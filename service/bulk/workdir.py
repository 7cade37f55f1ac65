"""Working folders: what a run has not finished lies beside its output, and never in its place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from service.core.errors import DataError

PREFIX = ".slantwise-"
WORKDIR = f"{PREFIX}work"
"""Name of the working folder inside a folder of parts, which a later run may go on with."""


@contextmanager
def temp_workdir(home: Path) -> Iterator[Path]:
    """Give a new folder in ``home`` that goes when the run ends. Those that killed runs left go now."""
    for left in home.glob(f"{PREFIX}*"):
        if left.name != WORKDIR:
            _remove_stale(left)
    room, lock = _make_workdir(home)
    try:
        yield room
    finally:
        rmtree(room, ignore_errors=True)
        os.close(lock)


@contextmanager
def persistent_workdir(home: Path) -> Iterator[Path]:
    """Give the folder in ``home`` that stays until a run comes to its end.

    Raises ``DataError`` while another run holds it.
    """
    room = home / WORKDIR
    room.mkdir(parents=True, exist_ok=True)
    lock = _lock(room)
    if lock is None:
        raise DataError(f"{home}: another run is writing there")
    try:
        yield room
        rmtree(room)
    finally:
        os.close(lock)


def replace_durably(made: Path, target: Path) -> None:
    """Put a finished file in the place of ``target``, at once and on the disk."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)


def _make_workdir(home: Path) -> tuple[Path, int]:
    """Make a folder and lock it, before another run takes it for a leftover."""
    while True:
        room = Path(mkdtemp(prefix=PREFIX, dir=home))
        lock = _lock(room)
        if lock is not None and room.exists():
            return room, lock


def _remove_stale(room: Path) -> None:
    with suppress(OSError):
        lock = _lock(room)
        if lock is not None:
            rmtree(room, ignore_errors=True)
            os.close(lock)


def _lock(room: Path) -> int | None:
    """Lock a folder until its descriptor closes, which the end of a process does too."""
    handle = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
