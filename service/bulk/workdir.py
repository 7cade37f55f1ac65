"""Working folders: what a run has not finished lies beside its output, and never in its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from service.bulk.paths import Target
from service.core.errors import DataError

PREFIX = ".slantwise-"

# The working folder inside a folder of parts, which a later run may go on with.
WORKDIR = f"{PREFIX}work"

# Beside the parts of a run that came to its end: its summary.
SUMMARY_FILE = "_slantwise.json"


@contextmanager
def open_workdir(target: Target) -> Iterator[Path]:
    """Make a folder that goes when the run ends. In a folder of parts it stays if the run breaks off.

    What a killed run left for the same file goes first. Raises ``DataError`` while another run holds it.
    """
    if target.path is None:
        with TemporaryDirectory(prefix=PREFIX) as name:
            yield Path(name)
        return
    parent, name = target.path.parent, f"{PREFIX}{target.path.name}"
    if target.folder:
        parent, name = target.path, WORKDIR
        parent.mkdir(parents=True, exist_ok=True)
    workdir, lock = parent / name, parent / f"{name}.lock"
    done = False
    try:
        # The end of a process, however it comes, opens the lock.
        with FileLock(lock, blocking=False):
            if not target.folder:
                rmtree(workdir, ignore_errors=True)
            workdir.mkdir(exist_ok=True)
            try:
                yield workdir
                done = True
            finally:
                if done or not target.folder:
                    rmtree(workdir)
                lock.unlink(missing_ok=True)
    except Timeout as error:
        raise DataError(f"{target.given}: another run is writing there") from error


def read_summary(folder: Path, *, resume: bool) -> bytes | None:
    """Return the summary of a folder that is whole already.

    Raises ``DataError`` for a folder that is not empty, unless a run is to go on with it.
    """
    summary = folder / SUMMARY_FILE
    if resume and summary.exists():
        return summary.read_bytes()
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if present and not resume:
        raise DataError(f"{folder}: is not empty; go on with it by --resume, or name another folder")
    if present and WORKDIR not in present:
        raise DataError(f"{folder}: no run that could be resumed; name another folder")
    return None


def replace_durably(made: Path, target: Path) -> None:
    """Put a finished file in the place of ``target``, at once and on the disk."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a small file that is there whole or not at all."""
    unfinished = path.with_name(f"{path.name}-unfinished")
    unfinished.write_bytes(content)
    replace_durably(unfinished, path)
