"""Names in normal form → who bears them, listed here or not. Built once for a table, and kept with it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from service.core.outlets import Alias, Namesake, Outlet
from service.core.resolve.host_index import HostIndex
from service.core.resolve.match import ALIAS, BEST_KNOWN, CALLED, EXACT, LIKELY, SETTLED, Candidate
from service.core.resolve.normalization import (
    derived_names,
    normalize_name,
    registrable_label,
    spell_initials,
    split_qualifier,
)
from service.core.resolve.vocabulary import EDITION_WORDS, LOOKALIKE_ENDINGS, is_heading

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
# A word that ends the names of so many outlets and strangers is one of the trade: "Herald", "News".
MIN_TRADE_NAMES = 8
# Sites of a network pose as local papers, and take no real paper's name.
NETWORK = "network"
# A shorter label of a domain is no evidence that a name spells it.
MIN_LABEL_LENGTH, MIN_ACRONYM_LENGTH = 5, 3

NameRule = Literal["name", "name_alias"]
# On what an outlet claims a name: the alias file, its own name, a name within that or before its
# qualifier, what lists call it, and its name without its town.
Ground = Literal["ambiguous", "alias", "own", "derived", "qualified", "called", "short"]


class NameEntry(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """The outlets with a name: domains, the best known first, and ``strangers``, who are not listed.

    ``shared`` when the name means others too, and so names none by itself. ``best`` is better known under a
    shared name than the other outlets.
    """

    outlets: tuple[str, ...]
    rule: NameRule = "name"
    confidence: float = EXACT
    shared: bool = False
    best: str | None = None
    strangers: tuple[Candidate, ...] = ()


class NameIndex(Struct, frozen=True):
    """Names in normal form → who bears them.

    ``squashed`` are names without spaces, ``None`` where several share one. ``labels`` are the outlets whose
    domain spells a name. ``states`` are those of the US in which lists place an outlet.
    """

    entries: dict[str, NameEntry]
    squashed: dict[str, str | None]
    labels: dict[str, tuple[str, ...]]
    platforms: set[str]
    states: dict[str, set[str]]
    trade_words: set[str]

    def is_generic(self, key: str) -> bool:
        """Return True if a normal form has words of the trade alone, so that many outlets may bear it."""
        return self.trade_words.issuperset(key.split())


def build_name_index(
    outlets: Mapping[str, Outlet],
    aliases: Iterable[Alias],
    hosts: HostIndex,
    namesakes: Sequence[Namesake] = (),
) -> NameIndex:
    builder = _Builder(outlets, [*(outlet.name for outlet in outlets.values()), *(n.name for n in namesakes)])
    for outlet in outlets.values():
        builder.read_outlet(outlet)
    for alias in aliases:
        if alias.kind == "platform" and "." not in alias.alias:
            builder.index.platforms.add(normalize_name(alias.alias))
        elif alias.domain and alias.kind in ("name", "ambiguous"):
            ground: Ground = "alias" if alias.kind == "name" else "ambiguous"
            builder.claim(ground, normalize_name(alias.alias), outlets[alias.domain])
    builder.read_namesakes(namesakes, hosts)
    return builder.build()


class _Builder:
    """Collects who claims which name, then lets the strongest ground decide."""

    def __init__(self, outlets: Mapping[str, Outlet], names: Iterable[str]) -> None:
        self.outlets = outlets
        self.claims: defaultdict[str, defaultdict[str, dict[str, Outlet]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        self.strangers: defaultdict[str, dict[str, Candidate]] = defaultdict(dict)
        keys = [key.split() for key in {normalize_name(name) for name in names}]
        # Towns stand first.
        counts = Counter(word for words in keys for word in words[1:])
        trade_words = {word for word, count in counts.items() if count >= MIN_TRADE_NAMES}
        self.words = Counter(word for words in keys for word in words)
        self.index = NameIndex({}, {}, {}, set(), {}, trade_words | EDITION_WORDS)

    def claim(self, ground: Ground, key: str, outlet: Outlet) -> None:
        self.claims[key][ground][outlet.domain] = outlet

    def read_outlet(self, outlet: Outlet) -> None:
        name = normalize_name(outlet.name)
        self.claim("own", normalize_name(outlet.full_name), outlet)
        self._claim_short(name, outlet)
        for derived in map(normalize_name, derived_names(outlet.full_name)):
            if derived not in EDITION_WORDS:
                self.claim("derived", derived, outlet)
        if parts := split_qualifier(outlet.full_name):
            self.claim("qualified", normalize_name(parts[0]), outlet)
        label = registrable_label(outlet.domain)
        if len(label) >= MIN_ACRONYM_LENGTH and label in spell_initials(name):
            self.claim("derived", label, outlet)
        for spelled in {label, label.removeprefix("the")}:
            if len(spelled) >= MIN_LABEL_LENGTH and self.words[spelled] <= 1:
                self.index.labels[spelled] = (*self.index.labels.get(spelled, ()), outlet.domain)

    def _claim_short(self, name: str, outlet: Outlet) -> None:
        """Let a paper bear its name without its town: "Times-Recorder" of the Zanesville Times-Recorder."""
        words = name.split()
        for first in range(len(words) - 1, 0, -1):
            if words[first] not in self.index.trade_words:
                break
            self.claim("short", " ".join(words[first:]), outlet)

    def read_namesakes(self, rows: Sequence[Namesake], hosts: HostIndex) -> None:
        """Separate the names that lists give our outlets from those of others."""
        names_at = Counter((row.host, row.list) for row in rows)
        for row in rows:
            outlet = hosts.find_outlet(row.host)
            if outlet is None:
                # Of the strangers of one state one counts.
                stranger = Candidate(row.host, row.name, row.place[:2] or None, False)
                self.strangers[normalize_name(row.name)].setdefault(row.place or row.host, stranger)
            elif names_at[row.host, row.list] < MIN_GROUP_SIZE:
                self.claim("called", normalize_name(row.name), outlet)
                if row.place:
                    self.index.states.setdefault(outlet.domain, set()).add(row.place)

    def build(self) -> NameIndex:
        index = self.index
        for key in self.claims.keys() | self.strangers.keys():
            grounds = self.claims[key]
            if key and (key in self.strangers or grounds.keys() != {"short"}):
                index.entries[key] = self._make_entry(key, grounds)
        self._demote_lookalikes()
        for key, entry in index.entries.items():
            if entry.outlets:
                meant, squashed = None if entry.shared else entry.outlets[0], key.replace(" ", "")
                if index.squashed.setdefault(squashed, meant) != meant:
                    index.squashed[squashed] = None
        return index

    def _make_entry(self, key: str, grounds: Mapping[str, dict[str, Outlet]]) -> NameEntry:
        own, qualified, called = (grounds.get(ground, {}) for ground in ("own", "qualified", "called"))
        strangers = tuple(self.strangers.get(key, {}).values())
        shared, generic = is_heading(key), self.index.is_generic(key)
        rule: NameRule = "name_alias"
        confidence = SETTLED if generic else ALIAS
        if bearers := grounds.get("ambiguous"):
            bearers, shared = {**bearers, **own, **qualified}, True
        elif bearers := grounds.get("alias"):
            shared = False
            rule = "name" if bearers.keys() <= own.keys() else rule
        elif bearers := {**(own or grounds.get("derived", {})), **qualified}:
            rule = "name"
            confidence = EXACT if next(iter(bearers.values())).known >= KNOWN else SETTLED
        else:
            bearers, confidence = called, CALLED
        if len(bearers) != 1 or shared:
            return make_name_entry(bearers.values(), key, rule, strangers)
        (outlet,) = bearers.values()
        others = dict(called)
        if "alias" not in grounds:
            # Another town's paper of that name counts against a list's word, and a lesser known outlet.
            known = outlet.known if own or outlet.known >= WELL_KNOWN else 0
            others |= {
                outlet.domain: outlet for outlet in grounds.get("short", {}).values() if outlet.known > known
            }
        others.pop(outlet.domain, None)
        return weigh((outlet, *others.values()), key, rule, strangers, confidence)

    def _demote_lookalikes(self) -> None:
        """Take "NPR News" from the look-alike that bears it: NPR is far better known."""
        entries = self.index.entries
        for key, small in entries.items():
            rest, _, last = key.rpartition(" ")
            large = entries.get(rest)
            if last not in LOOKALIKE_ENDINGS or small.shared or small.rule != "name":
                continue
            if large is None or large.shared or not large.outlets:
                continue
            gap = self.outlets[large.outlets[0]].known - self.outlets[small.outlets[0]].known
            if gap >= LOOKALIKE_GAP:
                spelled = registrable_label(small.outlets[0]) == key.replace(" ", "")
                both = (*large.outlets[:1], *small.outlets[:1])
                entries[key] = structs.replace(
                    large,
                    outlets=both,
                    rule="name_alias",
                    confidence=LIKELY,
                    shared=spelled,
                    best=both[0] if spelled else None,
                )


def weigh(
    outlets: Sequence[Outlet],
    key: str,
    rule: NameRule,
    strangers: tuple[Candidate, ...],
    confidence: float,
) -> NameEntry:
    """Weigh the first outlet against others that lists call so, and against strangers.

    Not absolute, because callers mean the better-known bearer more often: the methodology has the measured
    cost of other limits.
    """
    outlet, rivals = outlets[0], len(outlets) + len(strangers) - 1
    keeps = (
        rivals == 0
        or outlet.known >= (WELL_KNOWN if rivals < MANY_RIVALS else HOUSEHOLD_NAME)
        or (rivals == 1 and outlet.known >= KNOWN and outlet.ownership != NETWORK and confidence > CALLED)
    )
    if not keeps or any(other.known > outlet.known for other in outlets[1:]):
        return make_name_entry(outlets, key, rule, strangers)
    if rivals > (outlet.known >= WELL_KNOWN):
        confidence = min(confidence, LIKELY) if rivals == 1 else BEST_KNOWN
    return NameEntry(tuple(outlet.domain for outlet in outlets), rule, confidence, strangers=strangers)


def make_name_entry(
    outlets: Collection[Outlet], key: str, rule: NameRule, strangers: tuple[Candidate, ...] = ()
) -> NameEntry:
    """Return the entry of a shared name, with its bearers as they are known, but for a heading's."""
    known = {outlet.domain: prominence(outlet, key) for outlet in outlets}
    ranked = sorted(known, key=lambda domain: (-known[domain], domain))
    tied = len(ranked) > 1 and known[ranked[0]] == known[ranked[1]]
    best = None if not ranked or tied or is_heading(key) else ranked[0]
    return NameEntry(tuple(ranked), rule, shared=True, best=best, strangers=strangers)


def prominence(outlet: Outlet, key: str) -> int:
    """Return how well an outlet is known under a name."""
    parts = split_qualifier(outlet.full_name)
    called_so = key in (normalize_name(outlet.name), normalize_name(parts[0]) if parts else None)
    return outlet.known + OWN_NAME_BONUS * called_so
