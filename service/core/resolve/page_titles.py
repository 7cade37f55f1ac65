"""A page title → its publisher: the last part that names an outlet. The headline before it names none."""

from itertools import pairwise

from service.core.resolve.affixes import has_marks, is_section, is_tagline
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import address_of
from service.core.resolve.match import DESK, READ, Match, found
from service.core.resolve.name_matching import STRONGER, WEAKER, borne, unmarked
from service.core.resolve.normalization import call_signs, normal, title_parts
from service.core.resolve.vocabulary import COUNTRIES

LONGEST_CODE = 2
"""Letters of a short form such as "us", which is a word as well."""

MOST_PARTS = 4
"""Parts that are looked at, from the end."""


def by_title(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "India | The Guardian", "CNN: the end of an era - Fox News", "Tuko.co.ke - Kenya news".

    Parts that name a section are passed over. The first part decides only when no later one does, unless it
    is a station's call sign: "KRCC - NPR - Colorado Springs" is not NPR.
    """
    parts = title_parts(name)
    if not parts:
        return _by_colon(catalog, name, country)
    if call_signs(parts[0]) == [parts[0]]:
        return _part(catalog, parts[0], normal(parts[0]), country)
    sections = []
    later = parts[1:][-MOST_PARTS:]
    for place, part in enumerate(reversed(later)):
        words = normal(part)
        if is_section(words):
            sections.append((part, words))
        elif (match := _part(catalog, part, words, country)) or (
            place == 0 and (match := _last(catalog, part, words, country))
        ):
            return match
    first, words = parts[0], normal(parts[0])
    there = country or _country_in(later)
    match = _part(catalog, first, words, there) or _by_colon(catalog, first, there)
    if match is None and len(sections) == len(later):
        match = _last(catalog, first, words, country)
    return match or next(filter(None, (_part(catalog, *section, country) for section in sections)), None)


def _country_in(parts: list[str]) -> str | None:
    """Return the code of the one country that the text behind a name tells: "El Informador - México"."""
    words = [word for part in parts for word in normal(part).split()]
    pairs = map(" ".join, pairwise(words))
    codes = {COUNTRIES[each] for each in (*words, *pairs) if len(each) > LONGEST_CODE and each in COUNTRIES}
    return codes.pop() if len(codes) == 1 else None


def _part(catalog: Catalog, part: str, key: str, country: str | None) -> Match | None:
    """Return what a part is when it is, as it stands, a name, a platform or a listed host."""
    bearers = catalog.names.find(key)
    if bearers is not None:
        return borne(bearers, key, READ, country)
    match = _of_host(catalog, part)
    return match or (Match("platform", key) if key in catalog.names.platforms else None)


def _last(catalog: Catalog, part: str, key: str, country: str | None) -> Match | None:
    """Return what the last part is in a weaker reading: "… - BBC Sport"."""
    for read in (*STRONGER, *WEAKER) if has_marks(part) else unmarked(key):
        if match := read(catalog, part, key, country):
            return found(match.outlet, match.how.by, DESK) if match.outlet and match.how else match
    return None


def _by_colon(catalog: Catalog, name: str, country: str | None) -> Match | None:
    """Read "Reuters: World News", "All: BreakingNews.ie", "Wired, monthly edition", "DW.com: what is new".

    A headline that opens with a name names nobody.
    """
    for mark in BREAKS:
        head, broken, rest = name.partition(mark)
        if broken:
            rest, key, behind = rest.strip(": "), normal(head), normal(rest)
            if is_tagline(behind):
                return _part(catalog, head, key, country) or _last(catalog, head, key, country)
            if is_section(key):
                return _part(catalog, rest, behind, country)
            return _of_host(catalog, head) if mark == ":" else None
    return None


BREAKS = (":", ",", ". ")
"""What stands between a name and its tagline, the first that is there."""


def _of_host(catalog: Catalog, text: str) -> Match | None:
    address = address_of(text) if "." in text else None
    listing = catalog.hosts.find(address.host) if address else None
    return found(listing.outlet, "name", READ) if listing and listing.outlet else None
