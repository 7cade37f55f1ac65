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
from service.core.resolve.match import CountryCode
from service.requests.schemas import LIMIT_KEY, normalize_country
from service.web import png
from service.web import svg as pictures
from service.web.api.embed_code import BadgeEmbed, Embed, RaterPage, make_embed
from service.web.api.outlets import get_outlet_or_404
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.responses import make_cacheable
from service.web.i18n import DEFAULT, LANGUAGES, find_language, format_sentence
from service.web.picture_style import Height, PictureStyle, Width

blueprint = Blueprint("pictures", __name__)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
SIZE_ATTRIBUTES = Markup(' width="{width}" height="{height}"')
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""An SVG that follows the reader's colour scheme holds a style; it is made of constants."""


class BarQuery(PictureStyle, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The figures of the bar, as counts of each side or as outlets to score, and its look."""

    left: Count | None = None
    center: Count | None = None
    right: Count | None = None
    unrated: Count | None = None
    outlet: Annotated[tuple[str, ...], Meta(extra_json_schema={LIMIT_KEY: "max_outlets"})] = ()
    raters: tuple[str, ...] | None = None
    country: CountryCode | None = None
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


class BarCounts(Struct, frozen=True):
    """The counts behind a bar."""

    sides: tuple[int, int, int]
    unrated: int


@endpoint(
    blueprint,
    "/v1/bar.svg",
    query=BarQuery,
    answer=str,
    media=pictures.MEDIA_TYPE,
    tag="pictures",
)
def bar_svg(query: BarQuery) -> Response:
    """Return a distribution as a bar: send counts of each side, or outlets."""
    return svg_response(draw_bar(query), query)


@endpoint(
    blueprint,
    "/v1/bar.png",
    query=BarPngQuery,
    answer=bytes,
    media=png.MEDIA_TYPE,
    tag="pictures",
)
def bar_png(query: BarPngQuery) -> Response:
    """Draw the bar as PNG. A language that the font cannot draw is in English, as `Content-Language` says."""
    return png_response(draw_bar(with_drawable_language(query)), query)


@endpoint(
    blueprint,
    "/v1/bar.json",
    query=BarQuery,
    answer=Embed,
    tag="pictures",
)
def bar_embed(query: BarQuery) -> Embed:
    """Return how to embed the bar of the same query: address, alternative text, HTML and Markdown."""
    counted = read_counts(query)
    alt = format_sentence(find_language(query.lang), counted.sides, counted.unrated)
    size = SIZE_ATTRIBUTES.format(width=query.width, height=query.height)
    return make_embed(alt, "bar", request.args.to_dict(flat=False), size, query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.svg",
    query=BadgeQuery,
    answer=str,
    media=pictures.MEDIA_TYPE,
    problems=(404,),
    tag="pictures",
)
def badge_svg(domain: str, query: BadgeQuery) -> Response:
    """Draw the bias of one outlet as a badge. One that is not listed says so."""
    return svg_response(draw_badge(domain, query), query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.png",
    query=BadgePngQuery,
    answer=bytes,
    media=png.MEDIA_TYPE,
    tag="pictures",
)
def badge_png(domain: str, query: BadgePngQuery) -> Response:
    """Draw the badge as PNG."""
    return png_response(draw_badge(domain, with_drawable_language(query), plain=True), query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.json",
    query=BadgeQuery,
    answer=BadgeEmbed,
    problems=(404,),
    tag="pictures",
)
def badge_embed(domain: str, query: BadgeQuery) -> BadgeEmbed:
    """Return how to embed the badge of the same query: address, alternative text, HTML and Markdown."""
    outlet = get_outlet_or_404(get_catalog(), domain)
    lang = find_language(query.lang)
    alt = LANGUAGES[lang].badge.format(name=pictures.printable(outlet.name), label=bias_label(outlet, lang))
    size = Markup(' height="{}"').format(query.height)
    embed = make_embed(alt, "badge", {"domain": domain, **request.args.to_dict(flat=False)}, size, query)
    ratings = outlet.bias.ratings if outlet.bias else ()
    pages = tuple(
        RaterPage(rating.rater, rating.label, rating.url if isinstance(rating.url, str) else None)
        for rating in ratings
    )
    return BadgeEmbed(**structs.asdict(embed), ratings=pages)


def read_counts(query: BarQuery) -> BarCounts:
    """Return the counts a query gives, or those of its outlets. Raise ``RequestError`` for both or none."""
    given = (query.left, query.center, query.right, query.unrated)
    counts_given = any(count is not None for count in given)
    if counts_given == bool(query.outlet):
        raise RequestError("/outlet", "give either outlet=… or counts: left=, center=, right=, unrated=")
    if counts_given:
        left, center, right, unrated = (count or 0 for count in given)
        return BarCounts((left, center, right), unrated)
    options = Options(query.raters, detail="summary", country=normalize_country(query.country))
    counts = score(get_catalog(), query.outlet, options).counts
    return BarCounts((counts.left, counts.center, counts.right), counts.unrated)


def bias_label(outlet: Outlet | None, lang: str = DEFAULT) -> str:
    """Return the bias of ``outlet`` in words, and that raters disagree where they stand on opposite sides."""
    words = LANGUAGES[lang]
    if outlet is None or outlet.bias is None:
        return words.labels["not_rated"]
    label = words.labels[outlet.bias.label]
    return f"{label} · {words.disagree}" if outlet.bias.contested else label


L = TypeVar("L", bound=PictureStyle)


def with_known_language(query: L) -> L:
    return structs.replace(query, lang=find_language(query.lang))


def with_drawable_language(query: L) -> L:
    """Return ``query`` in a language that a PNG can show. It cannot follow the reader's colour scheme."""
    lang = find_language(query.lang)
    theme = "light" if query.theme == "auto" else query.theme
    return structs.replace(query, lang=DEFAULT if lang in png.UNSUPPORTED_LANGUAGES else lang, theme=theme)


def draw_bar(query: BarQuery) -> str:
    """Return the bar that a query asks for."""
    counted = read_counts(query)
    return pictures.draw_bar(
        counted.sides, counted.unrated, with_known_language(query), query.width, query.height
    )


def draw_badge(domain: str, query: BadgeQuery, *, plain: bool = False) -> str:
    """Return the badge of the outlet at ``domain``. ``plain`` keeps to letters that a PNG can show."""
    outlet = resolve(get_catalog(), EntryFields(domain=domain)).outlet
    query = with_known_language(query)
    if outlet is None:
        text = LANGUAGES[query.lang].labels["not_listed"]
        name = domain if not plain or png.can_draw(domain) else "?"
        return pictures.draw_badge(name, text, None, query, query.height)
    side = outlet.bias.side if outlet.bias else None
    name = outlet.name if not plain or png.can_draw(outlet.name) else outlet.domain
    return pictures.draw_badge(name, bias_label(outlet, query.lang), side, query, query.height)


def svg_response(text: str, look: PictureStyle) -> Response:
    """Return a picture that any page may show."""
    response = Response(text, content_type=pictures.MEDIA_TYPE)
    if look.theme == "auto":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    return allow_embedding(response, find_language(look.lang))


def png_response(text: str, query: BarPngQuery | BadgePngQuery) -> Response:
    response = Response(png.render_png(text, query.scale), content_type=png.MEDIA_TYPE)
    return allow_embedding(response, with_drawable_language(query).lang)


def allow_embedding(response: Response, lang: str) -> Response:
    """Let any page show a picture, and say in which language it is."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Language"] = lang
    return make_cacheable(response)
