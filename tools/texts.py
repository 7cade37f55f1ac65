"""Every generated text. ``make docs`` writes them.

Tests compare what follows from the code. Documented answers come from the shipped table, so their shape alone
is compared: correcting a rating leaves the documents right until they are next written.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from tests.helpers import shown, story
from tools.examples import refreshed
from tools.growth import rewritten

ROOT = Path(__file__).parents[1]
PAGES_WITH_ANSWERS = ("README.md", "docs/api.md", "docs/batch.md")
PAGE_OF_GROWTH = "docs/capacity.md"


def shipped() -> FlaskClient:
    """Return a client of the service on the shipped table."""
    settings = Settings()
    return create_app(settings, load(settings)).test_client()


def texts() -> dict[Path, Callable[[], str]]:
    """Map each file that follows from the code alone to the function that makes its text."""
    growth = ROOT / PAGE_OF_GROWTH
    return {
        **shown.texts(),
        growth: lambda: rewritten(growth.read_text("utf-8")),
        story.ANSWER: lambda: story.answer().decode(),
    }


def pages(client: FlaskClient) -> dict[Path, Callable[[], str]]:
    """Map each page with answers of the shipped table to the function that makes its text."""
    return {ROOT / name: partial(refreshed, ROOT / name, client) for name in PAGES_WITH_ANSWERS}


def main() -> None:
    """Write every generated text, and say which one changed."""
    for path, text in (texts() | pages(shipped())).items():
        new = text()
        changed = new != path.read_text("utf-8")
        if changed:
            path.write_text(new, "utf-8")
        print(f"{path.relative_to(ROOT)}: {'written' if changed else 'unchanged'}")


if __name__ == "__main__":
    main()
