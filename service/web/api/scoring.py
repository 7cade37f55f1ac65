"""``/v1/distribution``, the main job, and ``/v1/coverage``, the whole panel of a story."""

from collections.abc import Iterator

from flask import Blueprint

from service.core.answer import Distribution
from service.core.coverage.models import Coverage
from service.core.distribution import score
from service.web.api.schemas import CoverageRequest, DistributionQuery, DistributionRequest
from service.web.api.scoring_rows import entry_rows
from service.web.framework.csv_response import Row
from service.web.framework.endpoint import endpoint, get_catalog, record_entries

blueprint = Blueprint("scoring", __name__)


def post_distribution_csv(body: DistributionRequest) -> Iterator[Row]:
    """Yield the entries of one story as rows."""
    return entry_rows(record_entries(post_distribution(body)))


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    table=post_distribution_csv,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_distribution(body: DistributionRequest) -> Distribution:
    """Score the outlets that cover one story.

    With `Accept: text/csv` the answer is a table with a row for each entry.
    """
    return score(get_catalog(), body.outlets, body.options())


def get_distribution_csv(query: DistributionQuery) -> Iterator[Row]:
    """Yield the entries of a short list as rows."""
    return entry_rows(record_entries(get_distribution(query)))


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    table=get_distribution_csv,
    problems=(422,),
)
def get_distribution(query: DistributionQuery) -> Distribution:
    """Score a short list of outlets. The answer can be cached.

    With `Accept: text/csv` it is a table with a row for each entry.
    """
    return score(get_catalog(), query.outlet, query.options())


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
    return body.panel(get_catalog())
