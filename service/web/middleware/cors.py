"""Around every request: its id, the headers each answer carries, and which other sites may call."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from service.requests.problems import make_request_id
from service.web.framework.context import CONTEXT_KEY, RequestContext

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = ("GET", "HEAD")
UNSAFE_METHODS = ("POST", "QUERY")
RATE_LIMIT_HEADERS = "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
EXPOSED_HEADERS = f"ETag, Link, {RATE_LIMIT_HEADERS}, Retry-After, X-Request-Id"
ALLOWED_HEADERS = (
    "Authorization, Content-Encoding, Content-Type, If-None-Match, traceparent, tracestate, X-Request-Id"
)
PREFLIGHT_MAX_AGE = "7200"
ALLOW_ANY = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED_HEADERS)]

Headers = list[tuple[str, str]]


def parse_origins(setting: str) -> re.Pattern[str] | None:
    """Return a pattern of the origins that a setting names, or None. ``:*`` is any port, ``*`` any origin."""
    given = [re.escape(origin.strip()) for origin in setting.split(",") if origin.strip()]
    forms = [".*" if origin == r"\*" else re.sub(r":\\\*$", r"(:\\d{1,5})?", origin) for origin in given]
    return re.compile("|".join(forms), re.ASCII) if forms else None


def cors_headers(environ: "WSGIEnvironment", origins: re.Pattern[str] | None) -> Headers:
    """Return the CORS headers of an answer to a request other than GET and HEAD."""
    asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD") if is_preflight(environ) else None
    if asked in SAFE_METHODS:
        return [*ALLOW_ANY, *preflight_headers(", ".join(SAFE_METHODS))]
    if origins is None:
        return []
    varies = ("Vary", "Origin")
    origin = environ.get("HTTP_ORIGIN")
    if origin is None or not origins.fullmatch(origin) or (asked and asked not in UNSAFE_METHODS):
        return [varies]
    granted = [
        varies,
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", EXPOSED_HEADERS),
    ]
    return [*granted, *preflight_headers(asked)] if asked else granted


def is_preflight(environ: "WSGIEnvironment") -> bool:
    """Return True for a CORS preflight request."""
    return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ORIGIN" in environ


def preflight_headers(methods: str) -> Headers:
    """Return the headers that allow the page's request, with the time that browsers may cache them."""
    return [
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", ALLOWED_HEADERS),
        ("Access-Control-Max-Age", PREFLIGHT_MAX_AGE),
    ]


REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
SECURITY_HEADERS: list[tuple[str, str]] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
]
SAFE_METHOD_HEADERS = [*SECURITY_HEADERS, *ALLOW_ANY]


class ResponseHeadersMiddleware:
    """A WSGI layer: cheaper than hooks, and it sees what the framework answers on its own."""

    def __init__(self, app: "WSGIApplication", origins: re.Pattern[str] | None = None) -> None:
        self.app = app
        self.origins = origins

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if REQUEST_ID_PATTERN.match(given) else make_request_id()
        environ[CONTEXT_KEY] = RequestContext(request_id)
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            added = SAFE_METHOD_HEADERS
        elif self.origins or "HTTP_ORIGIN" in environ:
            added = [*SECURITY_HEADERS, *cors_headers(environ, self.origins)]
        else:
            added = SECURITY_HEADERS

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = [name.lower() for name, _ in headers if name != "Vary"]
            ours = [header for header in added if header[0].lower() not in own]
            return start_response(status, [*headers, *ours, ("X-Request-Id", request_id)], exc_info)

        return self.app(environ, start)
