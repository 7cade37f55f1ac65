"""Working folders: what a run has not finished lies beside its output, and never in its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from filelock import FileLock, Timeout

from service.core.errors import DataError

PREFIX = ".slantwise-"

# The working folder inside a folder of parts, which a later run may go on with.
WORKDIR = f"{PREFIX}work"

# Beside the parts of a run that came to its end: its summary.
SUMMARY_FILE = "_slantwise.json"


@contextmanager
def temp_workdir(parent: Path) -> Iterator[Path]:
    """Give a new folder in ``parent`` that goes when the run ends. Those that killed runs left go now."""
    for lock in parent.glob(f"{PREFIX}*.lock"):
        if lock.stem != WORKDIR:
            with suppress(Timeout, OSError), _locked(lock.with_suffix("")):
                rmtree(lock.with_suffix(""), ignore_errors=True)
    workdir = parent / f"{PREFIX}{uuid4().hex[:12]}"
    with _locked(workdir):
        workdir.mkdir()
        try:
            yield workdir
        finally:
            rmtree(workdir, ignore_errors=True)


@contextmanager
def persistent_workdir(folder: Path) -> Iterator[Path]:
    """Give the folder in ``folder`` that stays until a run comes to its end.

    Raises ``DataError`` while another run holds it.
    """
    workdir = folder / WORKDIR
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(workdir):
            yield workdir
            rmtree(workdir)
    except Timeout as error:
        raise DataError(f"{folder}: another run is writing there") from error


@contextmanager
def _locked(workdir: Path) -> Iterator[None]:
    # The end of a process, however it comes, opens the lock.
    lock = Path(f"{workdir}.lock")
    with FileLock(lock, blocking=False):
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


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
