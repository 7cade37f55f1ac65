"""An entry of a caller's list (URL, domain or name) → the outlet it means, or the reason why not.

Hosts are looked up, never compared: a host is an outlet's when it, or one of its parents, is listed. A name
that means several outlets is never guessed at.
"""

from collections.abc import Iterator
from functools import partial

from msgspec import structs

from service.core.outlets import Outlet
from service.core.resolve.affixes import is_section
from service.core.resolve.catalog import Catalog, Listing
from service.core.resolve.hosts import (
    EDGES,
    LONGEST_HOST,
    PLAIN,
    Address,
    address_of,
    bare,
    plain_address,
    spelled_address,
)
from service.core.resolve.match import (
    ALIAS,
    INVALID,
    LISTED,
    REDIRECTED,
    By,
    Candidate,
    Found,
    Match,
    Ref,
    Ties,
    found,
    settled,
)
from service.core.resolve.multi_entry_hint import LONGEST_LIST, hint_of, may_hold_several
from service.core.resolve.name_matching import WELL_KNOWN
from service.core.resolve.naming import resolve_name
from service.core.resolve.normalization import LONGEST_WORD, normal
from service.core.resolve.redirects import may_wrap, unwrapped

__all__ = ["Candidate", "Match", "Ref", "Ties", "resolve"]

INFORMATIVE: tuple[Found, ...] = ("ambiguous", "platform", "unknown", "invalid")
"""Which failure of an object form is reported, when several fields fail."""

MOST_WRAPPINGS = 2
"""Links within links that are opened."""

MOST_SEGMENTS = 4
"""Segments of a path that tell an outlet on a shared host."""

LONGEST_SCHEME = 16
_SCHEMES = "javascript: data: file: mailto: ftp: about: blob: tel: urn: view-source: ws: wss:"
NO_WEB = (*_SCHEMES.split(), "//", "\\\\")
"""How a text begins that is an address, though none of the web: it is no name either."""


def resolve(catalog: Catalog, entry: str | Ref, country: str | None = None, ties: Ties = "never") -> Match:
    """Return what ``entry`` means. ``country`` (ISO 3166-1 alpha-2) settles a name that fits several outlets.

    ``ties`` says whether the best-known bearer of a shared name is taken for it.
    """
    if not isinstance(entry, str):
        match = _of_ref(catalog, entry, country)
    else:
        match = _at_once(catalog, entry) or _resolve_string(catalog, entry, country)
        if match.outlet is None or " " in entry:
            match = _hinted(catalog, entry, country, match)
    return match if ties == "never" else settled(match)


def _hinted(catalog: Catalog, text: str, country: str | None, match: Match) -> Match:
    """Return the match of a text with the hint that it holds several outlets, if it seems to."""
    if match.outlet is None or "://" in text[LONGEST_SCHEME:LONGEST_LIST]:
        meaning = partial(_resolve_string, catalog, country=country)
    elif "|" in text:
        meaning = partial(_well_known, catalog, country=country)
    else:
        return match
    hint = hint_of(text, meaning) if may_hold_several(text) else None
    return structs.replace(match, hint=hint) if hint else match


def _well_known(catalog: Catalog, text: str, country: str | None) -> Match:
    """Return the match of a text that is, as it stands, a well-known outlet's name and not a section's."""
    match = _resolve_string(catalog, text, country)
    sure = match.outlet and match.how and match.how.confidence >= ALIAS and match.outlet.known >= WELL_KNOWN
    return match if sure and not is_section(normal(text)) else INVALID


def _of_ref(catalog: Catalog, ref: Ref, country: str | None) -> Match:
    failures = []
    for match in _tries(catalog, ref, country):
        if match.outlet is not None:
            return _credited(catalog, ref, match, country)
        failures.append(match)
    return min(failures, key=lambda match: INFORMATIVE.index(match.status), default=INVALID)


def _credited(catalog: Catalog, ref: Ref, match: Match, country: str | None) -> Match:
    """Return the outlet that ``ref`` names when its address is a portal's page of others' reports."""
    if ref.name is None or match.how is None or match.how.via != "syndicated" or match.how.by == "name":
        return match
    named = resolve(catalog, ref.name, country)
    if named.outlet is None or named.how is None:
        return match
    return found(named.outlet, named.how.by, named.how.confidence, "syndicated")


def path_matters(catalog: Catalog, host: str) -> bool:
    """Tell whether two addresses at ``host`` may mean different outlets. Else the host alone says all."""
    listing = catalog.hosts.find(host)
    if listing is not None and listing.paths is not None:
        return True
    return (listing is None or listing.outlet is None) and may_wrap(host)


def _at_once(catalog: Catalog, text: str) -> Match | None:
    """Return the match of a plainly written URL whose host, or a parent of it, is listed: nearly every
    URL.
    """
    # Slices are faster than startswith, and nearly every entry comes by here.
    start = 8 if text[:8] == "https://" else 7 if text[:7] == "http://" else 0
    if not start:
        return None
    end = text.find("/", start, start + LONGEST_HOST)
    host = text[start:end] if end > 0 else text[start : start + LONGEST_HOST]
    listing = catalog.hosts.listings.get(host[4:] if host[:4] == "www." else host)
    if listing is None and host.isascii() and host.replace(".", "").replace("-", "").isalnum():
        listing = catalog.hosts.find(host)
    return None if listing is None or listing.paths is not None or ".." in host else listing.as_url


def _resolve_string(catalog: Catalog, text: str, country: str | None) -> Match:
    plain = PLAIN.match(text)
    if plain is None:
        return _resolve_text(catalog, text, country)
    address = plain_address(plain, text)
    return _resolve_address(catalog, address, "url" if address.is_url else "domain") if address else INVALID


def _tries(catalog: Catalog, ref: Ref, country: str | None) -> Iterator[Match]:
    by: By
    for text, by in ((ref.url, "url"), (ref.domain, "domain")):
        if text is not None:
            address = address_of(text)
            yield _resolve_address(catalog, address, by) if address else INVALID
    if ref.name is not None:
        yield resolve(catalog, ref.name, country)


def _resolve_text(catalog: Catalog, text: str, country: str | None) -> Match:
    address = spelled_address(text)
    if address is None:
        return resolve_name(catalog, text, country) if _may_be_name(text) else INVALID
    match = _resolve_address(catalog, address, "url" if address.is_url else "domain")
    if match.status == "unknown" and not address.is_url and not text.isascii() and len(text) <= LONGEST_WORD:
        named = resolve_name(catalog, text, country)
        return named if named.outlet else match
    return match


def _may_be_name(text: str) -> bool:
    head = text[:LONGEST_SCHEME].lstrip(EDGES).lower()
    return "://" not in head and not head.startswith(NO_WEB)


def _resolve_address(catalog: Catalog, address: Address, by: By, wrappings: int = 0) -> Match:
    listing = catalog.hosts.find(address.host)
    if listing is not None and listing.outlet is not None and listing.paths is None:
        return _listed(listing, by)
    if wrappings < MOST_WRAPPINGS and (inner := _carried(catalog, address, wrappings)):
        return inner
    if listing is None:
        return Match("unknown", bare(address.host))
    if outlet := _at_path(listing, address.tail):
        return found(outlet, "host_alias", LISTED, "syndicated" if listing.portal else None)
    return _listed(listing, by) if listing.outlet else Match("platform", listing.host)


def _listed(listing: Listing, by: By) -> Match:
    return (listing.as_url if by == "url" else listing.as_domain) or INVALID


def _at_path(listing: Listing, tail: str) -> Outlet | None:
    """Return the outlet whose alias is this host with the first segments of this path: ``medium.com/name``.

    The most segments decide.
    """
    if not listing.paths or not tail.startswith("/"):
        return None
    path = tail[1:].partition("?")[0].partition("#")[0].lower()
    segments = path.split("/", MOST_SEGMENTS)[:MOST_SEGMENTS]
    tried = ("/".join(segments[:n]) for n in range(len(segments), 0, -1))
    return next((outlet for path in tried if (outlet := listing.paths.get(path))), None)


def _carried(catalog: Catalog, address: Address, wrappings: int) -> Match | None:
    """Return the outlet whose link this address carries."""
    text = unwrapped(address)
    inner = address_of(text) if text else None
    match = _resolve_address(catalog, inner, "url", wrappings + 1) if inner else INVALID
    return found(match.outlet, match.how.by, REDIRECTED, "redirect") if match.outlet and match.how else None
