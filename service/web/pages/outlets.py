"""The table for people: outlets to search, one with each rater's verdict, the changes, and the raters."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import combinations, groupby
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request
from msgspec import Meta, Struct, field, structs
from werkzeug.datastructures import MultiDict

from service.core.agreement import measure_agreement
from service.core.bias import SIDES, Side, side_index
from service.core.outlet_detail import get_suggester
from service.core.outlets import LabelPeriod, Outlet, Rating
from service.core.resolve.catalog import Catalog
from service.dataset.schema import CHANGED_FIELDS
from service.web.api.changes import ChangeFilters, filter_changes, parse_version
from service.web.api.outlets import OutletFilters, filter_outlets, get_outlet
from service.web.framework.decoding import decode_query
from service.web.framework.endpoint import get_catalog
from service.web.framework.problems import OutletNotFound
from service.web.framework.worker_threads import in_thread
from service.web.i18n import country_name, language_name
from service.web.pages import render_page, wants_page

PER_PAGE = 50
MAX_HOSTS_SHOWN = 12
# Neighbours of the current page that its links lead to.
NEIGHBOURS = 2

T = TypeVar("T")
PageNumber = Annotated[int, Meta(ge=1, le=100_000)]

blueprint = Blueprint("outlet_page", __name__)
blueprint.add_app_template_filter(country_name)
blueprint.add_app_template_filter(language_name)


class BrowseQuery(OutletFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters and order of the list, which begins with the best known."""

    page: PageNumber = 1


class ChangesPageQuery(ChangeFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters of the changes, and the page of them."""

    page: PageNumber = 1


def read_query(kind: type[T]) -> T:
    """Return the query of the request, in which an empty field of a form is none."""
    filled = [(name, value) for name, value in request.args.items(multi=True) if value.strip()]
    query: T = decode_query(kind, MultiDict(filled))
    return query


def list_filters(query: Struct) -> dict[str, Any]:
    return {name: value for name, value in structs.asdict(query).items() if value and name != "page"}


def paginate(found: Sequence[T], page: int) -> dict[str, Any]:
    """Return a page of a list, and the pages to link to: the first, those around it, and the last."""
    pages = max(1, -(-len(found) // PER_PAGE))
    around = range(max(page - NEIGHBOURS, 1), min(page + NEIGHBOURS, pages) + 1)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {"shown": shown, "total": len(found), "pages": pages, "jumps": sorted({1, pages, *around})}


@blueprint.get("/outlets")
@in_thread
def browse_outlets() -> Response:
    """Search and browse the table."""
    catalog, query = get_catalog(), read_query(BrowseQuery)
    # The counts of each side are of all that the other filters leave.
    on_all_sides = select_outlets(catalog, structs.replace(query, side=None))
    sides = Counter(outlet_side(outlet) for outlet in on_all_sides)
    found = [outlet for outlet in on_all_sides if query.side in (None, outlet_side(outlet))]
    countries = {outlet.country for outlet in catalog.outlets.values() if outlet.country}
    return render_page(
        "outlets.html",
        query=query,
        filters=list_filters(query),
        sides=sides,
        alike=get_suggester(catalog).like(query.q) if query.q and not found else [],
        countries=sorted(countries, key=country_name),
        **paginate(found, query.page),
    )


def outlet_side(outlet: Outlet) -> str:
    return outlet.bias.side if outlet.bias else "unrated"


def select_outlets(catalog: Catalog, query: BrowseQuery) -> list[Outlet]:
    """Return the outlets that pass every filter. By default the best fit, then the best known come first."""
    if query.q is None and query.sort is None:
        query = structs.replace(query, sort="known")
    found = [item.outlet for item in filter_outlets(query, catalog)]
    if query.sort == "country":
        found.sort(key=lambda outlet: country_name(outlet.country) if outlet.country else "\uffff")
    return found


@blueprint.get("/outlets/<domain>")
def show_outlet(domain: str) -> Response:
    """Show one outlet, found by its domain or by another host of it."""
    catalog = get_catalog()
    try:
        outlet = get_outlet(domain)
    except OutletNotFound as error:
        if not wants_page():
            raise
        return render_page(
            "problem.html", 404, title="Not listed", reason=error.description, candidates=error.candidates
        )
    hosts = [
        alias.alias
        for alias in catalog.aliases
        if alias.domain == outlet.domain and alias.kind in ("host", "shortener")
    ]
    return render_page(
        "outlet.html",
        outlet=outlet,
        hosts=hosts[:MAX_HOSTS_SHOWN],
        timeline=draw_timeline(catalog.outlets[outlet.domain].history, catalog),
    )


class Timeline(Struct, frozen=True):
    """The labels of one outlet between two days: an SVG path for each rater."""

    first: str
    last: str
    paths: list[str]


def draw_timeline(history: Sequence[LabelPeriod], catalog: Catalog) -> Timeline | None:
    """Draw when each rater's label changed. ``None`` where nothing is known to have changed."""
    if not catalog.created or all(period.until is None for period in history):
        return None
    starts = [(period.since or period.until or "").removeprefix("before ")[:10] for period in history]
    first, last = min(filter(None, starts)), catalog.created[:10]
    steps: dict[str, list[str]] = defaultdict(list)
    for period, start in zip(history, starts, strict=True):
        value = catalog.raters[period.rater].scale.get(period.label)
        if value is not None:
            x1, x2 = (to_pixels(day, first, last) for day in (start or first, period.until or last))
            steps[period.rater].append(f"{x1},{35 - 8 * value:g} H{x2}")
    return Timeline(first, last, ["M" + " L".join(lines) for lines in steps.values()])


def to_pixels(day: str, first: str, last: str) -> int:
    """Place a day (or a month or year) between two days on a line of 700 pixels."""
    start, middle, end = (date.fromisoformat(f"{text}-01-01"[:10]).toordinal() for text in (first, day, last))
    return round(700 * (middle - start) / max(end - start, 1))


@blueprint.get("/changes")
@in_thread
def show_changes() -> Response:
    """Show what moved between versions of the data, the newest version first."""
    catalog, query = get_catalog(), read_query(ChangesPageQuery)
    found = filter_changes(query, catalog)
    found.sort(key=lambda change: parse_version(change.version), reverse=True)
    page = paginate(found, query.page)
    return render_page(
        "changes.html",
        query=query,
        versions=[
            (version, list(changes)) for version, changes in groupby(page["shown"], lambda c: c.version)
        ],
        fields=CHANGED_FIELDS,
        filters=list_filters(query),
        **page,
    )


class RaterFacts(Struct):
    """Numbers of the outlets that a rater rates, and that nobody else does, their sides and dates."""

    rated: int = 0
    alone: int = 0
    sides: Counter[Side] = field(default_factory=Counter)
    dates: list[str] = field(default_factory=list)


@blueprint.get("/raters")
@in_thread
def show_raters() -> Response:
    """Show who rates how many outlets, and where two raters agree and differ."""
    catalog = get_catalog()
    facts = {rater: RaterFacts() for rater in catalog.raters}
    pairs: dict[tuple[str, str], Counter[tuple[Side, Side]]] = defaultdict(Counter)
    for outlet in catalog.outlets.values():
        ratings = outlet.bias.ratings if outlet.bias else ()
        for rating in ratings:
            fact = facts[rating.rater]
            fact.rated += 1
            fact.alone += len(ratings) == 1
            fact.sides[rating_side(rating)] += 1
            fact.dates += [rating.as_of] if rating.as_of else []
        for a, b in combinations(ratings, 2):
            pairs[a.rater, b.rater][rating_side(a), rating_side(b)] += 1
    return render_page(
        "raters.html",
        facts=facts,
        pairs=pairs,
        agreement=measure_agreement(catalog.outlets.values()),
    )


def rating_side(rating: Rating) -> Side:
    return SIDES[side_index(rating.value)]
