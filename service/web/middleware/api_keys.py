"""API keys for those without a gateway, off by default."""

from pathlib import Path

from flask import Flask, Response, g, request
from werkzeug.exceptions import Unauthorized

from service.requests.api_keys import KeyFile, authenticate
from service.web.framework.context import get_context

# Paths for machines that cannot send a key, and those that say how to send one.
PUBLIC_PATHS = frozenset(
    (
        *("/livez", "/readyz", "/metrics", "/version"),
        *("/openapi.json", "/docs", "/docs/problems", "/embed.js"),
    )
)


def is_public() -> bool:
    """Return True for a public path, and for a browser that asks before it sends its request."""
    path = request.path
    return path in PUBLIC_PATHS or path.startswith("/static/") or request.method == "OPTIONS"


def identify_callers(app: Flask, keys_file: str) -> None:
    """Note who sends a known key as ``Authorization: Bearer`` (RFC 6750)."""
    keys = KeyFile(Path(keys_file))

    @app.before_request
    def identify() -> None:
        if is_public():
            return
        try:
            get_context().caller = authenticate(keys.current(), request.authorization)
        except Unauthorized as error:
            g.unauthorized = error

    @app.after_request
    def keep_private(response: Response) -> Response:
        if response.cache_control.public and not is_public():
            response.cache_control.public = False
            response.cache_control.private = True
        return response


def require_api_keys(app: Flask) -> None:
    """Answer 401 to callers who were not identified, after the rate limit has counted them."""

    @app.before_request
    def reject_unknown() -> None:
        if error := g.get("unauthorized"):
            raise error
