"""Names in normal form → who bears them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from service.core.outlets import Alias, Outlet
from service.core.resolve.affixes import is_heading, short_forms
from service.core.resolve.desks import (
    GLUED_COUNTRIES,
    HEADING_WORDS,
    SECTION_WORDS,
)
from service.core.resolve.normalization import (
    MIN_LABEL_LENGTH,
    derived_names,
    normalize_name,
    registrable_label,
    strip_qualifier,
    strip_spaces,
)
from service.core.resolve.vocabulary import COMMON_WORDS, PRESS_WORDS, WEB_WORDS

LOOKALIKE_GAP = 3
"""Raters and lists more that make one bearer of a name far better known than another."""

OWN_NAME_BONUS = 4
"""Raters and lists that an outlet's own name is worth among the bearers of a name."""

NameBy = Literal["name", "name_alias"]


class NameEntry(Struct, frozen=True):
    """The outlets that bear a name, the best known first.

    ``shared`` when the name means others too, and so names none by itself. ``weak`` when it is not the
    outlet's own but that of a look-alike. ``best`` is better known under a shared name than the others.
    """

    outlets: tuple[Outlet, ...]
    by: NameBy
    shared: bool = False
    weak: bool = False
    best: Outlet | None = None


class EntryRecord(Struct, frozen=True, array_like=True, gc=False):
    """A ``NameEntry`` with the places of its outlets in the catalog."""

    outlets: tuple[int, ...]
    by: NameBy
    shared: bool
    weak: bool
    best: int | None


class NameRecords(Struct, frozen=True, array_like=True):
    """A ``NameIndex`` as plain values."""

    bearers: dict[str, EntryRecord]
    short: dict[str, EntryRecord]
    close: dict[str, int | None]
    labels: dict[str, int | None]
    slugs: dict[str, int | None]
    platforms: set[str]


class NameClaims:
    """For each normal form, the outlets that claim it on one ground."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Outlet]] = {}

    def add(self, name: str, outlet: Outlet) -> None:
        """Let ``outlet`` claim ``name``."""
        self.found.setdefault(normalize_name(name), {})[outlet.domain] = outlet

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
        self.bearers: dict[str, NameEntry] = {}
        self.short: dict[str, NameEntry] = {}
        self.close: dict[str, Outlet | None] = {}
        self.labels: dict[str, Outlet | None] = {}
        self.slugs: dict[str, Outlet | None] = {}
        self.platforms: set[str] = set()
        listed, also, own, noted, said, short = (NameClaims() for _ in range(6))
        for alias in aliases:
            if alias.kind == "platform" and "." not in alias.alias:
                self.platforms.add(normalize_name(alias.alias))
            elif alias.domain and alias.kind in ("name", "ambiguous"):
                (also if alias.kind == "name" else listed).add(alias.alias, outlets[alias.domain])
        for outlet in outlets.values():
            own.add(outlet.full_name, outlet)
            said.add_all(derived_names(outlet.full_name), outlet)
            short.add_all(short_forms(outlet), outlet)
            noted.add_all(filter(None, [strip_qualifier(outlet.full_name)]), outlet)
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

    def to_records(self, outlets: Iterable[Outlet]) -> NameRecords:
        """Return the index as plain values, with outlets as their places in ``outlets``."""
        places = {id(outlet): place for place, outlet in enumerate(outlets)}

        def entries(found: dict[str, NameEntry]) -> dict[str, EntryRecord]:
            return {
                key: EntryRecord(
                    tuple(places[id(outlet)] for outlet in entry.outlets),
                    entry.by,
                    entry.shared,
                    entry.weak,
                    None if entry.best is None else places[id(entry.best)],
                )
                for key, entry in found.items()
            }

        def spelled(found: dict[str, Outlet | None]) -> dict[str, int | None]:
            return {key: None if outlet is None else places[id(outlet)] for key, outlet in found.items()}

        return NameRecords(
            entries(self.bearers),
            entries(self.short),
            spelled(self.close),
            spelled(self.labels),
            spelled(self.slugs),
            self.platforms,
        )

    @classmethod
    def from_records(cls, records: NameRecords, outlets: Sequence[Outlet]) -> "NameIndex":
        """Make an index of what ``to_records`` returned, a sixth of the work of the index itself."""

        def entries(found: dict[str, EntryRecord]) -> dict[str, NameEntry]:
            return {
                key: NameEntry(
                    tuple([outlets[place] for place in entry.outlets]),
                    entry.by,
                    entry.shared,
                    entry.weak,
                    None if entry.best is None else outlets[entry.best],
                )
                for key, entry in found.items()
            }

        def spelled(found: dict[str, int | None]) -> dict[str, Outlet | None]:
            return {key: None if place is None else outlets[place] for key, place in found.items()}

        index = cls.__new__(cls)
        index.bearers, index.short = entries(records.bearers), entries(records.short)
        index.close, index.labels = spelled(records.close), spelled(records.labels)
        index.slugs, index.platforms = spelled(records.slugs), records.platforms
        return index

    def find(self, key: str) -> NameEntry | None:
        """Return the outlets that bear the name with this normal form."""
        return self.bearers.get(key)

    def find_by_spelling(self, key: str, name: str) -> Outlet | None:
        """Return the one outlet whose name differs in its spaces only, or whose domain spells this form.

        One plain word is no domain ("Syracuse" is a town) unless the outlet is called so. A brand
        ("PennLive") may be.
        """
        joined = strip_spaces(key)
        if joined in self.close:
            return self.close[joined]
        if joined == key and key.isalpha() and (name.islower() or name.isupper() or name.istitle()):
            return self._slug(joined)
        return self.labels.get(joined)

    def near(self, key: str) -> tuple[Outlet, ...]:
        """Return the outlets that a section's heading may mean after all: "India News"."""
        joined, rest = strip_spaces(key), key.rpartition(" ")[0]
        spelled = (self.labels.get(joined), self.close.get(joined))
        bearers = self.bearers.get(rest)
        return rank({*filter(None, spelled), *(bearers.outlets if bearers else ())}, key)

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
        self.bearers.setdefault(key, make_name_entry(found.values(), key, by, shared=shared))

    def _shorten(self, short: NameClaims) -> None:
        for key, found in short.found.items():
            if key and key not in self.bearers and key not in SECTION_WORDS:
                self.short[key] = make_name_entry(found.values(), key, "name", shared=key in COMMON_WORDS)

    def _yield_to_better_known(self, own: Iterable[str]) -> None:
        """Take "NPR News" from the look-alike that bears it: NPR is far better known.

        A site whose domain spells the whole name shares it with the better-known outlet.
        """
        for key in own:
            bearers = self.bearers.get(key)
            rest, _, last = key.rpartition(" ")
            if (
                bearers is None
                or bearers.shared
                or bearers.by == "name_alias"
                or last not in NEUTRAL_SUFFIXES
            ):
                continue
            better = self.bearers.get(rest)
            if better is None or better.shared:
                continue
            small, large = bearers.outlets[0], better.outlets[0]
            gap = large.known - small.known
            spelled = registrable_label(small.domain) == strip_spaces(key)
            if gap >= LOOKALIKE_GAP and not spelled:
                self.bearers[key] = NameEntry((large,), "name_alias", weak=True)
            elif gap >= LOOKALIKE_GAP or (gap == LOOKALIKE_GAP - 1 and not spelled):
                self.bearers[key] = make_name_entry((large, small), key, "name")

    def _squash(self, outlets: Mapping[str, Outlet]) -> None:
        for key, bearers in self.bearers.items():
            _set_unique(self.close, strip_spaces(key), None if bearers.shared else bearers.outlets[0])
        for outlet in outlets.values():
            label = registrable_label(outlet.domain)
            if strip_spaces(" ".join(outlet.full_name.lower().split())) == label:
                _set_unique(self.slugs, label, outlet)
            for spelled in {label, label.removeprefix("the")} - COMMON_WORDS:
                if len(spelled) >= MIN_LABEL_LENGTH:
                    _set_unique(self.labels, spelled, outlet)


NEUTRAL_SUFFIXES = PRESS_WORDS - WEB_WORDS - {"english"}
"""Last words of a name that do not keep it apart from the same name without them."""


def prominence(outlet: Outlet, key: str) -> int:
    """Say how well an outlet is known under a name. Being called just that counts for four lists."""
    label = registrable_label(outlet.domain).removeprefix("the")
    called = label == strip_spaces(key) or key in (
        normalize_name(outlet.full_name),
        normalize_name(strip_qualifier(outlet.full_name) or ""),
    )
    return outlet.known + OWN_NAME_BONUS * called


def rank(outlets: Collection[Outlet], key: str) -> tuple[Outlet, ...]:
    """Return the bearers of a name, the best known first."""
    if len(outlets) == 1:
        return tuple(outlets)
    return tuple(sorted(outlets, key=lambda outlet: (-prominence(outlet, key), outlet.domain)))


def clear_winner(outlets: Sequence[Outlet], key: str) -> Outlet | None:
    """Return the first of the bearers of a name if it is better known than the next. A heading has none."""
    if HEADING_WORDS.issuperset(key.split()) or (
        len(outlets) > 1 and prominence(outlets[0], key) == prominence(outlets[1], key)
    ):
        return None
    return outlets[0]


def make_name_entry(outlets: Collection[Outlet], key: str, by: NameBy, *, shared: bool = False) -> NameEntry:
    """Return the bearers of a name in their order."""
    first = rank(outlets, key)
    shared = shared or len(first) > 1
    return NameEntry(first, by, shared, best=clear_winner(first, key) if shared else None)


def _set_unique(index: dict[str, Outlet | None], key: str, outlet: Outlet | None) -> None:
    """Enter ``outlet`` under ``key``. A key that two outlets claim belongs to none."""
    if index.setdefault(key, outlet) is not outlet:
        index[key] = None
