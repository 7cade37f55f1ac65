"""``/v1/distribution``, the main job, and ``/v1/coverage``, the whole panel of a story."""

from flask import Blueprint

from service.core.answer import Distribution
from service.core.coverage.answer import Coverage
from service.core.distribution import score
from service.web.api.requests import CoverageRequest, DistributionQuery, DistributionRequest
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
    return score(catalog(), body.outlets, body.options())


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    problems=(422,),
)
def get_distribution(query: DistributionQuery) -> Distribution:
    """Score a short list of outlets. The answer can be cached."""
    return score(catalog(), query.outlet, query.options())


@endpoint(
    blueprint,
    "/v1/coverage",
    methods=("POST",),
    body=CoverageRequest,
    answer=Coverage,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_coverage(body: CoverageRequest) -> Coverage:
    """Show the whole panel of a story: articles by side, distributions, independent voices and gaps."""
    return body.panel(catalog())
