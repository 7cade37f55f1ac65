"""``/v1/coverage``: the whole panel of a story, from the articles of any feed, news API or scraper."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint
from msgspec import Meta, structs

from service.core.coverage.models import Coverage
from service.requests.coverage import CoverageOptions, CoverageRequest, SentArticle, split_options
from service.requests.schemas import check_limits
from service.web.api.scoring import add_links
from service.web.framework.decoding import decode_json
from service.web.framework.endpoint import Counted, endpoint, get_catalog, get_settings

blueprint = Blueprint("coverage", __name__)

READABLE = Annotated[Any, Meta(examples=[{"articles": [{"url": "https://www.reuters.com/world/"}]}])]
DECODER = msgspec.json.Decoder(READABLE)


def read_coverage(raw: bytes) -> tuple[CoverageOptions, Any]:
    options, rest = split_options(decode_json(DECODER, raw), CoverageOptions)
    check_limits(options, get_settings())
    return options, rest


@endpoint(
    blueprint,
    "/v1/coverage",
    methods=("POST",),
    body=CoverageRequest | tuple[SentArticle, ...],
    read=read_coverage,
    answer=Coverage,
)
def post_coverage(body: tuple[CoverageOptions, Any]) -> Counted:
    """Show the whole panel of a story: articles by side, distributions, independent voices and gaps."""
    options, articles = body
    panel = options.cover(get_catalog(), articles, get_settings().max_outlets)
    entries = [entry.input for entry in panel.bias.outlets or ()]
    bias = add_links(panel.bias, entries, options)
    return Counted(structs.replace(panel, bias=bias), bias.counts.by_status)
