"""Reads a name: as it stands, then in the forms in which names travel. The first that is known decides.

No rule compares likeness, and each leads to one outlet or to none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice

from msgspec import structs

from service.core.countries import COUNTRY_NAMES, STATE_CODES, find_country_code
from service.core.outlets import Outlet
from service.core.resolve.host_index import HostIndex
from service.core.resolve.hosts import parse_address
from service.core.resolve.match import (
    ANYWHERE,
    DESK,
    MAX_CANDIDATES,
    READ,
    SETTLED,
    SPELLED,
    Candidate,
    Match,
    MatchStatus,
    Place,
    make_matched_by,
    matched,
)
from service.core.resolve.name_index import (
    LOOKALIKE_GAP,
    WELL_KNOWN,
    NameEntry,
    NameIndex,
    make_name_entry,
    weigh,
)
from service.core.resolve.normalization import (
    is_abbreviation,
    normalize_name,
    registrable_label,
    split_note,
    split_scripts,
    split_title,
)
from service.core.resolve.vocabulary import (
    EDITION_WORDS,
    FILLERS,
    LANGUAGE_CODES,
    LICENSED_BRANDS,
    NEWS_WORDS,
    REGION_WORDS,
    STATION_WORDS,
    is_heading,
    is_section,
)

# A country settles a tie for an outlet on so many lists, even if a foreign bearer is far better known.
SETTLING_LISTS = 3
# A brand of common words counts if its best-known bearer has so many raters and lists more than the next.
CLEAR_LEAD = 4
MAX_EDITION_WORDS = 4
MAX_COUNTRY_WORDS = 4
# Parts of a title that are looked at, from the end.
MAX_PARTS = 4
# A shorter skeleton is that of too many names.
MIN_SKELETON_LENGTH = 4

_COUNTRY_ENDINGS = frozenset(name.rpartition(" ")[2] for name in COUNTRY_NAMES)
_CALL_SIGN = re.compile(r"[wk][a-z]{2,3}")
# What stands between a name and its tagline: "Reuters: World News", "Wired, monthly edition".
_TAGLINE_MARK = re.compile(r":|, |\. ")


class NameReader:
    """Reads names by the index of one catalog."""

    def __init__(self, index: NameIndex, outlets: Mapping[str, Outlet], hosts: HostIndex) -> None:
        self.index = index
        self.outlets = outlets
        self.hosts = hosts
        self.entries = index.entries

    # As it stands

    def match_exactly(self, key: str, place: Place, max_confidence: float = 1.0) -> Match | None:
        """Return the match of a normal form as it stands. That of strangers alone is unknown."""
        entry = self.entries.get(key)
        if entry is None:
            return Match("platform", key) if key in self.index.platforms else None
        if place.region or place.country:
            settled = self._settle(entry, key, place)
            if settled is not None:
                return settled
        return self.to_match(entry, key, max_confidence)

    def _settle(self, entry: NameEntry, key: str, place: Place) -> Match | None:
        """Resolve a name in a place. Return ``None`` if the place changes nothing."""
        if place.region and len(there := self.find_in_region(key, place.region)) == 1:
            return matched(there[0], entry.rule, SETTLED)
        country = place.country
        if not country or not entry.outlets:
            return None
        bearers = [self.outlets[domain] for domain in entry.outlets]
        there = [outlet for outlet in bearers if outlet.country == country]
        strangers = tuple(stranger for stranger in entry.strangers if stranger.country == country)
        if not entry.shared and (bearers[0].country in (None, country) or not (there or strangers)):
            return None
        abroad = max((bearer.known for bearer in bearers if bearer.country != country), default=0)
        if len(there) > 1:
            return self.to_match(make_name_entry(there, key, entry.rule, strangers), key)
        # "The Mirror" in the United States is no student paper.
        little_known = there and there[0].known < SETTLING_LISTS
        if not there or (little_known and abroad - there[0].known >= LOOKALIKE_GAP):
            return self.to_match(structs.replace(entry, shared=True), key)
        return self.to_match(weigh(there, key, entry.rule, strangers, SETTLED), key)

    def to_match(self, entry: NameEntry, key: str, max_confidence: float = 1.0) -> Match:
        """Return the match with the first outlet of an entry, or an ambiguous one. Others are candidates."""
        rivals = len(entry.outlets) + len(entry.strangers) - 1
        skipped = 0 if entry.shared or not entry.outlets else 1
        candidates: tuple[Candidate, ...] = ()
        if rivals or not skipped:
            bearers = (to_candidate(self.outlets[domain]) for domain in entry.outlets[skipped:])
            candidates = tuple(islice(chain(bearers, entry.strangers), MAX_CANDIDATES))
        more = max(0, rivals + 1 - skipped - MAX_CANDIDATES)
        if skipped:
            match = matched(self.outlets[entry.outlets[0]], entry.rule, min(entry.confidence, max_confidence))
            return structs.replace(match, candidates=candidates, more=more) if rivals else match
        best = self.outlets[entry.best] if entry.best else None
        status: MatchStatus = "ambiguous" if entry.outlets else "unknown"
        return Match(status, key, candidates=candidates, more=more, best=best)

    def find_in_country(self, key: str, country: str) -> list[Outlet]:
        """Return the outlets of a country that bear a name, or whose domain spells it."""
        entry = self.entries.get(key)
        domains = (*(entry.outlets if entry else ()), *self.index.labels.get(key.replace(" ", ""), ()))
        outlets = (self.outlets[domain] for domain in dict.fromkeys(domains))
        return [outlet for outlet in outlets if outlet.country == country]

    def find_in_region(self, key: str, region: str) -> list[Outlet]:
        """Return the bearers of a name in a town or a state: "The Sun" in "Lowell" is the Lowell Sun."""
        entry, words = self.entries.get(key), normalize_name(region)
        if not words:
            return []
        state = STATE_CODES.get(words) or f"US-{region.strip().upper()}"
        there = [
            outlet
            for outlet in (self.outlets[domain] for domain in (entry.outlets if entry else ()))
            if state in self.index.states.get(outlet.domain, ())
            or f" {words} " in f" {normalize_name(outlet.disambiguation or '')} "
        ]
        if not there:
            named = (self.entries.get(name) for name in (f"{words} {key}", f"{key} {words}"))
            domains = dict.fromkeys(entry.outlets[0] for entry in named if entry and not entry.shared)
            there = [self.outlets[domain] for domain in domains]
        return there

    # In other forms

    def read(self, name: str, key: str, place: Place, rules: "Sequence[Rule] | None" = None) -> Match | None:
        """Return the match of the first rule that knows the name in another form."""
        is_plain = name.isascii() and name.replace(" ", "").isalnum()
        for rule in RULES_FOR_WORDS if is_plain else rules or RULES:
            if match := rule(self, name, key, place):
                return match
        return None

    def by_heading(self, name: str, key: str, place: Place) -> Match | None:
        """Read "India News" as the heading of a section: it names nobody, but may mean who is called so."""
        if not is_heading(key):
            return None
        rest = self.entries.get(key.rpartition(" ")[0])
        domains = (*self.index.labels.get(key.replace(" ", ""), ()), *(rest.outlets if rest else ()))
        near = {domain: self.outlets[domain] for domain in domains}
        return self.to_match(make_name_entry(near.values(), key, "name"), key)

    def by_note(self, name: str, key: str, place: Place) -> Match | None:
        """Read "The Straits Times (Singapore)", "The Sun, Lowell", "France 24 [ar]", "TechCabal (Africa)".

        The note must fit the outlet, or tell its edition.
        """
        parts = split_note(name)
        if parts is None:
            base, comma, note = name.rpartition(",")
            return self._match_place(normalize_name(base), note.strip()) if comma else None
        base, note = map(normalize_name, parts)
        if parts[1].isupper() or len(parts[1]) > len("ar"):
            match = self._match_place(base, parts[1])
            if match or find_country_code(parts[1]):
                return match
        edition = self.entries.get(f"{base} {LANGUAGE_CODES[note]}") if note in LANGUAGE_CODES else None
        if edition and not edition.shared:
            return self.to_match(edition, key, SETTLED)
        brand, other = self._find_brand(base), self.entries.get(note)
        if brand and (is_abbreviation(parts[1]) or (other and other.outlets == brand.outlets)):
            return self.match_exactly(base, place, SETTLED)
        tells = brand and (note in LANGUAGE_CODES or is_section(note))
        return self._match_edition(brand, base, note, noted=True) if brand and tells else None

    def _match_place(self, base: str, note: str) -> Match | None:
        """Return the one bearer of a name in the country, state or town of a note."""
        country = find_country_code(note)
        there = self.find_in_country(base, country) if country else []
        there = there or self.find_in_region(base, note)
        if len(there) > 1:
            return self.to_match(make_name_entry(there, base, "name"), base)
        return matched(there[0], "name", SETTLED) if there else None

    def by_ending(self, name: str, key: str, place: Place) -> Match | None:
        """Read "Guardian Nigeria": the one bearer of a name in the country that ends it."""
        words = key.split()
        for n in (
            range(1, min(MAX_COUNTRY_WORDS, len(words))) if key and words[-1] in _COUNTRY_ENDINGS else ()
        ):
            if country := COUNTRY_NAMES.get(" ".join(words[-n:])):
                there = self.find_in_country(" ".join(words[:-n]), country)
                return matched(there[0], "name", SETTLED) if len(there) == 1 else None
        return None

    def by_station(self, name: str, key: str, place: Place) -> Match | None:
        """Read "WFAA 8abc": a call sign with its network, channel or kind."""
        words = key.split()
        for call in (words[:1] + words[-1:]) if len(words) > 1 else ():
            if _CALL_SIGN.fullmatch(call) and call not in STATION_WORDS and call in self.entries:
                rest = (word for word in words if word != call)
                if all(word in STATION_WORDS or not word.isalpha() for word in rest):
                    return self.match_exactly(call, place, SETTLED)
        return None

    def by_host(self, name: str, key: str, place: Place) -> Match | None:
        """Read "Le Gorafi.fr" as ``legorafi.fr``."""
        rest, _, last = key.rpartition(" ")
        listed = name.lower().endswith(f".{last}") and self.hosts.find_listed(
            f"{rest.replace(' ', '')}.{last}"
        )
        return matched(listed, "name", SPELLED) if listed else None

    def by_spelling(self, name: str, key: str, place: Place) -> Match | None:
        """Read "Foxnews", "Al jazeera", "thedailybeast", and "Fox 2 Detroit" as ``fox2detroit.com``."""
        domain = self._find_spelled(name, key)
        return matched(self.outlets[domain], "name", SPELLED) if domain else None

    def _find_spelled(self, name: str, key: str) -> str | None:
        joined = key.replace(" ", "")
        squashed = self.index.squashed
        if domain := squashed.get(joined) or squashed.get(joined.removeprefix("the")):
            return domain
        domains = self.index.labels.get(joined, ())
        if len(domains) != 1 or (joined in squashed and joined != key):
            return None
        # Words of the trade alone are no domain's, unless its outlet is called so, with a town before it.
        called = f" {normalize_name(self.outlets[domains[0]].name)}"
        return domains[0] if called.endswith(f" {key}") or not self.index.is_generic(key) else None

    def by_scripts(self, name: str, key: str, place: Place) -> Match | None:
        """Read "연합뉴스-Yonhap News Agency" if both halves, or the only known one, lead to one outlet."""
        parts = split_scripts(name)
        if parts is None:
            return None
        matches = [self._match_part(part, normalize_name(part), ANYWHERE) for part in parts]
        found = {match.outlet.domain for match in matches if match and match.outlet}
        if len(found) != 1 or any(match and match.outlet is None for match in matches):
            return None
        return matched(self.outlets[found.pop()], "name", SPELLED)

    def by_title(self, name: str, key: str, place: Place) -> Match | None:
        """Read "India | The Guardian", "CNN: the end of an era - Fox News", "Tuko.co.ke - Kenya news".

        The last part that is a name decides, whatever the headline before it says. The first one only counts
        when no later one does.
        """
        parts = split_title(name)
        if not parts:
            return self._by_tagline(name, place)
        first, later = parts[0], parts[1:][-MAX_PARTS:][::-1]
        for part in later:
            key = normalize_name(part)
            if is_section(key):
                continue
            match = self._match_part(part, key, place)
            if match is None and part is later[0]:
                match = self._match_weakly(part, key, place)
            if match:
                return match
        return self._match_part(first, normalize_name(first), place) or self._by_tagline(first, place)

    def _by_tagline(self, name: str, place: Place) -> Match | None:
        """Read "Reuters: World News", "All: BreakingNews.ie", but no headline that opens with a name."""
        parts = _TAGLINE_MARK.split(name, 1)
        if len(parts) == 1:
            return None
        head, rest = map(normalize_name, parts)
        if is_section(rest):
            return self._match_part(parts[0], head, place) or self._match_weakly(parts[0], head, place)
        if is_section(head):
            return self._match_part(parts[1], rest, place)
        # "DW.com: what is new"
        return self._match_host(parts[0]) if name[len(parts[0])] == ":" else None

    def _match_part(self, part: str, key: str, place: Place) -> Match | None:
        """Resolve a part of a title that is exactly a name, a platform or a listed host."""
        return self._match_host(part) or self.match_exactly(key, place, READ)

    def _match_host(self, text: str) -> Match | None:
        address = parse_address(text.strip(" -|/")) if "." in text else None
        listing = self.hosts.find(address.host) if address else None
        return matched(listing.outlet, "name", READ) if listing and listing.outlet else None

    def _match_weakly(self, part: str, key: str, place: Place) -> Match | None:
        """Resolve a part of a title by a weaker rule: "… - BBC Sport"."""
        match = self.read(part, key, place, RULES_FOR_PART)
        if match is None or match.outlet is None or match.rule is None:
            return match
        return structs.replace(match, rule=make_matched_by(match.rule.by, DESK, None))

    def by_desk(self, name: str, key: str, place: Place) -> Match | None:
        """Read "Guardian World", "CNBC Tech", "DW Turkish": a brand with its edition or desk."""
        words = key.split()
        if not words or words[-1] not in EDITION_WORDS:
            return None
        for n in range(1, min(MAX_EDITION_WORDS, len(words) - 1) + 1):
            if words[-n] not in EDITION_WORDS and words[-n] not in FILLERS:
                return None
            brand = " ".join(words[:-n])
            if entry := self._find_brand(brand):
                label = registrable_label(entry.outlets[0])
                noted = words[-1] in NEWS_WORDS and label == brand
                return self._match_edition(entry, brand, " ".join(words[-n:]), noted=noted)
        return None

    def _find_brand(self, key: str) -> NameEntry | None:
        """Return the bearers of what stands before a note or a desk, with other spaces or as a host too."""
        if entry := self.entries.get(key):
            return entry if entry.outlets else None
        domain = self.index.squashed.get(key.replace(" ", ""))
        if domain is None:
            rest, _, last = key.rpartition(" ")
            outlet = self.hosts.find_listed(f"{rest.replace(' ', '')}.{last}")
            domain = outlet.domain if outlet else None
        return NameEntry((domain,)) if domain else None

    def _match_edition(self, entry: NameEntry, brand: str, note: str, *, noted: bool) -> Match | None:
        """Return the outlet of a brand whose edition or desk ``note`` tells, if the brand is one outlet's.

        A brand of common words counts only when its best-known bearer is far ahead. A region or language
        behind a brand that licenses its name abroad tells another outlet.
        """
        words = note.split()
        if brand.replace(" ", "") in LICENSED_BRANDS and not REGION_WORDS.isdisjoint(words):
            return None
        known = [self.outlets[domain].known for domain in entry.outlets]
        if not self.index.is_generic(brand):
            sure = not entry.shared and (" " in brand or noted or known[0] > 1)
        else:
            # Among several bearers only one that is far ahead.
            ahead = known[0] - known[1] >= CLEAR_LEAD if entry.shared and len(known) > 1 else not entry.shared
            sure = ahead and known[0] >= WELL_KNOWN and not NEWS_WORDS.issuperset(words)
        return matched(self.outlets[entry.outlets[0]], entry.rule, DESK) if sure else None

    # What may be meant

    def suggest(self, key: str, name: str) -> Match:
        """Return an unknown entry with the one outlet that its name is most like, which never counts.

        That is spelt otherwise, or has a word less.
        """
        domain = self._skeletons.get(to_skeleton(name))
        for part in (name.rpartition(" ")[0], name.partition(" ")[2]) if domain is None else ():
            entry = self.entries.get(part)
            if entry and entry.outlets and not entry.shared and not self.index.is_generic(part):
                domain = domain or entry.outlets[0]
        return Match("unknown", key, candidates=(to_candidate(self.outlets[domain]),) if domain else ())

    @cached_property
    def _skeletons(self) -> dict[bytes, str]:
        """The best known outlet of those whose names or domains slips may mix up."""
        found: dict[bytes, str] = {}
        for key, entry in self.entries.items():
            for domain in entry.outlets[:1]:
                for text in (key, domain):
                    skeleton = to_skeleton(text.replace(".", " "))
                    other = found.setdefault(skeleton, domain)
                    if self.outlets[other].known < self.outlets[domain].known:
                        found[skeleton] = domain
        found.pop(b"", None)
        return found


def to_candidate(outlet: Outlet) -> Candidate:
    return Candidate(outlet.domain, outlet.name, outlet.country)


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


Rule = Callable[[NameReader, str, str, Place], Match | None]
# How a name is read that nobody bears as it stands. The first rule with an answer decides. Letters and blanks
# alone need the last ones only.
RULES_FOR_WORDS: tuple[Rule, ...] = (
    NameReader.by_heading,
    NameReader.by_ending,
    NameReader.by_station,
    NameReader.by_spelling,
    NameReader.by_desk,
)
RULES: tuple[Rule, ...] = (
    NameReader.by_note,
    NameReader.by_host,
    NameReader.by_scripts,
    NameReader.by_title,
    *RULES_FOR_WORDS,
)
# What a title's last part may be, when it is no name as it stands.
RULES_FOR_PART: tuple[Rule, ...] = (*RULES[:2], *RULES_FOR_WORDS)
