"""``/v1/distribution``: the main job."""

from typing import TypeVar

from flask import Blueprint

from service.core.answer import Distribution
from service.core.distribution import score
from service.core.errors import RequestError
from service.web.observer import count_entries
from service.web.routes import Example, catalog, endpoint, settings
from service.web.schemas import DistributionQuery, DistributionRequest

blueprint = Blueprint("distribution", __name__)
T = TypeVar("T")


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


def counted(answer: Distribution) -> Distribution:
    """``answer``, whose entries are counted for log and metrics."""
    count_entries(answer.counts.by_status)
    return answer


def limited(entries: tuple[T, ...], pointer: str) -> tuple[T, ...]:
    """``entries``, of which there may be so many and no more."""
    allowed = settings().max_outlets
    if len(entries) > allowed:
        raise RequestError(pointer, f"{len(entries)} entries given, {allowed} allowed")
    return entries
