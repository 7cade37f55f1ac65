"""``/methodology``: docs/methodology.md as a page, so that the docs and the service cannot differ."""

from pathlib import Path

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.web.pages import page

SOURCE = Path(__file__).resolve().parents[3] / "docs" / "methodology.md"

blueprint = Blueprint("methodology", __name__)


def rendered(text: str) -> Markup:
    """Markdown as HTML; markup inside it stays text."""
    return Markup(MarkdownIt("js-default").render(text))  # noqa: S704  # the library escapes


TEXT = rendered(SOURCE.read_text("utf-8"))


@blueprint.get("/methodology")
def methodology() -> Response:
    """The rules in plain language, with a worked example."""
    return page("methodology.html", text=TEXT)
