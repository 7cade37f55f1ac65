"""Names in normal form → who bears them, listed here or not."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from msgspec import Struct, structs

from service.core.outlets import Alias, Namesake, Outlet
from service.core.resolve.host_index import HostIndex
from service.core.resolve.match import ALIAS, EXACT, LIKELY, READ
from service.core.resolve.normalization import (
    MIN_LABEL_LENGTH,
    derived_names,
    normalize_name,
    registrable_label,
    split_qualifier,
    strip_spaces,
)
from service.core.resolve.vocabulary import (
    COMMON_WORDS,
    HEADING_WORDS,
    NEUTRAL_SUFFIXES,
    NEWS_WORDS,
    SECTION_WORDS,
    STATES,
    TRADE_WORDS,
)

# An outlet known to so many raters and lists keeps its name beside strangers who bear it too.
WELL_KNOWN = 4
# Where a name has many bearers, only an outlet known to so many keeps it.
MANY_RIVALS, HOUSEHOLD_NAME = 5, 6
# An outlet on fewer lists loses its name to a single stranger.
KNOWN = 2
# So many raters and lists more make one bearer of a name far better known than another.
LOOKALIKE_GAP = 3
# Being called just that counts for so many lists among the bearers of a name.
OWN_NAME_BONUS = 4
# A host with so many names in one list carries papers of a group; none of them is the host's outlet.
MIN_GROUP_SIZE = 3
# Sites of a network pose as local papers, and take no real paper's name.
NETWORK = "network"

# The initials of two words are those of too many names.
MIN_ACRONYM_LENGTH = 3
# Words that an acronym may leave out.
SMALL_WORDS = frozenset({"a", "and", "de", "des", "for", "in", "of", "on", "the", "to", "und"})
# A shorter skeleton is that of too many names.
MIN_SKELETON_LENGTH = 4

NameRule = Literal["name", "name_alias"]


class NameEntry(Struct, frozen=True):
    """Who bears a name: outlets, the best known first, and ``strangers``, who are not listed.

    ``shared`` when the name means others too, and so names none by itself. ``best`` is better known under a
    shared name than the other outlets.
    """

    outlets: tuple[Outlet, ...]
    rule: NameRule = "name"
    confidence: float = EXACT
    shared: bool = False
    best: Outlet | None = None
    strangers: tuple[Namesake, ...] = ()


class EntryRecord(Struct, frozen=True, array_like=True, gc=False):
    """A ``NameEntry`` with the places of its outlets and strangers in the catalog."""

    outlets: tuple[int, ...]
    rule: NameRule
    confidence: float
    shared: bool
    best: int | None
    strangers: tuple[int, ...]


class NameRecords(Struct, frozen=True, array_like=True):
    """A ``NameIndex`` as plain values."""

    entries: dict[str, EntryRecord]
    squashed: dict[str, int | None]
    labels: dict[str, tuple[int, ...]]
    platforms: set[str]
    places: dict[str, set[str]]


class NameClaims:
    """For each normal form, the outlets that claim it on one ground."""

    def __init__(self) -> None:
        self.by_key: dict[str, dict[str, Outlet]] = {}

    def add(self, name: str, outlet: Outlet) -> None:
        self.by_key.setdefault(normalize_name(name), {})[outlet.domain] = outlet

    def get(self, key: str) -> dict[str, Outlet]:
        return self.by_key.get(key, {})


class NameIndex:
    """Names in normal form → who bears them. The strongest ground decides.

    1. ``ambiguous`` aliases, then ``name`` aliases.
    2. The outlets' own names. A name that another outlet bears with a qualifier ("The Herald (Everett)") is
       shared with that one, and so is a section's heading ("Asia News") with the rest of the world.
    3. Names within a listed name: call signs, abbreviations, the name without ".com", initials that are its
       domain.
    4. What public lists call an outlet.

    Then the strangers that bear the name are weighed against the outlet.
    """

    def __init__(
        self,
        outlets: Mapping[str, Outlet],
        aliases: Iterable[Alias],
        hosts: HostIndex,
        namesakes: Iterable[Namesake] = (),
    ) -> None:
        self.hosts = hosts
        self.entries: dict[str, NameEntry] = {}
        self.platforms: set[str] = set()
        # Names without spaces → the outlet, or None where several share them.
        self.squashed: dict[str, Outlet | None] = {}
        self.labels: dict[str, list[Outlet]] = {}
        self.places: dict[str, set[str]] = {}
        self._strangers: dict[str, dict[str, Namesake]] = {}
        self._short_for: dict[str, dict[str, Outlet | None]] = {}
        self._ambiguous, self._named, self._own, self._qualified, self._derived, self._called = (
            NameClaims() for _ in range(6)
        )
        self._read_outlets(outlets.values())
        self._read_aliases(outlets, aliases)
        self._read_namesakes(list(namesakes))
        self._make_entries()
        self._demote_lookalikes()
        for key, entry in self.entries.items():
            if entry.outlets:
                _set_unique(self.squashed, strip_spaces(key), None if entry.shared else entry.outlets[0])
        for key, found in self._short_for.items():
            # The one paper of a town that is called so, and whose domain spells it.
            if key not in self.entries and len(found) == 1 and self.find_by_label(strip_spaces(key)):
                self.squashed.setdefault(strip_spaces(key), *found.values())
        # What the entries were made of is not kept.
        del self._ambiguous, self._named, self._own, self._qualified, self._derived, self._called
        del self._strangers, self._short_for

    def to_records(self, outlets: Iterable[Outlet], namesakes: Iterable[Namesake]) -> NameRecords:
        """Return the index as plain values, with outlets and strangers as their places."""
        outlet_at = {outlet.domain: place for place, outlet in enumerate(outlets)}
        namesake_at = {id(namesake): place for place, namesake in enumerate(namesakes)}

        def to_places(found: Iterable[Outlet]) -> tuple[int, ...]:
            return tuple(outlet_at[outlet.domain] for outlet in found)

        return NameRecords(
            {
                key: EntryRecord(
                    to_places(entry.outlets),
                    entry.rule,
                    entry.confidence,
                    entry.shared,
                    outlet_at[entry.best.domain] if entry.best else None,
                    tuple(namesake_at[id(each)] for each in entry.strangers),
                )
                for key, entry in self.entries.items()
            },
            {key: outlet_at[outlet.domain] if outlet else None for key, outlet in self.squashed.items()},
            {label: to_places(found) for label, found in self.labels.items()},
            self.platforms,
            self.places,
        )

    @classmethod
    def from_records(
        cls,
        records: NameRecords,
        outlets: Sequence[Outlet],
        hosts: HostIndex,
        namesakes: Sequence[Namesake],
    ) -> "NameIndex":
        """Make an index of what ``to_records`` returned, a sixth of the work of the index itself."""
        index = cls.__new__(cls)
        index.hosts = hosts
        index.entries = {
            key: NameEntry(
                tuple([outlets[place] for place in entry.outlets]),
                entry.rule,
                entry.confidence,
                entry.shared,
                None if entry.best is None else outlets[entry.best],
                tuple([namesakes[place] for place in entry.strangers]),
            )
            for key, entry in records.entries.items()
        }
        index.squashed = {
            key: None if place is None else outlets[place] for key, place in records.squashed.items()
        }
        index.labels = {
            label: [outlets[place] for place in places] for label, places in records.labels.items()
        }
        index.platforms, index.places = records.platforms, records.places
        return index

    def _read_outlets(self, outlets: Iterable[Outlet]) -> None:
        for outlet in outlets:
            self._own.add(outlet.full_name, outlet)
            self._shorten(outlet.name, outlet.domain, outlet)
            for name in derived_names(outlet.full_name):
                self._derived.add(name, outlet)
            if parts := split_qualifier(outlet.full_name):
                self._qualified.add(parts[0], outlet)
            label = registrable_label(outlet.domain)
            if len(label) >= MIN_ACRONYM_LENGTH and label in spell_initials(outlet.name):
                self._derived.add(label, outlet)
            for spelled in {label, label.removeprefix("the")} - COMMON_WORDS:
                if len(spelled) >= MIN_LABEL_LENGTH:
                    self.labels.setdefault(spelled, []).append(outlet)

    def _read_aliases(self, outlets: Mapping[str, Outlet], aliases: Iterable[Alias]) -> None:
        for alias in aliases:
            if alias.kind == "platform" and "." not in alias.alias:
                self.platforms.add(normalize_name(alias.alias))
            elif alias.domain and alias.kind in ("name", "ambiguous"):
                claims = self._named if alias.kind == "name" else self._ambiguous
                claims.add(alias.alias, outlets[alias.domain])

    def _read_namesakes(self, rows: Sequence[Namesake]) -> None:
        """Tell names that lists give our outlets from those of strangers."""
        names_at = Counter((row.host, row.list) for row in rows)
        for row in rows:
            outlet = self.hosts.find_outlet(row.host)
            if outlet is None:
                strangers = self._strangers.setdefault(normalize_name(row.name), {})
                strangers.setdefault(row.place or row.host, row)
                self._shorten(row.name, row.host, None)
            elif names_at[row.host, row.list] < MIN_GROUP_SIZE:
                self._called.add(row.name, outlet)
                if row.place:
                    self.places.setdefault(outlet.domain, set()).add(row.place)

    def _shorten(self, name: str, host: str, outlet: Outlet | None) -> None:
        """Let a paper bear its name without its town: "Times-Recorder" of the Zanesville Times-Recorder."""
        words = normalize_name(name).split()
        for first in range(len(words) - 1, 0, -1):
            if words[first] not in COMMON_WORDS:
                break
            self._short_for.setdefault(" ".join(words[first:]), {})[host] = outlet

    def _make_entries(self) -> None:
        own, derived, qualified = self._own, self._derived, self._qualified
        for key, found in self._ambiguous.by_key.items():
            self._add(key, {**found, **own.get(key), **qualified.get(key)}, "name_alias", shared=True)
        for key, found in self._named.by_key.items():
            self._add(key, found, "name" if found.keys() <= own.get(key).keys() else "name_alias")
        for key in (*own.by_key, *derived.by_key, *qualified.by_key):
            found = {**(own.get(key) or derived.get(key)), **qualified.get(key)}
            self._add(key, found, "name", shared=is_heading(key) or key in COMMON_WORDS)
        for key, found in self._called.by_key.items():
            self._add(key, found, "name_alias", shared=is_heading(key))
        for key in self._strangers:
            self._add(key, {}, "name", shared=True)
        self.entries.pop("", None)

    def _add(self, key: str, found: Mapping[str, Outlet], rule: NameRule, *, shared: bool = False) -> None:
        if key in self.entries:
            return
        strangers = tuple(self._strangers.get(key, {}).values())
        if len(found) != 1 or shared:
            entry = make_name_entry(found.values(), key, rule, shared=True, strangers=strangers)
        else:
            (outlet,) = found.values()
            others = {**self._called.get(key)}
            if key not in self._named.by_key:
                # Another town's paper of that name counts against a list's word, and a lesser known outlet.
                known = outlet.known if key in self._own.by_key or outlet.known >= WELL_KNOWN else 0
                short = filter(None, self._short_for.get(key, {}).values())
                others |= {each.domain: each for each in short if each.known > known}
            others.pop(outlet.domain, None)
            sole = NameEntry(
                (outlet, *others.values()), rule, EXACT if rule == "name" else ALIAS, strangers=strangers
            )
            entry = weigh(sole, key)
        self.entries[key] = entry

    def _demote_lookalikes(self) -> None:
        """Take "NPR News" from the look-alike that bears it: NPR is far better known.

        A site whose domain spells the whole name shares it with the better-known outlet.
        """
        for key in self._own.by_key:
            rest, _, last = key.rpartition(" ")
            entry, better = self.entries.get(key), self.entries.get(rest)
            if last not in NEUTRAL_SUFFIXES or entry is None or entry.shared or entry.rule == "name_alias":
                continue
            if better is None or better.shared or not better.outlets:
                continue
            small, large = entry.outlets[0], better.outlets[0]
            gap = large.known - small.known
            spelled = registrable_label(small.domain) == strip_spaces(key)
            if gap >= LOOKALIKE_GAP and not spelled:
                self.entries[key] = NameEntry((large,), "name_alias", READ)
            elif gap >= LOOKALIKE_GAP or (gap == LOOKALIKE_GAP - 1 and not spelled):
                self.entries[key] = make_name_entry((large, small), key, "name")

    def find_by_spelling(self, key: str, name: str) -> Outlet | None:
        """Return the one outlet whose name differs in its spaces only, or whose domain spells this form.

        One plain word is no domain ("Syracuse" is a town) unless the outlet is called so. A brand
        ("PennLive") may be.
        """
        joined = strip_spaces(key)
        if named := self.squashed.get(joined) or self.squashed.get(joined.removeprefix("the")):
            return named
        outlet = self.find_by_label(joined)
        if joined == key and key.isalpha() and (name.islower() or name.isupper() or name.istitle()):
            return outlet if outlet and strip_spaces(normalize_name(outlet.name)) == joined else None
        return None if joined in self.squashed or is_generic(key) else outlet

    def find_by_label(self, label: str) -> Outlet | None:
        """Return the one outlet whose domain spells ``label``."""
        outlets = self.labels.get(label, ())
        return outlets[0] if len(outlets) == 1 else None

    def find_nearest(self, key: str) -> Outlet | None:
        """Return the outlet that an unknown name or host is most like: spelt otherwise, with fewer words."""
        if (outlet := self._skeletons.get(to_skeleton(key))) or (
            outlet := self.hosts.find_listed(key.replace(" ", "."))
        ):
            return outlet
        head, _, rest = key.partition(" ")
        for part in (key.rpartition(" ")[0], rest, head):
            entry = self.entries.get(part)
            if entry and entry.outlets and not entry.shared and not is_generic(part):
                return entry.outlets[0]
        return None

    @cached_property
    def _skeletons(self) -> dict[bytes, Outlet]:
        found: dict[bytes, Outlet] = {}
        for key, entry in self.entries.items():
            for outlet in entry.outlets[:1]:
                for text in (key, outlet.domain):
                    # The best known of those that are spelt alike.
                    skeleton = to_skeleton(text.replace(".", " "))
                    if found.setdefault(skeleton, outlet).known < outlet.known:
                        found[skeleton] = outlet
        found.pop(b"", None)
        return found

    def find_in_country(self, key: str, country: str) -> tuple[Outlet, ...]:
        """Return the outlets of a country that bear a name, or whose domain spells it."""
        entry = self.entries.get(key)
        outlets = (*(entry.outlets if entry else ()), *self.labels.get(strip_spaces(key), ()))
        return tuple({outlet.domain: outlet for outlet in outlets if outlet.country == country}.values())

    def find_in_place(self, key: str, place: str) -> tuple[Outlet, ...]:
        """Return the bearers of a name in a town or a state: "The Sun" in "Lowell" is the Lowell Sun."""
        entry, words = self.entries.get(key), normalize_name(place)
        outlets = entry.outlets if entry else ()
        state = STATES.get(words) or f"US-{place.strip().upper()}"
        there = [
            outlet
            for outlet in outlets
            if state in self.places.get(outlet.domain, ())
            or f" {words} " in f" {normalize_name(outlet.disambiguation or '')} "
        ]
        if not there and words:
            for name in (f"{words} {key}", f"{key} {words}"):
                named = self.entries.get(name)
                there += named.outlets if named and not named.shared else ()
        return tuple({outlet.domain: outlet for outlet in there}.values())


def weigh(entry: NameEntry, key: str) -> NameEntry:
    """Weigh the first outlet of an entry against the others that lists call so, and against strangers.

    Not absolute, because callers mean the better-known bearer more often: the methodology has the measured
    cost of other limits.
    """
    outlet, rivals = entry.outlets[0], len(entry.outlets) + len(entry.strangers) - 1
    if not rivals:
        return entry
    if any(other.known > outlet.known for other in entry.outlets[1:]):
        return make_name_entry(entry.outlets, key, entry.rule, shared=True, strangers=entry.strangers)
    if outlet.known >= (WELL_KNOWN if rivals < MANY_RIVALS else HOUSEHOLD_NAME):
        return entry if rivals == 1 else structs.replace(entry, confidence=LIKELY)
    if rivals == 1 and outlet.known >= KNOWN and outlet.ownership != NETWORK:
        return structs.replace(entry, confidence=LIKELY)
    return make_name_entry(entry.outlets, key, entry.rule, shared=True, strangers=entry.strangers)


def to_skeleton(key: str) -> bytes:
    """Return the letters that slips leave alone: the first, and each consonant once.

    >>> to_skeleton("washingtn post") == to_skeleton("washington post"), to_skeleton("bbc")
    (True, b'')
    """
    if not key.isascii():
        return b""
    # Bytes are translated ten times as fast as text.
    letters = key.encode()
    skeleton = letters[:1] + bytes(dict.fromkeys(letters[1:].translate(None, b"aeiouy ")))
    return skeleton if len(skeleton) >= MIN_SKELETON_LENGTH else b""


def spell_initials(name: str) -> set[str]:
    """Return the initials of a name, with and without its small words.

    >>> sorted(spell_initials("European Council on Foreign Relations"))
    ['ecfr', 'ecofr']
    """
    words = normalize_name(name).split()
    return {"".join(word[0] for word in each) for each in (words, [w for w in words if w not in SMALL_WORDS])}


def is_generic(key: str) -> bool:
    """Return True if a normal form has words of the trade alone, so that many outlets may bear it."""
    words = key.split()
    return SECTION_WORDS.issuperset(words) or TRADE_WORDS.issuperset(words)


def is_heading(key: str) -> bool:
    """Return True if a normal form says no more than a section's heading does.

    >>> is_heading("asia news"), is_heading("ultimas noticias"), is_heading("asia times")
    (True, True, False)
    """
    words = key.split()
    return HEADING_WORDS.issuperset(words) and not NEWS_WORDS.isdisjoint(words)


def prominence(outlet: Outlet, key: str) -> int:
    """Return how well an outlet is known under a name."""
    parts = split_qualifier(outlet.full_name)
    called_so = key in (normalize_name(outlet.name), normalize_name(parts[0]) if parts else None)
    return outlet.known + OWN_NAME_BONUS * called_so


def rank(outlets: Collection[Outlet], key: str) -> tuple[Outlet, ...]:
    """Return the bearers of a name, the best known first."""
    if len(outlets) == 1:
        return tuple(outlets)
    return tuple(sorted(outlets, key=lambda outlet: (-prominence(outlet, key), outlet.domain)))


def clear_winner(outlets: Sequence[Outlet], key: str) -> Outlet | None:
    """Return the first of ranked outlets if it is better known than the next. A heading has none."""
    if not outlets or HEADING_WORDS.issuperset(key.split()):
        return None
    tied = len(outlets) > 1 and prominence(outlets[0], key) == prominence(outlets[1], key)
    return None if tied else outlets[0]


def make_name_entry(
    outlets: Collection[Outlet],
    key: str,
    rule: NameRule,
    *,
    shared: bool = False,
    strangers: tuple[Namesake, ...] = (),
) -> NameEntry:
    ranked = rank(outlets, key)
    shared = shared or len(ranked) > 1
    best = clear_winner(ranked, key) if shared else None
    return NameEntry(ranked, rule, shared=shared, best=best, strangers=strangers)


def _set_unique(index: dict[str, Outlet | None], key: str, outlet: Outlet | None) -> None:
    """Enter ``outlet`` under ``key``. A key that two outlets claim belongs to none."""
    if index.setdefault(key, outlet) is not outlet:
        index[key] = None
