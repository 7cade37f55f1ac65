"""An entry of a caller's list (URL, domain or name) → the outlet it means, or the reason why not.

Hosts are looked up, never compared: a host is an outlet's when it, or one of its parents, is listed. A name
that means several outlets is never guessed at.
"""

from collections.abc import Iterator

from msgspec import structs

from service.core.hosts import EDGES, Address, address_of, bare
from service.core.index import Listing
from service.core.match import INVALID, LISTED, REDIRECTED, By, Candidate, Found, Match, Ref, found
from service.core.outlets import Catalog, Outlet
from service.core.readings import resolve_name
from service.core.wrappers import may_wrap, unwrapped

__all__ = ["Candidate", "Match", "Ref", "resolve"]

INFORMATIVE: tuple[Found, ...] = ("ambiguous", "platform", "unknown", "invalid")
"""Which failure of an object form is reported, when several fields fail."""

MOST_WRAPPINGS = 2
"""Links within links that are opened."""

LONGEST_SCHEME = 16
_SCHEMES = "javascript: data: file: mailto: ftp: about: blob: tel: urn: view-source: ws: wss:"
NO_WEB = (*_SCHEMES.split(), "//", "\\\\")
"""How a text begins that is an address, though none of the web: it is no name either."""


def resolve(catalog: Catalog, entry: str | Ref, country: str | None = None) -> Match:
    """What ``entry`` means; ``country`` (ISO 3166-1 alpha-2) settles a name that fits several outlets."""
    if isinstance(entry, str):
        return _resolve_text(catalog, entry, country)
    failures = []
    for match in _tries(catalog, entry, country):
        if match.outlet is not None:
            return match
        failures.append(match)
    return min(failures, key=lambda match: INFORMATIVE.index(match.status), default=INVALID)


def path_matters(catalog: Catalog, host: str) -> bool:
    """Whether two addresses at ``host`` may mean different outlets; else the host alone says all."""
    listing = catalog.hosts.find(host)
    if listing is not None and listing.paths is not None:
        return True
    return (listing is None or listing.outlet is None) and may_wrap(host)


def _tries(catalog: Catalog, ref: Ref, country: str | None) -> Iterator[Match]:
    by: By
    for text, by in ((ref.url, "url"), (ref.domain, "domain")):
        if text is not None:
            address = address_of(text)
            yield _resolve_address(catalog, address, by) if address else INVALID
    if ref.name is not None:
        yield _resolve_text(catalog, ref.name, country)


def _resolve_text(catalog: Catalog, text: str, country: str | None) -> Match:
    address = address_of(text)
    if address is None:
        return resolve_name(catalog, text, country) if _may_be_name(text) else INVALID
    match = _resolve_address(catalog, address, "url" if address.is_url else "domain")
    if match.status == "unknown" and not address.is_url and not text.isascii():
        named = resolve_name(catalog, text, country)
        return named if named.outlet else match
    return match


def _may_be_name(text: str) -> bool:
    head = text[:LONGEST_SCHEME].lstrip(EDGES).lower()
    return "://" not in head and not head.startswith(NO_WEB)


def _resolve_address(catalog: Catalog, address: Address, by: By, wrappings: int = 0) -> Match:
    listing = catalog.hosts.find(address.host)
    if listing is not None and listing.outlet is not None and listing.paths is None:
        return _listed(listing, listing.outlet, by)
    if wrappings < MOST_WRAPPINGS and (inner := _carried(catalog, address, wrappings)):
        return inner
    if listing is None:
        return Match("unknown", bare(address.host))
    if outlet := _at_path(listing, address.tail):
        return found(outlet, "host_alias", LISTED, None if listing.outlet else "syndicated")
    return _listed(listing, listing.outlet, by) if listing.outlet else Match("platform", listing.host)


def _listed(listing: Listing, outlet: Outlet, by: By) -> Match:
    return found(outlet, by if listing.host == outlet.domain else "host_alias", LISTED, listing.via)


def _at_path(listing: Listing, tail: str) -> Outlet | None:
    """The outlet whose alias is this host with the first segment of this path: ``medium.com/name``."""
    if not listing.paths or not tail.startswith("/"):
        return None
    segment = tail[1:].partition("?")[0].partition("#")[0].partition("/")[0]
    return listing.paths.get(segment.lower())


def _carried(catalog: Catalog, address: Address, wrappings: int) -> Match | None:
    """The outlet whose link this address carries."""
    text = unwrapped(address)
    inner = address_of(text) if text else None
    match = _resolve_address(catalog, inner, "url", wrappings + 1) if inner else INVALID
    return structs.replace(match, confidence=REDIRECTED, via="redirect") if match.outlet else None
