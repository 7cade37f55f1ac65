"""Put a picture into the languages that pages are written in."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from msgspec import Struct

from service.web.i18n import find_language
from service.web.picture_style import PictureStyle

IMG_HTML = Markup('<img src="{url}"{size} alt="{alt}">')
PICTURE_HTML = Markup(
    '<picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
    '<img src="{url}"{size} alt="{alt}"></picture>'
)
MARKDOWN_ESCAPES = str.maketrans({c: "\\" + c for c in "\\[]<>*_`"})


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


def make_embed(
    alt: str, picture: str, arguments: Mapping[str, Any], size: Markup, look: PictureStyle
) -> Embed:
    """Return a picture with its alternative text, in the languages that pages are written in."""
    host = request.host_url.rstrip("/")
    url = host + url_for(f"pictures.{picture}_svg", **arguments)
    dark = host + url_for(f"pictures.{picture}_svg", **{**arguments, "theme": "dark"})
    target = url.replace("(", "%28").replace(")", "%29")
    img = str(IMG_HTML.format(url=url, alt=alt, size=size))
    follows = "theme" not in arguments
    return Embed(
        url=url,
        png=host + url_for(f"pictures.{picture}_png", **arguments),
        alt=alt,
        html=str(PICTURE_HTML.format(dark=dark, url=url, alt=alt, size=size)) if follows else img,
        img=img,
        markdown=f"![{alt.translate(MARKDOWN_ESCAPES)}]({target})",
        lang=find_language(look.lang),
    )
