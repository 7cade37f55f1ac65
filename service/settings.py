"""Reads every setting from ``SLANTWISE_*`` variables. Nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec

PREFIX = "SLANTWISE_"
PACKAGE = Path(__file__).resolve().parent
# An installed package carries data/ and docs/ inside; a checkout and the image have them beside it.
SHIPPED = PACKAGE / "shipped" if (PACKAGE / "shipped").is_dir() else PACKAGE.parent
SHIPPED_DATA = SHIPPED / "data"
SHIPPED_DOCS = SHIPPED / "docs"
MEBIBYTE = 2**20
# Where the desktop's programs keep what can be made again (specifications.freedesktop.org/basedir).
CACHE = str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "slantwise")

Hosts = Annotated[str, msgspec.Meta(pattern=r"^([^\s/,:]+(,\s*[^\s/,:]+)*)?$")]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a deployer. Each field is the variable ``SLANTWISE_`` + its name in capitals."""

    # Folder with outlet_ratings.csv, outlet_aliases.csv, datapackage.json and raters/.
    data: str = str(SHIPPED_DATA)
    # Folder with a deployer's own rater files, which join the consensus; empty: none.
    rater_files: str = ""
    # Folder for checked data, so that the next start need not check the same files again; empty: none.
    cache: str = CACHE
    # Raters to use, by id and separated by commas; empty: all (leave allsides out for commercial use).
    raters: str = ""
    # Weight of raters in the consensus, as "id=number,…"; a rater not named weighs 1. Old verdicts weigh as
    # much as new ones: any weight for AllSides below MBFC's cost six points of agreement with other panels.
    weights: str = ""
    # Seconds between looks at the data files; a change is checked, then served. 0: only SIGHUP reloads.
    reload_seconds: NotNegative = 5
    # Proxies in front whose X-Forwarded-For, -Proto, -Host and -Prefix are believed; 0: nobody's are.
    proxy_hops: NotNegative = 0
    # Most entries of one story, and most stories of one batch.
    max_outlets: Positive = 1000
    max_stories: Positive = 1000
    # Largest request body in bytes: of one story, and of a batch.
    max_body: Positive = MEBIBYTE
    max_batch_body: Positive = 16 * MEBIBYTE
    # Seconds in which a request's body must have come, a stream's excepted.
    max_body_seconds: Positive = 30
    # Seconds that the caller of a batch may neither send nor take a byte, before it is let go.
    max_stall: Positive = 60
    # Sites and browser extensions whose pages may POST, as "https://app.example,http://localhost:*", or "*".
    # Any page may GET. Empty: none.
    cors_origins: str = ""
    # File with a line "name:sha256 of the key" for each API key; empty: no key is asked for.
    api_keys_file: str = ""
    # Hosts by which callers reach the tools over HTTP, besides localhost, the bound address and addresses in
    # numbers, as "tools.example.org,…".
    mcp_hosts: Hosts = ""
    # Requests a caller may make, as "100/minute" or "5/second;1000/hour"; empty: no limit.
    rate_limit: str = ""
    # Where the rate limit counts: memory:// in each worker, or redis://host:port for all replicas together.
    rate_limit_storage: str = "memory://"
    # Whether to send spans (OpenTelemetry, the extra `otel`); OTEL_* variables say where to.
    tracing: bool = False


# Schemes of browser extensions, each with the form of an id.
EXTENSIONS = {
    "chrome-extension": (re.compile(r"[a-p]{32}"), "an id of 32 letters from a to p"),
    "moz-extension": (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "a UUID"),
}

HOST = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*")
LOCAL = ("localhost", "127.0.0.1", "[::1]")
USUAL_PORTS = {"http": "80", "https": "443"}
LAST_PORT = 65_535


def fault_of_origins(given: str) -> str | None:
    """Return why a list of origins, separated by commas, cannot be meant, and what would be right."""
    origins = [origin.strip() for origin in given.split(",")] if given.strip() else []
    if origins == ["*"]:
        return None
    faults = ((origin, fault_of_origin(origin)) for origin in origins)
    return next((f"{origin[:80]!r} {fault}" for origin, fault in faults if fault), None)


def fault_of_origin(origin: str) -> str | None:
    """Return why browsers send no such origin, or why it would let in too much."""
    scheme, mark, rest = origin.partition("://")
    if origin == "*":
        return "lets every site in; leave the others out"
    if ";" in origin or len(origin.split()) > 1:
        return "looks like several; put a comma between them"
    if not origin.isascii() or origin != origin.lower():
        return "is not as browsers send it: in small letters, a host of other scripts as xn--…"
    if scheme in EXTENSIONS and mark:
        form, words = EXTENSIONS[scheme]
        return None if form.fullmatch(rest) else f"does not end in {words}, as each extension has its own"
    if scheme not in USUAL_PORTS or not mark:
        schemes = ", ".join(f"{allowed}://" for allowed in (*USUAL_PORTS, *EXTENSIONS))
        return f"does not begin with one of {schemes}"
    return fault_of_site(scheme, rest)


def fault_of_site(scheme: str, site: str) -> str | None:
    """Return why ``site`` is not a host with or without a port."""
    host, mark, port = site.rpartition(":") if not site.endswith("]") else (site, "", "")
    host, port = (host, port) if mark else (site, "")
    if "/" in site:
        return f"has a path, and origins have none: {scheme}://{site.partition('/')[0]}"
    if not HOST.fullmatch(host):
        return "is not a scheme, one host and perhaps a port; name each host, as in https://app.example"
    if port == "*":
        return None if host in LOCAL else f"lets in any port; only {', '.join(LOCAL)} may have :*"
    if port == USUAL_PORTS[scheme]:
        return f"has the usual port, which browsers leave out: {scheme}://{host}"
    if mark and not (port.isdecimal() and str(int(port)) == port and 0 < int(port) <= LAST_PORT):
        return f"has a port that is not a number from 1 to {LAST_PORT}"
    return None


def without_extra(extra: str, error: ImportError) -> str:
    """Explain how to install a missing optional package."""
    return (
        f"{error.name} is not installed: pip install 'slantwise[{extra}]', "
        f"or in a checkout pip install -r requirements/{extra}.txt"
    )


class SettingsError(ValueError):
    """A setting that is wrong or unknown. The message names it, never its value."""


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings in ``environ``. Raise ``SettingsError`` with the name of a wrong or unknown one."""
    given = {
        key.removeprefix(PREFIX).lower(): value for key, value in environ.items() if key.startswith(PREFIX)
    }
    unknown = sorted(given.keys() - set(Settings.__struct_fields__))
    if unknown:
        raise SettingsError(_unknown(unknown[0]))
    if fault := fault_of_origins(given.get("cors_origins", "")):
        raise SettingsError(f"setting {PREFIX}CORS_ORIGINS: {fault}")
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        wrong, _, where = str(error).partition(" - at `$.")
        raise SettingsError(f"setting {PREFIX}{where.strip('`').upper()}: {wrong}") from None


def _unknown(name: str) -> str:
    like = get_close_matches(name, Settings.__struct_fields__, 1)
    meant = f"did you mean {PREFIX}{like[0].upper()}? " if like else ""
    return f"unknown setting {PREFIX}{name.upper()}; {meant}see docs/operations.md for all settings"
