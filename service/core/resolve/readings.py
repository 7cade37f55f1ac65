"""A name → the outlet that bears it: as it stands, then in readings that are each a little weaker.

A reading counts only when it lands on one outlet; it never compares likeness. Their order is the order of the
methodology: what stands in brackets, a station's call sign, spaces, a country behind the name, a page title,
a word such as "Online".
"""

from service.core.resolve.catalog import Bearers, Catalog
from service.core.resolve.hosts import EDGES, address_of
from service.core.resolve.lexicon import COUNTRIES, NEUTRAL_NOTES
from service.core.resolve.match import (
    ALIAS,
    EXACT,
    INVALID,
    MOST_CANDIDATES,
    READ,
    SETTLED,
    SPELLED,
    Candidate,
    Match,
    found,
)
from service.core.resolve.names import (
    LONGEST_NAME,
    LONGEST_WORD,
    bracketed,
    call_sign_of,
    country_tail,
    is_abbreviation,
    normal,
    title_parts,
    without_press_word,
)

MOST_PARTS = 3
"""Parts of a page title that are looked at."""


def resolve_name(catalog: Catalog, name: str, country: str | None) -> Match:
    """The outlet that ``name`` means; ``country`` (ISO 3166-1 alpha-2) settles a name that fits several."""
    name = name.strip(EDGES)
    if len(name) > LONGEST_WORD and " " not in name[:LONGEST_NAME]:
        return Match("unknown", name[:LONGEST_NAME].lower())
    key = normal(name)
    if not key:
        return INVALID
    bearers = catalog.names.find(key)
    if bearers is not None:
        return borne(bearers, key, EXACT if bearers.by == "name" else ALIAS, country)
    return read_name(catalog, name, key, country) if len(name) <= LONGEST_NAME else Match("unknown", key)


def read_name(catalog: Catalog, name: str, key: str, country: str | None) -> Match:
    """What a name means that nobody bears as it stands; ``key`` is its normal form."""
    if key in catalog.names.platforms:
        return Match("platform", key)
    for read in READINGS:
        if match := read(catalog, name, key, country):
            return match
    return Match("unknown", key)


def borne(bearers: Bearers, key: str, confidence: float, country: str | None) -> Match:
    """A name with its bearers: found when it means one of them, or when ``country`` leaves one."""
    if not bearers.shared:
        return found(bearers.outlets[0], bearers.by, confidence)
    there = [outlet for outlet in bearers.outlets if country and outlet.country == country]
    if len(there) == 1:
        return found(there[0], bearers.by, min(confidence, SETTLED))
    outlets = (there or bearers.outlets)[:MOST_CANDIDATES]
    return Match("ambiguous", key, candidates=tuple(Candidate(o.domain, o.name, o.country) for o in outlets))


def by_brackets(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Straits Times (Singapore)", "Agence France-Presse (AFP)": the note must fit the outlet."""
    parts = bracketed(name)
    if parts is None:
        return None
    base, note = normal(parts[0]), normal(parts[1])
    bearers = catalog.names.find(base)
    if bearers is None:
        return None
    if code := COUNTRIES.get(note):
        return _in_country(bearers, base, code)
    other = catalog.names.find(note)
    same = other is not None and other.outlets == bearers.outlets
    if same or is_abbreviation(parts[1]) or note in NEUTRAL_NOTES:
        return borne(bearers, base, SETTLED, country)
    return None


def by_station(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "WFAA 8abc": a call sign with its network, channel or kind."""
    call = call_sign_of(key)
    bearers = catalog.names.find(call) if call else None
    return borne(bearers, key, SETTLED, country) if bearers else None


def by_spelling(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Foxnews", "Al jazeera", and "Fox 2 Detroit" as ``fox2detroit.com``."""
    outlet = catalog.names.find_close(key, brand=not (name.islower() or name.isupper() or name.istitle()))
    return found(outlet, "name", SPELLED) if outlet else None


def by_country(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "The Guardian Nigeria": only an outlet of that country."""
    tail = country_tail(key)
    bearers = catalog.names.find(tail[0]) if tail else None
    return _in_country(bearers, key, tail[1]) if tail and bearers else None


def by_title(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read a page title by its first part that is a name or a listed host: "Tuko.co.ke - Kenya news."."""
    for part in title_parts(name)[:MOST_PARTS]:
        bearers = catalog.names.find(normal(part))
        if bearers is not None:
            return borne(bearers, key, READ, country)
        address = address_of(part)
        listing = catalog.hosts.find(address.host) if address else None
        if listing is not None and listing.outlet is not None:
            return found(listing.outlet, "name", READ)
    return None


def by_press_word(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "Zeit Online", "Reuters News" without the last word."""
    rest = without_press_word(key)
    bearers = catalog.names.find(rest) if rest else None
    return borne(bearers, key, READ, country) if bearers else None


READINGS = (by_brackets, by_station, by_spelling, by_country, by_title, by_press_word)


def _in_country(bearers: Bearers, key: str, code: str) -> Match | None:
    there = tuple(outlet for outlet in bearers.outlets if outlet.country == code)
    return borne(Bearers(there, bearers.by, len(there) > 1), key, SETTLED, None) if there else None
