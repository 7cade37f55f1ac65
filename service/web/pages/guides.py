"""``/methodology`` and ``/docs/problems``: docs/*.md as pages, so that they and the service cannot differ."""

import re
from itertools import pairwise

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.settings import SHIPPED_DOCS
from service.web.pages import render_page

blueprint = Blueprint("methodology", __name__)

_NON_ANCHOR_CHARS = re.compile(r"[^a-z0-9]+")


def render_markdown(text: str) -> Markup:
    """Return Markdown as HTML with an anchor for each heading. Markup inside it stays text."""
    reader = MarkdownIt("js-default")
    tokens = reader.parse(text)
    for opened, heading in pairwise(tokens):
        if opened.type == "heading_open":
            opened.attrSet("id", _NON_ANCHOR_CHARS.sub("-", heading.content.lower()).strip("-"))
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  # the library escapes


def load_guide(name: str) -> Markup:
    """Return the document of that name as HTML."""
    return render_markdown((SHIPPED_DOCS / name).read_text("utf-8"))


METHODOLOGY = load_guide("methodology.md")
PROBLEMS = load_guide("problems.md")


@blueprint.get("/methodology")
def show_methodology() -> Response:
    """Return the rules in plain language, with a worked example."""
    return render_page("methodology.html", text=METHODOLOGY)


@blueprint.get("/docs/problems")
def show_problems() -> Response:
    """Return what each problem means and how to mend it: where every problem's ``type`` leads."""
    return render_page("methodology.html", title="Problems", text=PROBLEMS)
