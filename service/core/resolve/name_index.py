"""Names in normal form → who bears them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from service.core.outlets import Alias, Outlet
from service.core.resolve.affixes import is_heading, short_forms
from service.core.resolve.desks import (
    GLUED_COUNTRIES,
    HEADING,
    SECTION,
)
from service.core.resolve.normalization import SHORTEST_LABEL, normal, noted_in, own_label, said_in, squashed
from service.core.resolve.vocabulary import COMMON_WORDS, PRESS_WORDS, WEB_WORDS

FAR_BETTER = 3
"""Raters and lists more that make one bearer of a name far better known than another."""

OWN_NAME = 4
"""Raters and lists that an outlet's own name is worth among the bearers of a name."""

NameBy = Literal["name", "name_alias"]


class Bearers(Struct, frozen=True):
    """The outlets that bear a name, the best known first.

    ``shared`` when the name means others too, and so names none by itself. ``weak`` when it is not the
    outlet's own but that of a look-alike. ``best`` is better known under a shared name than the others.
    """

    outlets: tuple[Outlet, ...]
    by: NameBy
    shared: bool = False
    weak: bool = False
    best: Outlet | None = None


class Claims:
    """For each normal form, the outlets that claim it on one ground."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Outlet]] = {}

    def add(self, name: str, outlet: Outlet) -> None:
        """Let ``outlet`` claim ``name``."""
        self.found.setdefault(normal(name), {})[outlet.domain] = outlet

    def add_all(self, names: Iterable[str], outlet: Outlet) -> None:
        """Let ``outlet`` claim each of ``names``."""
        for name in names:
            self.add(name, outlet)

    def of(self, key: str) -> dict[str, Outlet]:
        """Return domain → outlet of those that claim a normal form."""
        return self.found.get(key, {})


class NameIndex:
    """Names in normal form → who bears them. The strongest ground decides.

    1. ``ambiguous`` aliases, then ``name`` aliases.
    2. The outlets' own names. A name that another outlet bears with a note behind it ("The Herald (Everett)")
       is shared with that one. A single common word ("The Herald") is shared with the rest of the world, and
       so is a section's heading ("Asia News").
    3. What a listed name says beside itself: call signs, abbreviations, the name without ".com".
    4. ``short``: what speakers leave of a listed name ("Jamestown").
    """

    def __init__(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        self.bearers: dict[str, Bearers] = {}
        self.short: dict[str, Bearers] = {}
        self.close: dict[str, Outlet | None] = {}
        self.labels: dict[str, Outlet | None] = {}
        self.slugs: dict[str, Outlet | None] = {}
        self.platforms: set[str] = set()
        listed, also, own, noted, said, short = (Claims() for _ in range(6))
        for alias in aliases:
            if alias.kind == "platform" and "." not in alias.alias:
                self.platforms.add(normal(alias.alias))
            elif alias.domain and alias.kind in ("name", "ambiguous"):
                (also if alias.kind == "name" else listed).add(alias.alias, outlets[alias.domain])
        for outlet in outlets.values():
            own.add(outlet.name, outlet)
            said.add_all(said_in(outlet.name), outlet)
            short.add_all(short_forms(outlet), outlet)
            noted.add_all(filter(None, [noted_in(outlet.name)]), outlet)
        for key, found in listed.found.items():
            every = {**found, **own.of(key), **noted.of(key), **short.of(key)}
            self._add(key, every, "name_alias", shared=True)
        for key, found in also.found.items():
            self._add(key, found, "name" if found.keys() <= own.of(key).keys() else "name_alias")
        for key in (*own.found, *said.found, *noted.found):
            common = key in COMMON_WORDS or is_heading(key)
            found = {**(own.of(key) or said.of(key)), **noted.of(key), **(short.of(key) if common else {})}
            self._add(key, found, "name", shared=common or key in noted.found)
        self.bearers.pop("", None)
        self._shorten(short)
        self._yield_to_better_known(own.found)
        self._squash(outlets)

    def find(self, key: str) -> Bearers | None:
        """Return the outlets that bear the name with this normal form."""
        return self.bearers.get(key)

    def find_close(self, key: str, name: str) -> Outlet | None:
        """Return the one outlet whose name differs in its spaces only, or whose domain spells this form.

        One plain word is no domain ("Syracuse" is a town) unless the outlet is called so. A brand
        ("PennLive") may be.
        """
        joined = squashed(key)
        if joined in self.close:
            return self.close[joined]
        if joined == key and key.isalpha() and (name.islower() or name.isupper() or name.istitle()):
            return self._slug(joined)
        return self.labels.get(joined)

    def near(self, key: str) -> tuple[Outlet, ...]:
        """Return the outlets that a section's heading may mean after all: "India News"."""
        joined, rest = squashed(key), key.rpartition(" ")[0]
        spelled = (self.labels.get(joined), self.close.get(joined))
        bearers = self.bearers.get(rest)
        return ranked({*filter(None, spelled), *(bearers.outlets if bearers else ())}, key)

    def _slug(self, slug: str) -> Outlet | None:
        """Return the outlet of an id such as "thenewyorktimes", "theguardianuk"."""
        if slug.startswith("the"):
            outlet = self.close.get(slug[3:]) or self.slugs.get(slug)
            if outlet:
                return outlet
        for glued, country in GLUED_COUNTRIES.items():
            if slug.endswith(glued):
                rest = slug.removesuffix(glued)
                outlet = (
                    self.slugs.get(rest) or self.close.get(rest.removeprefix("the")) or self.labels.get(rest)
                )
                if outlet and outlet.country == country:
                    return outlet
        return None

    def _add(self, key: str, found: Mapping[str, Outlet], by: NameBy, shared: bool = False) -> None:
        self.bearers.setdefault(key, bearing(found.values(), key, by, shared=shared))

    def _shorten(self, short: Claims) -> None:
        for key, found in short.found.items():
            if key and key not in self.bearers and key not in SECTION:
                self.short[key] = bearing(found.values(), key, "name", shared=key in COMMON_WORDS)

    def _yield_to_better_known(self, own: Iterable[str]) -> None:
        """Take "NPR News" from the look-alike that bears it: NPR is far better known.

        A site whose domain spells the whole name shares it with the better-known outlet.
        """
        for key in own:
            bearers = self.bearers.get(key)
            rest, _, last = key.rpartition(" ")
            if bearers is None or bearers.shared or bearers.by == "name_alias" or last not in YIELDING:
                continue
            better = self.bearers.get(rest)
            if better is None or better.shared:
                continue
            small, large = bearers.outlets[0], better.outlets[0]
            gap = large.known - small.known
            spelled = own_label(small.domain) == squashed(key)
            if gap >= FAR_BETTER and not spelled:
                self.bearers[key] = Bearers((large,), "name_alias", weak=True)
            elif gap >= FAR_BETTER or (gap == FAR_BETTER - 1 and not spelled):
                self.bearers[key] = bearing((large, small), key, "name")

    def _squash(self, outlets: Mapping[str, Outlet]) -> None:
        for key, bearers in self.bearers.items():
            _set_once(self.close, squashed(key), None if bearers.shared else bearers.outlets[0])
        for outlet in outlets.values():
            label = own_label(outlet.domain)
            if squashed(" ".join(outlet.name.lower().split())) == label:
                _set_once(self.slugs, label, outlet)
            for spelled in {label, label.removeprefix("the")} - COMMON_WORDS:
                if len(spelled) >= SHORTEST_LABEL:
                    _set_once(self.labels, spelled, outlet)


YIELDING = PRESS_WORDS - WEB_WORDS - {"english"}
"""Last words of a name that do not keep it apart from the same name without them."""


def renown(outlet: Outlet, key: str) -> int:
    """Say how well an outlet is known under a name. Being called just that counts for four lists."""
    label = own_label(outlet.domain).removeprefix("the")
    called = label == squashed(key) or key in (normal(outlet.name), normal(noted_in(outlet.name) or ""))
    return outlet.known + OWN_NAME * called


def ranked(outlets: Collection[Outlet], key: str) -> tuple[Outlet, ...]:
    """Return the bearers of a name, the best known first."""
    if len(outlets) == 1:
        return tuple(outlets)
    return tuple(sorted(outlets, key=lambda outlet: (-renown(outlet, key), outlet.domain)))


def best_of(outlets: Sequence[Outlet], key: str) -> Outlet | None:
    """Return the first of the bearers of a name if it is better known than the next. A heading has none."""
    if HEADING.issuperset(key.split()) or (
        len(outlets) > 1 and renown(outlets[0], key) == renown(outlets[1], key)
    ):
        return None
    return outlets[0]


def bearing(outlets: Collection[Outlet], key: str, by: NameBy, *, shared: bool = False) -> Bearers:
    """Return the bearers of a name in their order."""
    first = ranked(outlets, key)
    shared = shared or len(first) > 1
    return Bearers(first, by, shared, best=best_of(first, key) if shared else None)


def _set_once(index: dict[str, Outlet | None], key: str, outlet: Outlet | None) -> None:
    """Enter ``outlet`` under ``key``. A key that two outlets claim belongs to none."""
    if index.setdefault(key, outlet) is not outlet:
        index[key] = None
