"""``/methodology`` and ``/docs/problems``: docs/*.md as pages, so that they and the service cannot differ."""

import re
from itertools import pairwise

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.settings import SHIPPED_DOCS
from service.web.pages import page

blueprint = Blueprint("methodology", __name__)

NO_ANCHOR = re.compile(r"[^a-z0-9]+")


def rendered(text: str) -> Markup:
    """Return Markdown as HTML with an anchor for each heading. Markup inside it stays text."""
    reader = MarkdownIt("js-default")
    tokens = reader.parse(text)
    for opened, heading in pairwise(tokens):
        if opened.type == "heading_open":
            opened.attrSet("id", NO_ANCHOR.sub("-", heading.content.lower()).strip("-"))
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  # the library escapes


def guide(name: str) -> Markup:
    """Return the document of that name as HTML."""
    return rendered((SHIPPED_DOCS / name).read_text("utf-8"))


TEXT = guide("methodology.md")
PROBLEMS = guide("problems.md")


@blueprint.get("/methodology")
def methodology() -> Response:
    """Return the rules in plain language, with a worked example."""
    return page("methodology.html", text=TEXT)


@blueprint.get("/docs/problems")
def problems() -> Response:
    """Return what each problem means and how to mend it: where every problem's ``type`` leads."""
    return page("methodology.html", title="Problems", text=PROBLEMS)
