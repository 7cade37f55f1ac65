"""Declares every metric. Each worker writes to its own files, and the one that is asked adds them up.

The files are mapped into memory, so their space is taken before a byte is written. On a full disk a process
then goes without metrics. Otherwise the first page without room would kill it.
"""

import os
import time
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import fsum
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client import Counter as Total
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from service.core.resolve.catalog import Catalog
from service.telemetry.folders import METRICS

ROOM = 2**20
"""Bytes taken for each file: four times what all routes, methods and statuses together need."""

MOST_WAITING = 100_000
"""Requests that can wait to be counted, more than a process answers in a second."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

REQUESTS = Histogram(
    "slantwise_request_seconds",
    "Time from a request's arrival to its finished answer, by route template, method and class of status",
    ("route", "method", "status"),
    buckets=BUCKETS,
)
ENTRIES = Total("slantwise_entries", "Entries of callers' lists, by what became of them", ("status",))
RELOADS = Total("slantwise_reloads", "Reloads of the data: ok, unchanged or failed", ("outcome",))

OF_DATA = {
    "slantwise_rated_share": "Share of rated entries among all but duplicates, since the start",
    "slantwise_dataset_info": "Version and fingerprint of the data served",
    "slantwise_dataset_age_seconds": "Time since the version of the data was made: alert when it grows old",
    "slantwise_dataset_outlets": "Outlets in the data",
}
"""Metrics that are computed when they are asked for."""


class Request(NamedTuple):
    """The figures of one request."""

    key: tuple[str, str, int]
    seconds: float
    entries: Mapping[str, int]


class State:
    """The requests that this process has still to write, and whether it can."""

    def __init__(self) -> None:
        self.recording = True
        self.waiting: deque[Request] = deque(maxlen=MOST_WAITING)
        self.writing = Lock()


STATE = State()


def record(key: tuple[str, str, int], seconds: float, entries: Mapping[str, int]) -> None:
    """Note one request: its route, method and class of status, its duration and its entries.

    Writing takes longer than all other work on a request's figures, so ``flush`` does it later, for many.
    """
    STATE.waiting.append(Request(key, seconds, entries))


def flush() -> None:
    """Write the noted requests. Called every second, and before figures are shown."""
    durations: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    entries: dict[str, int] = defaultdict(int)
    with STATE.writing:
        while STATE.waiting:
            key, seconds, counts = STATE.waiting.popleft()
            durations[key].append(seconds)
            for status, number in counts.items():
                entries[status] += number
        if not STATE.recording:
            return
        for (route, method, hundreds), each in durations.items():
            observe(REQUESTS.labels(route, method, f"{hundreds}xx"), each)
        for status, number in entries.items():
            ENTRIES.labels(status).inc(number)


def observe(histogram: Histogram, seconds: Sequence[float]) -> None:
    """Observe many durations at once, with one write for each figure.

    The library has no such call, so this reaches into it. Its ``observe`` takes seven times as long, and the
    process answers nobody meanwhile.
    """
    histogram._sum.inc(fsum(seconds))
    for bucket, times in Counter(bisect_left(BUCKETS, each) for each in seconds).items():
        histogram._buckets[bucket].inc(times)


def count_reload(outcome: str) -> None:
    """Count a reload, made by the master process."""
    if STATE.recording:
        RELOADS.labels(outcome).inc()


def take_room() -> bool:
    """Take the space for this process's files, and tell if there was any. Without it nothing is recorded."""
    folder = os.environ.get(METRICS)
    if folder:
        taken = []
        try:
            for kind in ("counter", "histogram"):
                taken.append(Path(folder, f"{kind}_{os.getpid()}.new"))
                with taken[-1].open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, ROOM)
            STATE.recording = True
        except OSError:
            STATE.recording = False
        for path in taken:
            # Complete files only: others read them at any moment.
            path.replace(path.with_suffix(".db")) if STATE.recording else path.unlink(missing_ok=True)
    return STATE.recording


def give_room_back(pid: int) -> None:
    """Cut the files of a process that has ended to their content. Its counts stay."""
    for path in Path(os.environ.get(METRICS, "/nonexistent")).glob(f"*_{pid}.db"):
        try:
            with path.open("r+b") as file:
                used = int.from_bytes(file.read(4), "little")
                file.truncate(max(used, 8))
        except OSError:
            continue


def page(catalog: Catalog) -> bytes:
    """Format the metrics of all processes as text, with those of the data in ``catalog``."""
    flush()
    registry = CollectorRegistry()
    if METRICS in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        families = [*registry.collect()]
    else:
        families = [each for each in REGISTRY.collect() if each.name.startswith("slantwise_")]
    shown = CollectorRegistry()
    shown.register(Collected([*families, *of_entries(families), *of_data(catalog)]))
    return generate_latest(shown)


class Collected(Collector):
    """Metrics that are collected already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self.families = list(families)

    def collect(self) -> Iterable[Metric]:
        """Return the metrics."""
        return self.families


def of_entries(families: Iterable[Metric]) -> Iterator[Metric]:
    """Yield the share of rated entries among all but duplicates, since the start."""
    counts = {
        sample.labels["status"]: sample.value
        for family in families
        if family.name == "slantwise_entries"
        for sample in family.samples
        if sample.name == "slantwise_entries_total"
    }
    counted = sum(counts.values()) - counts.get("duplicate", 0)
    if counted:
        yield gauge("slantwise_rated_share", counts.get("rated", 0) / counted)


def of_data(catalog: Catalog) -> Iterator[Metric]:
    """Yield version, age and size of the served data."""
    info = gauge("slantwise_dataset_info", labels=("version", "sha256"))
    info.add_metric((catalog.version, catalog.sha256), 1)
    yield info
    if catalog.created:
        age = time.time() - datetime.fromisoformat(catalog.created).timestamp()
        yield gauge("slantwise_dataset_age_seconds", age)
    outlets = gauge("slantwise_dataset_outlets", labels=("rated",))
    rated = sum(outlet.bias is not None for outlet in catalog.outlets.values())
    outlets.add_metric(("true",), rated)
    outlets.add_metric(("false",), len(catalog.outlets) - rated)
    yield outlets


def gauge(name: str, value: float | None = None, labels: Sequence[str] | None = None) -> GaugeMetricFamily:
    """Make one of the metrics in ``OF_DATA``."""
    return GaugeMetricFamily(name, OF_DATA[name], value, labels)
