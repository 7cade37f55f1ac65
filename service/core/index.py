"""The two look-ups of a catalog: hosts → what is listed there, names → the outlets that bear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from service.core.countries import COUNTRIES
from service.core.hosts import unicode_form
from service.core.match import LISTED, Match, Via
from service.core.match import found as match_with
from service.core.names import bracketed, normal, squashed
from service.core.stations import call_signs
from service.core.words import COMMON_WORDS, LANGUAGES

if TYPE_CHECKING:
    from service.core.outlets import Alias, Outlet

MOST_LABELS = 6
"""Labels of a host that are looked at, from its end; no listed host has more."""

SHORTEST_LABEL = 5
"""Letters of a domain's first label from which on a name that spells it is taken for it."""

LONGEST_SECOND_LEVEL = 3
"""Letters of a second-level suffix such as "co" or "com"; a longer one is a site, with outlets under it."""


class Listing(Struct, frozen=True):
    """What is listed under a host: an outlet, or ``None`` for a platform."""

    host: str
    outlet: Outlet | None
    as_url: Match | None = None
    as_domain: Match | None = None
    paths: Mapping[str, Outlet] | None = None


class Bearers(Struct, frozen=True):
    """The outlets that bear a name; ``shared`` when it means others too, and so names none by itself."""

    outlets: tuple[Outlet, ...]
    by: Literal["name", "name_alias"]
    shared: bool = False


class HostIndex:
    """Every listed host. A host that is not listed is looked for under its parents, and nowhere else."""

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.listings = {domain: _own(domain, outlet) for domain, outlet in outlets.items()}
        paths: dict[str, dict[str, Outlet]] = {}
        for alias in aliases:
            host, _, path = alias.alias.partition("/")
            if alias.kind == "platform":
                self.listings[host] = Listing(host, None)
            elif alias.kind in ("host", "shortener") and alias.domain:
                outlet = outlets[alias.domain]
                if path:
                    paths.setdefault(host, {})[path] = outlet
                elif host not in outlets:
                    via: Via | None = "shortener" if alias.kind == "shortener" else None
                    match = match_with(outlet, "host_alias", LISTED, via)
                    self.listings[host] = Listing(host, outlet, match, match)
        for host in [host for host in self.listings if "xn--" in host]:
            self.listings[unicode_form(host)] = self.listings[host]
        for host, there in paths.items():
            listed = self.listings.get(host) or Listing(host, None)
            self.listings[host] = structs.replace(listed, paths=there)

    def find(self, host: str) -> Listing | None:
        """What is listed under ``host`` or under the nearest of its parents."""
        get = self.listings.get
        listing = get(host)
        if listing is not None:
            return listing
        if host.count(".") >= MOST_LABELS:
            host = ".".join(host.rsplit(".", MOST_LABELS)[1:])
            if listing := get(host):
                return listing
        dot = host.find(".")
        while dot >= 0:
            host = host[dot + 1 :]
            if listing := get(host):
                return listing
            dot = host.find(".")
        return None


def _own(domain: str, outlet: Outlet) -> Listing:
    return Listing(domain, outlet, match_with(outlet, "url", LISTED), match_with(outlet, "domain", LISTED))


class Claims:
    """For each normal form, the outlets that claim it on one ground."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Outlet]] = {}

    def add(self, name: str, outlet: Outlet) -> None:
        """Let ``outlet`` claim ``name``."""
        self.found.setdefault(normal(name), {})[outlet.domain] = outlet

    def of(self, key: str) -> dict[str, Outlet]:
        """Domain → outlet of those that claim a normal form."""
        return self.found.get(key, {})


class NameIndex:
    """Names in normal form → who bears them. The strongest ground decides.

    1. ``ambiguous`` aliases, then ``name`` aliases.
    2. The outlets' own names. A name that another outlet bears with a note behind it ("The Herald (Everett)")
       is shared with that one; a single common word ("The Herald") is shared with the rest of the world.
    3. What a listed name says beside itself: call signs, abbreviations, the name without ".com".
    """

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.bearers: dict[str, Bearers] = {}
        self.close: dict[str, Outlet | None] = {}
        self.labels: dict[str, Outlet | None] = {}
        self.platforms: set[str] = set()
        listed, also, own, noted, said = Claims(), Claims(), Claims(), Claims(), Claims()
        for alias in aliases:
            if alias.kind == "platform" and "." not in alias.alias:
                self.platforms.add(normal(alias.alias))
            elif alias.domain and alias.kind in ("name", "ambiguous"):
                (also if alias.kind == "name" else listed).add(alias.alias, outlets[alias.domain])
        for outlet in outlets.values():
            own.add(outlet.name, outlet)
            for name in said_in(outlet.name):
                said.add(name, outlet)
            if base := noted_in(outlet.name):
                noted.add(base, outlet)
        for key, found in listed.found.items():
            self._add(key, {**found, **own.of(key), **noted.of(key)}, "name_alias", shared=True)
        for key, found in also.found.items():
            self._add(key, found, "name" if found.keys() <= own.of(key).keys() else "name_alias")
        for key in (*own.found, *said.found, *noted.found):
            found = {**(own.of(key) or said.of(key)), **noted.of(key)}
            self._add(key, found, "name", shared=key in noted.found or key in COMMON_WORDS)
        self.bearers.pop("", None)
        self._squash(outlets)

    def find(self, key: str) -> Bearers | None:
        """The outlets that bear the name with this normal form."""
        return self.bearers.get(key)

    def find_close(self, key: str, brand: bool) -> Outlet | None:
        """The one outlet whose name differs in its spaces only, or whose domain spells this normal form.

        One plain word is no domain ("Syracuse" is a town); a ``brand`` ("PennLive") may be.
        """
        joined = squashed(key)
        if joined in self.close:
            return self.close[joined]
        return self.labels.get(joined) if brand or joined != key or not key.isalpha() else None

    def _add(
        self, key: str, found: Mapping[str, Outlet], by: Literal["name", "name_alias"], shared: bool = False
    ) -> None:
        self.bearers.setdefault(key, Bearers(tuple(found.values()), by, shared or len(found) > 1))

    def _squash(self, outlets: Mapping[str, Outlet]) -> None:
        for key, bearers in self.bearers.items():
            _set_once(self.close, squashed(key), None if bearers.shared else bearers.outlets[0])
        for outlet in outlets.values():
            label = own_label(outlet.domain)
            for spelled in {label, label.removeprefix("the")} - COMMON_WORDS:
                if len(spelled) >= SHORTEST_LABEL:
                    _set_once(self.labels, spelled, outlet)


def said_in(name: str) -> list[str]:
    """What a listed name says beside itself: call signs, an abbreviation, itself without ".com"."""
    said = call_signs(name)
    parts = bracketed(name)
    if parts and is_abbreviation(parts[1]):
        said += parts
    short, dot, suffix = name.rpartition(".")
    if dot and suffix.lower() in ("com", "org", "net") and len(short) >= SHORTEST_LABEL - 1:
        said.append(short)
    return said


def noted_in(name: str) -> str | None:
    """A listed name without a note that tells it from others: "The Herald" of "The Herald (Everett)"."""
    parts = bracketed(name)
    if not parts or is_abbreviation(parts[1]) or normal(parts[1]) in LANGUAGES:
        return None
    return parts[0]


def own_label(domain: str) -> str:
    """The label under which a domain is registered, if it is the first one: "bbc" of ``bbc.co.uk``."""
    label, _, suffix = domain.partition(".")
    second = suffix.rpartition(".")[0]
    return label.replace("-", "") if len(second) <= LONGEST_SECOND_LEVEL else ""


def _set_once(index: dict[str, Outlet | None], key: str, outlet: Outlet | None) -> None:
    """Enter ``outlet`` under ``key``; a key that two outlets claim belongs to none."""
    if index.setdefault(key, outlet) is not outlet:
        index[key] = None


def is_abbreviation(note: str) -> bool:
    """Whether a note in brackets is the name's own abbreviation ("AFP"), not a place ("UAE")."""
    return note.isupper() and note.isalpha() and 3 <= len(note) <= 6 and note.lower() not in COUNTRIES
