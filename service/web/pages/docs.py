"""API description (Swagger UI), and docs/*.md as the pages ``/methodology`` and ``/docs/problems``."""

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from flask import Blueprint, Response
from markupsafe import Markup

from service.settings import SHIPPED_DOCS
from service.web.pages import CONTENT_SECURITY_POLICY, render_page

# Swagger UI's style sheet draws its arrows as data: URLs.
SWAGGER_POLICY = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:")

_NON_ANCHOR_CHARS = re.compile(r"[^a-z0-9]+")

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def show_docs() -> Response:
    response = render_page("docs.html")
    response.headers["Content-Security-Policy"] = SWAGGER_POLICY
    return response


@blueprint.get("/methodology")
def show_methodology() -> Response:
    return render_page("guide.html", title="Methodology", guide=load_guide("methodology.md"))


@blueprint.get("/docs/problems")
def show_problems() -> Response:
    # Where the ``type`` of every problem leads.
    return render_page("guide.html", title="Problems", guide=load_guide("problems.md"))


class Guide(NamedTuple):
    """A document as HTML, and the anchor and title of each heading below the first."""

    text: Markup
    chapters: list[tuple[str, str]]


@cache  # rendered for the first reader: a start need not wait for it
def load_guide(name: str) -> Guide:
    """Render Markdown as HTML with an anchor for each heading. Markup inside it stays text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # a twentieth of a second of the start

    reader = MarkdownIt("js-default")
    tokens = reader.parse((SHIPPED_DOCS / name).read_text("utf-8"))
    chapters = []
    for opened, heading in pairwise(tokens):
        if opened.type == "heading_open":
            anchor = _NON_ANCHOR_CHARS.sub("-", heading.content.lower()).strip("-")
            opened.attrSet("id", anchor)
            if opened.tag == "h2":
                chapters.append((anchor, heading.content.replace("`", "")))
    html = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  # the library escapes
    return Guide(html, chapters)
