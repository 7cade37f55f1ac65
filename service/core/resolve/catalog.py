"""The catalog: every outlet, found by host or by name, with the raters and version it was built from.

A catalog is built once, at start-up or reload, and never changes afterwards: a request reads plain
dictionaries and frozen records only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from service.core.errors import DataError
from service.core.outlets import Alias, Change, Namesake, Outlet, Rater
from service.core.resolve.host_index import HostIndex
from service.core.resolve.name_index import NameIndex, build_name_index
from service.core.resolve.name_matching import NameReader
from service.core.resolve.resolver import Resolver


def make_name_index(catalog: "Catalog") -> NameIndex:
    return build_name_index(catalog.outlets, catalog.aliases, catalog.hosts, catalog.namesakes)


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
        namesakes: Iterable[Namesake] = (),
        names: Callable[["Catalog"], NameIndex] = make_name_index,
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
        self.namesakes: tuple[Namesake, ...] = tuple(namesakes)
        self.hosts = HostIndex(self.outlets, self.aliases)
        self.make_names = names
        self.resolver = Resolver(self)

    @property
    def names(self) -> NameReader:
        return self.resolver.names

    @cached_property
    def owners(self) -> dict[str | None, str]:
        """Each outlet whose owner is known, and the owner."""
        return {domain: outlet.owner for domain, outlet in self.outlets.items() if outlet.owner}
