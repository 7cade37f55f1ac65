"""Entries of a caller's list (URL, domain or name) → the outlet each means, or the reason why not."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import structs

from service.core.countries import find_country_code
from service.core.resolve.host_index import Listing
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
    ANYWHERE,
    INVALID,
    REDIRECTED,
    Candidate,
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
from service.core.resolve.name_index import WELL_KNOWN, NameIndex
from service.core.resolve.name_matching import (
    Rule,
    ambiguous_match,
    by_desk,
    by_heading,
    by_note,
    by_spelling,
    by_station,
    by_suffix,
    by_two_names,
    is_section,
    match_from_name,
)
from service.core.resolve.normalization import (
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    MAX_WORD_LENGTH,
    find_link,
    normalize_name,
    strip_decoration,
)
from service.core.resolve.page_titles import by_title
from service.core.resolve.redirects import BLUESKY, may_redirect, redirect_target

if TYPE_CHECKING:
    from service.core.resolve.catalog import Catalog

# Names whose meaning is kept, and their greatest length. Hosts are looked up as fast as they are recalled.
MAX_REMEMBERED, MAX_REMEMBERED_LENGTH = 16_384, 256
# Links within links that are opened.
MAX_REDIRECTS = 2
MAX_SCHEME_LENGTH = 16
# Texts that begin so are addresses, though none of the web, and no names.
_SCHEMES = "javascript: data: file: mailto: ftp: about: blob: tel: urn: view-source: ws: wss: // \\\\"
NON_WEB_PREFIXES = tuple(_SCHEMES.split(" "))
# Which failure of an object form is reported, when several fields fail.
STATUS_PRIORITY: tuple[MatchStatus, ...] = ("ambiguous", "platform", "unknown", "invalid")
# How a name is read that nobody bears as it stands. The first rule with an answer decides.
RULES: tuple[Rule, ...] = (
    by_note,
    by_station,
    by_heading,
    by_suffix,
    by_spelling,
    by_two_names,
    by_title,
    by_desk,
)
# Those that a name of letters and single blanks can need.
RULES_FOR_PLAIN_NAME: tuple[Rule, ...] = (by_note, by_station, by_heading, by_spelling, by_desk)

# An entry of more characters is not looked through for several outlets.
MAX_LIST_LENGTH = 512
MAX_LIST_PARTS = 20
# So many parts without an outlet, and the text is no list.
MAX_LIST_MISSES = 3
MAX_SHOWN_PARTS, MAX_SHOWN_LENGTH = 3, 40
_LIST_SEPARATOR = re.compile(r"[,;|\n\r\t]|\s[&/+]\s|\s(?=https?://)", re.IGNORECASE)


class Resolver:
    """Resolves entries by one catalog, and owns every memory of names and texts."""

    def __init__(self, catalog: "Catalog") -> None:
        self.catalog = catalog
        self.hosts = catalog.hosts
        self._listings = catalog.hosts.listings
        self._remembered: dict[str, Match] = {}

    @cached_property
    def names(self) -> NameIndex:
        # Hosts alone need no names, and these take longer to index than all the rest.
        return self.catalog.make_names(self.catalog)

    def resolve(self, entry: str | EntryFields, place: Place = ANYWHERE, ties: Ties = "never") -> Match:
        """Return what ``entry`` means. ``place`` settles a name that fits several outlets.

        ``ties`` says whether the best-known bearer of a shared name is taken for it.
        """
        if not isinstance(entry, str):
            match = self._resolve_fields(entry, place)
        elif (listing := self._listings.get(entry)) is not None and listing.outlet and not listing.has_paths:
            # A listed host as it stands needs no parsing.
            return _listing_match(listing, "domain")
        elif " " in entry:
            match = self._resolve_string(entry, place)
        else:
            match = self._resolve_plain_url(entry) or self._resolve_string(entry, place)
        return match if ties == "never" else break_tie(match)

    def needs_path(self, host: str) -> bool:
        """Return True if two addresses at ``host`` may mean different outlets."""
        listing = self.hosts.find(host)
        if listing is not None and listing.has_paths:
            return True
        return (listing is None or listing.outlet is None) and may_redirect(host)

    def _resolve_plain_url(self, text: str) -> Match | None:
        """Return the match of a plainly written URL whose host, or a parent of it, is listed."""
        # Slices are faster than startswith, and nearly every entry comes by here.
        start = 8 if text[:8] == "https://" else 7 if text[:7] == "http://" else 0
        if not start:
            return None
        end = text.find("/", start, start + MAX_HOST_LENGTH)
        host = text[start:end] if end > 0 else text[start : start + MAX_HOST_LENGTH]
        listing = self._listings.get(host[4:] if host[:4] == "www." else host)
        if (
            listing is None
            and host.isascii()
            and ".." not in host
            and host.replace(".", "").replace("-", "").isalnum()
        ):
            listing = self.hosts.find(host)
        return None if listing is None or listing.has_paths else listing.as_url

    def _resolve_string(self, text: str, place: Place) -> Match:
        plain = PLAIN_ADDRESS.match(text)
        if plain is not None and " " not in text:
            address = fast_parse_host(plain, text)
            return (
                self._resolve_address(address, "url" if address.is_url else "domain") if address else INVALID
            )
        if place is not ANYWHERE or len(text) > MAX_REMEMBERED_LENGTH:
            return self._resolve_text(text, place)
        match = self._remembered.get(text)
        if match is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            match = self._remembered[text] = self._resolve_text(text, place)
        return match

    def _resolve_text(self, text: str, place: Place) -> Match:
        """Return the match of a text that is no plain address, with a hint if it holds several outlets."""
        match = self._resolve_one(text, place)
        if match.outlet is None or "://" in text[MAX_SCHEME_LENGTH:MAX_LIST_LENGTH] or "|" in text:
            may_be_list = len(text) <= MAX_LIST_LENGTH and not text.replace(" ", "").isalnum()
            hint = self._find_hint(text, match) if may_be_list else None
            return structs.replace(match, hint=hint) if hint else match
        return match

    def _resolve_one(self, text: str, place: Place) -> Match:
        if link := find_link(text):
            return self._resolve_string(link, place)
        address = parse_host(text)
        if address is not None:
            return self._resolve_address(address, "url" if address.is_url else "domain")
        head = text[:MAX_SCHEME_LENGTH].lstrip(STRIPPED_CHARS).lower()
        if "://" in head or head.startswith(NON_WEB_PREFIXES):
            return INVALID
        return self.resolve_name(text, place)

    def resolve_name(self, name: str, place: Place) -> Match:
        """Return what ``name`` means: as it stands, then by weaker rules."""
        name = name.strip(STRIPPED_CHARS)
        if len(name) > MAX_WORD_LENGTH and " " not in name[:MAX_NAME_LENGTH]:
            return Match("unknown", name[:MAX_NAME_LENGTH].lower())
        key = normalize_name(name)
        return self._match_exactly(key, place) or self._apply_rules(name, key, place)

    def _match_exactly(self, key: str, place: Place) -> Match | None:
        entry = self.names.entries.get(key)
        if entry is not None and entry.outlets:
            return match_from_name(self.names, entry, key, place)
        if key in self.names.platforms:
            return Match("platform", key)
        return ambiguous_match(key, entry) if entry else None if key else INVALID

    def _apply_rules(self, name: str, key: str, place: Place) -> Match:
        names = self.names
        if name.isascii() and name.replace(" ", "").isalnum() and name[:4] != "via ":
            rules = RULES_FOR_PLAIN_NAME
        else:
            rules = RULES if len(name) <= MAX_NAME_LENGTH else (by_title,)
            if not name.isascii():
                # Folding may add letters, of which a title keeps the last.
                name = unicodedata.normalize("NFKC", name[-MAX_NAME_LENGTH:])[-MAX_NAME_LENGTH:]
            if (plain := strip_decoration(name)) != name:
                name, key = plain, normalize_name(plain)
                if match := self._match_exactly(key, place):
                    return match
        for rule in rules if len(name) <= MAX_TITLE_LENGTH else ():
            if match := rule(names, name, key, place):
                return match
        return self._suggest(key, key)

    def _suggest(self, key: str, name: str) -> Match:
        """Return an unknown entry with the one outlet that its name is most like, which never counts."""
        outlet = self.names.find_nearest(name)
        candidates = (Candidate(outlet.domain, outlet.name, outlet.country),) if outlet else ()
        return Match("unknown", key, candidates=candidates)

    def _resolve_fields(self, fields: EntryFields, place: Place) -> Match:
        if fields.country or fields.region:
            country = find_country_code(fields.country or "") or place.country
            place = Place(country, fields.region or place.region)
        failures = []
        for match in self._iter_attempts(fields, place):
            if match.outlet is not None:
                return self._prefer_named_source(fields, match, place)
            failures.append(match)
        return min(failures, key=lambda match: STATUS_PRIORITY.index(match.status), default=INVALID)

    def _iter_attempts(self, fields: EntryFields, place: Place) -> Iterator[Match]:
        rule: MatchRule
        for text, rule in ((fields.url, "url"), (fields.domain, "domain")):
            if text is not None:
                address = parse_address(text)
                yield self._resolve_address(address, rule) if address else INVALID
        if fields.name is not None:
            yield self.resolve(fields.name, place)

    def _prefer_named_source(self, fields: EntryFields, match: Match, place: Place) -> Match:
        """Return the outlet that ``fields`` name when their address is a portal's page of others' reports."""
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
            # Only what somebody typed is compared: most links to unknown hosts are no slips.
            host = strip_www(address.host)
            return Match("unknown", host) if address.is_url else self._suggest(host, normalize_name(host))
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
        """Return what to say of an entry that holds several outlets. It is not split."""
        if _LIST_SEPARATOR.search(text):
            parts = _LIST_SEPARATOR.split(text, MAX_LIST_PARTS)
        elif " " in text and all("." in word for word in text.split()):
            parts = text.split(None, MAX_LIST_PARTS)
        else:
            return None
        parts = [part.strip() for part in parts if part.strip()]
        found: set[str] = set()
        for missed, part in enumerate(parts):
            if missed - len(found) >= MAX_LIST_MISSES:
                return None
            if outlet := self._find_exactly(part, well_known=match.outlet is not None and "://" not in text):
                found.add(outlet)
            if len(found) > 1:
                shown = ", ".join(f'"{part[:MAX_SHOWN_LENGTH]}"' for part in parts[:MAX_SHOWN_PARTS])
                rest = " …" if len(parts) > MAX_SHOWN_PARTS else ""
                return f"looks like {len(parts)} entries: {shown}{rest}; send each as its own entry"
        return None

    def _find_exactly(self, text: str, *, well_known: bool) -> str | None:
        """Return the domain of a host or a name as it stands. With ``well_known``, of no section's name."""
        address = parse_address(text)
        if address is not None:
            outlet = self._resolve_address(address, "url").outlet
            return outlet.domain if outlet else None
        key = normalize_name(text[:MAX_WORD_LENGTH])
        entry = self.names.entries.get(key)
        if entry is None or entry.shared or (well_known and is_section(key)):
            return None
        return entry.outlets[0].domain if not well_known or entry.outlets[0].known >= WELL_KNOWN else None


def _listing_match(listing: Listing, rule: MatchRule) -> Match:
    return (listing.as_url if rule == "url" else listing.as_domain) or INVALID
