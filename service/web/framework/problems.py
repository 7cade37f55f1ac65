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
# Similarity of a path that is suggested, in percent, and what the right method adds to it.
MIN_SIMILARITY, METHOD_BONUS = 60.0, 10.0
MAX_SUGGESTIONS = 3
# Characters of an unknown path that are compared with the known ones.
MAX_COMPARED_PATH = 100
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
    """Convert an exception to a problem; ``what`` names the input being read. Unexpected ones are logged."""
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
    # Below the prefix that a gateway adds.
    root = request.script_root
    lines = [f"{', '.join(sort_methods(methods[rule]))} {root}{rule}" for rule in chosen]
    return f"; near it: {'; '.join(lines)}".replace("<", "{").replace(">", "}") if lines else ""


def sort_methods(methods: Iterable[str]) -> list[str]:
    return sorted(set(methods) - {"HEAD", "OPTIONS"})


def static_segments(path: str, rule: str) -> tuple[str, str]:
    """Return a path and a rule without the variable segments of the rule."""
    asked, steps = path.split("/"), rule.split("/")
    if len(asked) != len(steps):
        return path, rule
    fixed = [(part, step) for part, step in zip(asked, steps, strict=True) if not step.startswith("<")]
    return "/".join(part for part, _ in fixed), "/".join(step for _, step in fixed)


def register_error_handlers(
    app: Flask, wants_page: Callable[[], bool], make_page: Callable[[Any], Response]
) -> None:
    """Answer every error with a problem, or with a page for browsers outside the API."""

    def answer(error: Exception) -> Response:
        if not request.path.startswith("/v1/") and wants_page():
            return make_page(error)
        return make_problem_response(to_problem(error))

    def answer_http(error: HTTPException) -> Response:
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error.get_response()  # type: ignore[return-value]  # a redirect is no error
        response = answer(error)
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response

    app.register_error_handler(RequestError, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, lambda error: make_problem_response(to_problem(error)))
