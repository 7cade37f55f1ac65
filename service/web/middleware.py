"""Around every request: its id, and the headers that each answer carries unless it sets its own."""

import random
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from service.web.cors import ANYONE, READING, cors_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
HEADERS: list[tuple[str, str]] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
]
FOR_READING = [*HEADERS, *ANYONE]
ID_BITS = 128


class Middleware:
    """A WSGI layer: cheaper than hooks, and it sees what the framework answers on its own."""

    def __init__(self, app: "WSGIApplication", origins: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.origins = origins

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if WELL_FORMED_ID.match(given) else new_id()
        environ["slantwise.request_id"] = request_id
        if environ["REQUEST_METHOD"] in READING:
            added = FOR_READING
        elif self.origins or "HTTP_ORIGIN" in environ:
            added = [*HEADERS, *cors_headers(environ, self.origins)]
        else:
            added = HEADERS

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = [name.lower() for name, _ in headers]
            ours = [header for header in added if header[0].lower() not in own]
            return start_response(status, [*headers, *ours, ("X-Request-Id", request_id)], exc_info)

        return self.app(environ, start)


def new_id() -> str:
    """An id that no other request is likely to have. It protects nothing, so it need not be hard to guess."""
    return f"{random.getrandbits(ID_BITS):032x}"
