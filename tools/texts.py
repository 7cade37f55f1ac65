"""Generates texts. ``make docs`` writes them, and a test compares them."""

from collections.abc import Callable
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


def texts(client: FlaskClient) -> dict[Path, Callable[[], str]]:
    """Map each generated file to the function that makes its text."""

    def answers(path: Path) -> Callable[[], str]:
        return lambda: refreshed(path, client)

    growth = ROOT / PAGE_OF_GROWTH
    return {
        **shown.texts(),
        **{ROOT / name: answers(ROOT / name) for name in PAGES_WITH_ANSWERS},
        growth: lambda: rewritten(growth.read_text("utf-8")),
        story.ANSWER: lambda: story.answer().decode(),
    }


def main() -> None:
    """Write every generated text, and report the changed ones."""
    for path, text in texts(shipped()).items():
        new = text()
        changed = new != path.read_text("utf-8")
        if changed:
            path.write_text(new, "utf-8")
        print(f"{path.relative_to(ROOT)}: {'written' if changed else 'unchanged'}")


if __name__ == "__main__":
    main()
