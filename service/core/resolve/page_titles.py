"""A page title → its publisher: the last part that names an outlet. The headline before it names none."""

from itertools import pairwise

from service.core.resolve.affixes import has_separators, is_section, is_tagline
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import parse_address
from service.core.resolve.match import DESK, READ, Match, matched
from service.core.resolve.name_matching import (
    RULES_AFTER_TITLE,
    RULES_BEFORE_TITLE,
    match_from_name,
    rules_for_plain_name,
)
from service.core.resolve.normalization import find_call_signs, normalize_name, split_title
from service.core.resolve.vocabulary import COUNTRIES

MAX_CODE_LENGTH = 2
"""Letters of a short form such as "us", which is a word as well."""

MAX_PARTS = 4
"""Parts that are looked at, from the end."""


def by_title(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "India | The Guardian", "CNN: the end of an era - Fox News", "Tuko.co.ke - Kenya news".

    Parts that name a section are passed over. The first part decides only when no later one does, unless it
    is a station's call sign: "KRCC - NPR - Colorado Springs" is not NPR.
    """
    parts = split_title(name)
    if not parts:
        return _by_colon(catalog, name, country)
    if find_call_signs(parts[0]) == [parts[0]]:
        return _match_part(catalog, parts[0], normalize_name(parts[0]), country)
    sections = []
    later = parts[1:][-MAX_PARTS:]
    for place, part in enumerate(reversed(later)):
        words = normalize_name(part)
        if is_section(words):
            sections.append((part, words))
        elif (match := _match_part(catalog, part, words, country)) or (
            place == 0 and (match := _match_last_part(catalog, part, words, country))
        ):
            return match
    first, words = parts[0], normalize_name(parts[0])
    there = country or _find_country(later)
    match = _match_part(catalog, first, words, there) or _by_colon(catalog, first, there)
    if match is None and len(sections) == len(later):
        match = _match_last_part(catalog, first, words, country)
    return match or next(
        filter(None, (_match_part(catalog, *section, country) for section in sections)), None
    )


def _find_country(parts: list[str]) -> str | None:
    """Return the code of the one country that the text behind a name tells: "El Informador - México"."""
    words = [word for part in parts for word in normalize_name(part).split()]
    pairs = map(" ".join, pairwise(words))
    codes = {
        COUNTRIES[each] for each in (*words, *pairs) if len(each) > MAX_CODE_LENGTH and each in COUNTRIES
    }
    return codes.pop() if len(codes) == 1 else None


def _match_part(catalog: Catalog, part: str, key: str, country: str | None) -> Match | None:
    """Return what a part is when it is, as it stands, a name, a platform or a listed host."""
    bearers = catalog.names.find(key)
    if bearers is not None:
        return match_from_name(bearers, key, READ, country)
    match = _match_host(catalog, part)
    return match or (Match("platform", key) if key in catalog.names.platforms else None)


def _match_last_part(catalog: Catalog, part: str, key: str, country: str | None) -> Match | None:
    """Return what the last part is in a weaker reading: "… - BBC Sport"."""
    for read in (
        (*RULES_BEFORE_TITLE, *RULES_AFTER_TITLE) if has_separators(part) else rules_for_plain_name(key)
    ):
        if match := read(catalog, part, key, country):
            return matched(match.outlet, match.how.by, DESK) if match.outlet and match.how else match
    return None


def _by_colon(catalog: Catalog, name: str, country: str | None) -> Match | None:
    """Read "Reuters: World News", "All: BreakingNews.ie", "Wired, monthly edition", "DW.com: what is new".

    A headline that opens with a name names nobody.
    """
    for mark in TAGLINE_SEPARATORS:
        head, broken, rest = name.partition(mark)
        if broken:
            rest, key, behind = rest.strip(": "), normalize_name(head), normalize_name(rest)
            if is_tagline(behind):
                return _match_part(catalog, head, key, country) or _match_last_part(
                    catalog, head, key, country
                )
            if is_section(key):
                return _match_part(catalog, rest, behind, country)
            return _match_host(catalog, head) if mark == ":" else None
    return None


TAGLINE_SEPARATORS = (":", ",", ". ")
"""What stands between a name and its tagline, the first that is there."""


def _match_host(catalog: Catalog, text: str) -> Match | None:
    address = parse_address(text) if "." in text else None
    listing = catalog.hosts.find(address.host) if address else None
    return matched(listing.outlet, "name", READ) if listing and listing.outlet else None
