"""``/v1/coverage``: the whole panel of a story."""

from flask import Blueprint

from service.core.coverage import cover
from service.core.coverage.answer import Coverage
from service.web.distribution import counted, limited
from service.web.routes import Example, catalog, endpoint
from service.web.schemas import CoverageRequest

blueprint = Blueprint("coverage", __name__)


@endpoint(
    blueprint,
    "/v1/coverage",
    methods=("POST",),
    body=CoverageRequest,
    answer=Coverage,
    problems=(400, 413, 415, 422),
    examples=(
        Example(
            "Three articles",
            {
                "story": {"id": "42", "title": "Ministers meet in Dushanbe", "as_of": "2026-11-01T12:00:00Z"},
                "articles": [
                    {
                        "url": "https://www.reuters.com/world/a",
                        "title": "Ministers meet",
                        "published_at": "2026-11-01T09:00:00Z",
                    },
                    {"source": "Fox News", "published_at": "2026-11-01T10:30:00Z"},
                    {"source": "The Guardian", "title": "A meeting in Dushanbe"},
                ],
            },
        ),
    ),
)
def post_coverage(body: CoverageRequest) -> Coverage:
    """The whole panel of a story: its articles by side, every distribution, independent voices, gaps."""
    articles = limited(body.articles, "/articles")
    pool = body.pool()
    if isinstance(pool, tuple):
        limited(pool, "/baseline")
    panel = cover(catalog(), body.story, articles, body.options(), pool)
    counted(panel.bias)
    return panel
