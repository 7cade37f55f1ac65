"""``python -m service doctor`` checks an installation and prints what a bug report needs."""

import os
import platform
import socket
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec
from msgspec import structs

from service import __version__
from service.cli.score import json_option
from service.cli.terminal import print_json, print_lines
from service.core.answer import METHOD
from service.core.errors import SlantwiseError
from service.dataset.load import load
from service.settings import PREFIX, Settings, SettingsError, from_environment

EXIT_UNHEALTHY = 1
PACKAGES = ("flask", "gunicorn", "gevent", "msgspec", "pandas", "rapidfuzz", "resvg-py", "polars", "redis")
EXTRA_PACKAGES = {
    "bulk": ("narwhals", "polars"),
    "limits": ("limits", "redis"),
    "mcp": ("mcp",),
    "otel": tuple(
        f"opentelemetry-{part}" for part in ("sdk", "exporter-otlp-proto-http", "instrumentation-flask")
    ),
}

SERVER_VARIABLES = ("HOST", "PORT", "WEB_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR")
COLLECTOR_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
DEFAULT_COLLECTOR = "http://localhost:4318"
WILDCARD_HOSTS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared, not bound
USUAL_PORTS = {"https": 443, "http": 80, "redis": 6379, "rediss": 6379}
TIMEOUT_SECONDS = 2.0
MAX_VERSION_BYTES = 65_536

Report = dict[str, Any]


class Version(msgspec.Struct):
    """The answer of ``/version``."""

    version: str
    method: str
    dataset: str


@click.command("doctor")
@json_option("the report")
def doctor(as_json: bool) -> None:
    """Check this installation, and print what a bug report needs.

    That is versions, extras, data, names of settings, the server's port, and whether Redis and the trace
    collector answer where settings name them. No value of a setting is printed, so no secret either.

    Exit status: 0 healthy, 1 the faults are named at the end, 2 wrong use.
    """
    report = build_report(os.environ)
    if as_json:
        print_json(report)
    else:
        print_lines(format_report(report))
    if report["faults"]:
        sys.exit(EXIT_UNHEALTHY)


def build_report(environ: Mapping[str, str]) -> Report:
    """Check the service under these variables. Values stay out of the report: one may be a password."""
    faults: list[str] = []
    relevant = sorted(name for name in environ if is_relevant(name))
    settings = read_settings({name: environ[name] for name in relevant}, faults)
    return {
        "versions": {
            "slantwise": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            **{package: find_version(package) or "not installed" for package in PACKAGES},
        },
        "settings": relevant,
        "extras": {extra: check_extra(extra) for extra in EXTRA_PACKAGES},
        "data": check_data(settings, faults),
        "port": check_port(environ, faults),
        "reach": check_services(settings, environ, faults),
        "faults": faults,
    }


def format_report(report: Report) -> Iterator[str]:
    """Format the report as lines, with a heading for each part."""
    faults = report["faults"]
    for part, values in report.items():
        if values and values is not faults:
            yield part
            width = max(map(len, values))
            for name in values:
                yield f"  {name:{width}}  {values[name]}" if isinstance(values, dict) else f"  {name}"
    yield f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}" if faults else "healthy: no faults"
    yield from (f"  {fault}" for fault in faults)


def is_relevant(variable: str) -> bool:
    return variable.startswith((PREFIX, "OTEL_")) or variable in SERVER_VARIABLES


def read_settings(environ: Mapping[str, str], faults: list[str]) -> Settings:
    """Return the valid settings, and note what is wrong with each of the others."""
    valid = {}
    for name, value in environ.items():
        try:
            from_environment({name: value})
        except SettingsError as error:
            faults.append(str(error))
        else:
            valid[name] = value
    return from_environment(valid)


def find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def check_extra(extra: str) -> str:
    missing = [package for package in EXTRA_PACKAGES[extra] if find_version(package) is None]
    return f"not installed ({', '.join(missing)})" if missing else "installed"


def check_data(settings: Settings, faults: list[str]) -> Report:
    """Load the data and make an application with it, as the server would."""
    try:
        catalog = load(settings)
    except (SlantwiseError, ValueError) as error:
        faults += str(error).splitlines()
        return {"loaded": "no", "method": METHOD}
    try:
        from service.web.app import create_app  # noqa: PLC0415  # a broken Flask is a fault to name

        create_app(structs.replace(settings, tracing=False), catalog)
    except (ImportError, ValueError) as error:
        faults.append(str(error))
    biases = [outlet.bias for outlet in catalog.outlets.values() if outlet.bias]
    ratings = [rating.rater for bias in biases for rating in bias.ratings]
    return {
        "version": catalog.version,
        "sha256": catalog.sha256,
        "method": METHOD,
        "outlets": len(catalog.outlets),
        "rated": len(biases),
        "aliases": len(catalog.aliases),
        **{f"ratings of {rater}": ratings.count(rater) for rater in catalog.raters},
    }


def check_port(environ: Mapping[str, str], faults: list[str]) -> Report:
    """Find out who has the port that the server would listen on."""
    host, port = environ.get("HOST", "127.0.0.1"), environ.get("PORT", "8000")
    if not port.isascii() or not port.isdecimal() or not 0 < int(port[:6]) < 2**16:
        faults.append("PORT is not a number from 1 to 65535")
        return {"address": host, "state": "not known"}
    address, state = f"{host}:{port}", "free"
    connection = HTTPConnection(WILDCARD_HOSTS.get(host, host), int(port), timeout=TIMEOUT_SECONDS)
    try:
        connection.connect()
    except OSError:
        if fault := try_bind(host, int(port)):
            state = "cannot be bound"
            faults.append(f"{address} cannot be bound: {fault}")
    else:
        if found := fetch_version(connection):
            state = f"slantwise {found.version} answers, data {found.dataset}, method {found.method}"
        else:
            state = "taken by another program"
            faults.append(f"{address} is taken by another program; choose a PORT")
    finally:
        connection.close()
    return {"address": address, "state": state}


def try_bind(host: str, port: int) -> str | None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return explain_error(error)
    return None


def fetch_version(connection: HTTPConnection) -> Version | None:
    """Ask for the version. ``None`` when what answers is not this service."""
    try:
        connection.request("GET", "/version")
        return msgspec.json.decode(connection.getresponse().read(MAX_VERSION_BYTES), type=Version)
    except (OSError, HTTPException, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def check_services(settings: Settings, environ: Mapping[str, str], faults: list[str]) -> Report:
    """Connect to the servers that settings name."""
    found: dict[str, str | None] = {}
    if settings.rate_limit and settings.rate_limit_storage.startswith("redis") and find_version("limits"):
        found["rate limit storage"] = probe_redis(settings.rate_limit_storage)
    if settings.tracing:
        url = next((environ[name] for name in COLLECTOR_VARIABLES if environ.get(name)), DEFAULT_COLLECTOR)
        found["collector of spans"] = probe_url(url)
        faults += [] if check_extra("otel") == "installed" else ["SLANTWISE_TRACING needs the extra otel"]
    faults += [f"the {name} is not reached: {fault}" for name, fault in found.items() if fault]
    return {name: fault or "answers" for name, fault in found.items()}


def probe_url(url: str) -> str | None:
    """Connect to the host and port of ``url``. Return why that failed, or ``None``."""
    try:
        parts = urlsplit(url)
        port = parts.port or USUAL_PORTS.get(parts.scheme)
        if not parts.hostname or not port:
            return "not an address with a host and a port"
        socket.create_connection((parts.hostname, port), TIMEOUT_SECONDS).close()
    except (OSError, ValueError) as error:
        return explain_error(error)
    return None


def probe_redis(url: str) -> str | None:
    """Ask the store of the rate limit. Return why it does not answer, or ``None``."""
    if fault := probe_url(url):
        return fault
    from limits.errors import ConfigurationError  # noqa: PLC0415  # the extra `limits`
    from limits.storage import storage_from_string  # noqa: PLC0415  # the extra `limits`

    from service.web.middleware.rate_limit import storage_options  # noqa: PLC0415  # the same extra

    try:
        answers = storage_from_string(url, **storage_options(url)).check()
    except (ConfigurationError, ValueError) as error:
        return type(error).__name__
    return None if answers else "does not answer PING from this user with this password"


def explain_error(error: Exception) -> str:
    # The text of an error may quote the address, which can contain a password.
    return getattr(error, "strerror", None) or type(error).__name__
