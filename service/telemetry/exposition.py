"""The page of metrics: the figures of all workers added up, with those of the data."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import SimpleNamespace

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from service.core.resolve.catalog import Catalog
from service.telemetry.metrics import COMPUTED, flush
from service.telemetry.shared_memory import METRICS_VARIABLE


def render_metrics(catalog: Catalog) -> bytes:
    """Format the metrics of all processes as text, with those of the data in ``catalog``."""
    flush()
    registry = CollectorRegistry()
    if METRICS_VARIABLE in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        families = [*registry.collect()]
    else:
        families = [family for family in REGISTRY.collect() if family.name.startswith("slantwise_")]
    shown = [*families, *collect_entry_share(families), *collect_dataset(catalog)]
    # All that the library wants of a registry is that it collects.
    return generate_latest(SimpleNamespace(collect=lambda: shown))


def collect_entry_share(families: Iterable[Metric]) -> Iterator[Metric]:
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
        yield make_gauge("slantwise_rated_share", counts.get("rated", 0) / counted)


def collect_dataset(catalog: Catalog) -> Iterator[Metric]:
    """Yield version, age and size of the served data."""
    info = make_gauge("slantwise_dataset_info", labels=("version", "sha256"))
    info.add_metric((catalog.version, catalog.sha256), 1)
    yield info
    if catalog.created:
        age = time.time() - datetime.fromisoformat(catalog.created).timestamp()
        yield make_gauge("slantwise_dataset_age_seconds", age)
    outlets = make_gauge("slantwise_dataset_outlets", labels=("rated",))
    rated = sum(outlet.bias is not None for outlet in catalog.outlets.values())
    outlets.add_metric(("true",), rated)
    outlets.add_metric(("false",), len(catalog.outlets) - rated)
    yield outlets


def make_gauge(
    name: str, value: float | None = None, labels: Sequence[str] | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, COMPUTED[name], value, labels)
