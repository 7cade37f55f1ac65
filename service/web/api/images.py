"""Bars and badges as SVG and PNG, and the words and markup that go with them."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup
from msgspec import Meta, Struct, structs

from service.core.answer import Options
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.outlets import Outlet
from service.core.resolve import EntryFields, resolve
from service.core.resolve.match import CountryCode
from service.requests.schemas import LIMIT_KEY, normalize_country
from service.web import png, svg
from service.web.api.outlets import get_outlet_or_404
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.responses import make_cacheable
from service.web.i18n import DEFAULT, LANGUAGES, find_language, format_sentence
from service.web.picture_style import Height, PictureStyle, Width

blueprint = Blueprint("pictures", __name__)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Scale = Annotated[int, Meta(ge=1, le=3, description="pixels of the picture for each pixel of its size")]
SIZE_ATTRIBUTES = Markup(' width="{width}" height="{height}"')
# An SVG that follows the reader's colour scheme holds a style; it is made of constants.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
IMG_HTML = Markup('<img src="{url}"{size} alt="{alt}">')
PICTURE_HTML = Markup(
    '<picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
    '<img src="{url}"{size} alt="{alt}"></picture>'
)
MARKDOWN_ESCAPES = str.maketrans({char: "\\" + char for char in "\\[]<>*_`"})


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


class BarPngQuery(BarQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The figures of the bar, its look and its sharpness."""

    scale: Scale = 2


class BadgePngQuery(BadgeQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The look of the badge and its sharpness."""

    scale: Scale = 2


class Embed(Struct, frozen=True):
    """A picture ready to be placed in a page: addresses, words for ``alt``, and both put together.

    ``html`` follows the reader's colour scheme. ``lang`` is the language that was used.
    """

    url: str
    png: str
    alt: str
    html: str
    img: str
    markdown: str
    lang: str


class RaterPage(Struct, frozen=True):
    """A rating behind a badge, and the rater's page about the outlet, ``null`` where it is not known."""

    rater: str
    label: str
    url: str | None


class BadgeEmbed(Embed, frozen=True):
    """A badge ready to be placed in a page, with the raters' pages to link beside it."""

    ratings: tuple[RaterPage, ...] = ()


@endpoint(blueprint, "/v1/bar.svg", query=BarQuery, answer=str, media=svg.MEDIA_TYPE, tag="pictures")
def bar_svg(query: BarQuery) -> Response:
    """Return a distribution as a bar: send counts of each side, or outlets."""
    query = with_known_language(query)
    return svg_response(draw_bar(query), query)


@endpoint(blueprint, "/v1/bar.png", query=BarPngQuery, answer=bytes, media=png.MEDIA_TYPE, tag="pictures")
def bar_png(query: BarPngQuery) -> Response:
    """Draw the bar as PNG. A language that the font cannot draw is in English, as `Content-Language` says."""
    query = with_drawable_language(query)
    return png_response(draw_bar(query), query)


@endpoint(blueprint, "/v1/bar.json", query=BarQuery, answer=Embed, tag="pictures")
def bar_embed(query: BarQuery) -> Embed:
    """Return how to embed the bar of the same query: address, alternative text, HTML and Markdown."""
    alt = format_sentence(find_language(query.lang), *read_counts(query))
    size = SIZE_ATTRIBUTES.format(width=query.width, height=query.height)
    return make_embed(alt, "bar", request.args.to_dict(flat=False), size, query)


@endpoint(
    blueprint,
    "/v1/outlets/<domain>/badge.svg",
    query=BadgeQuery,
    answer=str,
    media=svg.MEDIA_TYPE,
    problems=(404,),
    tag="pictures",
)
def badge_svg(domain: str, query: BadgeQuery) -> Response:
    """Draw the bias of one outlet as a badge. One that is not listed says so."""
    query = with_known_language(query)
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
    query = with_drawable_language(query)
    return png_response(draw_badge(domain, query, plain=True), query)


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
    alt = LANGUAGES[lang].badge.format(name=svg.printable(outlet.name), label=bias_label(outlet, lang))
    size = Markup(' height="{}"').format(query.height)
    embed = make_embed(alt, "badge", {"domain": domain, **request.args.to_dict(flat=False)}, size, query)
    ratings = outlet.bias.ratings if outlet.bias else ()
    pages = tuple(RaterPage(rating.rater, rating.label, rating.url or None) for rating in ratings)
    return BadgeEmbed(**structs.asdict(embed), ratings=pages)


def make_embed(
    alt: str, picture: str, arguments: Mapping[str, Any], size: Markup, style: PictureStyle
) -> Embed:
    """Return a picture with its alternative text, in the languages that pages are written in."""
    host = request.host_url.rstrip("/")
    url = host + url_for(f"pictures.{picture}_svg", **arguments)
    dark = host + url_for(f"pictures.{picture}_svg", **{**arguments, "theme": "dark"})
    target = url.replace("(", "%28").replace(")", "%29")
    img = str(IMG_HTML.format(url=url, alt=alt, size=size))
    has_theme = "theme" in arguments
    return Embed(
        url=url,
        png=host + url_for(f"pictures.{picture}_png", **arguments),
        alt=alt,
        html=img if has_theme else str(PICTURE_HTML.format(dark=dark, url=url, alt=alt, size=size)),
        img=img,
        markdown=f"![{alt.translate(MARKDOWN_ESCAPES)}]({target})",
        lang=find_language(style.lang),
    )


def read_counts(query: BarQuery) -> tuple[tuple[int, int, int], int]:
    """Return the counts of each side and of the unrated that a query gives, or those of its outlets.

    Raise ``RequestError`` for both or none.
    """
    given = (query.left, query.center, query.right, query.unrated)
    has_counts = any(count is not None for count in given)
    if has_counts == bool(query.outlet):
        raise RequestError("/outlet", "give either outlet=… or counts: left=, center=, right=, unrated=")
    if has_counts:
        left, center, right, unrated = (count or 0 for count in given)
        return (left, center, right), unrated
    options = Options(query.raters, detail="summary", country=normalize_country(query.country))
    counts = score(get_catalog(), query.outlet, options).counts
    return (counts.left, counts.center, counts.right), counts.unrated


def bias_label(outlet: Outlet | None, lang: str = DEFAULT) -> str:
    """Return the bias of ``outlet`` in words, and that raters disagree where they stand on opposite sides."""
    words = LANGUAGES[lang]
    if outlet is None or outlet.bias is None:
        return words.labels["not_rated"]
    label = words.labels[outlet.bias.label]
    return f"{label} · {words.disagree}" if outlet.bias.contested else label


Q = TypeVar("Q", bound=PictureStyle)


def with_known_language(query: Q) -> Q:
    return structs.replace(query, lang=find_language(query.lang))


def with_drawable_language(query: Q) -> Q:
    """Return ``query`` in a language that a PNG can show. It cannot follow the reader's colour scheme."""
    lang = find_language(query.lang)
    theme = "light" if query.theme == "auto" else query.theme
    return structs.replace(query, lang=DEFAULT if lang in png.UNSUPPORTED_LANGUAGES else lang, theme=theme)


def draw_bar(query: BarQuery) -> str:
    sides, unrated = read_counts(query)
    return svg.draw_bar(sides, unrated, query, query.width, query.height)


def draw_badge(domain: str, query: BadgeQuery, *, plain: bool = False) -> str:
    """Draw the badge of the outlet at ``domain``. ``plain`` keeps to letters that a PNG can show."""
    outlet = resolve(get_catalog(), EntryFields(domain=domain)).outlet
    if outlet is None:
        text = LANGUAGES[query.lang].labels["not_listed"]
        name = domain if not plain or png.can_draw(domain) else "?"
        return svg.draw_badge(name, text, None, query, query.height)
    side = outlet.bias.side if outlet.bias else None
    name = outlet.name if not plain or png.can_draw(outlet.name) else outlet.domain
    return svg.draw_badge(name, bias_label(outlet, query.lang), side, query, query.height)


def svg_response(text: str, style: PictureStyle) -> Response:
    response = Response(text, content_type=svg.MEDIA_TYPE)
    if style.theme == "auto":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    return allow_embedding(response, style.lang)


def png_response(text: str, query: BarPngQuery | BadgePngQuery) -> Response:
    return allow_embedding(
        Response(png.render_png(text, query.scale), content_type=png.MEDIA_TYPE), query.lang
    )


def allow_embedding(response: Response, lang: str) -> Response:
    """Let any page show a picture, and name its language."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Language"] = lang
    return make_cacheable(response)
