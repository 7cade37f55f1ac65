"""Reads every setting from ``SLANTWISE_*`` variables. Nothing else reads the environment."""

import os
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

Origins = Annotated[str, msgspec.Meta(pattern=r"^(\*|https?://[^\s/,]+(,\s*https?://[^\s/,]+)*)?$")]
Hosts = Annotated[str, msgspec.Meta(pattern=r"^([^\s/,:]+(,\s*[^\s/,:]+)*)?$")]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a deployer. Each field is the variable ``SLANTWISE_`` + its name in capitals."""

    # Folder with outlet_ratings.csv, outlet_aliases.csv, datapackage.json and raters/.
    data: str = str(SHIPPED_DATA)
    # Folder with a deployer's own rater files, which join the consensus; empty: none.
    rater_files: str = ""
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
    # Sites whose pages may POST, as "https://app.example,…", or "*"; any page may GET. Empty: none.
    cors_origins: Origins = ""
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


def without_extra(extra: str, error: ImportError) -> str:
    """Say what to install where an optional package is missing."""
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
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        wrong, _, where = str(error).partition(" - at `$.")
        raise SettingsError(f"setting {PREFIX}{where.strip('`').upper()}: {wrong}") from None


def _unknown(name: str) -> str:
    like = get_close_matches(name, Settings.__struct_fields__, 1)
    meant = f"did you mean {PREFIX}{like[0].upper()}? " if like else ""
    return f"unknown setting {PREFIX}{name.upper()}; {meant}see docs/operations.md for all settings"
