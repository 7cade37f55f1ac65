"""A finished body as the answer to a request, without a response around it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Answer:
    """A finished body, sent as it is: the WSGI application that answers one request.

    Flask takes it for what it is, and makes a response of it where a hook wants to see one.
    """

    __slots__ = ("body", "media")

    def __init__(self, body: bytes, media: str) -> None:
        self.body = body
        self.media = media

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Send it."""
        length = str(len(self.body))
        start_response("200 OK", [("Content-Type", self.media), ("Content-Length", length)])
        return [self.body]
