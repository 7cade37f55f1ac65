"""Serve the bar and the badge as SVG and PNG, and the words and markup that go with them."""

from typing import Annotated, TypeVar

from flask import Blueprint, Response, request
from markupsafe import Markup
from msgspec import Meta, Struct, structs

from service.core.answer import Options
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.outlets import Outlet
from service.core.resolve import EntryFields, resolve
from service.web import png
from service.web import svg as pictures
from service.web.api.embed_code import Embed, embed
from service.web.api.outlets import listed
from service.web.api.schemas import Country, code_of
from service.web.framework.caching import cacheable
from service.web.framework.endpoint import LIMIT, catalog, endpoint
from service.web.i18n import DEFAULT, LANGUAGES, known, sentence_in
from service.web.picture_style import Height, PictureStyle, Width

blueprint = Blueprint("pictures", __name__)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
SIZE = Markup(' width="{width}" height="{height}"')
AUTO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""An SVG that follows the reader's colour scheme holds a style; it is made of constants."""


class BarQuery(PictureStyle, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The figures of the bar, as counts of each side or as outlets to score, and its look."""

    left: Count | None = None
    center: Count | None = None
    right: Count | None = None
    unrated: Count | None = None
    outlet: Annotated[tuple[str, ...], Meta(extra_json_schema={LIMIT: "max_outlets"})] = ()
    raters: tuple[str, ...] | None = None
    country: Country | None = None
    width: Width = 320
    height: Height = 32


class BadgeQuery(PictureStyle, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The look of the badge."""

    height: Height = 20


Scale = Annotated[int, Meta(ge=1, le=3, description="pixels of the picture for each pixel of its size")]


class BarPngQuery(BarQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The figures of the bar, its look and its sharpness."""

    scale: Scale = 2


class BadgePngQuery(BadgeQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The look of the badge and its sharpness."""

    scale: Scale = 2


class Counted(Struct, frozen=True):
    """The counts behind a bar."""

    sides: tuple[int, int, int]
    unrated: int


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
    """Return a distribution as a bar: send counts of each side, or outlets."""
    return svg(bar_of(query), query)


@endpoint(
    blueprint,
    "/v1/bar.png",
    query=BarPngQuery,
    answer=bytes,
    media=png.MEDIA_TYPE,
    problems=(422,),
    tag="pictures",
)
def bar_png(query: BarPngQuery) -> Response:
    """Draw the bar as PNG. A language that the font cannot draw is in English, as `Content-Language` says."""
    return as_png(bar_of(drawable(query)), query)


@endpoint(
    blueprint,
    "/v1/bar.json",
    query=BarQuery,
    answer=Embed,
    problems=(422,),
    tag="pictures",
)
def bar_embed(query: BarQuery) -> Embed:
    """Return how to embed the bar of the same query: address, alternative text, HTML and Markdown."""
    counted = counted_of(query)
    alt = sentence_in(known(query.lang), counted.sides, counted.unrated)
    size = SIZE.format(width=query.width, height=query.height)
    return embed(alt, "bar", request.args.to_dict(flat=False), size, query)


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
    """Draw the bias of one outlet as a badge. One that is not listed says so."""
    return svg(badge_of(domain, query), query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.png",
    query=BadgePngQuery,
    answer=bytes,
    media=png.MEDIA_TYPE,
    problems=(422,),
    tag="pictures",
)
def badge_png(domain: str, query: BadgePngQuery) -> Response:
    """Draw the badge as PNG."""
    return as_png(badge_of(domain, drawable(query), plain=True), query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.json",
    query=BadgeQuery,
    answer=Embed,
    problems=(404, 422),
    tag="pictures",
)
def badge_embed(domain: str, query: BadgeQuery) -> Embed:
    """Return how to embed the badge of the same query: address, alternative text, HTML and Markdown."""
    outlet = listed(catalog(), domain)
    lang = known(query.lang)
    alt = LANGUAGES[lang].badge.format(name=pictures.printable(outlet.name), label=label_of(outlet, lang))
    size = Markup(' height="{}"').format(query.height)
    return embed(alt, "badge", {"domain": domain, **request.args.to_dict(flat=False)}, size, query)


def counted_of(query: BarQuery) -> Counted:
    """Return the counts a query gives, or those of its outlets. Raise ``RequestError`` for both or none."""
    given = (query.left, query.center, query.right, query.unrated)
    counts_given = any(count is not None for count in given)
    if counts_given == bool(query.outlet):
        raise RequestError("/outlet", "give either outlet=… or counts: left=, center=, right=, unrated=")
    if counts_given:
        left, center, right, unrated = (count or 0 for count in given)
        return Counted((left, center, right), unrated)
    options = Options(query.raters, detail="summary", country=code_of(query.country))
    counts = score(catalog(), query.outlet, options).counts
    return Counted((counts.left, counts.center, counts.right), counts.unrated)


def label_of(outlet: Outlet | None, lang: str = DEFAULT) -> str:
    """Return the bias of ``outlet`` in words."""
    return LANGUAGES[lang].labels[outlet.bias.label if outlet and outlet.bias else "not_rated"]


L = TypeVar("L", bound=PictureStyle)


def spoken(query: L) -> L:
    """Return ``query`` with the language that there is a catalogue of."""
    return structs.replace(query, lang=known(query.lang))


def drawable(query: L) -> L:
    """Return ``query`` in a language that a PNG can show. It cannot follow the reader's colour scheme."""
    lang = known(query.lang)
    theme = "light" if query.theme == "auto" else query.theme
    return structs.replace(query, lang=DEFAULT if lang in png.UNSUPPORTED_LANGUAGES else lang, theme=theme)


def bar_of(query: BarQuery) -> str:
    """Return the bar that a query asks for."""
    counted = counted_of(query)
    return pictures.draw_bar(counted.sides, counted.unrated, spoken(query), query.width, query.height)


def badge_of(domain: str, query: BadgeQuery, *, plain: bool = False) -> str:
    """Return the badge of the outlet at ``domain``. ``plain`` keeps to letters that a PNG can show."""
    outlet = resolve(catalog(), EntryFields(domain=domain)).outlet
    query = spoken(query)
    if outlet is None:
        text = LANGUAGES[query.lang].labels["not_listed"]
        name = domain if not plain or png.can_draw(domain) else "?"
        return pictures.draw_badge(name, text, None, query, query.height)
    side = outlet.bias.side if outlet.bias else None
    name = outlet.name if not plain or png.can_draw(outlet.name) else outlet.domain
    return pictures.draw_badge(name, label_of(outlet, query.lang), side, query, query.height)


def svg(text: str, look: PictureStyle) -> Response:
    """Return a picture that any page may show."""
    response = Response(text, content_type=pictures.MEDIA_TYPE)
    if look.theme == "auto":
        response.headers["Content-Security-Policy"] = AUTO_POLICY
    return shown_anywhere(response, known(look.lang))


def as_png(text: str, query: BarPngQuery | BadgePngQuery) -> Response:
    """Return a picture as PNG."""
    response = Response(png.render_png(text, query.scale), content_type=png.MEDIA_TYPE)
    return shown_anywhere(response, drawable(query).lang)


def shown_anywhere(response: Response, lang: str) -> Response:
    """Let any page show a picture, and say in which language it is."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Language"] = lang
    return cacheable(response)
