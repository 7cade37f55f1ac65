"""Rules that read a name which nobody bears as it stands, each a little weaker than the one before.

A rule counts only where it leads to one outlet. None compares likeness.
"""

from collections.abc import Callable

from msgspec import structs

from service.core.outlets import Outlet
from service.core.resolve.match import (
    DESK,
    MAX_CANDIDATES,
    SETTLED,
    SPELLED,
    Candidate,
    Match,
    MatchStatus,
    Place,
    matched,
)
from service.core.resolve.name_index import (
    LOOKALIKE_GAP,
    WELL_KNOWN,
    NameEntry,
    NameIndex,
    is_generic,
    is_heading,
    make_name_entry,
    rank,
    weigh,
)
from service.core.resolve.normalization import (
    is_abbreviation,
    normalize_name,
    parse_call_sign,
    registrable_label,
    split_note,
    split_scripts,
    strip_spaces,
)
from service.core.resolve.vocabulary import (
    CONNECTIVES,
    COUNTRIES,
    COUNTRY_CODES,
    COUNTRY_ENDINGS,
    EDITION_NOUNS,
    EDITION_WORDS,
    FILLERS,
    HEADING_WORDS,
    LANGUAGE_CODES,
    LICENSED_BRANDS,
    NEUTRAL_NOTES,
    NEWS_WORDS,
    REGION_WORDS,
    SECTION_WORDS,
    TAGLINE_WORDS,
)

# Words behind a brand that can tell an edition.
MAX_EDITION_WORDS = 4
# A brand of common words counts if its best-known bearer has so many raters and lists more than the next.
CLEAR_LEAD = 4
# A country settles a tie for an outlet on so many lists, even if a foreign bearer is far better known.
SETTLING_LISTS = 3

Rule = Callable[[NameIndex, str, str, Place], Match | None]


def match_from_name(
    names: NameIndex, entry: NameEntry, key: str, place: Place, max_confidence: float = 1.0
) -> Match:
    """Return the match of a name: found if it means one outlet, or if the place leaves one."""
    if place.region:
        there = names.find_in_place(key, place.region)
        if len(there) == 1:
            return matched(there[0], entry.rule, min(SETTLED, max_confidence))
    if place.country and (match := _match_country(entry, key, place.country)):
        return match
    return ambiguous_match(key, entry) if entry.shared else to_match(entry, max_confidence)


def _match_country(entry: NameEntry, key: str, country: str) -> Match | None:
    """Return what a name means in a country, or None if the country changes nothing.

    A little-known outlet is not taken for a far better-known foreign one: "The Mirror" in the United States
    is no student paper.
    """
    there = tuple(outlet for outlet in entry.outlets if outlet.country == country)
    strangers = tuple(each for each in entry.strangers if each.place[:2] == country)
    if not entry.shared and (entry.outlets[0].country in (None, country) or not (there or strangers)):
        return None
    if not there:
        return ambiguous_match(key, entry)
    abroad = max((each.known for each in entry.outlets if each.country != country), default=0)
    if len(there) > 1:
        return ambiguous_match(key, make_name_entry(there, key, entry.rule, strangers=strangers))
    if there[0].known < SETTLING_LISTS and abroad - there[0].known >= LOOKALIKE_GAP:
        return ambiguous_match(key, entry)
    narrowed = weigh(NameEntry(there, entry.rule, SETTLED, strangers=strangers), key)
    return ambiguous_match(key, narrowed) if narrowed.shared else to_match(narrowed)


def to_match(entry: NameEntry, max_confidence: float = 1.0) -> Match:
    """Return the match with the first outlet of an entry. The other bearers stand in ``candidates``."""
    outlet = entry.outlets[0]
    match = matched(outlet, entry.rule, min(entry.confidence, max_confidence))
    if len(entry.outlets) + len(entry.strangers) == 1:
        return match
    others = list_candidates(entry)[1:]
    return structs.replace(
        match, candidates=others[:MAX_CANDIDATES], more=max(0, len(others) - MAX_CANDIDATES)
    )


def ambiguous_match(key: str, entry: NameEntry) -> Match:
    """Return the match of a name that several outlets bear, or strangers alone."""
    shown = list_candidates(entry)
    more = max(0, len(shown) - MAX_CANDIDATES)
    status: MatchStatus = "ambiguous" if entry.outlets else "unknown"
    return Match(status, key, candidates=shown[:MAX_CANDIDATES], more=more, best=entry.best)


def list_candidates(entry: NameEntry) -> tuple[Candidate, ...]:
    listed = [Candidate(each.domain, each.name, each.country) for each in entry.outlets]
    strangers = [Candidate(each.host, each.name, each.place[:2] or None, False) for each in entry.strangers]
    return (*listed, *strangers)


def by_note(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "The Straits Times (Singapore)", "The Sun, Lowell", "Guardian Nigeria", "France 24 [ar]".

    The note must fit the outlet, or tell its edition.
    """
    parts = split_note(name)
    if parts is None:
        base, comma, note = name.rpartition(",")
        return _match_place(names, normalize_name(base), note.strip()) if comma else _match_ending(names, key)
    base, note = normalize_name(parts[0]), normalize_name(parts[1])
    if match := _match_place(names, base, parts[1]):
        return match
    entry, other = find_brand(names, base), names.entries.get(note)
    if entry is None:
        foreign = other is not None and not base.isascii() and not other.shared
        return match_from_name(names, other, note, place, SETTLED) if other and foreign else None
    in_country = note in COUNTRIES or parts[1] in COUNTRY_CODES
    same = other is not None and other.outlets == entry.outlets
    if not in_country and (same or is_abbreviation(parts[1]) or note in NEUTRAL_NOTES):
        return match_from_name(names, entry, base, place, SETTLED)
    edition = names.entries.get(f"{base} {LANGUAGE_CODES[note]}") if note in LANGUAGE_CODES else None
    if edition and not edition.shared:
        return to_match(edition, SETTLED)
    tells = note in LANGUAGE_CODES or is_tagline(note) or not EDITION_NOUNS.isdisjoint(note.split())
    return _match_edition(entry, base, note, noted=True) if tells and not in_country else None


def _match_ending(names: NameIndex, key: str) -> Match | None:
    """Return the one bearer of a name in the country that ends it."""
    words = key.split()
    if not words or words[-1] not in COUNTRY_ENDINGS:
        return None
    for n in (1, 2, 3):
        if code := COUNTRIES.get(" ".join(words[-n:])) if n < len(words) else None:
            there = names.find_in_country(" ".join(words[:-n]), code)
            return matched(there[0], "name", SETTLED) if len(there) == 1 else None
    return None


def _match_place(names: NameIndex, base: str, note: str) -> Match | None:
    """Return the one bearer of a name in the country, state or town of a note."""
    country = COUNTRIES.get(normalize_name(note)) or (note if note in COUNTRY_CODES else None)
    there = names.find_in_country(base, country) if country else names.find_in_place(base, note)
    if len(there) > 1:
        return ambiguous_match(base, make_name_entry(there, base, "name"))
    return matched(there[0], "name", SETTLED) if there else None


def by_station(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "WFAA 8abc": a call sign with its network, channel or kind."""
    call = parse_call_sign(key)
    entry = names.entries.get(call) if call else None
    return match_from_name(names, entry, key, place, SETTLED) if entry else None


def by_heading(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "India News" as the heading of a section: it names nobody by itself."""
    rest, _, last = key.rpartition(" ")
    if last not in HEADING_WORDS or not is_heading(key):
        return None
    joined, entry = strip_spaces(key), names.entries.get(rest)
    spelled = filter(None, (names.find_by_label(joined), names.squashed.get(joined)))
    near = {outlet.domain: outlet for outlet in (*spelled, *(entry.outlets if entry else ()))}
    if not near:
        return Match("unknown", key)
    return ambiguous_match(key, NameEntry(rank(near.values(), key), shared=True))


def by_suffix(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "Le Gorafi.fr" as ``legorafi.fr``, and as Le Gorafi if that has a domain in ".fr"."""
    rest, _, last = key.rpartition(" ")
    if not rest or not name.lower().endswith(f".{last}"):
        return None
    if outlet := names.hosts.find_listed(f"{strip_spaces(rest)}.{last}"):
        return matched(outlet, "name", SPELLED)
    entry = names.entries.get(rest)
    there = entry is not None and not entry.shared and entry.outlets[0].domain.endswith(f".{last}")
    return to_match(entry, SPELLED) if entry and there else None


def by_spelling(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "Foxnews", "Al jazeera", "thedailybeast", and "Fox 2 Detroit" as ``fox2detroit.com``."""
    outlet = names.find_by_spelling(key, name)
    return matched(outlet, "name", SPELLED) if outlet else None


def by_two_names(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "연합뉴스-Yonhap News Agency" if both halves, or the only known one, lead to one outlet."""
    parts = split_scripts(name)
    if parts is None:
        return None
    found = {}
    for part in parts:
        entry = names.entries.get(normalize_name(part))
        if entry and entry.shared:
            return None
        outlet = entry.outlets[0] if entry else names.hosts.find_listed(part.lower().strip(" -|/"))
        if outlet:
            found[outlet.domain] = outlet
    return matched(found.popitem()[1], "name", SPELLED) if len(found) == 1 else None


def by_desk(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "Guardian World", "CNBC Tech", "DW Turkish": a brand with its edition or desk."""
    if key[key.rfind(" ") + 1 :] not in EDITION_WORDS:
        return None
    words = key.split()
    for n in range(1, min(MAX_EDITION_WORDS, len(words) - 1) + 1):
        if words[-n] in EDITION_WORDS or words[-n] in FILLERS:
            brand = " ".join(words[:-n])
            if entry := find_brand(names, brand):
                news = words[-1] in NEWS_WORDS and bool(entry.outlets)
                noted = news and registrable_label(entry.outlets[0].domain) == brand
                return _match_edition(entry, brand, " ".join(words[-n:]), noted=noted)
        elif words[-n] not in CONNECTIVES:
            return None
    return None


def find_brand(names: NameIndex, key: str) -> NameEntry | None:
    """Return the bearers of what stands before a note or a desk, spelt with other spaces or as a host too."""
    if entry := names.entries.get(key):
        return entry if entry.outlets else None
    outlet = names.squashed.get(strip_spaces(key))
    if outlet is None:
        rest, _, last = key.rpartition(" ")
        outlet = names.hosts.find_listed(f"{strip_spaces(rest)}.{last}")
    return NameEntry((outlet,)) if outlet else None


def _match_edition(entry: NameEntry, brand: str, note: str, *, noted: bool = False) -> Match | None:
    """Return the outlet of a brand whose edition or desk ``note`` tells, if the brand is one outlet's.

    A brand of common words counts only when its best-known bearer is far ahead. A region or language behind
    a brand that licenses its name abroad tells another outlet.
    """
    outlet, words = entry.outlets[0], note.split()
    if strip_spaces(brand) in LICENSED_BRANDS and not REGION_WORDS.isdisjoint(words):
        return None
    only_news = NEWS_WORDS.issuperset(words)
    if not is_generic(brand):
        sure = not entry.shared and (" " in brand or noted or outlet.known > 1)
    elif entry.shared:
        sure = len(entry.outlets) > 1 and _leads_clearly(entry.outlets) and not only_news
    else:
        sure = outlet.known >= WELL_KNOWN and not only_news
    return matched(outlet, entry.rule, DESK) if sure else None


def _leads_clearly(outlets: tuple[Outlet, ...]) -> bool:
    return outlets[0].known >= WELL_KNOWN and outlets[0].known - outlets[1].known >= CLEAR_LEAD


def is_section(key: str) -> bool:
    """Return True if a part of a title names a section: "World", "Top stories"."""
    return SECTION_WORDS.issuperset(key.split())


def is_tagline(key: str) -> bool:
    """Return True if a text behind a name says only that a newspaper stands before it."""
    return TAGLINE_WORDS.issuperset(key.split())
