"""A name → the outlet that bears it: as it stands, then in weaker readings.

The order of the readings is that of the methodology: what stands in brackets, a station's call sign, a
section's heading, spaces, a country behind the name, a page title, words around a name, an edition or desk.
"""

from service.core.resolve.affixes import has_separators
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import STRIPPED_CHARS
from service.core.resolve.match import ALIAS, EXACT, INVALID, Match
from service.core.resolve.name_matching import (
    RULES_AFTER_TITLE,
    RULES_BEFORE_TITLE,
    match_from_name,
    rules_for_plain_name,
)
from service.core.resolve.normalization import MAX_NAME_LENGTH, MAX_WORD_LENGTH, normalize_name
from service.core.resolve.page_titles import by_title

MAX_TITLE_LENGTH = 512
"""Characters of a text that can still be a page title; its publisher stands at the end."""

ALL_RULES = (*RULES_BEFORE_TITLE, by_title, *RULES_AFTER_TITLE)


def resolve_name(catalog: Catalog, name: str, country: str | None) -> Match:
    """Return what ``name`` means. ``country`` (ISO 3166-1 alpha-2) settles one that fits several outlets."""
    name = name.strip(STRIPPED_CHARS)
    if len(name) > MAX_WORD_LENGTH and " " not in name[:MAX_NAME_LENGTH]:
        return Match("unknown", name[:MAX_NAME_LENGTH].lower())
    key = normalize_name(name)
    if not key:
        return INVALID
    bearers = catalog.names.find(key)
    if bearers is not None:
        return match_from_name(bearers, key, EXACT if bearers.by == "name" else ALIAS, country)
    if len(name) > MAX_NAME_LENGTH:
        title = by_title(catalog, name, key, country) if len(name) <= MAX_TITLE_LENGTH else None
        return title or Match("unknown", key)
    return apply_rules(catalog, name, key, country)


def apply_rules(catalog: Catalog, name: str, key: str, country: str | None) -> Match:
    """Return what a name means that nobody bears as it stands. ``key`` is its normal form."""
    if key in catalog.names.platforms:
        return Match("platform", key)
    for read in ALL_RULES if has_separators(name) else rules_for_plain_name(key):
        if match := read(catalog, name, key, country):
            return match
    return Match("unknown", key)
