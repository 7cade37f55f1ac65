"""Every kind of problem once, with an example."""

from typing import Any, NamedTuple

import msgspec

from service.requests.problems import MEDIA_TYPE, FieldError, build_problem
from service.web.openapi.examples import EXAMPLE_REQUEST_ID

# May meet any request: the key, the limit (here or at a gateway), and a fault of ours.
COMMON_STATUSES = (401, 429, 500)
WRONG_TYPE = '`outlets[1]` is a text or an object, not a whole number: `"reuters.com"`'


class ErrorExample(NamedTuple):
    """A kind of problem: its meaning, and the detail, faults and extra headers of an example."""

    meaning: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: tuple[str, ...] = ()


ERROR_EXAMPLES = {
    400: ErrorExample(
        "The body is not JSON in UTF-8. `detail` says where it breaks.",
        "the body is not JSON: it ends before its last bracket or quote is closed; "
        'send JSON such as `{"outlets":["reuters.com","BBC News"]}`',
    ),
    401: ErrorExample(
        "An API key is required, and none or an unknown one was sent.",
        "send a known API key as 'Authorization: Bearer KEY'",
        headers=("WWW-Authenticate",),
    ),
    404: ErrorExample("Nothing is known under this name.", "no outlet is listed under 'nobody.example'"),
    405: ErrorExample(
        "This path does not allow the method. `Allow` names those it allows.",
        "DELETE is not answered here; allowed: GET, POST, QUERY",
        headers=("Allow",),
    ),
    406: ErrorExample(
        "This address answers JSON alone.", "this address answers JSON alone; CSV is at /v1/outlets.csv"
    ),
    408: ErrorExample("The body did not come in time.", "the body did not come in time"),
    413: ErrorExample(
        "The body is larger than the limit that `detail` names.",
        "the body may have at most 1048576 bytes",
    ),
    415: ErrorExample(
        "This operation does not take bodies of this media type.",
        "send the body as Content-Type: application/json, not 'application/x-www-form-urlencoded'",
    ),
    422: ErrorExample(
        "The request is well-formed and has a fault. `errors` says where, and what would be right.",
        f"/outlets/1: {WRONG_TYPE}",
        (FieldError("/outlets/1", WRONG_TYPE),),
    ),
    429: ErrorExample(
        "Too many requests. `Retry-After` says when to come back.",
        "the limit is 5 per 1 minute",
        headers=("Retry-After",),
    ),
    500: ErrorExample(
        "A fault of the service. The log has more under the request's id.",
        "an unexpected error; the log has more under this request_id",
    ),
    503: ErrorExample(
        "Too many streams or large bodies at once. `Retry-After` says when to come back.",
        "too many large bodies at once; send this one again",
        headers=("Retry-After",),
    ),
}


def make_error_responses() -> dict[str, Any]:
    """Return the Response Object of each kind."""
    responses: dict[str, Any] = {}
    for status, kind in ERROR_EXAMPLES.items():
        example = build_problem(status, kind.detail, EXAMPLE_REQUEST_ID, kind.errors)
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {MEDIA_TYPE: {"schema": schema, "example": msgspec.to_builtins(example)}}
        headers = make_header_refs(*kind.headers)
        responses[str(status)] = {"description": kind.meaning, "headers": headers, "content": content}
    return responses


def make_header_refs(*names: str) -> dict[str, Any]:
    """Return response headers by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *names)}
