"""``/v1/distribution``: the main job."""

from flask import Blueprint

from service.core.answer import Distribution
from service.core.distribution import score
from service.requests.schemas import DistributionQuery, DistributionRequest
from service.web.api.links import add_links
from service.web.api.scoring_rows import entry_rows
from service.web.framework.csv_response import CSV_CONTENT_TYPE
from service.web.framework.endpoint import Counted, endpoint, get_catalog

blueprint = Blueprint("scoring", __name__)

CSV_PATH = "/v1/distribution.csv"


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    csv_path=CSV_PATH,
    problems=(400, 406, 408, 413, 415, 422, 503),
)
def post_distribution(body: DistributionRequest) -> Counted:
    """Score the outlets that cover one story."""
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(add_links(answer, body.outlets, body), answer.counts.by_status)


@endpoint(
    blueprint,
    "/v1/distribution",
    query=DistributionQuery,
    answer=Distribution,
    csv_path=CSV_PATH,
    problems=(406, 422),
)
def get_distribution(query: DistributionQuery) -> Counted:
    """Score a short list of outlets. The answer can be cached."""
    answer = score(get_catalog(), query.outlet, query.options())
    return Counted(add_links(answer, query.outlet, query), answer.counts.by_status)


@endpoint(
    blueprint,
    CSV_PATH,
    methods=("POST",),
    body=DistributionRequest,
    answer=str,
    media=CSV_CONTENT_TYPE,
    problems=(400, 408, 413, 415, 422, 503),
)
def post_distribution_csv(body: DistributionRequest) -> Counted:
    """Score the outlets that cover one story into a table with a row for each entry."""
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(entry_rows(answer), answer.counts.by_status)
