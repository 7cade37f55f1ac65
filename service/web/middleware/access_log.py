"""Around everything: each request becomes one log line and a few figures.

A WSGI layer with as little work as possible, for every request pays for it.
"""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any

from service.telemetry import metrics
from service.telemetry.logs import write_request_line
from service.web.framework.context import CONTEXT_KEY, RequestContext

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.routing import Rule

NO_CONTEXT = RequestContext("")
LOGGED_METHODS = frozenset(("GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "PATCH", "DELETE"))


class AccessLogMiddleware:
    """Times ``app`` with a clock that no one sets, and tells what became of each request."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        began = perf_counter()
        status, rule = 500, None

        def start(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, rule
            status = int(line[:3])
            # The framework takes its request out of the environment when it is through with it.
            rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
            return start_response(line, headers, exc_info)

        flying = metrics.STATE.in_flight
        flying.add(id(environ))
        try:
            body = self.app(environ, start)
        except BaseException:
            flying.discard(id(environ))
            raise
        return CountingBody(
            body, lambda sent: log_request(environ, rule, status, perf_counter() - began, sent)
        )


class CountingBody:
    """A body that is sent in pieces. ``done`` gets its length when the server closes it."""

    def __init__(self, body: Iterable[bytes], done: Any) -> None:
        self.body = body
        self.done = done
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.body:
            self.sent += len(piece)
            yield piece

    def close(self) -> None:
        """End it when the server is through with it, or the caller has gone."""
        try:
            if hasattr(self.body, "close"):
                self.body.close()
        finally:
            self.done(self.sent)


def log_request(
    environ: "WSGIEnvironment", rule: "Rule | None", status: int, seconds: float, sent: int
) -> None:
    """Write one line and the figures of one request."""
    context = environ.get(CONTEXT_KEY, NO_CONTEXT)
    # The rule of a path, never the path that the caller typed.
    route = rule.rule if rule else "unmatched"
    entries = {name: number for name, number in context.entries.items() if number}
    method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in LOGGED_METHODS else "other"
    metrics.STATE.in_flight.discard(id(environ))
    metrics.record_request(route, method, status, seconds, entries, is_stream=context.is_stream)
    write_request_line(
        request_id=context.request_id,
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 3),
        bytes=sent,
        entries=entries,
    )
