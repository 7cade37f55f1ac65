"""The story of ``tests/data/story.json``. ``make docs`` writes its answer.

Its title, summary and points are those of a real aggregator's page, which also names one article, that of The
Straits Times. All other articles and outlets, and every rating, are made up.
"""

import msgspec

from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.requests.coverage import CoverageOptions, split_options
from tests.conftest import RATERS, outlet
from tests.helpers import DATA

REQUEST, ANSWER = DATA / "story.json", DATA / "story_answer.json"


def outlets() -> list[Outlet]:
    """4 left, 9 center, 7 right and 4 without a rating: the figures of the page."""
    rated = [("left", 4, -2), ("center", 9, 0), ("right", 7, 1)]
    made = [
        outlet(
            f"{side}{at}.example",
            value,
            value + 1 if at % 3 == 0 else None,
            country=("US", "GB", "KZ", "SG")[at % 4],
            factuality=("high", "mixed")[at % 2],
            owner="Sample Media" if side == "right" and at in (2, 3) else None,
        )
        for side, n, value in rated
        for at in range(n)
    ]
    state = outlet("state.example", country="TJ", state_media="state_controlled", media_type="news_agency")
    return [
        *made,
        state,
        Outlet("straitstimes.com", "The Straits Times", country="SG", media_type="newspaper"),
    ]


def answer() -> bytes:
    """The golden answer as it would be written today."""
    options, articles = split_options(msgspec.json.decode(REQUEST.read_bytes()), CoverageOptions)
    catalog = Catalog(outlets(), raters=RATERS.values(), version="test", sha256="0" * 64)
    return msgspec.json.format(msgspec.json.encode(options.cover(catalog, articles, 1000)), indent=1) + b"\n"
