"""Every error as ``application/problem+json`` (RFC 9457), the framework's own included."""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask, Response, current_app, request
from msgspec import UNSET
from rapidfuzz import fuzz
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from service.core.errors import RequestError
from service.core.resolve.suggest import Suggestion
from service.requests.problems import MEDIA_TYPE, FieldError, Problem, build_problem
from service.requests.validation_errors import truncate
from service.web.framework.context import get_context

RETRY_AFTER_SECONDS = "1"
MIN_SIMILARITY, METHOD_BONUS = 60.0, 10.0
"""Likeness of a path that is suggested, in percent, and what the right method adds to it."""
MAX_SUGGESTIONS = 3
MAX_COMPARED_PATH = 100
"""Characters of an unknown path that are compared with the known ones."""
UNEXPECTED = (
    (500, "an unexpected error; the log has more under this request_id"),
    (503, "there is not enough memory for this request now; send it again"),
)
# Paths that other services use for the same.
OTHER_NAMES = {
    "/livez": "health healthz healthcheck health-check live liveness alive ping heartbeat",
    "/readyz": "health healthz ready readiness status",
    "/docs": "swagger swagger-ui redoc api-docs documentation",
    "/openapi.json": "swagger.json openapi openapi.yaml openapi.yml api-docs schema",
}
LOG = logging.getLogger(__name__)


class OutletNotFound(NotFound):
    """A 404 for a domain that no outlet is listed under. ``candidates`` may be meant."""

    def __init__(self, domain: str, candidates: list[Suggestion]) -> None:
        sure = len(candidates) == 1 and candidates[0].score == 1
        near = f"; did you mean {candidates[0].domain}?" if sure else ""
        super().__init__(f"no outlet is listed under {domain[:253]!r}{near}")
        self.candidates = candidates


def make_problem_response(problem: Problem) -> Response:
    """Return a problem as a response. 429 and 503 say when to come back."""
    response = Response(msgspec.json.encode(problem), problem.status, content_type=MEDIA_TYPE)
    if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    response.headers["Cache-Control"] = "no-store"
    return response


def make_problem(status: int, detail: str, errors: tuple[FieldError, ...] = ()) -> Problem:
    request_id = get_context().request_id
    return build_problem(status, detail, request_id, errors, request.script_root)


def to_problem(error: Exception, what: str = "the body") -> Problem:
    """Convert an exception to a problem; ``what`` names the input being parsed. An unexpected one goes to the
    log.
    """
    if isinstance(error, RequestError):
        fault = FieldError(error.pointer, error.detail)
        return make_problem(
            422, f"{truncate(fault.pointer)}: {fault.detail}" if fault.pointer else fault.detail, (fault,)
        )
    if isinstance(error, msgspec.DecodeError | UnicodeDecodeError | RecursionError):
        return make_problem(400, f"{what} is not JSON in UTF-8: {error}")
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sort_methods(error.valid_methods or ()))
        return make_problem(405, f"{request.method[:20]} is not answered here; allowed: {allowed}")
    if isinstance(error, NotFound) and error.description == NotFound.description:
        return make_problem(404, f"nothing is served under this path{suggest_routes(request.path)}")
    if isinstance(error, HTTPException) and error.code:
        problem = make_problem(error.code, error.description or HTTPStatus(error.code).phrase)
        candidates = error.candidates if isinstance(error, OutletNotFound) else UNSET
        return msgspec.structs.replace(problem, candidates=candidates)
    LOG.exception("unexpected error", exc_info=error)
    return make_problem(*UNEXPECTED[isinstance(error, MemoryError)])


def suggest_routes(path: str) -> str:
    """Return "; near it: POST /v1/coverage", or nothing where no path is near.

    What takes the request's method comes first among equally near ones.
    """
    asked = path[:MAX_COMPARED_PATH].lower().rstrip("/")
    last = asked.rpartition("/")[2]
    meant = [rule for rule, names in OTHER_NAMES.items() if last in names.split()]
    methods: dict[str, set[str]] = {}
    for rule in current_app.url_map.iter_rules():
        methods.setdefault(rule.rule, set()).update(rule.methods or ())
    likeness = {
        rule: fuzz.ratio(*static_segments(asked, rule)) + METHOD_BONUS * (request.method in methods[rule])
        for rule in methods
        if not rule.startswith("/static/")
    }
    near = sorted(
        (rule for rule in likeness if likeness[rule] >= MIN_SIMILARITY + METHOD_BONUS),
        key=lambda r: (-likeness[r], r),
    )
    chosen = list(dict.fromkeys(meant + near))[:MAX_SUGGESTIONS]
    shown = [f"{', '.join(sort_methods(methods[rule]))} {format_rule(rule)}" for rule in chosen]
    return f"; near it: {'; '.join(shown)}" if shown else ""


def sort_methods(methods: Iterable[str]) -> list[str]:
    return sorted(set(methods) - {"HEAD", "OPTIONS"})


def static_segments(path: str, rule: str) -> tuple[str, str]:
    """Return a path and a rule without the steps that the rule leaves open."""
    asked, steps = path.split("/"), rule.split("/")
    if len(asked) != len(steps):
        return path, rule
    fixed = [at for at, part in enumerate(steps) if not part.startswith("<")]
    return "/".join(asked[at] for at in fixed), "/".join(steps[at] for at in fixed)


def format_rule(rule: str) -> str:
    """Return a rule as the documents write it, below the prefix that a gateway adds."""
    return request.script_root + rule.replace("<", "{").replace(">", "}")


def register_error_handlers(
    app: Flask,
    wants_page: Callable[[], bool] = lambda: False,
    as_page: Callable[[Any], Response] | None = None,
) -> None:
    """Answer every error with a problem, or with a page for browsers outside the API."""

    def for_people() -> bool:
        return as_page is not None and not request.path.startswith("/v1/") and wants_page()

    @app.errorhandler(RequestError)
    def refused(error: RequestError) -> Response:
        return as_page(error) if as_page and for_people() else make_problem_response(to_problem(error))

    @app.errorhandler(Exception)
    def any_error(error: Exception) -> Response:
        return make_problem_response(to_problem(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error.get_response()  # type: ignore[return-value]  # a redirect is no error
        response = as_page(error) if as_page and for_people() else make_problem_response(to_problem(error))
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response
