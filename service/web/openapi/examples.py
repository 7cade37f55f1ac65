"""Examples for the description: requests and their answers, as values next to the endpoints.

``service/web/api/examples/NAME.json`` has those of the view ``NAME``. The answers are of a small made-up
table, so that correcting a rating changes no description.
"""

import re
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from service.requests.problems import MEDIA_TYPE
from service.web.framework.endpoint import NDJSON_TYPE
from service.web.middleware.request_body import JSON_TYPE

EXAMPLES_FOLDER = Path(__file__).parents[1] / "api" / "examples"
EXAMPLE_REQUEST_ID = "example"


class Example(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A request worth showing, and its answer.

    A body that is text is sent as it is, one value a line. Any other is sent as JSON.
    """

    summary: str
    path: dict[str, str] = {}
    query: dict[str, str | int | list[str]] = {}
    body: Any = None
    status: int = 200
    answer: Any

    @property
    def key(self) -> str:
        return re.sub(r"\W+", "-", self.summary.lower()).strip("-")

    @property
    def request_type(self) -> str:
        return NDJSON_TYPE if isinstance(self.body, str) else JSON_TYPE

    def response_type(self, media: str) -> str:
        """Return the media type of the answer, where a good one is ``media`` unless lines were sent."""
        if self.status != 200:
            return MEDIA_TYPE
        return NDJSON_TYPE if isinstance(self.body, str) else media


def read_examples(view: str) -> tuple[Example, ...]:
    file = EXAMPLES_FOLDER / f"{view}.json"
    return msgspec.json.decode(file.read_bytes(), type=tuple[Example, ...]) if file.exists() else ()
