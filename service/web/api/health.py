"""Alive, ready, which version: three questions that a gateway asks."""

from flask import Blueprint
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST

from service import __version__
from service.core.answer import METHOD
from service.telemetry.exposition import render_metrics
from service.web.framework.endpoint import endpoint, get_catalog

blueprint = Blueprint("status", __name__)


class Status(Struct, frozen=True):
    """A probe's answer."""

    status: str


class Version(Struct, frozen=True):
    """Versions of the code, the rules and the data that answer here."""

    version: str
    method: str
    dataset: str
    sha256: str


@endpoint(blueprint, "/livez", answer=Status, tag="running", max_age=0)
def livez() -> Status:
    """Answer as long as the process lives."""
    return Status("alive")


@endpoint(blueprint, "/readyz", answer=Status, tag="running", max_age=0)
def readyz() -> Status:
    """Answer once the data is loaded. A process without data does not start."""
    get_catalog()
    return Status("ready")


@endpoint(blueprint, "/version", answer=Version, tag="running")
def version() -> Version:
    """Return the versions of the code, the rules and the data."""
    current = get_catalog()
    return Version(__version__, METHOD, current.version, current.sha256)


@endpoint(blueprint, "/metrics", answer=str, media=CONTENT_TYPE_LATEST, tag="running", max_age=0)
def get_metrics() -> bytes:
    """Return the figures of all workers, in the text format of Prometheus."""
    return render_metrics(get_catalog())
