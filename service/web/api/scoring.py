"""``/v1/distribution``, the main job, and ``/v1/coverage``, the whole panel of a story."""

from flask import Blueprint

from service.core.answer import Distribution
from service.core.coverage import cover
from service.core.coverage.answer import Coverage
from service.core.distribution import score
from service.web.api.requests import CoverageRequest, DistributionQuery, DistributionRequest, counted, limited
from service.web.http.endpoint import Example, catalog, endpoint

blueprint = Blueprint("scoring", __name__)


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    problems=(400, 413, 415, 422),
    examples=(
        Example(
            "Domains, article URLs and names",
            {
                "outlets": [
                    "reuters.com",
                    "https://www.bbc.co.uk/news/world-1",
                    "Fox News",
                    {"url": "https://news.google.com/read/x", "name": "The Guardian"},
                    "nobody.example",
                ]
            },
        ),
        Example(
            "Own ratings, figures only",
            {
                "outlets": ["reuters.com", "foxnews.com", "our-blog.example"],
                "overrides": {"our-blog.example": "lean_left", "foxnews.com": None},
                "detail": "summary",
            },
        ),
        Example("A misspelt option", {"outlets": ["reuters.com"], "rater": ["mbfc"]}, status=422),
    ),
)
def post_distribution(body: DistributionRequest) -> Distribution:
    """Score the outlets that cover one story."""
    return counted(score(catalog(), limited(body.outlets, "/outlets"), body.options()))


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    problems=(422,),
    examples=(Example("Two outlets", query={"outlet": ["reuters.com", "foxnews.com"], "detail": "summary"}),),
)
def get_distribution(query: DistributionQuery) -> Distribution:
    """Score a short list of outlets; the answer can be cached."""
    return counted(score(catalog(), limited(query.outlet, "/outlet"), query.options()))


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
