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
from service.web.api.pagination import MAX_CURSOR_LENGTH, decode_cursor, encode_cursor, next_link
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.problems import OutletNotFound
from service.web.framework.responses import CSV_CONTENT_TYPE, Row, make_cacheable, to_csv
from service.web.framework.worker_threads import in_thread

blueprint = Blueprint("outlets", __name__)

ADDRESS = re.compile("https?:/+", re.IGNORECASE)


@endpoint(blueprint, "/v1/outlets/<domain>", answer=OutletDetail, problems=(404,), tag="outlets")
def get_outlet(domain: str) -> OutletDetail:
    """Return one outlet, found by its domain or by another host of it."""
    current = get_catalog()
    return make_outlet_detail(get_outlet_or_404(current, domain), current.raters)


@blueprint.get("/v1/outlets/<path:address>")
def redirect_address(address: str) -> Response:
    """Redirect an article's address to its outlet."""
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
    """Return the outlets that may be meant by ``entry``, perhaps a name, in place of a domain."""
    found = resolve_with_candidates(current, entry[:MAX_ENTRY_LENGTH])
    if found.domain and found.name:
        return [Suggestion(found.domain, found.name, found.country, 1.0)]
    return found.candidates


Sort = Literal["domain", "known", "name", "bias", "country"]
SORT_KEYS: Mapping[Sort, Callable[["SearchItem"], tuple[float | str, str]]] = {
    "domain": lambda item: (item.domain, item.domain),
    "known": lambda item: (-item.outlet.known, item.domain),
    "name": lambda item: (item.outlet.name.casefold(), item.domain),
    "bias": lambda item: (item.outlet.bias.value if item.outlet.bias else inf, item.domain),
    "country": lambda item: (item.outlet.country or "~", item.domain),
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
    """The consensus of the enabled raters about an outlet."""

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
    blueprint, "/v1/outlets", query=OutletsQuery, answer=OutletPage, csv_path="/v1/outlets.csv", tag="outlets"
)
@in_thread
def get_outlets(query: OutletsQuery) -> OutletPage:
    """Return the outlets that match, a page at a time. A cursor is good for one version of the data.

    With `sort=known` the best known come first: `side=right&country=US&sort=known` is what would balance
    a list.
    """
    catalog = get_catalog()
    found = filter_outlets(query, catalog)
    start = 0
    if query.cursor is not None:
        last = decode_cursor(query.cursor, catalog)
        start = next((place + 1 for place, item in enumerate(found) if item.domain == last), len(found))
    page = found[start : start + query.limit]
    has_more = start + query.limit < len(found)
    cursor = encode_cursor(page[-1].domain, catalog) if has_more else None
    outlets = [summarize_outlet(item.outlet) for item in page]
    return OutletPage(outlets, len(found), cursor, next_link(query, cursor=cursor))


@endpoint(
    blueprint, "/v1/outlets.csv", query=OutletFilters, answer=str, media=CSV_CONTENT_TYPE, tag="outlets"
)
def get_outlets_csv(query: OutletFilters) -> Response:
    """List the outlets that match as CSV, one a row. Text that a spreadsheet would run is kept from it."""
    catalog = get_catalog()
    text = write_whole_table(catalog) if query == OutletFilters() else write_table(catalog, query)
    response = Response(text, content_type=CSV_CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="outlets.csv"'
    return make_cacheable(response)


@lru_cache(maxsize=2)
def write_whole_table(catalog: Catalog) -> str:
    # Once, for a catalog never changes: it takes 45 ms.
    return write_table(catalog, OutletFilters())


def write_table(catalog: Catalog, query: OutletFilters) -> str:
    """Return the outlets that match as CSV, each with the label of every rater."""
    rows: list[Row] = [
        ("domain", "name", "bias", "value", *catalog.raters, "factuality", "country", "state_media")
    ]
    for _, _, outlet in filter_outlets(query, catalog):
        bias = outlet.bias
        labels = {rating.rater: rating.label for rating in bias.ratings} if bias else {}
        rated = (bias.label, bias.value) if bias else (None, None)
        facts = (outlet.factuality, outlet.country, outlet.state_media)
        rows.append((outlet.domain, outlet.name, *rated, *map(labels.get, catalog.raters), *facts))
    return to_csv(rows)


def filter_outlets(query: OutletFilters, catalog: Catalog) -> list[SearchItem]:
    """Return all outlets that match: in the order asked for, else by fit to ``q``, else by domain.

    Raise ``RequestError`` for a rater that is not enabled.
    """
    rater = query.rater
    if rater is not None and rater not in catalog.raters:
        rater = rater.lower()
        if rater not in catalog.raters:
            enabled = ", ".join(catalog.raters)
            raise RequestError("/rater", f"no rater {rater!r} is enabled here; enabled: {enabled}")
    query = structs.replace(query, rater=rater, country=normalize_country(query.country))
    found = [item for item in search_index(catalog) if passes_filters(item.outlet, query)]
    if query.q is not None:
        found = search(found, query.q, catalog)
    return sorted(found, key=SORT_KEYS[query.sort]) if query.sort else found


@lru_cache(maxsize=2)
def search_index(catalog: Catalog) -> list[SearchItem]:
    """Return every outlet in the order of domains. Worked out once, for a catalog never changes."""
    return [
        SearchItem(domain, normalize_name(outlet.full_name), outlet)
        for domain, outlet in sorted(catalog.outlets.items())
    ]


def passes_filters(outlet: Outlet, query: OutletFilters) -> bool:
    bias, state_media = outlet.bias, outlet.state_media
    return (
        (query.side is None or (bias.side if bias else "unrated") == query.side)
        and (query.label is None or (bias is not None and bias.label == query.label))
        and (query.country is None or outlet.country == query.country)
        and (query.rater is None or (bias is not None and query.rater in (r.rater for r in bias.ratings)))
        and (query.owner is None or (outlet.owner or "").casefold() == query.owner.casefold())
        and (
            query.state_media is None
            or (state_media is not None and query.state_media in (state_media, "any"))
        )
    )


def search(items: list[SearchItem], q: str, catalog: Catalog) -> list[SearchItem]:
    """Return the outlets with ``q`` in their domains or names, the best fit first, else those like it."""
    text, name = q.strip().lower(), normalize_name(q)
    found = [item for item in items if text in item.domain or (name and name in item.name)]
    if found:
        return sorted(found, key=partial(rank_match, text, name))
    like = {outlet.domain: place for place, outlet in enumerate(get_suggester(catalog).like(q))}
    return sorted((item for item in items if item.domain in like), key=lambda item: like[item.domain])


def rank_match(text: str, name: str, item: SearchItem) -> tuple[int, int, bool, str]:
    """Rank an outlet for a search: exact name or host, a word of it, a part; then how well it is known."""
    label = item.domain.partition(".")[0]
    begins = item.name.startswith(name) or label.startswith(text)
    if item.name == name or text in (item.domain, label):
        rank = 0
    else:
        rank = 1 if begins or f" {name}" in item.name else 2
    return rank, -item.outlet.known, not begins, item.domain


def summarize_outlet(outlet: Outlet) -> OutletSummary:
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
