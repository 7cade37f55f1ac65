"""``/v1/distribution``: the main job."""

from flask import Blueprint

from service.core.answer import Distribution
from service.core.distribution import score
from service.web.api.schemas import DistributionQuery, DistributionRequest
from service.web.api.scoring_rows import entry_rows
from service.web.framework.endpoint import Counted, endpoint, get_catalog

blueprint = Blueprint("scoring", __name__)


def post_distribution_csv(body: DistributionRequest) -> Counted:
    """Return the entries of one story as rows."""
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(entry_rows(answer), answer.counts.by_status)


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    csv_view=post_distribution_csv,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_distribution(body: DistributionRequest) -> Counted:
    """Score the outlets that cover one story.

    With `Accept: text/csv` the answer is a table with a row for each entry.
    """
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(answer, answer.counts.by_status)


def get_distribution_csv(query: DistributionQuery) -> Counted:
    """Return the entries of a short list as rows."""
    answer = score(get_catalog(), query.outlet, query.options())
    return Counted(entry_rows(answer), answer.counts.by_status)


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    csv_view=get_distribution_csv,
    problems=(422,),
)
def get_distribution(query: DistributionQuery) -> Counted:
    """Score a short list of outlets. The answer can be cached.

    With `Accept: text/csv` it is a table with a row for each entry.
    """
    answer = score(get_catalog(), query.outlet, query.options())
    return Counted(answer, answer.counts.by_status)
