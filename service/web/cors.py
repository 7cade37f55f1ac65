"""Which pages of other sites may call: anyone reads with GET; other methods are for configured origins.

Fetch standard, "CORS protocol". Nothing here looks at cookies, and none are ever allowed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

READING = ("GET", "HEAD")
WRITING = ("POST", "QUERY")
EXPOSED = "Deprecation, ETag, Link, Retry-After, Sunset, X-Request-Id"
ALLOWED = "Authorization, Content-Type, If-None-Match, traceparent, tracestate, X-Request-Id"
PREFLIGHT_SECONDS = "7200"
ANYONE = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED)]

Headers = list[tuple[str, str]]


def origins_of(setting: str) -> frozenset[str]:
    """The origins that a setting names, separated by commas."""
    return frozenset(origin.strip() for origin in setting.split(",") if origin.strip())


def cors_headers(environ: "WSGIEnvironment", origins: frozenset[str]) -> Headers:
    """What an answer to a request other than GET and HEAD says to the page it came from."""
    asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD") if is_preflight(environ) else None
    if asked in READING:
        return [*ANYONE, *preflight(", ".join(READING))]
    if not origins:
        return []
    varies = ("Vary", "Origin")
    origin = environ.get("HTTP_ORIGIN")
    if origin is None or not origins & {origin, "*"} or (asked and asked not in WRITING):
        return [varies]
    granted = [varies, ("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", EXPOSED)]
    return [*granted, *preflight(asked)] if asked else granted


def is_preflight(environ: "WSGIEnvironment") -> bool:
    """Whether a browser asks before it sends the request that the page wants."""
    return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ORIGIN" in environ


def preflight(methods: str) -> Headers:
    """What the page may send, and for how long the browser need not ask again."""
    return [
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", ALLOWED),
        ("Access-Control-Max-Age", PREFLIGHT_SECONDS),
    ]
