"""The catalog: every outlet, found by host or by name, with the raters and version it was built from.

A catalog is built once, at start-up or reload, and never changes afterwards: a request reads plain
dictionaries and frozen records only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, structs

from service.core.errors import DataError
from service.core.outlets import Alias, Change, Outlet, Rater, combine_ratings
from service.core.resolve.hosts import decode_punycode
from service.core.resolve.match import LISTED, Match, MatchRule, MatchVia
from service.core.resolve.match import matched as match_with
from service.core.resolve.name_index import NameIndex

MAX_LABELS = 6
"""Labels of a host that are looked at, from its end; no listed host has more."""

HOST_RULES: tuple[MatchRule, MatchRule] = ("url", "domain")


class Listing(Struct, frozen=True):
    """What is listed under a host: an outlet, or ``None`` for a platform or a host of several outlets.

    A ``portal`` is a platform whose pages carry the reports of others.
    """

    host: str
    outlet: Outlet | None
    as_url: Match | None = None
    as_domain: Match | None = None
    paths: Mapping[str, Outlet] | None = None
    portal: bool = False


class HostIndex:
    """Every listed host. A host that is not listed is looked for under its parents, and nowhere else."""

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.listings = {domain: _own_listing(domain, outlet) for domain, outlet in outlets.items()}
        paths: dict[str, dict[str, Outlet]] = {}
        for alias in aliases:
            host, _, path = alias.alias.partition("/")
            if alias.kind == "platform":
                self.listings[host] = Listing(host, None, portal=True)
            elif alias.kind in ("host", "shortener") and alias.domain:
                outlet = outlets[alias.domain]
                if path:
                    paths.setdefault(host, {})[path] = outlet
                elif host not in outlets:
                    via: MatchVia | None = "shortener" if alias.kind == "shortener" else None
                    match = match_with(outlet, "host_alias", LISTED, via)
                    self.listings[host] = Listing(host, outlet, match, match)
        for host in [host for host in self.listings if "xn--" in host]:
            self.listings[decode_punycode(host)] = self.listings[host]
        for host, there in paths.items():
            listed = self.listings.get(host) or Listing(host, None)
            self.listings[host] = structs.replace(listed, paths=there)
            if listed.portal:
                self._syndicate(host, outlets)

    def _syndicate(self, portal: str, outlets: Mapping[str, Outlet]) -> None:
        """Mark the hosts of a portal's own desks (``news.yahoo.com``): they carry the reports of others."""
        for domain in outlets:
            if domain.endswith(f".{portal}"):
                self.listings[domain] = _own_listing(domain, outlets[domain], "syndicated")

    def find(self, host: str) -> Listing | None:
        """Return what is listed under ``host`` or under the nearest of its parents."""
        get = self.listings.get
        listing = get(host)
        if listing is not None:
            return listing
        if host.count(".") >= MAX_LABELS:
            host = ".".join(host.rsplit(".", MAX_LABELS)[1:])
            if listing := get(host):
                return listing
        dot = host.find(".")
        while dot >= 0:
            host = host[dot + 1 :]
            if listing := get(host):
                return listing
            dot = host.find(".")
        return None


def _own_listing(domain: str, outlet: Outlet, via: MatchVia | None = None) -> Listing:
    by_url, by_domain = (match_with(outlet, by, LISTED, via) for by in HOST_RULES)
    return Listing(domain, outlet, by_url, by_domain)


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
        names: Callable[["Catalog"], NameIndex] | None = None,
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
        self._make_names = names or (lambda catalog: NameIndex(catalog.outlets, catalog.aliases))
        self._sides: dict[tuple[str, ...], tuple[int, int, int]] = {}

    @cached_property
    def names(self) -> NameIndex:
        """Every outlet by its names. It takes longer to make than the rest, and hosts alone need none."""
        return self._make_names(self)

    def rated_by(self, raters: Sequence[str]) -> Callable[[Outlet], Outlet]:
        """Return a function that gives an outlet as these raters alone, of those enabled, would rate it."""
        chosen = {name: self.raters[name] for name in raters}
        if chosen == self.raters:
            return lambda outlet: outlet

        def rescored(outlet: Outlet) -> Outlet:
            ratings = outlet.bias.ratings if outlet.bias else ()
            return structs.replace(outlet, bias=combine_ratings(ratings, chosen))

        return rescored

    def sides_by(self, raters: tuple[str, ...]) -> tuple[int, int, int]:
        """Return how many outlets these raters put left, center and right. Counted once, then remembered."""
        if raters not in self._sides:
            rescored = self.rated_by(raters)
            counts = Counter(bias.side for outlet in self.outlets.values() if (bias := rescored(outlet).bias))
            self._sides[raters] = (counts["left"], counts["center"], counts["right"])
        return self._sides[raters]
