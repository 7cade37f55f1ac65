"""``/methodology`` and ``/docs/problems``: docs/*.md as pages, so that they and the service cannot differ."""

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.settings import SHIPPED_DOCS
from service.web.pages import render_page

blueprint = Blueprint("methodology", __name__)

_NON_ANCHOR_CHARS = re.compile(r"[^a-z0-9]+")


class Guide(NamedTuple):
    """A document as HTML, and its chapters: anchor and title of each heading below the first."""

    text: Markup
    chapters: list[tuple[str, str]]


def render_markdown(text: str) -> Guide:
    """Return Markdown as HTML with an anchor for each heading. Markup inside it stays text."""
    reader = MarkdownIt("js-default")
    tokens = reader.parse(text)
    chapters = []
    for opened, heading in pairwise(tokens):
        if opened.type == "heading_open":
            anchor = _NON_ANCHOR_CHARS.sub("-", heading.content.lower()).strip("-")
            opened.attrSet("id", anchor)
            if opened.tag == "h2":
                chapters.append((anchor, heading.content.replace("`", "")))
    html = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  # the library escapes
    return Guide(html, chapters)


@cache  # made for the first reader: a start need not wait for it
def load_guide(name: str) -> Guide:
    return render_markdown((SHIPPED_DOCS / name).read_text("utf-8"))


@blueprint.get("/methodology")
def show_methodology() -> Response:
    return render_page("guide.html", title="Methodology", guide=load_guide("methodology.md"))


@blueprint.get("/docs/problems")
def show_problems() -> Response:
    """Return what each problem means and how to mend it: where every problem's ``type`` leads."""
    return render_page("guide.html", title="Problems", guide=load_guide("problems.md"))
