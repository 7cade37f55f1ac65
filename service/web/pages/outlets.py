"""Show the outlets of the table: a list to search, and one with each rater's verdict and its date."""

from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from service.core.bias import LABELS, SIDES, Side, side_index
from service.core.outlet_detail import get_suggester
from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.web.api.outlet_rows import outlet_rows
from service.web.api.outlets import OutletsQuery, get_outlet, search_outlets
from service.web.framework.caching import make_cacheable
from service.web.framework.csv_response import CSV_CONTENT_TYPE, to_csv
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.problems import OutletNotFound
from service.web.framework.validation_errors import to_request_error
from service.web.pages import render_page, wants_page

blueprint = Blueprint("outlet_page", __name__)

PER_PAGE = 50
MAX_HOSTS_SHOWN = 12
Sort = Literal["domain", "name", "bias", "country"]
PIXELS_PER_STEP = 100


class BrowseQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Narrow down and order the list. An empty value is none."""

    q: Annotated[str, Meta(max_length=200)] = ""
    side: Side | Literal["", "unrated"] = ""
    country: Annotated[str, Meta(pattern="^([A-Za-z]{2})?$")] = ""
    rater: Annotated[str, Meta(max_length=80)] = ""
    state: Literal["", "yes"] = ""
    sort: Sort = "domain"
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class CsvQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The filters of the list, for a file of all that match."""

    q: Annotated[str, Meta(max_length=200)] = ""
    side: Side | Literal["", "unrated"] = ""
    country: Annotated[str, Meta(pattern="^([A-Za-z]{2})?$")] = ""
    rater: Annotated[str, Meta(max_length=80)] = ""
    state: Literal["", "yes"] = ""
    sort: Sort = "domain"


@blueprint.get("/outlets")
def browse_outlets() -> Response:
    """Search and browse the table."""
    current = get_catalog()
    try:
        query = msgspec.convert(request.args.to_dict(), BrowseQuery, strict=False)
    except msgspec.ValidationError as error:
        raise to_request_error(error, BrowseQuery, query=True) from error
    found = select_outlets(current, query)
    start = (query.page - 1) * PER_PAGE
    shown = found[start : start + PER_PAGE]
    alike = get_suggester(current).like(query.q) if query.q.strip() and not found else []
    chosen = {
        name: value
        for name, value in msgspec.structs.asdict(query).items()
        if value not in ("", 1, "domain") and name != "page"
    }
    return render_page(
        "outlets.html",
        query=query,
        shown=shown,
        total=len(found),
        pages=max(1, -(-len(found) // PER_PAGE)),
        alike=alike,
        chosen=chosen,
        countries=sorted({each.country for each in current.outlets.values() if each.country}),
    )


@endpoint(
    blueprint,
    "/v1/outlets.csv",
    query=CsvQuery,
    answer=str,
    media=CSV_CONTENT_TYPE,
    problems=(422,),
    tag="outlets",
)
def get_outlets_csv(query: CsvQuery) -> Response:
    """List the outlets that match as CSV, one a row. Text that a spreadsheet would run is kept from it."""
    current = get_catalog()
    text = to_csv(outlet_rows(current, select_outlets(current, query)))
    response = Response(text, content_type=CSV_CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="outlets.csv"'
    return make_cacheable(response)


def select_outlets(current: Catalog, query: BrowseQuery | CsvQuery) -> list[Outlet]:
    """Return the outlets that pass every filter, in the order asked for."""
    side: Side | None = query.side if query.side not in ("", "unrated") else None  # type: ignore[assignment]
    filters = OutletsQuery(
        q=query.q.strip() or None,
        side=side,
        country=query.country.upper() or None,
        rater=query.rater or None,
    )
    found = [each.outlet for each in search_outlets(current, filters)]
    if query.side == "unrated":
        found = [outlet for outlet in found if outlet.bias is None]
    if query.state:
        found = [outlet for outlet in found if outlet.state_media]
    if query.sort == "name":
        found.sort(key=lambda outlet: outlet.name.casefold())
    elif query.sort == "bias":
        found.sort(key=lambda outlet: (outlet.bias is None, outlet.bias.value if outlet.bias else 0))
    elif query.sort == "country":
        found.sort(key=lambda outlet: (outlet.country is None, outlet.country or ""))
    return found


@blueprint.get("/outlets/<domain>")
def show_outlet(domain: str) -> Response:
    """Show one outlet, found by its domain or by another host of it."""
    current = get_catalog()
    try:
        found = get_outlet(domain)
    except OutletNotFound as error:
        if not wants_page():
            raise
        return render_page(
            "problem.html", 404, title="Not listed", reason=error.description, candidates=error.candidates
        )
    hosts = [
        alias.alias
        for alias in current.aliases
        if alias.domain == found.domain and alias.kind in ("host", "shortener")
    ]
    return render_page(
        "outlet.html",
        outlet=found,
        raters=current.raters,
        hosts=hosts[:MAX_HOSTS_SHOWN],
        places=scale_positions(found.bias),
    )


def scale_positions(bias: object) -> dict[str, float]:
    """Return where each rater puts an outlet on a scale of seven steps, in pixels from its left end."""
    ratings = getattr(bias, "ratings", ())
    return {rating.rater: round((rating.value + 3.5) * PIXELS_PER_STEP, 1) for rating in ratings}


@blueprint.get("/raters")
def show_raters() -> Response:
    """Show who rates how many, and where two raters agree and differ."""
    current = get_catalog()
    return render_page(
        "raters.html", facts=summarize_raters(current), pairs=compare_raters(current), labels=LABELS
    )


class RaterFacts(Struct, frozen=True):
    """What a rater's part of the table amounts to."""

    rated: int
    alone: int
    sides: dict[str, int]
    oldest: str | None
    newest: str | None


def summarize_raters(current: Catalog) -> dict[str, RaterFacts]:
    """Return for each rater how many it rates, how many nobody else does, and its dates."""
    facts = {}
    for rater in current.raters:
        rated = [
            (rating, len(each.bias.ratings))
            for each in current.outlets.values()
            if each.bias
            for rating in each.bias.ratings
            if rating.rater == rater
        ]
        dates = sorted(rating.as_of for rating, _ in rated if rating.as_of)
        sides = dict.fromkeys(("left", "center", "right"), 0)
        for rating, _ in rated:
            sides[value_side(rating.value)] += 1
        alone = sum(1 for _, others in rated if others == 1)
        oldest, newest = (dates[0], dates[-1]) if dates else (None, None)
        facts[rater] = RaterFacts(len(rated), alone, sides, oldest, newest)
    return facts


def compare_raters(current: Catalog) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
    """Return for each two raters how many outlets they put on which sides."""
    pairs: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for each in current.outlets.values():
        ratings = each.bias.ratings if each.bias else ()
        for at, one in enumerate(ratings):
            for other in ratings[at + 1 :]:
                counts = pairs.setdefault((one.rater, other.rater), {})
                sides = value_side(one.value), value_side(other.value)
                counts[sides] = counts.get(sides, 0) + 1
    return pairs


def value_side(value: float) -> str:
    """Return the side of a value on the scale."""
    return SIDES[side_index(value)]
