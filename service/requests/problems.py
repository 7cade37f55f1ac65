"""Problem details (RFC 9457), the one shape of every error."""

import random
from http import HTTPStatus

import msgspec
from msgspec import UNSET, UnsetType

from service.core.resolve.suggest import Suggestion

MEDIA_TYPE = "application/problem+json"
# Start of each problem's `type`: the page that explains it. The rest is its section there.
TYPE_BASE = "/docs/problems#"
PROBLEM_SECTIONS = {
    400: "not-json",
    401: "no-api-key",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "body-too-slow",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-request",
    429: "too-many-requests",
    500: "internal-error",
    503: "overloaded",
}
# The section for a status that has none of its own.
OTHER_SECTION = "other"


class FieldError(msgspec.Struct, frozen=True):
    """One thing wrong with a request: where (JSON pointer, RFC 6901), and what would be right."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one shape of every error. ``candidates`` are given where an outlet is not found."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    candidates: list[Suggestion] | UnsetType = UNSET


def build_problem(
    status: int, detail: str, request_id: str, errors: tuple[FieldError, ...] = (), root: str = ""
) -> Problem:
    """Return the problem of that status. ``root`` is the path below which the service stands."""
    return Problem(
        type=root + TYPE_BASE + PROBLEM_SECTIONS.get(status, OTHER_SECTION),
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=request_id,
        errors=errors,
    )


def make_request_id() -> str:
    # It protects nothing, so it need not be hard to guess.
    return f"{random.getrandbits(128):032x}"
