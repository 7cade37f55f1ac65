"""The catalog: every outlet, found by host or by name, with the raters and version it was built from.

A catalog is built once, at start-up or reload, and never changes afterwards: a request reads plain
dictionaries and frozen records only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from service.core.errors import DataError
from service.core.outlets import Alias, Change, Outlet, Rater, combine
from service.core.resolve.hosts import unicode_form
from service.core.resolve.lexicon import COMMON_WORDS
from service.core.resolve.match import LISTED, Match, Via
from service.core.resolve.match import found as match_with
from service.core.resolve.names import SHORTEST_LABEL, normal, noted_in, own_label, said_in, squashed

MOST_LABELS = 6
"""Labels of a host that are looked at, from its end; no listed host has more."""


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


def _set_once(index: dict[str, Outlet | None], key: str, outlet: Outlet | None) -> None:
    """Enter ``outlet`` under ``key``; a key that two outlets claim belongs to none."""
    if index.setdefault(key, outlet) is not outlet:
        index[key] = None


class Catalog:
    """Every outlet, found by host or by name, with the raters and version it was built from."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        aliases: Iterable[Alias] = (),
        raters: Iterable[Rater] = (),
        *,
        version: str = "0",
        sha256: str = "",
        created: str = "",
        files: Mapping[str, str] | None = None,
        changes: Sequence[Change] = (),
    ) -> None:
        self.outlets: dict[str, Outlet] = {outlet.domain: outlet for outlet in outlets}
        self.aliases: tuple[Alias, ...] = tuple(aliases)
        self.raters: dict[str, Rater] = {rater.id: rater for rater in raters}
        self.version = version
        self.sha256 = sha256
        for alias in self.aliases:
            if alias.domain and alias.domain not in self.outlets:
                raise DataError(f"alias {alias.alias!r}: {alias.domain} is not an outlet of the table")
        self.created = created
        self.files = dict(files or {})
        self.changes = tuple(changes)
        self.hosts = HostIndex(self.outlets, self.aliases)
        self.names = NameIndex(self.outlets, self.aliases)
        self._sides: dict[tuple[str, ...], tuple[int, int, int]] = {}

    def rated_by(self, raters: Sequence[str]) -> Callable[[Outlet], Outlet]:
        """A function that gives an outlet as these raters alone, of those enabled, would rate it."""
        chosen = {name: self.raters[name] for name in raters}
        if chosen == self.raters:
            return lambda outlet: outlet

        def rescored(outlet: Outlet) -> Outlet:
            ratings = outlet.bias.ratings if outlet.bias else ()
            return structs.replace(outlet, bias=combine(ratings, chosen))

        return rescored

    def sides_by(self, raters: tuple[str, ...]) -> tuple[int, int, int]:
        """How many outlets these raters put left, center and right; counted once, then remembered."""
        if raters not in self._sides:
            rescored = self.rated_by(raters)
            counts = Counter(bias.side for outlet in self.outlets.values() if (bias := rescored(outlet).bias))
            self._sides[raters] = (counts["left"], counts["center"], counts["right"])
        return self._sides[raters]
