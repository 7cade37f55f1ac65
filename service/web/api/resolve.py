"""``/v1/resolve``: what one entry means, or which outlets it may mean."""

from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from service.core.outlet_detail import MAX_ENTRY_LENGTH, Resolved, resolve_with_candidates
from service.core.resolve.match import CountryCode, Region
from service.requests.schemas import TiesOption, normalize_country
from service.web.framework.endpoint import endpoint, get_catalog

blueprint = Blueprint("resolve", __name__)


class ResolveQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The entry, and what breaks a tie."""

    q: Annotated[str, Meta(max_length=MAX_ENTRY_LENGTH, examples=["BBC News"])]
    country: CountryCode | None = None
    region: Region | None = None
    ties: TiesOption = "never"


@endpoint(blueprint, "/v1/resolve", answer=Resolved, query=ResolveQuery, tag="outlets")
def resolve_entry(query: ResolveQuery) -> Resolved:
    """Resolve one entry (URL, domain or name), and say how it was recognised.

    A likeness is only suggested, never taken for a match: an unknown entry comes with up to five outlets
    whose names look like it.
    """
    country = normalize_country(query.country)
    return resolve_with_candidates(get_catalog(), query.q, country, query.ties, query.region)
