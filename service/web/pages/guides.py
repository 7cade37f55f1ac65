"""``/methodology``: docs/methodology.md as a page, so that the docs and the service cannot differ."""

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.settings import SHIPPED_DOCS
from service.web.pages import page

blueprint = Blueprint("methodology", __name__)


def rendered(text: str) -> Markup:
    """Markdown as HTML. Markup inside it stays text."""
    return Markup(MarkdownIt("js-default").render(text))  # noqa: S704  # the library escapes


TEXT = rendered((SHIPPED_DOCS / "methodology.md").read_text("utf-8"))


@blueprint.get("/methodology")
def methodology() -> Response:
    """Return the rules in plain language, with a worked example."""
    return page("methodology.html", text=TEXT)
