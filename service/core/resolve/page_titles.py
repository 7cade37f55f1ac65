"""A page title → its publisher: the last part that names an outlet. The headline before it names none."""

from itertools import pairwise

from msgspec import structs

from service.core.resolve.hosts import parse_address
from service.core.resolve.match import DESK, READ, Match, Place, matched
from service.core.resolve.name_index import NameIndex
from service.core.resolve.name_matching import (
    Rule,
    by_desk,
    by_heading,
    by_note,
    by_spelling,
    by_station,
    by_suffix,
    is_section,
    is_tagline,
    match_from_name,
)
from service.core.resolve.normalization import find_call_signs, normalize_name, split_title
from service.core.resolve.vocabulary import COUNTRIES

# A short form such as "us" is a word as well.
MAX_CODE_LENGTH = 2
# Parts that are looked at, from the end.
MAX_PARTS = 4
# What stands between a name and its tagline, the first that is there.
TAGLINE_SEPARATORS = (":", ",", ". ")
# What a title's last part may be, when it is no name as it stands.
RULES_FOR_LAST_PART: tuple[Rule, ...] = (
    by_note,
    by_station,
    by_heading,
    by_suffix,
    by_spelling,
    by_desk,
)


def by_title(names: NameIndex, name: str, key: str, place: Place) -> Match | None:
    """Read "India | The Guardian", "CNN: the end of an era - Fox News", "Tuko.co.ke - Kenya news".

    Parts that name a section are passed over. The first part decides only when no later one does, unless it
    is a station's call sign: "KRCC - NPR - Colorado Springs" is not NPR.
    """
    parts = split_title(name)
    if not parts:
        return _match_before_tagline(names, name, place)
    keys = [normalize_name(part) for part in (parts[0], *parts[1:][-MAX_PARTS:])]
    parts = [parts[0], *parts[1:][-MAX_PARTS:]]
    if find_call_signs(parts[0]) == [parts[0]]:
        return _match_part(names, parts[0], keys[0], place)
    sections = [is_section(key) for key in keys]
    for index in range(len(parts) - 1, 0, -1):
        if sections[index]:
            continue
        match = _match_part(names, parts[index], keys[index], place)
        if match is None and index == len(parts) - 1:
            match = _match_last_part(names, parts[index], keys[index], place)
        if match:
            return match
    there = place if place.country else Place(_find_country(keys[1:]), place.region)
    match = _match_part(names, parts[0], keys[0], there) or _match_before_tagline(names, parts[0], there)
    if match is None and all(sections[1:]):
        match = _match_last_part(names, parts[0], keys[0], place)
    named = (
        _match_part(names, parts[i], keys[i], place) for i in range(len(parts) - 1, 0, -1) if sections[i]
    )
    return match or next(filter(None, named), None)


def _find_country(keys: list[str]) -> str | None:
    """Return the code of the one country that the text behind a name tells: "El Informador - México"."""
    words = [word for key in keys for word in key.split()]
    found = {
        COUNTRIES.get(text)
        for text in (*words, *map(" ".join, pairwise(words)))
        if len(text) > MAX_CODE_LENGTH
    }
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _match_part(names: NameIndex, part: str, key: str, place: Place) -> Match | None:
    """Return what a part is when it is, as it stands, a name, a platform or a listed host."""
    entry = names.entries.get(key)
    if entry is not None and entry.outlets:
        return match_from_name(names, entry, key, place, READ)
    if match := _match_host(names, part):
        return match
    return Match("platform", key) if key in names.platforms else None


def _match_last_part(names: NameIndex, part: str, key: str, place: Place) -> Match | None:
    """Return what the last part is by a weaker rule: "… - BBC Sport"."""
    for rule in RULES_FOR_LAST_PART:
        if match := rule(names, part, key, place):
            if match.outlet is None or match.rule is None:
                return match
            return structs.replace(matched(match.outlet, match.rule.by, DESK), candidates=match.candidates)
    return None


def _match_before_tagline(names: NameIndex, name: str, place: Place) -> Match | None:
    """Read "Reuters: World News", "All: BreakingNews.ie", "Wired, monthly edition", "DW.com: what is new".

    A headline that opens with a name names nobody.
    """
    for mark in TAGLINE_SEPARATORS:
        head, found, rest = name.partition(mark)
        if found:
            rest, key, behind = rest.strip(": "), normalize_name(head), normalize_name(rest)
            if is_tagline(behind):
                return _match_part(names, head, key, place) or _match_last_part(names, head, key, place)
            if is_section(key):
                return _match_part(names, rest, behind, place)
            return _match_host(names, head) if mark == ":" else None
    return None


def _match_host(names: NameIndex, text: str) -> Match | None:
    address = parse_address(text) if "." in text else None
    listing = names.hosts.find(address.host) if address else None
    return matched(listing.outlet, "name", READ) if listing and listing.outlet else None
