"""``/v1/resolve``: what one entry means, or which outlets it may mean."""

from typing import Annotated
from weakref import WeakKeyDictionary

from flask import Blueprint
from msgspec import Meta, Struct

from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import Found, MatchedBy
from service.core.resolve.suggest import Suggester, Suggestion, candidates_of
from service.web.routes import Example, catalog, endpoint
from service.web.schemas import Country

blueprint = Blueprint("resolve", __name__)

LONGEST_ENTRY = 2048
SUGGESTERS: WeakKeyDictionary[Catalog, Suggester] = WeakKeyDictionary()
"""One for the catalog that is served; it goes when the catalog goes."""


class ResolveQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The entry, and the country that breaks a tie."""

    q: Annotated[str, Meta(max_length=LONGEST_ENTRY)]
    country: Country | None = None


class Resolved(Struct, frozen=True):
    """What an entry means. ``candidates`` bear an ambiguous name, or have a name like an unknown one."""

    input: str
    status: Found
    domain: str | None
    name: str | None
    country: str | None
    match: MatchedBy | None
    candidates: list[Suggestion]


@endpoint(
    blueprint,
    "/v1/resolve",
    answer=Resolved,
    query=ResolveQuery,
    problems=(422,),
    tag="outlets",
    examples=(
        Example("A name", query={"q": "The Straits Times (Singapore)"}),
        Example("A name that several outlets bear", query={"q": "The Herald"}),
        Example("A slip", query={"q": "Washingtn Post"}),
    ),
)
def resolve_entry(query: ResolveQuery) -> Resolved:
    """What one entry (URL, domain or name) means, and how that is known.

    A likeness is only suggested, never taken for a match: an unknown entry comes with up to five outlets
    whose names look like it.
    """
    return resolved(catalog(), query.q, query.country)


def resolved(current: Catalog, entry: str, country: str | None = None) -> Resolved:
    """What ``entry`` means in a catalog; an unknown one with the outlets whose names look like it."""
    match = resolve(current, entry, country)
    outlet = match.outlet
    if outlet is None:
        alike = suggester(current).like(entry) if match.status == "unknown" else candidates_of(match)
        return Resolved(entry, match.status, None, None, None, None, alike)
    return Resolved(entry, match.status, outlet.domain, outlet.name, outlet.country, match.how, [])


def suggester(current: Catalog) -> Suggester:
    """The suggester of a catalog, made when it is first asked for."""
    made = SUGGESTERS.get(current)
    if made is None:
        made = SUGGESTERS[current] = Suggester(current)
    return made
