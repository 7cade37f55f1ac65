"""Show the outlets of the table: a list to search, one with each rater's verdict, and what changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Literal, TypeVar

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta, Struct, structs

from service.core.agreement import measure_agreement
from service.core.bias import LABELS, SIDES, Side, side_index
from service.core.outlet_detail import get_suggester
from service.core.outlets import LabelPeriod, Outlet, Rater
from service.core.resolve.catalog import Catalog
from service.requests.validation_errors import to_request_error
from service.web.api.changes import ChangesQuery, filter_changes, parse_version
from service.web.api.outlets import OutletFilters, Sort, get_outlet, search_outlets
from service.web.framework.endpoint import get_catalog
from service.web.framework.problems import OutletNotFound
from service.web.framework.worker_threads import in_thread
from service.web.i18n import country_name, language_name
from service.web.pages import render_page, wants_page

blueprint = Blueprint("outlet_page", __name__)

PER_PAGE = 50
MAX_HOSTS_SHOWN = 12
# Pages beside the one that is shown, which its links jump to.
JUMP = 2
PIXELS_PER_STEP = 100


class BrowseQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Narrow down and order the list, which begins with the best known. An empty value is none."""

    q: Annotated[str, Meta(max_length=200)] = ""
    side: Side | Literal["", "unrated"] = ""
    country: Annotated[str, Meta(pattern="^([A-Za-z]{2})?$")] = ""
    rater: Annotated[str, Meta(max_length=80)] = ""
    state: Literal["", "yes"] = ""
    owner: Annotated[str, Meta(max_length=200)] = ""
    sort: Sort = "known"
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


blueprint.add_app_template_filter(country_name)
blueprint.add_app_template_filter(language_name)


@blueprint.get("/outlets")
@in_thread
def browse_outlets() -> Response:
    """Search and browse the table."""
    current = get_catalog()
    query = read_query(BrowseQuery)
    # The counts of each side are of all that the other filters leave.
    of_all_sides = select_outlets(current, structs.replace(query, side=""))
    sides = Counter(outlet.bias.side if outlet.bias else "unrated" for outlet in of_all_sides)
    found = [outlet for outlet in of_all_sides if is_on_side(outlet, query.side)]
    pages = max(1, -(-len(found) // PER_PAGE))
    start = (query.page - 1) * PER_PAGE
    chosen = {
        name: value
        for name, value in structs.asdict(query).items()
        if value not in ("", "known") and name != "page"
    }
    countries = {each.country for each in current.outlets.values() if each.country}
    return render_page(
        "outlets.html",
        query=query,
        shown=found[start : start + PER_PAGE],
        total=len(found),
        sides=sides,
        pages=pages,
        jumps=list_jumps(query.page, pages),
        alike=get_suggester(current).like(query.q) if query.q.strip() and not found else [],
        chosen=chosen,
        filters=structs.asdict(to_filters(query)),
        countries=sorted(countries, key=country_name),
    )


Q = TypeVar("Q", bound=Struct)


def read_query(kind: type[Q]) -> Q:
    """Return the query of the request. Raise ``RequestError`` for a wrong value."""
    try:
        return msgspec.convert(request.args.to_dict(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise to_request_error(error, kind, query=True) from error


def list_jumps(page: int, pages: int) -> list[int]:
    """Return the pages to link to: the first, those around ``page``, and the last."""
    return sorted({1, pages, *(n for n in range(page - JUMP, page + JUMP + 1) if 1 <= n <= pages)})


def is_on_side(outlet: Outlet, side: str) -> bool:
    return not side or side == (outlet.bias.side if outlet.bias else "unrated")


def to_filters(query: BrowseQuery) -> OutletFilters:
    """Return the filters of the page as those of the API, a text's best fits before the best known."""
    text = query.q.strip()
    return OutletFilters(
        q=text or None,
        side=query.side or None,
        country=query.country.upper() or None,
        rater=query.rater or None,
        state_media="any" if query.state else None,
        owner=query.owner or None,
        sort=None if text and query.sort == "known" else query.sort,
    )


def select_outlets(current: Catalog, query: BrowseQuery) -> list[Outlet]:
    """Return the outlets that pass every filter, in the order asked for."""
    found = [each.outlet for each in search_outlets(current, to_filters(query))]
    if query.sort == "country":
        found.sort(key=lambda outlet: country_name(outlet.country) if outlet.country else "\uffff")
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
        timeline=draw_timeline(current.outlets[found.domain].history, current.raters, current.created),
    )


def scale_positions(bias: object) -> dict[str, float]:
    """Return where each rater puts an outlet on a scale of seven steps, in pixels from its left end."""
    ratings = getattr(bias, "ratings", ())
    return {rating.rater: round((rating.value + 3.5) * PIXELS_PER_STEP, 1) for rating in ratings}


@blueprint.get("/changes")
@in_thread
def show_changes() -> Response:
    """Show what moved between versions of the data, the newest first."""
    current = get_catalog()
    query = read_query(ChangesPageQuery)
    filters = ChangesQuery(domain=query.domain.strip() or None)
    # The newest version first, its domains in their order.
    found = sorted(
        filter_changes(filters, current), key=lambda each: parse_version(each.version), reverse=True
    )
    pages = max(1, -(-len(found) // PER_PAGE))
    start = (query.page - 1) * PER_PAGE
    return render_page(
        "changes.html",
        query=query,
        versions=[
            (version, list(changes))
            for version, changes in groupby(found[start : start + PER_PAGE], lambda each: each.version)
        ],
        total=len(found),
        pages=pages,
        jumps=list_jumps(query.page, pages),
        chosen={"domain": query.domain} if query.domain else {},
    )


class ChangesPageQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The outlet whose changes are asked for, and the page of them."""

    domain: Annotated[str, Meta(max_length=253)] = ""
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class Timeline(Struct, frozen=True):
    """The labels of one outlet over time, a line for each rater, in pixels."""

    first: str
    last: str
    paths: list[str]


def draw_timeline(
    history: Sequence[LabelPeriod], raters: Mapping[str, Rater], today: str | None
) -> Timeline | None:
    """Draw when each rater's label changed. ``None`` where nothing is known to have changed."""
    days = {each: (each.since or each.until or "").removeprefix("before ")[:10] for each in history}
    if not today or all(each.until is None for each in history):
        return None
    first, last = min(filter(None, days.values())), today[:10]
    paths = []
    for rater in dict.fromkeys(each.rater for each in history):
        steps = []
        for each in history:
            value = raters[each.rater].scale.get(each.label)
            if each.rater == rater and value is not None:
                x1, x2 = (to_pixels(day or first, first, last) for day in (days[each], each.until or last))
                steps.append(f"{x1},{35 - 8 * value:g} H{x2}")
        if steps:
            paths.append("M" + " L".join(steps))
    return Timeline(first, last, paths)


def to_pixels(day: str, first: str, last: str) -> int:
    """Place a day (or a month or year) between two days on a line of 700 pixels."""
    start, at, end = (date.fromisoformat(f"{text}-01-01"[:10]).toordinal() for text in (first, day, last))
    return round(700 * (at - start) / max(end - start, 1))


@blueprint.get("/raters")
@in_thread
def show_raters() -> Response:
    """Show who rates how many, and where two raters agree and differ."""
    current = get_catalog()
    return render_page(
        "raters.html",
        facts=summarize_raters(current),
        pairs=compare_raters(current),
        agreement=measure_agreement(current.outlets.values()),
        labels=LABELS,
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
    return SIDES[side_index(value)]
