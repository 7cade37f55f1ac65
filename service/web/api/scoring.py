"""``/v1/distribution``, the main job, and ``/v1/coverage``, the whole panel of a story."""

from flask import Blueprint

from service.core.answer import Distribution
from service.core.coverage import cover
from service.core.coverage.answer import Coverage
from service.core.distribution import score
from service.web.api.requests import (
    CoverageRequest,
    DistributionQuery,
    DistributionRequest,
    counted,
    limited,
    options_of,
)
from service.web.http.endpoint import catalog, endpoint

blueprint = Blueprint("scoring", __name__)


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_distribution(body: DistributionRequest) -> Distribution:
    """Score the outlets that cover one story."""
    return counted(score(catalog(), limited(body.outlets, "/outlets"), options_of(body)))


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    problems=(422,),
)
def get_distribution(query: DistributionQuery) -> Distribution:
    """Score a short list of outlets. The answer can be cached."""
    return counted(score(catalog(), limited(query.outlet, "/outlet"), query.options()))


@endpoint(
    blueprint,
    "/v1/coverage",
    methods=("POST",),
    body=CoverageRequest,
    answer=Coverage,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_coverage(body: CoverageRequest) -> Coverage:
    """Return the whole panel of a story: its articles by side, every distribution, independent voices,
    gaps.
    """
    articles = limited(body.articles, "/articles")
    pool = body.pool()
    if isinstance(pool, tuple):
        limited(pool, "/baseline")
    panel = cover(catalog(), body.story, articles, options_of(body), pool)
    counted(panel.bias)
    return panel
