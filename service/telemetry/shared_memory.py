"""Makes folders that processes share while they run. Imported before anything that uses them."""

import fcntl
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
# A file in each folder, locked while a process that uses it lives.
LOCK_NAME = "lock"


def find_shared_memory() -> str:
    """Return a folder in memory, or else the one for temporary files."""
    shared = "/dev/shm"  # noqa: S108  # each use makes a new folder in it
    if os.access(shared, os.W_OK):
        return shared
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        sys.exit("neither /dev/shm nor a folder for temporary files can be written: mount one in memory")


def make_locked_folder(prefix: str) -> Path:
    """Make a folder that is ours while this process or a child of it lives."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=find_shared_memory()))
    lock = os.open(folder / f"{LOCK_NAME}.new", os.O_RDWR | os.O_CREAT)
    # Not filelock: it gives the lock up in a child, and workers may outlive the master.
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # Only now is it seen: nobody finds it unlocked.
    (folder / f"{LOCK_NAME}.new").rename(folder / LOCK_NAME)
    return folder


def remove_stale_folders() -> None:
    """Remove the folders of processes that were killed before they could."""
    for folder in Path(find_shared_memory()).glob("slantwise-*"):
        with suppress(OSError), (folder / LOCK_NAME).open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)


def make_metrics_folder() -> None:
    """Make an empty folder for the processes' figures, before the application is loaded."""
    remove_stale_folders()
    try:
        if given := os.environ.get(METRICS_VARIABLE):
            Path(given).mkdir(parents=True, exist_ok=True)
            for left_over in Path(given).glob("*.db"):
                left_over.unlink()
        else:
            os.environ[METRICS_VARIABLE] = str(make_locked_folder("slantwise-metrics-"))
    except OSError as error:
        os.environ.pop(METRICS_VARIABLE, None)
        sys.stderr.write(f"no folder for metrics ({error}); each worker shows its own\n")
