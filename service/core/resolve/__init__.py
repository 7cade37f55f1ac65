"""An entry of a caller's list (URL, domain or name) → the outlet it means, or the reason why not.

Hosts are looked up, never compared: a host is an outlet's when it, or one of its parents, is listed. A name
that means several outlets is never guessed at.
"""

from collections.abc import Iterator
from functools import partial

from msgspec import structs

from service.core.countries import find_country_code
from service.core.outlets import Outlet
from service.core.resolve.affixes import is_section
from service.core.resolve.catalog import Catalog, Listing
from service.core.resolve.hosts import (
    MAX_HOST_LENGTH,
    PLAIN_ADDRESS,
    STRIPPED_CHARS,
    Address,
    fast_parse_host,
    parse_address,
    parse_host,
    strip_www,
)
from service.core.resolve.match import (
    ALIAS,
    INVALID,
    LISTED,
    REDIRECTED,
    Candidate,
    EntryFields,
    Match,
    MatchRule,
    MatchStatus,
    Ties,
    break_tie,
    matched,
)
from service.core.resolve.multi_entry_hint import MAX_LIST_LENGTH, may_hold_several, multi_entry_hint
from service.core.resolve.name_matching import WELL_KNOWN_LISTS
from service.core.resolve.naming import resolve_name
from service.core.resolve.normalization import MAX_WORD_LENGTH, normalize_name
from service.core.resolve.redirects import may_redirect, redirect_target

__all__ = ["Candidate", "EntryFields", "Match", "Ties", "resolve"]

STATUS_PRIORITY: tuple[MatchStatus, ...] = ("ambiguous", "platform", "unknown", "invalid")
"""Which failure of an object form is reported, when several fields fail."""

MAX_REDIRECTS = 2
"""Links within links that are opened."""

MAX_PATH_SEGMENTS = 4
"""Segments of a path that tell an outlet on a shared host."""

MAX_SCHEME_LENGTH = 16
_SCHEMES = "javascript: data: file: mailto: ftp: about: blob: tel: urn: view-source: ws: wss:"
NON_WEB_PREFIXES = (*_SCHEMES.split(), "//", "\\\\")
"""How a text begins that is an address, though none of the web: it is no name either."""


def resolve(
    catalog: Catalog, entry: str | EntryFields, country: str | None = None, ties: Ties = "never"
) -> Match:
    """Return what ``entry`` means. ``country`` (ISO 3166-1 alpha-2) settles a name that fits several outlets.

    ``ties`` says whether the best-known bearer of a shared name is taken for it.
    """
    if not isinstance(entry, str):
        match = _resolve_fields(catalog, entry, find_country_code(entry.country or "") or country)
    else:
        match = _resolve_plain_url(catalog, entry) or _resolve_string(catalog, entry, country)
        if match.outlet is None or " " in entry:
            match = _add_hint(catalog, entry, country, match)
    return match if ties == "never" else break_tie(match)


def _add_hint(catalog: Catalog, text: str, country: str | None, match: Match) -> Match:
    """Return the match of a text with the hint that it holds several outlets, if it seems to."""
    if match.outlet is None or "://" in text[MAX_SCHEME_LENGTH:MAX_LIST_LENGTH]:
        meaning = partial(_resolve_string, catalog, country=country)
    elif "|" in text:
        meaning = partial(_resolve_well_known, catalog, country=country)
    else:
        return match
    hint = multi_entry_hint(text, meaning) if may_hold_several(text) else None
    return structs.replace(match, hint=hint) if hint else match


def _resolve_well_known(catalog: Catalog, text: str, country: str | None) -> Match:
    """Return the match of a text that is, as it stands, a well-known outlet's name and not a section's."""
    match = _resolve_string(catalog, text, country)
    sure = (
        match.outlet
        and match.how
        and match.how.confidence >= ALIAS
        and match.outlet.known >= WELL_KNOWN_LISTS
    )
    return match if sure and not is_section(normalize_name(text)) else INVALID


def _resolve_fields(catalog: Catalog, ref: EntryFields, country: str | None) -> Match:
    failures = []
    for match in _iter_attempts(catalog, ref, country):
        if match.outlet is not None:
            return _prefer_named_source(catalog, ref, match, country)
        failures.append(match)
    return min(failures, key=lambda match: STATUS_PRIORITY.index(match.status), default=INVALID)


def _prefer_named_source(catalog: Catalog, ref: EntryFields, match: Match, country: str | None) -> Match:
    """Return the outlet that ``ref`` names when its address is a portal's page of others' reports."""
    if match.how is None or match.how.via != "syndicated" or match.how.by == "name":
        return match
    for text in (ref.domain, ref.name):
        named = resolve(catalog, text, country) if text else INVALID
        if named.outlet not in (None, match.outlet) and named.how is not None:
            return matched(named.outlet, named.how.by, named.how.confidence, "syndicated")
    return match


def needs_path(catalog: Catalog, host: str) -> bool:
    """Tell whether two addresses at ``host`` may mean different outlets. Else the host alone says all."""
    listing = catalog.hosts.find(host)
    if listing is not None and listing.paths is not None:
        return True
    return (listing is None or listing.outlet is None) and may_redirect(host)


def _resolve_plain_url(catalog: Catalog, text: str) -> Match | None:
    """Return the match of a plainly written URL whose host, or a parent of it, is listed: nearly every
    URL.
    """
    # Slices are faster than startswith, and nearly every entry comes by here.
    start = 8 if text[:8] == "https://" else 7 if text[:7] == "http://" else 0
    if not start:
        return None
    end = text.find("/", start, start + MAX_HOST_LENGTH)
    host = text[start:end] if end > 0 else text[start : start + MAX_HOST_LENGTH]
    listing = catalog.hosts.listings.get(host[4:] if host[:4] == "www." else host)
    if listing is None and host.isascii() and host.replace(".", "").replace("-", "").isalnum():
        listing = catalog.hosts.find(host)
    return None if listing is None or listing.paths is not None or ".." in host else listing.as_url


def _resolve_string(catalog: Catalog, text: str, country: str | None) -> Match:
    plain = PLAIN_ADDRESS.match(text)
    if plain is None:
        return _resolve_text(catalog, text, country)
    address = fast_parse_host(plain, text)
    return _resolve_address(catalog, address, "url" if address.is_url else "domain") if address else INVALID


def _iter_attempts(catalog: Catalog, ref: EntryFields, country: str | None) -> Iterator[Match]:
    by: MatchRule
    for text, by in ((ref.url, "url"), (ref.domain, "domain")):
        if text is not None:
            address = parse_address(text)
            yield _resolve_address(catalog, address, by) if address else INVALID
    if ref.name is not None:
        yield resolve(catalog, ref.name, country)


def _resolve_text(catalog: Catalog, text: str, country: str | None) -> Match:
    address = parse_host(text)
    if address is None:
        return resolve_name(catalog, text, country) if _may_be_name(text) else INVALID
    match = _resolve_address(catalog, address, "url" if address.is_url else "domain")
    if (
        match.status == "unknown"
        and not address.is_url
        and not text.isascii()
        and len(text) <= MAX_WORD_LENGTH
    ):
        named = resolve_name(catalog, text, country)
        return named if named.outlet else match
    return match


def _may_be_name(text: str) -> bool:
    head = text[:MAX_SCHEME_LENGTH].lstrip(STRIPPED_CHARS).lower()
    return "://" not in head and not head.startswith(NON_WEB_PREFIXES)


def _resolve_address(catalog: Catalog, address: Address, by: MatchRule, wrappings: int = 0) -> Match:
    listing = catalog.hosts.find(address.host)
    if listing is not None and listing.outlet is not None and listing.paths is None:
        return _listing_match(listing, by)
    if wrappings < MAX_REDIRECTS and (inner := _resolve_redirect(catalog, address, wrappings)):
        return inner
    if listing is None:
        return Match("unknown", strip_www(address.host))
    if outlet := _outlet_at_path(listing, address.tail):
        return matched(outlet, "host_alias", LISTED, "syndicated" if listing.portal else None)
    return _listing_match(listing, by) if listing.outlet else Match("platform", listing.host)


def _listing_match(listing: Listing, by: MatchRule) -> Match:
    return (listing.as_url if by == "url" else listing.as_domain) or INVALID


def _outlet_at_path(listing: Listing, tail: str) -> Outlet | None:
    """Return the outlet whose alias is this host with the first segments of this path: ``medium.com/name``.

    The most segments decide.
    """
    if not listing.paths or not tail.startswith("/"):
        return None
    path = tail[1:].partition("?")[0].partition("#")[0].lower()
    segments = path.split("/", MAX_PATH_SEGMENTS)[:MAX_PATH_SEGMENTS]
    tried = ("/".join(segments[:n]) for n in range(len(segments), 0, -1))
    return next((outlet for path in tried if (outlet := listing.paths.get(path))), None)


def _resolve_redirect(catalog: Catalog, address: Address, wrappings: int) -> Match | None:
    """Return the outlet whose link this address carries."""
    text = redirect_target(address)
    inner = parse_address(text) if text else None
    match = _resolve_address(catalog, inner, "url", wrappings + 1) if inner else INVALID
    return matched(match.outlet, match.how.by, REDIRECTED, "redirect") if match.outlet and match.how else None
