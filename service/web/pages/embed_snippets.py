"""Offer an answer for other pages: addresses and markup of the bar, with everything that can be chosen."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from markupsafe import Markup
from msgspec import Struct

from service.core.answer import Counts
from service.web.i18n import DEFAULT, format_sentence
from service.web.svg import printable

ELEMENT_MARKUP = Markup(
    '<script src="{host}/embed.js" defer></script>\n'
    '<slantwise-bar outlets="{outlets}" src="{host}"></slantwise-bar>'
)
PICTURE_MARKUP = Markup(
    '<picture>\n <source srcset="{dark}" media="(prefers-color-scheme: dark)">\n'
    ' <img src="{light}" width="{width}" height="{height}" alt="{alt}">\n</picture>'
)
IMG_MARKUP = Markup('<img src="{light}" width="{width}" height="{height}" alt="{alt}">')
WIDTH, HEIGHT = 320, 32
# Characters of a list that an element still carries.
MAX_ELEMENT_CHARS = 1_500


class EmbedSnippets(Struct, frozen=True):
    """What can be copied: a title, an id and the text. ``auto`` is the picture's address for the preview."""

    alt: str
    auto: str
    codes: tuple[tuple[str, str, str], ...]


def make_snippets(counts: Counts, entries: Sequence[str], colors: str) -> EmbedSnippets:
    """Return every way to take the bar of ``counts`` along. Counts stay true to the words beside them."""
    sides = (counts.left, counts.center, counts.right)
    query: dict[str, Any] = {
        "left": counts.left,
        "center": counts.center,
        "right": counts.right,
        "unrated": counts.unrated,
    }
    if colors != "blue-left":
        query["colors"] = colors
    alt = format_sentence(DEFAULT, sides, counts.unrated)
    host = request.host_url.rstrip("/") + request.script_root

    def at(kind: str, **more: Any) -> str:
        return f"{host}/v1/bar.{kind}?{urlencode({**query, **more})}"

    given = {
        "light": at("svg"),
        "dark": at("svg", theme="dark"),
        "alt": alt,
        "width": WIDTH,
        "height": HEIGHT,
    }
    listed = ", ".join(printable(entry, 300) for entry in entries)
    codes = [
        ("HTML that follows light and dark", "picture", str(PICTURE_MARKUP.format(**given))),
        ("HTML, one image", "img", str(IMG_MARKUP.format(**given))),
        ("Markdown", "markdown", f"![{alt}]({at('svg')})"),
        ("SVG", "svg", at("svg")),
        ("PNG", "png", at("png")),
    ]
    if len(listed) <= MAX_ELEMENT_CHARS and not any("," in entry for entry in entries):
        codes.insert(
            1, ("Element with a script", "element", str(ELEMENT_MARKUP.format(host=host, outlets=listed)))
        )
    return EmbedSnippets(alt, url_for("pictures.bar_svg", **query, theme="auto"), tuple(codes))
