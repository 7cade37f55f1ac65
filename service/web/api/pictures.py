"""``/v1/bar.svg`` and ``/v1/outlets/{domain}/badge.svg``, and the words that go with them."""

from collections.abc import Mapping
from typing import Annotated, Any

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup
from msgspec import Meta, Struct
from werkzeug.exceptions import NotFound

from service.core.answer import Options
from service.core.coverage.facts import words
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.figures import sentence_of
from service.core.outlets import Outlet
from service.core.resolve import Ref, resolve
from service.web import svg as pictures
from service.web.api.requests import Country, limited
from service.web.http.endpoint import cacheable, catalog, endpoint
from service.web.svg import Look

blueprint = Blueprint("pictures", __name__)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
IMG = Markup('<img src="{url}" alt="{alt}">')
UNSAFE_IN_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\[]<>*_`"})


class BarQuery(Look, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the bar shows: either counts of each side, or outlets to score."""

    left: Count | None = None
    center: Count | None = None
    right: Count | None = None
    unrated: Count | None = None
    outlet: Annotated[tuple[str, ...], Meta(extra_json_schema={"x-limit": "max_outlets"})] = ()
    raters: tuple[str, ...] | None = None
    country: Country | None = None
    width: pictures.Width = 320
    height: pictures.Height = 32


class BadgeQuery(Look, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the badge looks."""

    height: pictures.Height = 20


class Embed(Struct, frozen=True):
    """A picture ready to be placed in a page: its address, the words for ``alt``, and both put together."""

    url: str
    alt: str
    html: str
    markdown: str


class Counted(Struct, frozen=True):
    """What a bar is drawn from."""

    sides: tuple[int, int, int]
    unrated: int

    @property
    def sentence(self) -> str:
        """The bar in words, with its denominator."""
        return sentence_of(self.sides, self.unrated)


@endpoint(
    blueprint,
    "/v1/bar.svg",
    query=BarQuery,
    answer=str,
    media=pictures.MEDIA_TYPE,
    problems=(422,),
    tag="pictures",
)
def bar_svg(query: BarQuery) -> Response:
    """A distribution as a bar: send counts of each side, or outlets."""
    counted = counted_of(query)
    return svg(pictures.bar(counted.sides, counted.unrated, query, query.width, query.height))


@endpoint(
    blueprint,
    "/v1/bar.json",
    query=BarQuery,
    answer=Embed,
    problems=(422,),
    tag="pictures",
)
def bar_embed(query: BarQuery) -> Embed:
    """How to embed the bar of the same query: address, alternative text, HTML and Markdown."""
    return embed(counted_of(query).sentence, "pictures.bar_svg", request.args.to_dict(flat=False))


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.svg",
    query=BadgeQuery,
    answer=str,
    media=pictures.MEDIA_TYPE,
    problems=(404, 422),
    tag="pictures",
)
def badge_svg(domain: str, query: BadgeQuery) -> Response:
    """The bias of one outlet as a badge."""
    outlet = outlet_at(domain)
    side = outlet.bias.side if outlet.bias else None
    return svg(pictures.badge(outlet.name, label_of(outlet), side, query, query.height))


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.json",
    query=BadgeQuery,
    answer=Embed,
    problems=(404, 422),
    tag="pictures",
)
def badge_embed(domain: str, query: BadgeQuery) -> Embed:
    """How to embed the badge of the same query: address, alternative text, HTML and Markdown."""
    outlet = outlet_at(domain)
    alt = f"Bias of {pictures.printable(outlet.name)}: {label_of(outlet)}"
    return embed(alt, "pictures.badge_svg", {"domain": domain, **request.args.to_dict(flat=False)})


def counted_of(query: BarQuery) -> Counted:
    """The counts a query gives, or those of its outlets; raises ``RequestError`` for both or none."""
    given = (query.left, query.center, query.right, query.unrated)
    counts_given = any(count is not None for count in given)
    if counts_given == bool(query.outlet):
        raise RequestError("/outlet", "give either outlet=… or counts: left=, center=, right=, unrated=")
    if counts_given:
        left, center, right, unrated = (count or 0 for count in given)
        return Counted((left, center, right), unrated)
    options = Options(query.raters, detail="summary", country=query.country)
    counts = score(catalog(), limited(query.outlet, "/outlet"), options).counts
    return Counted((counts.left, counts.center, counts.right), counts.unrated)


def outlet_at(domain: str) -> Outlet:
    """The outlet listed under ``domain``; raises 404."""
    outlet = resolve(catalog(), Ref(domain=domain)).outlet
    if outlet is None:
        raise NotFound(f"no outlet is listed under {domain[:253]!r}")
    return outlet


def label_of(outlet: Outlet) -> str:
    """The bias of ``outlet`` in words."""
    return words(outlet.bias.label) if outlet.bias else "Not rated"


def svg(text: str) -> Response:
    """A picture that any page may show."""
    response = Response(text, content_type=pictures.MEDIA_TYPE)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return cacheable(response)


def embed(alt: str, view: str, arguments: Mapping[str, Any]) -> Embed:
    """The picture of ``view`` with its alternative text, in the two languages pages are written in."""
    url = request.host_url.rstrip("/") + url_for(view, **arguments)
    told = alt.translate(UNSAFE_IN_MARKDOWN)
    target = url.replace("(", "%28").replace(")", "%29")
    return Embed(url, alt, str(IMG.format(url=url, alt=alt)), f"![{told}]({target})")
