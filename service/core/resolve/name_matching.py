"""Readings of a name that nobody bears as it stands, each a little weaker than the one before.

A reading counts only when it lands on one outlet. It never compares likeness.
"""

from collections.abc import Callable

from service.core.outlets import Outlet
from service.core.resolve.affixes import (
    has_affixes,
    is_distinctive,
    is_generic,
    is_heading,
    is_tagline,
    strip_affixes,
)
from service.core.resolve.catalog import Catalog
from service.core.resolve.desks import (
    CONNECTIVES,
    EDITION_NOUNS,
    EDITION_WORDS,
    FILLERS,
    HEADING_WORDS,
    LANGUAGE_CODES,
    NEWS_WORDS,
)
from service.core.resolve.match import (
    DESK,
    MAX_CANDIDATES,
    READ,
    SETTLED,
    SPELLED,
    Candidate,
    Match,
    matched,
)
from service.core.resolve.name_index import NameEntry, clear_winner, make_name_entry
from service.core.resolve.normalization import (
    is_abbreviation,
    normalize_name,
    parse_call_sign,
    registrable_label,
    split_brackets,
    split_country,
    strip_spaces,
)
from service.core.resolve.vocabulary import COUNTRIES, COUNTRY_CODES, NEUTRAL_NOTES, WEB_WORDS

MAX_EDITION_WORDS = 4
"""Words behind a brand that can tell an edition."""

WELL_KNOWN_LISTS = 4
"""Raters and lists from which on a brand made of common words, or another country's, is taken for itself."""

CLEAR_LEAD = 4
"""Raters and lists that the best-known bearer of a shared name has more than the next, to be the brand."""

MIN_INITIALS, MAX_INITIALS = 3, 6


Rule = Callable[[Catalog, str, str, str | None], Match | None]


def match_from_name(bearers: NameEntry, key: str, confidence: float, country: str | None) -> Match:
    """Return the match of a name: found when it means one of its bearers, or ``country`` leaves one."""
    if not bearers.shared:
        return matched(bearers.outlets[0], bearers.by, min(confidence, READ) if bearers.weak else confidence)
    there = tuple(outlet for outlet in bearers.outlets if country and outlet.country == country)
    if len(there) == 1:
        return matched(there[0], bearers.by, min(confidence, SETTLED))
    return (
        ambiguous_match(key, there, clear_winner(there, key))
        if there
        else ambiguous_match(key, bearers.outlets, bearers.best)
    )


def ambiguous_match(key: str, outlets: tuple[Outlet, ...], best: Outlet | None) -> Match:
    """Return the match of a name that several outlets bear."""
    shown = tuple(Candidate(each.domain, each.name, each.country) for each in outlets[:MAX_CANDIDATES])
    return Match("ambiguous", key, candidates=shown, more=len(outlets) - len(shown), best=best)


def by_brackets(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Straits Times (Singapore)", "Agence France-Presse (AFP)", "France 24 [ar]".

    The note must fit the outlet, or tell its edition.
    """
    parts = split_brackets(name)
    if parts is None:
        return None
    base, note = normalize_name(parts[0]), normalize_name(parts[1])
    bearers = _find_brand(catalog, base)
    other = catalog.names.find(note)
    if bearers is None:
        foreign = other is not None and not base.isascii() and not other.shared
        return match_from_name(other, note, SETTLED, country) if other and foreign else None
    code = COUNTRIES.get(note)
    place = code or (parts[1] if parts[1] in COUNTRY_CODES else None)
    if place and (match := _in_country(bearers, base, place)):
        return match
    same = other is not None and other.outlets == bearers.outlets
    if not code and (same or is_abbreviation(parts[1]) or note in NEUTRAL_NOTES):
        return match_from_name(bearers, base, SETTLED, country)
    edition = catalog.names.find(f"{base} {LANGUAGE_CODES[note]}") if note in LANGUAGE_CODES else None
    if edition and not edition.shared:
        return matched(edition.outlets[0], edition.by, SETTLED)
    words = note.split()
    tells = note in LANGUAGE_CODES or is_tagline(note) or not EDITION_NOUNS.isdisjoint(words)
    return _match_edition(bearers, base, note, noted=True) if tells else None


def by_station(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "WFAA 8abc": a call sign with its network, channel or kind."""
    call = parse_call_sign(key)
    bearers = catalog.names.find(call) if call else None
    return match_from_name(bearers, key, SETTLED, country) if bearers else None


def by_heading(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "India News" as the heading of a section: it names nobody by itself."""
    if key[key.rfind(" ") + 1 :] not in HEADING_WORDS or not is_heading(key):
        return None
    near = catalog.names.near(key)
    return ambiguous_match(key, near, None) if near else Match("unknown", key)


def by_spelling(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Foxnews", "Al jazeera", "thedailybeast", and "Fox 2 Detroit" as ``fox2detroit.com``."""
    outlet = catalog.names.find_by_spelling(key, name)
    return matched(outlet, "name", SPELLED) if outlet else None


def by_country(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Guardian Nigeria": only an outlet of that country."""
    tail = split_country(key)
    bearers = _find_by_spelling(catalog, tail[0]) if tail else None
    return _in_country(bearers, key, tail[1]) if tail and bearers else None


def by_suffix(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Le Gorafi.fr" as ``legorafi.fr``, and as Le Gorafi if that has a domain in ".fr"."""
    rest, _, last = key.rpartition(" ")
    if not rest or not name.lower().endswith(f".{last}"):
        return None
    listing = catalog.hosts.listings.get(f"{strip_spaces(rest)}.{last}")
    if listing is not None and listing.outlet is not None:
        return matched(listing.outlet, "name", SPELLED)
    bearers = catalog.names.find(rest)
    there = bearers is not None and not bearers.shared and bearers.outlets[0].domain.endswith(f".{last}")
    return matched(bearers.outlets[0], bearers.by, SPELLED) if bearers and there else None


def by_short(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Jamestown" for "The Jamestown Foundation", "Mattino" for "Il Mattino"."""
    short = catalog.names.short.get(key)
    return match_from_name(short, key, READ, country) if short else None


def by_words(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Zeit Online" for "Die Zeit", "Diario El Mundo"."""
    names = catalog.names
    for rest in strip_affixes(key):
        web = key.startswith(rest) and key[len(rest) + 1 :] in WEB_WORDS
        bearers = names.find(rest) or (names.short.get(rest) if web else None)
        if bearers is None:
            continue
        joined = key.endswith(rest) and key[: -len(rest) - 1].rpartition(" ")[2] in CONNECTIVES
        if web or is_distinctive(rest) or (joined and not is_generic(rest)):
            return match_from_name(bearers, key, READ, country)
    return None


def by_desk(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Guardian World", "CNBC Tech", "DW Turkish": a brand with its edition or desk."""
    if key[key.rfind(" ") + 1 :] not in EDITION_WORDS:
        return None
    words = key.split()
    for n in range(1, min(MAX_EDITION_WORDS, len(words) - 1) + 1):
        if words[-n] in EDITION_WORDS or words[-n] in FILLERS:
            brand = " ".join(words[:-n])
            if bearers := _find_brand(catalog, brand):
                news = words[-1] in NEWS_WORDS and registrable_label(bearers.outlets[0].domain) == brand
                noted = news and catalog.names.find(brand) is bearers
                return _match_edition(bearers, brand, " ".join(words[-n:]), noted=noted)
        elif words[-n] not in CONNECTIVES:
            return None
    return None


def by_initials(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Hong Kong Free Press HKFP", "BNA Bahrain News Agency": a name with its own abbreviation."""
    words = key.split() or [""]
    for letters, rest in ((words[-1], words[:-1]), (words[0], words[1:])):
        if len(letters) == len(rest) and MIN_INITIALS <= len(letters) <= MAX_INITIALS:
            bearers = catalog.names.find(" ".join(rest))
            if bearers and "".join(word[0] for word in rest) == letters:
                return match_from_name(bearers, key, SETTLED, country)
    return None


RULES_BEFORE_TITLE = (by_brackets, by_station, by_heading, by_suffix, by_spelling, by_country)
RULES_AFTER_TITLE = (by_short, by_words, by_desk, by_initials)
RULES_WITH_AFFIXES = (by_station, by_heading, by_spelling, by_country, *RULES_AFTER_TITLE)
RULES_FOR_PLAIN_WORDS = (by_station, by_spelling, by_short, by_initials)


def rules_for_plain_name(key: str) -> tuple[Rule, ...]:
    """Return the readings of a name without marks: few, if no word at its ends stands beside names."""
    return RULES_WITH_AFFIXES if has_affixes(key) else RULES_FOR_PLAIN_WORDS


def _in_country(bearers: NameEntry, key: str, code: str) -> Match | None:
    there = tuple(outlet for outlet in bearers.outlets if outlet.country == code)
    return match_from_name(make_name_entry(there, key, bearers.by), key, SETTLED, None) if there else None


def _find_brand(catalog: Catalog, key: str) -> NameEntry | None:
    """Return the bearers of what stands before a desk, as it is spelled or shortened."""
    names = catalog.names
    if bearers := names.find(key) or names.short.get(key) or _find_by_spelling(catalog, key):
        return bearers
    found_as = ((rest, names.find(rest)) for rest in strip_affixes(key))
    return next((bearers for rest, bearers in found_as if bearers and is_distinctive(rest)), None)


def _find_by_spelling(catalog: Catalog, key: str) -> NameEntry | None:
    """Return the bearers of a name as it is spelled, with other spaces, or as a host: "cnn com"."""
    if bearers := catalog.names.find(key):
        return bearers
    outlet = catalog.names.close.get(strip_spaces(key))
    if outlet is None:
        rest, _, last = key.rpartition(" ")
        listing = catalog.hosts.listings.get(f"{strip_spaces(rest)}.{last}")
        outlet = listing.outlet if listing else None
    return NameEntry((outlet,), "name") if outlet else None


def _match_edition(bearers: NameEntry, brand: str, note: str, *, noted: bool = False) -> Match | None:
    """Return the outlet of a brand whose edition or desk ``note`` tells, if the brand is one outlet's.

    A brand of common words counts only when its best-known bearer is far ahead. A country behind a name
    often tells another outlet: it is an edition of a well-known brand alone.
    """
    outlet = bearers.outlets[0]
    words = note.split()
    of_country = not COUNTRIES.keys().isdisjoint((note, *words))
    if of_country and (outlet.known < WELL_KNOWN_LISTS or not CONNECTIVES.isdisjoint(words)):
        return None
    if not is_generic(brand):
        sure = not bearers.shared and (" " in brand or noted or outlet.known > 1)
    elif bearers.shared:
        sure = not of_country and len(bearers.outlets) > 1 and _leads_clearly(bearers.outlets)
    else:
        sure = (outlet.known > WELL_KNOWN_LISTS and " " in brand) or (
            outlet.known >= WELL_KNOWN_LISTS and not of_country
        )
    return matched(outlet, bearers.by, DESK) if sure else None


def _leads_clearly(outlets: tuple[Outlet, ...]) -> bool:
    return outlets[0].known >= WELL_KNOWN_LISTS and outlets[0].known - outlets[1].known >= CLEAR_LEAD
