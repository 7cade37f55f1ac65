"""A name → the outlet that bears it: as it stands, then in weaker readings.

The order of the readings is that of the methodology: what stands in brackets, a station's call sign, a
section's heading, spaces, a country behind the name, a page title, words around a name, an edition or desk.
"""

from service.core.resolve.affixes import has_marks
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import EDGES
from service.core.resolve.match import ALIAS, EXACT, INVALID, Match
from service.core.resolve.name_matching import STRONGER, WEAKER, borne, unmarked
from service.core.resolve.normalization import LONGEST_NAME, LONGEST_WORD, normal
from service.core.resolve.page_titles import by_title

LONGEST_TITLE = 512
"""Characters of a text that can still be a page title; its publisher stands at the end."""

ALL = (*STRONGER, by_title, *WEAKER)


def resolve_name(catalog: Catalog, name: str, country: str | None) -> Match:
    """Return what ``name`` means. ``country`` (ISO 3166-1 alpha-2) settles one that fits several outlets."""
    name = name.strip(EDGES)
    if len(name) > LONGEST_WORD and " " not in name[:LONGEST_NAME]:
        return Match("unknown", name[:LONGEST_NAME].lower())
    key = normal(name)
    if not key:
        return INVALID
    bearers = catalog.names.find(key)
    if bearers is not None:
        return borne(bearers, key, EXACT if bearers.by == "name" else ALIAS, country)
    if len(name) > LONGEST_NAME:
        title = by_title(catalog, name, key, country) if len(name) <= LONGEST_TITLE else None
        return title or Match("unknown", key)
    return read_name(catalog, name, key, country)


def read_name(catalog: Catalog, name: str, key: str, country: str | None) -> Match:
    """Return what a name means that nobody bears as it stands. ``key`` is its normal form."""
    if key in catalog.names.platforms:
        return Match("platform", key)
    for read in ALL if has_marks(name) else unmarked(key):
        if match := read(catalog, name, key, country):
            return match
    return Match("unknown", key)
