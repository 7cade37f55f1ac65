"""``python -m service doctor``: what a report of a fault needs, and no setting's value."""

import os
import platform
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import click
from msgspec import structs

from service import __version__
from service.cli.health_checks import probe_port, probe_redis, probe_url
from service.cli.score import json_option, print_json
from service.cli.terminal import escape_control
from service.core.answer import METHOD
from service.core.errors import SlantwiseError
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import PREFIX, Settings, SettingsError, from_environment

EXIT_UNHEALTHY = 1
PACKAGES = ("flask", "gunicorn", "gevent", "msgspec", "pandas", "rapidfuzz", "resvg-py", "polars", "redis")
# What each extra brings.
EXTRA_MODULES = {
    "bulk": ("narwhals", "polars"),
    "limits": ("limits", "redis"),
    "mcp": ("mcp",),
    "otel": (
        "opentelemetry.sdk",
        "opentelemetry.exporter.otlp.proto.http",
        "opentelemetry.instrumentation.flask",
    ),
}

SERVER_VARIABLES = ("HOST", "PORT", "WEB_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR")
COLLECTOR_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
DEFAULT_COLLECTOR = "http://localhost:4318"

Report = dict[str, Any]


@click.command("doctor")
@json_option("the report")
def doctor(as_json: bool) -> None:
    """Show what a report of a fault needs, without secrets.

    That is versions, extras, data, settings, the server's port, and whether Redis and the collector of spans
    answer where settings ask for them.

    Exit status: 0 healthy, 1 the faults are named at the end, 2 wrong use.
    """
    report = build_report(os.environ)
    if as_json:
        print_json(report)
    else:
        for line in format_report(report):
            click.echo(escape_control(line))
    if report["faults"]:
        sys.exit(EXIT_UNHEALTHY)


def build_report(environ: Mapping[str, str]) -> Report:
    """Return the report under these variables. It has their names alone: a value may be a password."""
    ours = {name: value for name, value in environ.items() if is_relevant(name)}
    settings, faults = read_settings(ours)
    catalog = load_catalog(settings, faults)
    return {
        "versions": collect_versions(),
        "settings": sorted(ours),
        "extras": {extra: extra_status(extra) for extra in EXTRA_MODULES},
        "data": describe_data(catalog),
        "port": check_port(environ, faults),
        "reach": check_services(settings, environ, faults),
        "faults": faults,
    }


def is_relevant(variable: str) -> bool:
    return variable.startswith((PREFIX, "OTEL_")) or variable in SERVER_VARIABLES


def read_settings(environ: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Return the settings that are right, and what is wrong with each of the others."""
    right, faults = {}, []
    for name, value in sorted(environ.items()):
        try:
            from_environment({name: value})
        except SettingsError as error:
            faults.append(str(error))
        else:
            right[name] = value
    return from_environment(right), faults


def collect_versions() -> dict[str, str]:
    """Return the versions of the service, of Python, and of the packages that it stands on."""
    found = {"slantwise": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def extra_status(extra: str) -> str:
    missing = [module for module in EXTRA_MODULES[extra] if not is_installed(module)]
    return f"not installed ({', '.join(missing)})" if missing else "installed"


def is_installed(module: str) -> bool:
    """Return True if the module can be imported, without importing it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def load_catalog(settings: Settings, faults: list[str]) -> Catalog | None:
    """Load the data and start an application with it, as the server would. Note why that fails."""
    try:
        catalog = load(settings)
    except (SlantwiseError, ValueError) as error:
        faults += str(error).splitlines()
        return None
    try:
        from service.web.app import create_app  # noqa: PLC0415  # a broken Flask is a fault to name

        create_app(structs.replace(settings, tracing=False), catalog)
    except (ImportError, ValueError) as error:
        faults.append(str(error))
    return catalog


def describe_data(catalog: Catalog | None) -> Report:
    """Return the version of the data, and how much it holds."""
    if catalog is None:
        return {"loaded": "no", "method": METHOD}
    rated = [outlet for outlet in catalog.outlets.values() if outlet.bias]
    votes = [rating.rater for outlet in rated if outlet.bias for rating in outlet.bias.ratings]
    return {
        "version": catalog.version,
        "sha256": catalog.sha256,
        "method": METHOD,
        "outlets": len(catalog.outlets),
        "rated": len(rated),
        "aliases": len(catalog.aliases),
        **{f"ratings of {rater}": votes.count(rater) for rater in catalog.raters},
    }


def check_port(environ: Mapping[str, str], faults: list[str]) -> Report:
    """Return who has the port that the server would listen on."""
    host, port = environ.get("HOST", "127.0.0.1"), environ.get("PORT", "8000")
    if not port.isascii() or not port.isdecimal() or not 0 < int(port[:6]) < 2**16:
        faults.append("PORT is not a number from 1 to 65535")
        return {"address": host, "state": "not known"}
    state, fault = probe_port(host, int(port))
    faults += [fault] if fault else []
    return {"address": f"{host}:{port}", "state": state}


def check_services(settings: Settings, environ: Mapping[str, str], faults: list[str]) -> Report:
    """Return whether the servers that settings name answer."""
    found: Report = {}
    if settings.rate_limit and settings.rate_limit_storage.startswith("redis") and is_installed("limits"):
        found["rate limit storage"] = probe_redis(settings.rate_limit_storage)
    if settings.tracing:
        url = next((environ[name] for name in COLLECTOR_VARIABLES if environ.get(name)), DEFAULT_COLLECTOR)
        found["collector of spans"] = probe_url(url)
        faults += [] if extra_status("otel") == "installed" else ["SLANTWISE_TRACING needs the extra otel"]
    faults += [f"the {name} is not reached: {fault}" for name, fault in found.items() if fault]
    return {name: fault or "answers" for name, fault in found.items()}


def format_report(report: Report) -> Iterator[str]:
    """Return the report as lines, a heading for each part."""
    faults = report["faults"]
    for part, values in report.items():
        if values and values is not faults:
            yield part
            width = max(map(len, values))
            lines = (
                f"{name:{width}}  {values[name]}" if isinstance(values, dict) else name for name in values
            )
            yield from (f"  {line}" for line in lines)
    yield f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}" if faults else "healthy: no faults"
    yield from (f"  {fault}" for fault in faults)
