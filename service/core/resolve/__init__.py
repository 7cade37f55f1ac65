"""An entry of a caller's list (URL, domain or name) → the outlet it means, or the reason why not.

Hosts are looked up, never compared: a host is an outlet's when it, or one of its parents, is listed. A name
that means several outlets is never guessed at.
"""

from service.core.resolve.catalog import Catalog
from service.core.resolve.match import ANYWHERE, Candidate, EntryFields, Match, Place, Ties
from service.core.resolve.resolver import Resolver

__all__ = ["ANYWHERE", "Candidate", "Catalog", "EntryFields", "Match", "Place", "Resolver", "Ties", "resolve"]


def resolve(
    catalog: Catalog,
    entry: str | EntryFields,
    country: str | None = None,
    ties: Ties = "never",
    region: str | None = None,
) -> Match:
    """Resolve ``entry`` in a catalog."""
    place = Place(country, region) if country or region else ANYWHERE
    return catalog.resolver.resolve(entry, place, ties)
