"""Entries of a caller's list (URL, domain or name) → the outlet each means, or the reason why not."""

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import structs

from service.core.countries import find_country_code
from service.core.resolve.host_index import Listing
from service.core.resolve.hosts import (
    MAX_HOST_LENGTH,
    STRIPPED_CHARS,
    Address,
    parse_address,
    strip_www,
)
from service.core.resolve.match import (
    ALIAS,
    ANYWHERE,
    INVALID,
    REDIRECTED,
    EntryFields,
    Match,
    MatchRule,
    MatchStatus,
    MatchVia,
    Place,
    Ties,
    break_tie,
    matched,
)
from service.core.resolve.name_index import WELL_KNOWN
from service.core.resolve.name_matching import NameReader
from service.core.resolve.normalization import (
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    MAX_WORD_LENGTH,
    find_link,
    normalize_name,
    strip_decoration,
)
from service.core.resolve.redirects import BLUESKY, may_redirect, redirect_target

if TYPE_CHECKING:
    from service.core.resolve.catalog import Catalog

# How many texts are remembered with their meaning, and the longest of them. Listed hosts are not among them:
# looking one up takes no longer.
MAX_REMEMBERED, MAX_REMEMBERED_LENGTH = 16_384, 256
# Links within links that are opened.
MAX_REDIRECTS = 2
MAX_SCHEME_LENGTH = 16
# Texts that begin so are addresses, though none of the web, and no names.
_SCHEMES = "javascript: data: file: mailto: ftp: about: blob: tel: urn: view-source: ws: wss: // \\\\"
NON_WEB_PREFIXES = tuple(_SCHEMES.split(" "))
# Which failure of an object form is reported, when several fields fail.
STATUS_PRIORITY: tuple[MatchStatus, ...] = ("ambiguous", "platform", "unknown", "invalid")
# Longest entry that is searched for several outlets, and how many of its parts are looked at.
MAX_LIST_LENGTH, MAX_LIST_PARTS = 512, 4
MAX_SHOWN_PARTS, MAX_SHOWN_LENGTH = 3, 40
_LIST_SEPARATOR = re.compile(r"[,;|\n\r\t]|\s[&/+]\s|\s(?=https?://)|(?<=\.\w\w)\s|(?<=\.\w\w\w)\s")


class Resolver:
    """Resolves entries by one catalog, and owns every memory of names and texts."""

    def __init__(self, catalog: "Catalog") -> None:
        self.catalog = catalog
        self.hosts = catalog.hosts
        self._listings = catalog.hosts.listings
        self._remembered: dict[str, Match] = {}

    @cached_property
    def names(self) -> NameReader:
        # Made on first use: hosts need no names, and indexing these takes longer than all the rest.
        return NameReader(self.catalog.make_names(self.catalog), self.catalog.outlets, self.hosts)

    def resolve(self, entry: str | EntryFields, place: Place = ANYWHERE, ties: Ties = "never") -> Match:
        """Resolve ``entry``. ``place`` settles a name that fits several outlets.

        With ``ties="best_known"`` a shared name means its best-known bearer.
        """
        if not isinstance(entry, str):
            match = self._resolve_fields(entry, place)
        else:
            known = self._remembered.get(entry) if place is ANYWHERE else None
            match = known or self._resolve_plainly(entry) or self._resolve_string(entry, place)
        return match if ties == "never" else break_tie(match)

    def needs_path(self, host: str) -> bool:
        """Return True if two addresses at ``host`` may mean different outlets."""
        listing = self.hosts.find(host)
        if listing is not None and listing.has_paths:
            return True
        return (listing is None or listing.outlet is None) and may_redirect(host)

    def _resolve_plainly(self, text: str) -> Match | None:
        """Return the match of a plainly written host or URL that is listed: nearly every entry is one."""
        if " " in text:
            return None
        # Slices are faster than startswith.
        start = 8 if text[:8] == "https://" else 7 if text[:7] == "http://" else 0
        if not start:
            listing = self._listings.get(text)
            return None if listing is None or listing.has_paths else listing.as_domain
        end = text.find("/", start, start + MAX_HOST_LENGTH)
        host = text[start:end] if end > 0 else text[start : start + MAX_HOST_LENGTH]
        listing = self._listings.get(host[4:] if host[:4] == "www." else host)
        return None if listing is None or listing.has_paths else listing.as_url

    def _resolve_string(self, text: str, place: Place) -> Match:
        if text.replace(" ", "").isalnum():
            # Nothing but a name, and most names are so.
            match = self.resolve_name(text, place)
        else:
            address = parse_address(text)
            if address is None:
                match = self._resolve_text(text, place)
            else:
                match = self._resolve_address(address, "url" if address.is_url else "domain")
                if " " not in text:
                    return match
            if hint := self._find_hint(text, match):
                match = structs.replace(match, hint=hint)
        if place is ANYWHERE and len(text) <= MAX_REMEMBERED_LENGTH:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = match
        return match

    def _resolve_text(self, text: str, place: Place) -> Match:
        if link := find_link(text):
            return self._resolve_string(link, place)
        head = text[:MAX_SCHEME_LENGTH].lstrip(STRIPPED_CHARS).lower()
        is_address = "://" in head or head.startswith(NON_WEB_PREFIXES)
        return INVALID if is_address else self.resolve_name(text, place)

    def resolve_name(self, name: str, place: Place) -> Match:
        """Resolve ``name`` exactly, then by weaker rules."""
        name = name.strip(STRIPPED_CHARS)
        if len(name) > MAX_WORD_LENGTH and " " not in name[:MAX_NAME_LENGTH]:
            return Match("unknown", name[:MAX_NAME_LENGTH].lower())
        if not name.isascii():
            # Folding may make a text longer. It is cut in front, for a title's publisher stands last.
            name = unicodedata.normalize("NFKC", name[-MAX_NAME_LENGTH:])[-MAX_NAME_LENGTH:]
        key = normalize_name(name)
        if match := self.names.match_exactly(key, place):
            return match
        if (plain := strip_decoration(name)) != name:
            name, key = plain, normalize_name(plain)
            if match := self.names.match_exactly(key, place):
                return match
        if not key:
            return INVALID
        match = self.names.read(name, key, place) if len(name) <= MAX_TITLE_LENGTH else None
        return match or self.names.suggest(key, key)

    def _resolve_fields(self, fields: EntryFields, place: Place) -> Match:
        if fields.country or fields.region:
            country = find_country_code(fields.country or "") or place.country
            place = Place(country, fields.region or place.region)
        failures = []
        rule: MatchRule
        for text, rule in ((fields.url, "url"), (fields.domain, "domain"), (fields.name, "name")):
            if text is None:
                continue
            if rule == "name":
                match = self.resolve(text, place)
            else:
                address = parse_address(text)
                match = self._resolve_address(address, rule) if address else INVALID
            if match.outlet is not None:
                return self._prefer_named_source(fields, match, place)
            failures.append(match)
        return min(failures, key=lambda match: STATUS_PRIORITY.index(match.status), default=INVALID)

    def _prefer_named_source(self, fields: EntryFields, match: Match, place: Place) -> Match:
        """Prefer the source that ``fields`` name to a portal (Yahoo, MSN) that carries its report."""
        if match.rule is None or match.rule.via != "syndicated" or match.rule.by == "name":
            return match
        for text in (fields.domain, fields.name):
            named = self.resolve(text, place) if text else INVALID
            if named.outlet not in (None, match.outlet) and named.rule is not None:
                return matched(named.outlet, named.rule.by, named.rule.confidence, "syndicated")
        return match

    def _resolve_address(self, address: Address, rule: MatchRule, redirects: int = 0) -> Match:
        listing = self.hosts.find(address.host)
        if listing is not None and listing.outlet is not None and not listing.has_paths:
            return _listing_match(listing, rule)
        if redirects < MAX_REDIRECTS and (inner := self._resolve_redirect(address, redirects)):
            return inner
        if listing is None:
            outlet = None if address.is_url else self.hosts.dotted_names.get(address.host)
            if outlet:
                return matched(outlet, "name_alias", ALIAS)
            # A similar name is suggested for a typed domain only: few links to unknown hosts are misspelt.
            host = strip_www(address.host)
            return (
                Match("unknown", host) if address.is_url else self.names.suggest(host, normalize_name(host))
            )
        if match := listing.match_path(address.tail):
            return match
        return _listing_match(listing, rule) if listing.outlet else Match("platform", listing.host)

    def _resolve_redirect(self, address: Address, redirects: int) -> Match | None:
        """Resolve the URL embedded in a redirect link."""
        text = redirect_target(address)
        inner = parse_address(text) if text else None
        match = self._resolve_address(inner, "url", redirects + 1) if inner else INVALID
        if match.outlet is None or match.rule is None:
            return None
        via: MatchVia = "account" if address.host == BLUESKY else match.rule.via or "redirect"
        return matched(match.outlet, match.rule.by, REDIRECTED, via)

    def _find_hint(self, text: str, match: Match) -> str | None:
        """Return a hint for an entry that holds several outlets. It is not split.

        In a title with a publisher ("Tuko | The Guardian") only the names of well-known outlets count.
        """
        is_title = match.outlet and "|" not in text and "://" not in text
        if is_title or len(text) > MAX_LIST_LENGTH:
            return None
        parts = [part.strip() for part in _LIST_SEPARATOR.split(text) if part.strip()]
        if len(parts) < 2:
            return None
        found = {
            self._find_outlet(part, WELL_KNOWN if match.outlet else 0) for part in parts[:MAX_LIST_PARTS]
        }
        if len(found - {None}) < 2:
            return None
        shown = ", ".join(f'"{part[:MAX_SHOWN_LENGTH]}"' for part in parts[:MAX_SHOWN_PARTS])
        rest = " …" if len(parts) > MAX_SHOWN_PARTS else ""
        return f"looks like {len(parts)} entries: {shown}{rest}; send each as its own entry"

    def _find_outlet(self, text: str, min_known: int) -> str | None:
        """Return the domain of a host or a name as it stands, if the outlet is known well enough."""
        address = parse_address(text)
        if address is not None:
            match = self._resolve_address(address, "url")
            return match.key if match.outlet else None
        match = self.names.match_exactly(normalize_name(text[:MAX_WORD_LENGTH]), ANYWHERE) or INVALID
        return match.key if match.outlet and match.outlet.known >= min_known else None


def _listing_match(listing: Listing, rule: MatchRule) -> Match:
    return (listing.as_url if rule == "url" else listing.as_domain) or INVALID
