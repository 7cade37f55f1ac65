"""``/v1/outlets``: the outlets of the table, a page at a time, and one of them in full."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from math import inf
from typing import Annotated, Literal, NamedTuple

from flask import Blueprint, Response, redirect, url_for
from msgspec import Meta, Struct, structs
from werkzeug.exceptions import NotFound

from service.core.bias import Label, Side
from service.core.errors import RequestError
from service.core.outlet_detail import (
    MAX_ENTRY_LENGTH,
    OutletDetail,
    get_suggester,
    make_outlet_detail,
    resolve_with_candidates,
)
from service.core.outlets import Outlet, StateMedia
from service.core.resolve import EntryFields, resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import CountryCode
from service.core.resolve.normalization import normalize_name
from service.core.resolve.suggest import Suggestion
from service.requests.schemas import normalize_country
from service.web.api.outlet_rows import outlet_rows
from service.web.api.pagination import MAX_CURSOR_LENGTH, Cursor, decode_cursor, encode_cursor, next_link
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.problems import OutletNotFound
from service.web.framework.responses import CSV_CONTENT_TYPE, make_cacheable, to_csv
from service.web.framework.worker_threads import in_thread

blueprint = Blueprint("outlets", __name__)

ADDRESS = re.compile("https?:/+", re.IGNORECASE)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>",
    answer=OutletDetail,
    problems=(404,),
    tag="outlets",
)
def get_outlet(domain: str) -> OutletDetail:
    """One outlet, found by its domain or by another host of it."""
    current = get_catalog()
    return make_outlet_detail(get_outlet_or_404(current, domain), current.raters)


@blueprint.get("/v1/outlets/<path:address>")
def redirect_address(address: str) -> Response:
    """Lead from an article's address to its outlet."""
    if not ADDRESS.match(address):
        raise NotFound
    # A gateway may have merged the slashes.
    outlet = get_outlet_or_404(get_catalog(), ADDRESS.sub("https://", address))
    return redirect(url_for(".get_outlet", domain=outlet.domain), 308)  # type: ignore[return-value]


def get_outlet_or_404(current: Catalog, domain: str) -> Outlet:
    """Return the outlet that is listed under ``domain`` or another host of it. Raise 404."""
    outlet = resolve(current, EntryFields(domain=domain)).outlet
    if outlet is None:
        raise OutletNotFound(domain, suggestions_for(current, domain))
    return outlet


def suggestions_for(current: Catalog, entry: str) -> list[Suggestion]:
    """Return the outlets that a caller may mean who gives ``entry``, a name perhaps, for a domain."""
    found = resolve_with_candidates(current, entry[:MAX_ENTRY_LENGTH])
    if found.domain and found.name:
        return [Suggestion(found.domain, found.name, found.country, 1.0)]
    return found.candidates


Sort = Literal["domain", "known", "name", "bias", "country"]
SORT_KEYS: Mapping[Sort, Callable[["SearchItem"], tuple[float | str, str]]] = {
    "domain": lambda each: (each.domain, each.domain),
    "known": lambda each: (-each.outlet.known, each.domain),
    "name": lambda each: (each.outlet.name.casefold(), each.domain),
    "bias": lambda each: (each.outlet.bias.value if each.outlet.bias else inf, each.domain),
    "country": lambda each: (each.outlet.country or "~", each.domain),
}


class OutletFilters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters, all of which must hold. ``q`` is looked for in names and domains, a slip in it forgiven."""

    q: Annotated[str, Meta(max_length=200)] | None = None
    side: Side | Literal["unrated"] | None = None
    label: Label | None = None
    country: CountryCode | None = None
    rater: Annotated[str, Meta(max_length=80)] | None = None
    owner: Annotated[str, Meta(max_length=200, description="Only outlets of this owner.")] | None = None
    state_media: Annotated[
        Literal[StateMedia, "any"] | None, Meta(description="Only state media of this kind, or `any`.")
    ] = None
    sort: Annotated[Sort, Meta(description="`known` has the best known first.")] | None = None


class OutletsQuery(OutletFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters, and the page of what passes them."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=MAX_CURSOR_LENGTH)] | None = None


class BiasSummary(Struct, frozen=True):
    """Where the enabled raters together put an outlet."""

    label: Label
    side: Side
    value: float
    spread: float


class OutletSummary(Struct, frozen=True):
    """One outlet in a list. ``/v1/outlets/{domain}`` has the rest."""

    domain: str
    name: str
    bias: BiasSummary | None
    factuality: str | None
    country: str | None
    language: str | None
    media_type: str | None


class OutletPage(Struct, frozen=True):
    """Outlets, the best fit to ``q`` first, else in the order of their domains.

    ``total`` is the number that match, over all pages.

    ``next_cursor`` and ``next`` (the same as a link) lead to the following page. ``None`` on the last.
    """

    outlets: list[OutletSummary]
    total: int
    next_cursor: str | None
    next: str | None


class SearchItem(NamedTuple):
    """An outlet with what ``q`` is looked for in."""

    domain: str
    name: str
    outlet: Outlet


@endpoint(
    blueprint,
    "/v1/outlets",
    query=OutletsQuery,
    answer=OutletPage,
    csv_path="/v1/outlets.csv",
    tag="outlets",
)
@in_thread
def get_outlets(query: OutletsQuery) -> OutletPage:
    """Return the outlets that match, a page at a time. A cursor is good for one version of the data.

    With `sort=known` the best known come first: `side=right&country=US&sort=known` is what would balance
    a list.
    """
    current = get_catalog()
    found = filter_outlets(query, current)
    start = 0
    if query.cursor is not None:
        after = decode_cursor(query.cursor, current)
        start = next((place + 1 for place, each in enumerate(found) if each.domain == after), len(found))
    page = found[start : start + query.limit]
    more = start + query.limit < len(found)
    cursor = encode_cursor(Cursor(current.sha256, page[-1].domain)) if more else None
    return OutletPage(
        [summarize_outlet(each.outlet) for each in page], len(found), cursor, next_link(query, cursor=cursor)
    )


@endpoint(
    blueprint,
    "/v1/outlets.csv",
    query=OutletFilters,
    answer=str,
    media=CSV_CONTENT_TYPE,
    tag="outlets",
)
def get_outlets_csv(query: OutletFilters) -> Response:
    """List the outlets that match as CSV, one a row. Text that a spreadsheet would run is kept from it."""
    current = get_catalog()
    text = write_whole_table(current) if query == OutletFilters() else write_table(current, query)
    response = Response(text, content_type=CSV_CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="outlets.csv"'
    return make_cacheable(response)


def write_table(current: Catalog, query: OutletFilters) -> str:
    return to_csv(outlet_rows(current, (each.outlet for each in filter_outlets(query, current))))


@lru_cache(maxsize=2)
def write_whole_table(current: Catalog) -> str:
    """Return all outlets as CSV. Written once, for a catalog never changes."""
    return write_table(current, OutletFilters())


def filter_outlets(query: OutletFilters, current: Catalog) -> list[SearchItem]:
    """Return all outlets that match. Raise ``RequestError`` for a rater that is not enabled."""
    if query.rater is not None and query.rater not in current.raters:
        query = structs.replace(query, rater=query.rater.lower())
    if query.rater is not None and query.rater not in current.raters:
        enabled = ", ".join(current.raters)
        raise RequestError("/rater", f"no rater {query.rater!r} is enabled here; enabled: {enabled}")
    return search_outlets(current, query)


@lru_cache(maxsize=2)
def search_index(current: Catalog) -> list[SearchItem]:
    """Every outlet in the order of domains. Worked out once, for a catalog never changes."""
    return [
        SearchItem(domain, normalize_name(outlet.full_name), outlet)
        for domain, outlet in sorted(current.outlets.items())
    ]


def search_outlets(current: Catalog, query: OutletFilters) -> list[SearchItem]:
    """Return the outlets that pass all filters: in the order asked for, by fit to ``q``, or by domain."""
    found = find_matches(current, query)
    return sorted(found, key=SORT_KEYS[query.sort]) if query.sort else found


def find_matches(current: Catalog, query: OutletFilters) -> list[SearchItem]:
    """Return the outlets that pass all filters. A ``q`` that nothing has in it finds names like it."""
    wanted = parse_search(query.q) if query.q is not None else None
    found = [each for each in search_index(current) if passes_filters(each, query, wanted)]
    if query.q is None or wanted is None:
        return found
    if not found:
        like = {each.domain: place for place, each in enumerate(get_suggester(current).like(query.q))}
        found = [
            each for each in search_index(current) if each.domain in like and passes_filters(each, query)
        ]
        return sorted(found, key=lambda each: like[each.domain])
    return sorted(found, key=partial(rank_match, wanted.domain, wanted.name))


def rank_match(text: str, name: str, each: SearchItem) -> tuple[int, int, bool, str]:
    """Rank an outlet for a search: exact name or host, a word of it, a part; then how well it is known."""
    label = each.domain.partition(".")[0]
    begins = each.name.startswith(name) or label.startswith(text)
    if each.name == name or text in (each.domain, label):
        rank = 0
    else:
        rank = 1 if begins or f" {name}" in each.name else 2
    return rank, -each.outlet.known, not begins, each.domain


class SearchText(NamedTuple):
    """The text of ``q`` as it is looked for, prepared once a request and not once an outlet."""

    domain: str
    name: str


def parse_search(text: str) -> SearchText:
    """Return ``text`` as a part of a domain and of a name, spelled in any usual way."""
    return SearchText(text.strip().lower(), normalize_name(text))


def passes_filters(each: SearchItem, query: OutletFilters, wanted: SearchText | None = None) -> bool:
    """Say whether an outlet passes all filters, and has in it what is wanted."""
    outlet, bias = each.outlet, each.outlet.bias
    return (
        (query.side is None or (bias.side if bias else "unrated") == query.side)
        and (query.label is None or (bias is not None and bias.label == query.label))
        and (query.country is None or outlet.country == normalize_country(query.country))
        and (query.rater is None or (bias is not None and query.rater in (r.rater for r in bias.ratings)))
        and (query.owner is None or (outlet.owner or "").casefold() == query.owner.casefold())
        and (query.state_media is None or is_state_media(outlet, query.state_media))
        and (wanted is None or contains_text(wanted, each))
    )


def is_state_media(outlet: Outlet, kind: str) -> bool:
    return outlet.state_media is not None and kind in (outlet.state_media, "any")


def contains_text(wanted: SearchText, each: SearchItem) -> bool:
    return wanted.domain in each.domain or bool(wanted.name and wanted.name in each.name)


def summarize_outlet(outlet: Outlet) -> OutletSummary:
    """Return an outlet as the list shows it."""
    bias = outlet.bias
    return OutletSummary(
        outlet.domain,
        outlet.name,
        BiasSummary(bias.label, bias.side, bias.value, bias.spread) if bias else None,
        outlet.factuality,
        outlet.country,
        outlet.language,
        outlet.media_type,
    )
