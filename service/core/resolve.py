"""An entry of a caller's list (URL, domain or name) → the outlet it means, or the reason why not."""

from typing import Literal

from msgspec import Struct

from service.core.hosts import bare, host_of
from service.core.names import normal
from service.core.outlets import Catalog, Outlet

Found = Literal["found", "unknown", "ambiguous", "platform", "invalid"]
MOST_LABELS = 8
MOST_CANDIDATES = 10


class Ref(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry in object form; ``url``, ``domain`` and ``name`` are tried in that order."""

    url: str | None = None
    domain: str | None = None
    name: str | None = None


class Candidate(Struct, frozen=True):
    """An outlet that an ambiguous name may mean."""

    domain: str
    name: str
    country: str | None = None


class Match(Struct, frozen=True):
    """What an entry turned out to mean; ``key`` tells two unknown entries of one outlet apart from others."""

    status: Found
    key: str = ""
    outlet: Outlet | None = None
    by: str | None = None
    confidence: float | None = None
    candidates: tuple[Candidate, ...] = ()


INVALID = Match("invalid")
INFORMATIVE: tuple[Found, ...] = ("ambiguous", "platform", "unknown", "invalid")


def resolve(catalog: Catalog, entry: str | Ref, country: str | None = None) -> Match:
    """What ``entry`` means; ``country`` (ISO 3166-1 alpha-2) settles a name that fits several outlets."""
    if isinstance(entry, str):
        return _resolve_text(catalog, entry, country)
    tries = []
    if entry.url is not None:
        tries.append(_resolve_host(catalog, entry.url, "url"))
    if entry.domain is not None:
        tries.append(_resolve_host(catalog, entry.domain, "domain"))
    if entry.name is not None:
        tries.append(_resolve_name(catalog, entry.name, country))
    found = next((match for match in tries if match.outlet), None)
    return found or min(tries, key=lambda match: INFORMATIVE.index(match.status), default=INVALID)


def _resolve_text(catalog: Catalog, text: str, country: str | None) -> Match:
    if host_of(text) is None:
        return INVALID if ":" in text[:12] else _resolve_name(catalog, text, country)
    match = _resolve_host(catalog, text, "url" if "/" in text else "domain")
    if match.status == "unknown" and "/" not in text:
        by_name = _resolve_name(catalog, text, country)
        return by_name if by_name.outlet else match
    return match


def _resolve_host(catalog: Catalog, text: str, by: str) -> Match:
    host = host_of(text)
    if host is None:
        return INVALID
    labels = host.split(".")[-MOST_LABELS:]
    for start in range(len(labels) - 1):
        suffix = ".".join(labels[start:])
        if suffix in catalog.hosts:
            outlet = catalog.hosts[suffix]
            if outlet is None:
                return Match("platform", suffix)
            return Match("found", outlet.domain, outlet, by if outlet.domain == suffix else "host_alias", 1.0)
    return Match("unknown", bare(host))


def _resolve_name(catalog: Catalog, name: str, country: str | None) -> Match:
    key = normal(name)
    if not key:
        return INVALID
    outlets = catalog.names.get(key, ())
    if len(outlets) > 1 and country:
        outlets = tuple(o for o in outlets if o.country == country) or outlets
    if len(outlets) == 1:
        return Match("found", outlets[0].domain, outlets[0], "name", 0.9)
    if outlets:
        candidates = tuple(Candidate(o.domain, o.name, o.country) for o in outlets[:MOST_CANDIDATES])
        return Match("ambiguous", key, candidates=candidates)
    return Match("unknown", key)
