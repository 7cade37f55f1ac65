"""Hosts → what is listed under them."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from service.core.outlets import Alias, Outlet
from service.core.resolve.hosts import decode_punycode, parse_path
from service.core.resolve.match import LISTED, Match, MatchVia, matched

# Labels of a host that are looked at, from its end; no listed host has more.
MAX_LABELS = 6
# Segments of a path that tell an outlet on a shared host.
MAX_PATH_SEGMENTS = 4
# Networks that answer under a second host too.
OTHER_HOSTS = {"twitter.com": "x.com"}


class Listing(Struct, frozen=True):
    """The listing of a host: an outlet, or ``None`` for a platform or a host of several outlets.

    A ``portal`` is a platform whose pages carry the reports of others. ``paths`` and ``accounts`` are the
    outlets that the first segments of a path tell.
    """

    host: str
    outlet: Outlet | None
    as_url: Match | None = None
    as_domain: Match | None = None
    paths: Mapping[str, Outlet] | None = None
    portal: bool = False
    accounts: Mapping[str, Outlet] | None = None
    has_paths: bool = False

    def match_path(self, tail: str) -> Match | None:
        """Return the outlet that a path tells: ``medium.com/name``, ``x.com/name``. Most segments decide."""
        if not tail.startswith("/"):
            return None
        segments = parse_path(tail).split("/", MAX_PATH_SEGMENTS)[:MAX_PATH_SEGMENTS]
        for n in range(len(segments), 0, -1):
            if self.paths and (outlet := self.paths.get("/".join(segments[:n]))):
                return matched(outlet, "host_alias", LISTED, "syndicated" if self.portal else None)
        outlet = self.accounts.get(segments[0]) if self.accounts else None
        return matched(outlet, "host_alias", LISTED, "account") if outlet else None


class HostIndex:
    """Every listed host. A host that is not listed is looked for under its parents, and nowhere else."""

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.listings = {domain: _own_listing(domain, outlet) for domain, outlet in outlets.items()}
        # Aliases such as "nrc.next", which look like a host.
        self.dotted_names: dict[str, Outlet] = {}
        self._paths: dict[str, dict[str, Outlet]] = {}
        self._accounts: dict[str, dict[str, Outlet]] = {}
        for alias in aliases:
            if alias.kind == "platform":
                self.listings[alias.alias] = Listing(alias.alias, None, portal=True)
            elif alias.domain and (alias.kind != "host" or alias.alias not in outlets):
                self._read(alias, outlets[alias.domain])
        for host in [host for host in self.listings if "xn--" in host]:
            self.listings[decode_punycode(host)] = self.listings[host]
        for host, other in OTHER_HOSTS.items():
            self._accounts[other] = self._accounts.get(host, {})
        for host in self._paths.keys() | self._accounts.keys():
            listed = self.listings.get(host) or Listing(host, None)
            paths, accounts = self._paths.get(host), self._accounts.get(host)
            self.listings[host] = structs.replace(listed, paths=paths, accounts=accounts, has_paths=True)
        for domain, outlet in outlets.items():
            # The hosts of a portal's own desks (``news.yahoo.com``) carry the reports of others too.
            portal = self.listings.get(domain.partition(".")[2])
            if portal and portal.portal and portal.paths:
                self.listings[domain] = _own_listing(domain, outlet, "syndicated")

    def _read(self, alias: Alias, outlet: Outlet) -> None:
        host, _, path = alias.alias.partition("/")
        if alias.kind == "account":
            self._accounts.setdefault(host, {})[path] = outlet
        elif alias.kind in ("host", "shortener"):
            if path:
                self._paths.setdefault(host, {})[path] = outlet
            else:
                via: MatchVia | None = "shortener" if alias.kind == "shortener" else None
                match = matched(outlet, "host_alias", LISTED, via)
                self.listings[host] = Listing(host, outlet, match, match)
        elif alias.kind == "name" and "." in host and " " not in alias.alias:
            self.dotted_names[host.casefold()] = outlet

    def find(self, host: str) -> Listing | None:
        """Return the listing of ``host`` or of its nearest parent."""
        get = self.listings.get
        listing = get(host)
        if listing is None and host.count(".") >= MAX_LABELS:
            host = ".".join(host.rsplit(".", MAX_LABELS)[1:])
            listing = get(host)
        while listing is None and "." in host:
            host = host.partition(".")[2]
            listing = get(host)
        return listing

    def find_listed(self, host: str) -> Outlet | None:
        """Return the outlet of a host that is listed itself."""
        listing = self.listings.get(host)
        return listing.outlet if listing else None

    def find_outlet(self, address: str) -> Outlet | None:
        """Return the outlet at ``host`` or ``host/path``. A path may be another paper's than the host."""
        host, _, path = address.partition("/")
        listing = self.find(host)
        if listing is None or not path:
            return listing.outlet if listing else None
        match = listing.match_path("/" + path)
        return match.outlet if match else None


def _own_listing(domain: str, outlet: Outlet, via: MatchVia | None = None) -> Listing:
    as_url, as_domain = matched(outlet, "url", LISTED, via), matched(outlet, "domain", LISTED, via)
    return Listing(domain, outlet, as_url, as_domain)
