"""State of one request, shared by its layers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import request
from msgspec import Struct

if TYPE_CHECKING:
    from service.web.middleware.request_body import RequestBody

CONTEXT_KEY = "slantwise.context"


class RequestContext(Struct):
    """The one value that this service adds to a request's WSGI environment."""

    request_id: str
    # The name of the API key that the request came with.
    caller: str = ""
    body: "RequestBody | None" = None
    # Entries of the caller's lists, by what became of them.
    entries: Mapping[Any, int] = {}
    # A stream lasts as long as its caller likes, so its duration says nothing of speed.
    is_stream: bool = False


def get_context() -> RequestContext:
    context: RequestContext = request.environ[CONTEXT_KEY]
    return context
