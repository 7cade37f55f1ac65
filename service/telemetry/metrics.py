"""Declares every metric. Each worker writes to its own files, and the one that is asked adds them up.

The files are mapped into memory, so their space is taken before a byte is written. On a full disk a process
then goes without metrics. Otherwise the first page without room would kill it.
"""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import get_args

from prometheus_client import Counter as Total
from prometheus_client import Gauge, Histogram

from service.core.answer import Status
from service.telemetry.shared_memory import METRICS_VARIABLE

# Bytes taken for each file: four times what all routes, methods and statuses together need.
FILE_SIZE = 2**20

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

REQUESTS = Histogram(
    "slantwise_request_seconds",
    "Time from a request's arrival to its finished answer, by route template, method and class of status",
    ("route", "method", "status"),
    buckets=BUCKETS,
)
ENTRIES = Total("slantwise_entries", "Entries of callers' lists, by what became of them", ("status",))
RELOADS = Total("slantwise_reloads", "Reloads of the data: ok, unchanged or failed", ("outcome",))
STREAMS = Histogram(
    "slantwise_stream_seconds",
    "Time from a stream's arrival to its end: as long as its caller sends, so it says nothing of speed",
    ("status",),
    buckets=(0.1, 1.0, 10.0, 60.0, 600.0, 3600.0),
)
IN_FLIGHT = Gauge("slantwise_requests_in_flight", "Requests being answered", multiprocess_mode="livesum")
MEMORY = Gauge(
    "slantwise_memory_bytes",
    "Memory of all processes, what they share counted once",
    multiprocess_mode="livesum",
)
DECLARED_METRICS = (REQUESTS, ENTRIES, RELOADS, STREAMS, IN_FLIGHT, MEMORY)

INITIALIZED: tuple[tuple[Total, tuple[str, ...]], ...] = (
    (RELOADS, ("ok", "unchanged", "failed", "postponed")),
    (ENTRIES, get_args(Status)),
)

SCORING_ROUTES = ("/v1/distribution", "/v1/coverage", "/v1/distribution/batch")
METRIC_FILES = ("counter", "histogram", "gauge_livesum")
MEMORY_SAMPLE_SECONDS = 10.0

# Metrics that are computed when they are asked for.
COMPUTED = {
    "slantwise_rated_share": "Share of rated entries among all but duplicates, since the start",
    "slantwise_dataset_info": "Version and fingerprint of the data served",
    "slantwise_dataset_age_seconds": "Time since the version of the data was made: alert when it grows old",
    "slantwise_dataset_outlets": "Outlets in the data",
}


class RecorderState:
    """The state of this process, and whether it can record it."""

    def __init__(self) -> None:
        self.recording = True
        self.in_flight: set[int] = set()
        self.weighed = 0.0


STATE = RecorderState()


def record_request(
    route: str,
    method: str,
    status: int,
    seconds: float,
    entries: Mapping[str, int],
    *,
    is_stream: bool = False,
) -> None:
    """Count one request: its route, method and class of status, its duration and its entries."""
    if not STATE.recording:
        return
    status_class = f"{status // 100}xx"
    if is_stream:
        STREAMS.labels(status_class).observe(seconds)
    else:
        REQUESTS.labels(route, method, status_class).observe(seconds)
    for name, number in entries.items():
        ENTRIES.labels(name).inc(number)


def flush() -> None:
    """Write the gauges. Called every second, and before figures are shown."""
    if STATE.recording:
        IN_FLIGHT.set(len(STATE.in_flight))
        sample_memory()


def sample_memory() -> None:
    """Note the memory of this process now and then: the kernel walks all of it to say."""
    if time.monotonic() < STATE.weighed + MEMORY_SAMPLE_SECONDS:
        return
    STATE.weighed = time.monotonic()
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return
    MEMORY.set(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024)


def count_reload(outcome: str) -> None:
    """Count a reload, made by the master process."""
    if STATE.recording:
        RELOADS.labels(outcome).inc()


def preallocate_files() -> bool:
    """Take the space for this process's files, and tell if there was any. Without it nothing is recorded."""
    folder = os.environ.get(METRICS_VARIABLE)
    if folder:
        taken = []
        try:
            for kind in METRIC_FILES:
                taken.append(Path(folder, f"{kind}_{os.getpid()}.new"))
                with taken[-1].open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, FILE_SIZE)
            STATE.recording = True
        except OSError:
            STATE.recording = False
        for path in taken:
            # Complete files only: others read them at any moment.
            path.replace(path.with_suffix(".db")) if STATE.recording else path.unlink(missing_ok=True)
    if STATE.recording:
        STATE.in_flight.clear()
        # An alert on an increase cannot see a counter that begins at 1.
        for counter, labels in INITIALIZED:
            for label in labels:
                counter.labels(label).inc(0)
        for route in SCORING_ROUTES:
            REQUESTS.labels(route, "POST", "5xx")
    return STATE.recording


def truncate_files(pid: int) -> None:
    """Cut the files of a process that has ended to what they hold. Its counts stay, its gauges go."""
    for path in Path(os.environ.get(METRICS_VARIABLE, "/nonexistent")).glob(f"*_{pid}.db"):
        with suppress(OSError):
            if path.name.startswith("gauge_"):
                path.unlink()
                continue
            with path.open("r+b") as file:
                used = int.from_bytes(file.read(4), "little")
                file.truncate(max(used, 8))
