"""Flask without what this service never uses.

Each override says how much more time a request takes without it (docs/decisions/0002-*.md). One that gains
under 3 % goes.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionInterface
from flask.signals import request_started, request_tearing_down
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import MapAdapter, Rule

from service.web.framework.answer import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def get_request() -> Request:
    """Return the request that is being answered. Its proxy would look it up, slowly, at each use."""
    return request._get_current_object()  # type: ignore[attr-defined,no-any-return]  # the proxy's own


def get_app() -> Flask:
    """Return the application that answers it, in the same way."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # the proxy's own


class NullSessionInterface(SessionInterface):
    """The service keeps nothing of its callers, so no request pays for a session."""

    null_session_class = object  # type: ignore[assignment]  # whatever is opened is a session that is none

    def open_session(self, app: Flask, request: object) -> "NullSessionInterface":  # type: ignore[override]
        """Return what stands for the session that is not there."""
        return self


class StaticRouteAdapter(MapAdapter):
    """The routes as one request sees them: a path without variables is found at once."""

    plain: Mapping[tuple[str, str], Rule] = {}

    def match(self, *given: Any, **named: Any) -> Any:
        """Return the rule (or endpoint) of the request, with the values of its path."""
        rule = self.plain.get((self.path_info, self.default_method))
        if rule and not given and named == MATCH_OPTIONS:
            return rule, {}
        return super().match(*given, **named)


HOST_PATTERN = re.compile(r"([A-Za-z0-9_.~-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{0,5})?")
MATCH_OPTIONS = {"return_rule": True}
"""How the framework asks for the rule of a request."""


class SlantwiseFlask(Flask):
    """A Flask application whose routes differ by path and method alone.

    Hooks and signals are the optional parts' (tracing, rate limits). Without them nothing asks for them.
    """

    # A request takes 5 % more time without this.
    session_interface = NullSessionInterface()

    # 71 %, with finished bodies (``Answer``) sent as they are.
    def full_dispatch_request(self) -> "Response | Answer":  # type: ignore[override]
        """Answer the request. With hooks or listeners it is the framework's own way."""
        if self.before_request_funcs or self.after_request_funcs or request_started.receivers:
            return super().full_dispatch_request()
        try:
            answer = self.dispatch_request()
        except Exception as error:
            answer = self.handle_user_exception(error)
        return answer if isinstance(answer, Response | Answer) else self.make_response(answer)

    def make_default_options_response(self) -> Response:
        """Return what may be done with a resource. One that can be queried says in which media type (RFC
        10008).
        """
        response = super().make_default_options_response()
        if "QUERY" in response.allow:
            response.headers["Accept-Query"] = "application/json"
        return response

    # 7 %, and the route for the log line.
    def dispatch_request(self) -> Any:
        """Answer by the route's view. The route is noted for whoever tells of the request afterwards.

        What no view answers is the framework's: a path or method that is not served, and OPTIONS.
        """
        request = get_request()
        reject_noncanonical(request.environ)
        if rule := request.url_rule:
            request.environ["slantwise.route"] = rule.rule
        if rule is None or request.method == "OPTIONS":
            return super().dispatch_request()
        return self.view_functions[rule.endpoint](**(request.view_args or {}))

    # 9 %.
    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Run what is to run after a request, if there is any."""
        if self.teardown_request_funcs or request_tearing_down.receivers:
            super().do_teardown_request(exc)

    @cached_property
    def plain_routes(self) -> dict[tuple[str, str], Rule]:
        """(path, method) → the rule of a path without variables."""
        rules = [rule for rule in self.url_map.iter_rules() if not rule.arguments]
        return {(rule.rule, method): rule for rule in rules for method in rule.methods or ()}

    # 35 %, half of it by ``StaticRouteAdapter``.
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match by path and method. The framework's own way works out host and port first."""
        if request is None:
            return None
        server, query = request.environ["SERVER_NAME"], request.environ.get("QUERY_STRING", "")
        asked = (request.scheme, request.path, request.method, query)
        routes = StaticRouteAdapter(self.url_map, server, request.root_path, "", *asked)
        routes.plain = self.plain_routes
        return routes


def reject_noncanonical(environ: "WSGIEnvironment") -> None:
    """Raise for a host that is not one, and for a path whose doubled slash the framework would overlook."""
    if not HOST_PATTERN.fullmatch(environ.get("HTTP_HOST", "")):
        raise BadRequest("the Host header does not name a host")
    if environ["PATH_INFO"][:2] == "//":
        raise NotFound
