"""The two look-ups of a catalog: hosts → what is listed there, names → the outlets that bear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from service.core.countries import COUNTRIES
from service.core.hosts import unicode_form
from service.core.names import bracketed, normal, squashed
from service.core.stations import call_signs
from service.core.words import COMMON_WORDS

if TYPE_CHECKING:
    from service.core.outlets import Alias, Outlet

MOST_LABELS = 6
"""Labels of a host that are looked at, from its end; no listed host has more."""

SHORTEST_LABEL = 5
"""Letters of a domain's first label from which on a name that spells it is taken for it."""

LONGEST_SECOND_LEVEL = 3
"""Letters of a second-level suffix such as "co" or "com"; a longer one is a site, with outlets under it."""

Via = Literal["redirect", "shortener", "syndicated"]


class Listing(Struct, frozen=True):
    """What is listed under a host: an outlet, or ``None`` for a platform."""

    host: str
    outlet: Outlet | None
    via: Via | None = None
    paths: Mapping[str, Outlet] | None = None


class Bearers(Struct, frozen=True):
    """The outlets that bear a name; ``shared`` when it means others too, and so names none by itself."""

    outlets: tuple[Outlet, ...]
    by: Literal["name", "name_alias"]
    shared: bool = False


class HostIndex:
    """Every listed host. A host that is not listed is looked for under its parents, and nowhere else."""

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.listings = {domain: Listing(domain, outlet) for domain, outlet in outlets.items()}
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
                    self.listings[host] = Listing(
                        host, outlet, "shortener" if alias.kind == "shortener" else None
                    )
        for host in [host for host in self.listings if "xn--" in host]:
            self.listings[unicode_form(host)] = self.listings[host]
        for host, found in paths.items():
            listed = self.listings.get(host) or Listing(host, None)
            self.listings[host] = Listing(host, listed.outlet, listed.via, found)

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


class NameIndex:
    """Names in normal form. Aliases in the data win over names derived from a rater's spelling."""

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.bearers: dict[str, Bearers] = {}
        self.close: dict[str, Outlet | None] = {}
        self.labels: dict[str, Outlet | None] = {}
        own: dict[str, dict[str, Outlet]] = {}
        also: dict[str, dict[str, Outlet]] = {}
        shared: dict[str, dict[str, Outlet]] = {}
        for outlet in outlets.values():
            own.setdefault(normal(outlet.name), {})[outlet.domain] = outlet
        for alias in aliases:
            if alias.domain and alias.kind in ("name", "ambiguous"):
                names = also if alias.kind == "name" else shared
                names.setdefault(normal(alias.alias), {})[alias.domain] = outlets[alias.domain]
        for key, found in shared.items():
            self.bearers[key] = Bearers(
                tuple({**found, **own.get(key, {})}.values()), "name_alias", shared=True
            )
        for key, found in own.items():
            self._add(key, found, "name")
        for key, found in also.items():
            self._add(key, found, "name_alias")
        self._derive(outlets)
        self._squash(outlets)
        self.bearers.pop("", None)

    def find(self, key: str) -> Bearers | None:
        """The outlets that bear the name with this normal form."""
        return self.bearers.get(key)

    def find_close(self, key: str) -> Outlet | None:
        """The one outlet whose name differs in its spaces only, or whose domain spells this normal form."""
        joined = squashed(key)
        outlet = self.close.get(joined)
        if outlet is None and joined not in self.close and (joined != key or not key.isalpha()):
            return self.labels.get(joined)
        return outlet

    def _add(self, key: str, found: Mapping[str, Outlet], by: Literal["name", "name_alias"]) -> None:
        self.bearers.setdefault(key, Bearers(tuple(found.values()), by, shared=len(found) > 1))

    def _derive(self, outlets: Mapping[str, Outlet]) -> None:
        """Add what a listed name says beside itself: call signs, an abbreviation, the name they stand for."""
        also: dict[str, dict[str, Outlet]] = {}
        shared: dict[str, dict[str, Outlet]] = {}
        for outlet in outlets.values():
            for call in call_signs(outlet.name):
                also.setdefault(normal(call), {})[outlet.domain] = outlet
            if parts := bracketed(outlet.name):
                name, note = parts
                names = also if is_abbreviation(note) and normal(note) not in COUNTRIES else shared
                names.setdefault(normal(name), {})[outlet.domain] = outlet
                if names is also:
                    also.setdefault(normal(note), {})[outlet.domain] = outlet
        for key, found in also.items():
            self._add(key, {**found, **shared.get(key, {})}, "name")
        for key, found in shared.items():
            self.bearers.setdefault(key, Bearers(tuple(found.values()), "name", shared=True))

    def _squash(self, outlets: Mapping[str, Outlet]) -> None:
        for key, bearers in self.bearers.items():
            _set_once(self.close, squashed(key), None if bearers.shared else bearers.outlets[0])
        for outlet in outlets.values():
            label = own_label(outlet.domain)
            for spelled in {label, label.removeprefix("the")} - COMMON_WORDS:
                if len(spelled) >= SHORTEST_LABEL:
                    _set_once(self.labels, spelled, outlet)


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
    """Whether a note in brackets is the name's own abbreviation ("AFP") or site ("10tv.com"), not a place."""
    return (note.isupper() and note.isalpha() and 3 <= len(note) <= 6) or (
        " " not in note and "." in note[1:-1]
    )
