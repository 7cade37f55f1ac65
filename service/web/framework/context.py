"""What the layers of one request tell each other."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from service.web.middleware.request_body import RequestBody

CONTEXT_KEY = "slantwise.context"


class RequestContext:
    """The one value that this service adds to a request's WSGI environment."""

    __slots__ = ("body", "caller", "entries", "is_stream", "request_id", "route")

    def __init__(self) -> None:
        self.request_id = ""
        # The rule of the path that answers, never the path that the caller typed.
        self.route = "unmatched"
        # The name of the API key that the request came with.
        self.caller = ""
        self.body: RequestBody | None = None
        # Entries of the caller's lists, by what became of them.
        self.entries: dict[str, int] = {}
        # A stream lasts as long as its caller likes, so its duration says nothing of speed.
        self.is_stream = False

    def count_entries(self, by_status: Mapping[Any, int]) -> None:
        """Add the entries of one story to the request's log line and metrics."""
        for status, number in by_status.items():
            if number:
                self.entries[status] = self.entries.get(status, 0) + number


def get_context(environ: "WSGIEnvironment") -> RequestContext:
    """Return the context of a request, made by whichever layer asks first."""
    context: RequestContext | None = environ.get(CONTEXT_KEY)
    if context is None:
        context = environ[CONTEXT_KEY] = RequestContext()
    return context


def current_context() -> RequestContext:
    return get_context(request.environ)
