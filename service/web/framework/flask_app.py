"""Flask without what this service never uses. Each override says what it gains (docs/decisions/0002-*.md)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, request
from flask.signals import request_finished
from werkzeug.routing import MapAdapter

from service.web.framework.caching import GZIP_HEADER, compress, should_compress
from service.web.framework.context import current_context

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Answer:
    """A finished body, as the WSGI application that sends it. Flask makes a response of it for hooks."""

    __slots__ = ("body", "media")

    def __init__(self, body: bytes, media: str) -> None:
        self.body = body
        self.media = media

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Send the body, in gzip to who accepts that."""
        body, headers = self.body, [("Content-Type", self.media), ("Vary", "Accept-Encoding")]
        if should_compress(body, environ.get("HTTP_ACCEPT_ENCODING", "")):
            body = compress(body)
            headers.append(GZIP_HEADER)
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]


class SlantwiseFlask(Flask):
    """A Flask application whose routes differ by path and method alone."""

    def finalize_request(  # type: ignore[override]  # an Answer in place of a Response
        self, rv: Any, from_error_handler: bool = False
    ) -> "Response | Answer":
        """Send an ``Answer`` as it is, unless a hook or listener wants to see a response."""
        if request.url_rule:
            current_context().route = request.url_rule.rule
        if isinstance(rv, Answer) and not self.after_request_funcs and not request_finished.receivers:
            return rv
        return super().finalize_request(rv, from_error_handler)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match by path and method, without working out host and port first."""
        if request is None:
            return super().create_url_adapter(request)
        server, query = request.environ["SERVER_NAME"], request.environ.get("QUERY_STRING", "")
        route = (request.scheme, request.path, request.method, query)
        return MapAdapter(self.url_map, server, request.root_path, "", *route)

    def make_default_options_response(self) -> Response:
        """Say in which media type a resource can be queried (RFC 10008)."""
        response = super().make_default_options_response()
        if "QUERY" in response.allow:
            response.headers["Accept-Query"] = "application/json"
        return response
