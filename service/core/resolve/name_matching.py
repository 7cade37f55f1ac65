"""Readings of a name that nobody bears as it stands, each a little weaker than the one before.

A reading counts only when it lands on one outlet. It never compares likeness.
"""

from collections.abc import Callable

from service.core.outlets import Outlet
from service.core.resolve.affixes import (
    has_words_around,
    is_distinctive,
    is_heading,
    is_plain,
    is_tagline,
    shortened,
)
from service.core.resolve.catalog import Catalog
from service.core.resolve.desks import BESIDE, CODES, EDITION_WORDS, FILLING, HEADING, JOINING, NEWS_WORDS
from service.core.resolve.match import (
    DESK,
    MOST_CANDIDATES,
    READ,
    SETTLED,
    SPELLED,
    Candidate,
    Match,
    found,
)
from service.core.resolve.name_index import Bearers, bearing, best_of
from service.core.resolve.normalization import (
    bracketed,
    call_sign_of,
    country_tail,
    is_abbreviation,
    normal,
    own_label,
    squashed,
)
from service.core.resolve.vocabulary import COUNTRIES, COUNTRY_CODES, NEUTRAL_NOTES, WEB_WORDS

MOST_BESIDE = 4
"""Words behind a brand that can tell an edition."""

WELL_KNOWN = 4
"""Raters and lists from which on a brand made of common words, or another country's, is taken for itself."""

FAR_AHEAD = 4
"""Raters and lists that the best-known bearer of a shared name has more than the next, to be the brand."""

LEAST_INITIALS, MOST_INITIALS = 3, 6


Reading = Callable[[Catalog, str, str, str | None], Match | None]


def borne(bearers: Bearers, key: str, confidence: float, country: str | None) -> Match:
    """Return the match of a name: found when it means one of its bearers, or ``country`` leaves one."""
    if not bearers.shared:
        return found(bearers.outlets[0], bearers.by, min(confidence, READ) if bearers.weak else confidence)
    there = tuple(outlet for outlet in bearers.outlets if country and outlet.country == country)
    if len(there) == 1:
        return found(there[0], bearers.by, min(confidence, SETTLED))
    return (
        ambiguous(key, there, best_of(there, key)) if there else ambiguous(key, bearers.outlets, bearers.best)
    )


def ambiguous(key: str, outlets: tuple[Outlet, ...], best: Outlet | None) -> Match:
    """Return the match of a name that several outlets bear."""
    shown = tuple(Candidate(each.domain, each.name, each.country) for each in outlets[:MOST_CANDIDATES])
    return Match("ambiguous", key, candidates=shown, more=len(outlets) - len(shown), best=best)


def by_brackets(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Straits Times (Singapore)", "Agence France-Presse (AFP)", "France 24 [ar]".

    The note must fit the outlet, or tell its edition.
    """
    parts = bracketed(name)
    if parts is None:
        return None
    base, note = normal(parts[0]), normal(parts[1])
    bearers = _called(catalog, base)
    other = catalog.names.find(note)
    if bearers is None:
        foreign = other is not None and not base.isascii() and not other.shared
        return borne(other, note, SETTLED, country) if other and foreign else None
    code = COUNTRIES.get(note)
    place = code or (parts[1] if parts[1] in COUNTRY_CODES else None)
    if place and (match := _in_country(bearers, base, place)):
        return match
    same = other is not None and other.outlets == bearers.outlets
    if not code and (same or is_abbreviation(parts[1]) or note in NEUTRAL_NOTES):
        return borne(bearers, base, SETTLED, country)
    edition = catalog.names.find(f"{base} {CODES[note]}") if note in CODES else None
    if edition and not edition.shared:
        return found(edition.outlets[0], edition.by, SETTLED)
    words = note.split()
    tells = note in CODES or is_tagline(note) or not EDITION_WORDS.isdisjoint(words)
    return _edition(bearers, base, note, noted=True) if tells else None


def by_station(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "WFAA 8abc": a call sign with its network, channel or kind."""
    call = call_sign_of(key)
    bearers = catalog.names.find(call) if call else None
    return borne(bearers, key, SETTLED, country) if bearers else None


def by_heading(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "India News" as the heading of a section: it names nobody by itself."""
    if key[key.rfind(" ") + 1 :] not in HEADING or not is_heading(key):
        return None
    near = catalog.names.near(key)
    return ambiguous(key, near, None) if near else Match("unknown", key)


def by_spelling(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Foxnews", "Al jazeera", "thedailybeast", and "Fox 2 Detroit" as ``fox2detroit.com``."""
    outlet = catalog.names.find_close(key, name)
    return found(outlet, "name", SPELLED) if outlet else None


def by_country(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Guardian Nigeria": only an outlet of that country."""
    tail = country_tail(key)
    bearers = _spelled(catalog, tail[0]) if tail else None
    return _in_country(bearers, key, tail[1]) if tail and bearers else None


def by_suffix(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Le Gorafi.fr" as ``legorafi.fr``, and as Le Gorafi if that has a domain in ".fr"."""
    rest, _, last = key.rpartition(" ")
    if not rest or not name.lower().endswith(f".{last}"):
        return None
    listing = catalog.hosts.listings.get(f"{squashed(rest)}.{last}")
    if listing is not None and listing.outlet is not None:
        return found(listing.outlet, "name", SPELLED)
    bearers = catalog.names.find(rest)
    there = bearers is not None and not bearers.shared and bearers.outlets[0].domain.endswith(f".{last}")
    return found(bearers.outlets[0], bearers.by, SPELLED) if bearers and there else None


def by_short(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Jamestown" for "The Jamestown Foundation", "Mattino" for "Il Mattino"."""
    short = catalog.names.short.get(key)
    return borne(short, key, READ, country) if short else None


def by_words(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Zeit Online" for "Die Zeit", "Diario El Mundo"."""
    names = catalog.names
    for rest in shortened(key):
        web = key.startswith(rest) and key[len(rest) + 1 :] in WEB_WORDS
        bearers = names.find(rest) or (names.short.get(rest) if web else None)
        if bearers is None:
            continue
        joined = key.endswith(rest) and key[: -len(rest) - 1].rpartition(" ")[2] in JOINING
        if web or is_distinctive(rest) or (joined and not is_plain(rest)):
            return borne(bearers, key, READ, country)
    return None


def by_desk(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Guardian World", "CNBC Tech", "DW Turkish": a brand with its edition or desk."""
    if key[key.rfind(" ") + 1 :] not in BESIDE:
        return None
    words = key.split()
    for n in range(1, min(MOST_BESIDE, len(words) - 1) + 1):
        if words[-n] in BESIDE or words[-n] in FILLING:
            brand = " ".join(words[:-n])
            if bearers := _called(catalog, brand):
                news = words[-1] in NEWS_WORDS and own_label(bearers.outlets[0].domain) == brand
                noted = news and catalog.names.find(brand) is bearers
                return _edition(bearers, brand, " ".join(words[-n:]), noted=noted)
        elif words[-n] not in JOINING:
            return None
    return None


def by_initials(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Hong Kong Free Press HKFP", "BNA Bahrain News Agency": a name with its own abbreviation."""
    words = key.split() or [""]
    for letters, rest in ((words[-1], words[:-1]), (words[0], words[1:])):
        if len(letters) == len(rest) and LEAST_INITIALS <= len(letters) <= MOST_INITIALS:
            bearers = catalog.names.find(" ".join(rest))
            if bearers and "".join(word[0] for word in rest) == letters:
                return borne(bearers, key, SETTLED, country)
    return None


STRONGER = (by_brackets, by_station, by_heading, by_suffix, by_spelling, by_country)
WEAKER = (by_short, by_words, by_desk, by_initials)
AROUND = (by_station, by_heading, by_spelling, by_country, *WEAKER)
FEW = (by_station, by_spelling, by_short, by_initials)


def unmarked(key: str) -> tuple[Reading, ...]:
    """Return the readings of a name without marks: few, if no word at its ends stands beside names."""
    return AROUND if has_words_around(key) else FEW


def _in_country(bearers: Bearers, key: str, code: str) -> Match | None:
    there = tuple(outlet for outlet in bearers.outlets if outlet.country == code)
    return borne(bearing(there, key, bearers.by), key, SETTLED, None) if there else None


def _called(catalog: Catalog, key: str) -> Bearers | None:
    """Return the bearers of what stands before a desk, as it is spelled or shortened."""
    names = catalog.names
    if bearers := names.find(key) or names.short.get(key) or _spelled(catalog, key):
        return bearers
    found_as = ((rest, names.find(rest)) for rest in shortened(key))
    return next((bearers for rest, bearers in found_as if bearers and is_distinctive(rest)), None)


def _spelled(catalog: Catalog, key: str) -> Bearers | None:
    """Return the bearers of a name as it is spelled, with other spaces, or as a host: "cnn com"."""
    if bearers := catalog.names.find(key):
        return bearers
    outlet = catalog.names.close.get(squashed(key))
    if outlet is None:
        rest, _, last = key.rpartition(" ")
        listing = catalog.hosts.listings.get(f"{squashed(rest)}.{last}")
        outlet = listing.outlet if listing else None
    return Bearers((outlet,), "name") if outlet else None


def _edition(bearers: Bearers, brand: str, note: str, *, noted: bool = False) -> Match | None:
    """Return the outlet of a brand whose edition or desk ``note`` tells, if the brand is one outlet's.

    A brand of common words counts only when its best-known bearer is far ahead. A country behind a name
    often tells another outlet: it is an edition of a well-known brand alone.
    """
    outlet = bearers.outlets[0]
    words = note.split()
    of_country = not COUNTRIES.keys().isdisjoint((note, *words))
    if of_country and (outlet.known < WELL_KNOWN or not JOINING.isdisjoint(words)):
        return None
    if not is_plain(brand):
        sure = not bearers.shared and (" " in brand or noted or outlet.known > 1)
    elif bearers.shared:
        sure = not of_country and len(bearers.outlets) > 1 and _is_far_ahead(bearers.outlets)
    else:
        sure = (outlet.known > WELL_KNOWN and " " in brand) or (outlet.known >= WELL_KNOWN and not of_country)
    return found(outlet, bearers.by, DESK) if sure else None


def _is_far_ahead(outlets: tuple[Outlet, ...]) -> bool:
    return outlets[0].known >= WELL_KNOWN and outlets[0].known - outlets[1].known >= FAR_AHEAD
