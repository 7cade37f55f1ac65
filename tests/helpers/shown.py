"""The made-up table that the examples of ``openapi.json`` are answered from.

``make docs`` writes their answers. No rating here is anybody's verdict.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Flask

from service.core.outlets import Alias, Change, Outlet, Rater, Rating, combine_ratings
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from service.web.framework.endpoint import ENDPOINTS, Endpoint
from service.web.openapi.examples import EXAMPLE_REQUEST_ID, EXAMPLES_FOLDER, Example, read_examples
from service.web.openapi.operation import PATH_PARAMETER

DAY = "2026-01-01"
RATER = Rater(
    id="sample",
    name="Sample Ratings",
    holder="Nobody",
    licence="CC0-1.0",
    commercial_use=True,
    attribution="Made-up ratings for examples",
    url="https://ratings.example/",
    scale={"Left": -2.0, "Lean left": -1.0, "Center": 0.0, "Lean right": 1.0, "Right": 2.0},
)


def outlet(domain: str, name: str, label: str = "", **facts: str) -> Outlet:
    """An outlet with a verdict of the sample rater, if ``label`` names one."""
    ratings = [Rating(RATER.id, label, RATER.scale[label], DAY)] if label else []
    return Outlet(domain, name, combine_ratings(ratings, {RATER.id: RATER}), **facts)


OUTLETS = (
    outlet("bbc.co.uk", "BBC News", "Center", factuality="high", country="GB", language="en"),
    outlet("foxnews.com", "Fox News", "Right", factuality="mixed", country="US", language="en"),
    outlet(
        *("reuters.com", "Reuters", "Center"),
        factuality="very_high",
        country="GB",
        language="en",
        media_type="news_agency",
    ),
    outlet("theguardian.com", "The Guardian", "Lean left", factuality="mixed", country="GB", language="en"),
    outlet("straitstimes.com", "The Straits Times", "Center", country="SG", language="en"),
    outlet("washingtonpost.com", "The Washington Post", "Lean left", country="US", language="en"),
    outlet("heraldscotland.com", "The Herald", country="GB", language="en"),
    outlet("herald.co.zw", "The Herald", country="ZW", language="en"),
    outlet("agency.example", "Sample News Agency", "Right", country="US", media_type="news_agency"),
)
CHANGES = (
    Change("2026.01.1", "reuters.com", "country", "", "GB", "the country is known now"),
    Change("2026.01.1", "bbc.co.uk", "name", "BBC", "BBC News", "the name of the newsroom"),
)
ALIASES = (Alias("news.google.com", "platform"), Alias("The Guardian", "name", "theguardian.com"))


def application() -> Flask:
    """The application on the made-up table."""
    made = Catalog(
        OUTLETS, ALIASES, [RATER], version="2026.01.1", sha256="0" * 64, created=DAY, changes=CHANGES
    )
    return create_app(Settings(), made)


def ask(app: Flask, each: Endpoint, example: Example) -> Any:
    """What ``app`` answers to the request of ``example``."""
    path = PATH_PARAMETER.sub(lambda found: example.path[found[1]], each.rule)
    body = example.body
    sent = {} if body is None else {"data": text_of(body), "content_type": example.request_type}
    return app.test_client().open(
        f"{path}?{urlencode(example.query, doseq=True)}",
        method=each.methods[0],
        headers={"X-Request-Id": EXAMPLE_REQUEST_ID},
        **sent,
    )


def text_of(body: Any) -> bytes:
    """The bytes of a body: lines as they are, any other value as JSON."""
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def answer_of(response: Any) -> Any:
    """An answer as examples show it: a value if it is JSON, a PNG picture in base64, else text."""
    if response.mimetype == "image/png":
        return b64encode(response.data).decode()
    return response.json if response.is_json else response.text


def texts() -> dict[Path, Callable[[], str]]:
    """Map each file of examples to the function that makes its text, with the answers of today."""
    app = application()
    return {
        EXAMPLES_FOLDER / f"{each.view.__name__}.json": partial(renewed, app, each, examples)
        for each in ENDPOINTS
        if (examples := read_examples(each.view.__name__))
    }


def renewed(app: Flask, each: Endpoint, examples: Sequence[Example]) -> str:
    """Write the examples of one endpoint with what ``app`` answers."""
    made = []
    for example in examples:
        response = ask(app, each, example)
        changes = {"answer": answer_of(response), "status": response.status_code}
        made.append(msgspec.to_builtins(msgspec.structs.replace(example, **changes)))
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"
