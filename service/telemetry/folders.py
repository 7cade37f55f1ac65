"""Folders for what processes share while they run; imported before anything that uses them."""

import os
import sys
import tempfile
from pathlib import Path

METRICS = "PROMETHEUS_MULTIPROC_DIR"


def memory() -> str:
    """A folder in memory where there is one, else the one for temporary files."""
    shared = "/dev/shm"  # noqa: S108  # what is put there gets a folder of its own
    return shared if os.access(shared, os.W_OK) else tempfile.gettempdir()


def make_metrics_folder() -> None:
    """Before the application is loaded: an empty folder for the processes' figures, if one can be had."""
    try:
        if given := os.environ.get(METRICS):
            Path(given).mkdir(parents=True, exist_ok=True)
            for left_over in Path(given).glob("*.db"):
                left_over.unlink()
        else:
            os.environ[METRICS] = tempfile.mkdtemp(prefix="slantwise-metrics-", dir=memory())
    except OSError as error:
        os.environ.pop(METRICS, None)
        sys.stderr.write(f"no folder for metrics ({error}); each worker shows its own\n")
