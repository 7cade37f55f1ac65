"""Every kind of problem once, with a real example: what goes wrong on purpose to be shown."""

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask

from service.web.http.endpoint import JSON, Example
from service.web.http.problems import MEDIA_TYPE, describe
from service.web.openapi.shown import REQUEST_ID, ask

ALWAYS = (401, 429, 500)
"""May meet any request: the key, the limit (here or at a gateway), and a fault of ours."""

MEANINGS = {
    400: "The body is not JSON in UTF-8.",
    401: "An API key is asked for, and none or an unknown one was sent.",
    404: "Nothing is known under this name.",
    405: "This path has other methods, named in `Allow`.",
    413: "The body is larger than the limit, which the detail names.",
    415: "The body's media type is not one this operation takes.",
    422: "The request is well-formed but impossible; `errors` says where, and what would be right.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "A fault of the service; the log has more under the request's id.",
}

SAID = {
    401: "send a known API key as 'Authorization: Bearer KEY'",
    429: "the limit is 5 per 1 minute",
    500: "an unexpected error; the log has more under this request_id",
}
"""Details of problems that cannot be had on demand."""

EXTRA_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}


def fault_responses(app: Flask) -> dict[str, Any]:
    """The Response Object of every problem, by status."""
    return {
        str(status): {
            "description": meaning,
            "headers": {
                name: {"$ref": f"#/components/headers/{name}"}
                for name in ("X-Request-Id", *EXTRA_HEADERS.get(status, ()))
            },
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": example(app, status),
                }
            },
        }
        for status, meaning in MEANINGS.items()
    }


def example(app: Flask, status: int) -> Any:
    """A problem of that status, provoked where that is possible."""
    if status in SAID:
        with app.test_request_context(environ_overrides={"slantwise.request_id": REQUEST_ID}):
            return msgspec.to_builtins(describe(status, SAID[status]))
    method, path, body, media = provoked(app.extensions["slantwise.settings"].max_body)[status]
    got, _, value = ask(app, method, path, Example("", body=body), media)
    assert got == status, f"{method} {path} is {HTTPStatus(got)}, not {status}"  # noqa: S101
    return value


def provoked(max_body: int) -> dict[int, tuple[str, str, Any, str | None]]:
    """Requests that go wrong: status → method, path, body and media type."""
    url = "/v1/distribution"
    return {
        400: ("POST", url, b"{", JSON),
        404: ("GET", "/v1/outlets/nobody.example", None, None),
        405: ("DELETE", url, None, None),
        413: ("POST", url, b" " * (max_body + 1), JSON),
        415: ("POST", url, b"outlets=reuters.com", "application/x-www-form-urlencoded"),
        422: ("POST", url, {"outlets": ["reuters.com", 7]}, JSON),
    }
