"""A page title → its publisher: the last part that names an outlet. The headline before it names none."""

from service.core.resolve.around import is_bare, is_section, is_tagline
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import address_of
from service.core.resolve.match import DESK, READ, Match, found
from service.core.resolve.names import normal, title_parts
from service.core.resolve.readings import FEW, STRONGER, WEAKER, borne

MOST_PARTS = 4
"""Parts that are looked at, from the end."""


def by_title(catalog: Catalog, name: str, key: str, country: str | None) -> Match | None:
    """Read "India | The Guardian", "CNN: the end of an era - Fox News", "Tuko.co.ke - Kenya news".

    Parts that name a section are passed over. The first part decides only when no later one does.
    """
    parts = title_parts(name)
    if not parts:
        return _by_colon(catalog, name, country)
    sections = []
    for place, part in enumerate(reversed(parts[1:][-MOST_PARTS:])):
        if is_section(normal(part)):
            sections.append(part)
        elif match := _part(catalog, part, country) or (place == 0 and _last(catalog, part, country)) or None:
            return match
    for part in (parts[0], *sections):
        if match := _part(catalog, part, country) or _by_colon(catalog, part, country):
            return match
    return None


def _part(catalog: Catalog, part: str, country: str | None) -> Match | None:
    """Return what a part is when it is, as it stands, a name, a platform or a listed host."""
    key = normal(part)
    bearers = catalog.names.find(key)
    if bearers is not None:
        return borne(bearers, key, READ, country)
    address = address_of(part)
    listing = catalog.hosts.find(address.host) if address else None
    if listing is not None and listing.outlet is not None:
        return found(listing.outlet, "name", READ)
    return Match("platform", key) if key in catalog.names.platforms else None


def _last(catalog: Catalog, part: str, country: str | None) -> Match | None:
    """Return what the last part is in a weaker reading: "… - BBC Sport"."""
    key = normal(part)
    for read in FEW if is_bare(part, key) else (*STRONGER, *WEAKER):
        if match := read(catalog, part, key, country):
            return found(match.outlet, match.how.by, DESK) if match.outlet and match.how else match
    return None


def _by_colon(catalog: Catalog, name: str, country: str | None) -> Match | None:
    """Read "Reuters: World News", "All: BreakingNews.ie". A headline that opens with a name names nobody."""
    head, colon, rest = name.partition(":")
    if not colon:
        return None
    rest = rest.strip(": ")
    if is_tagline(normal(rest)):
        return _part(catalog, head, country)
    return _part(catalog, rest, country) if is_section(normal(head)) else None
