"""Refuse what the server lets through though HTTP forbids it, and ignore malformed forwarded headers."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.requests.problems import build_problem
from service.web.framework.context import CONTEXT_KEY
from service.web.framework.problems import make_problem_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST_PATTERN = re.compile(r"([A-Za-z0-9_.~-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{0,5})?")
SCHEMES = frozenset(("http", "https"))
# Not "//evil.example", which a browser takes for another site, and no step up.
PREFIX_PATTERN = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")


class HttpCheckMiddleware:
    """A WSGI layer that answers what is no proper HTTP before the application sees it."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, or hand it on."""
        if "werkzeug.proxy_fix.orig" in environ:
            ignore_malformed_forwarding(environ)
        refusal = find_refusal(environ)
        if refusal is None:
            return self.app(environ, start_response)
        problem = build_problem(*refusal, environ[CONTEXT_KEY].request_id, root=environ["SCRIPT_NAME"])
        return make_problem_response(problem)(environ, start_response)


def find_refusal(environ: "WSGIEnvironment") -> tuple[int, str] | None:
    """Return status and reason for a request that HTTP forbids, or None."""
    host = environ.get("HTTP_HOST")
    if host is None:
        # RFC 9112, 3.2: a server must refuse it. HTTP/1.0 had no such header.
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
            return 400, "the Host header is missing"
    elif not HOST_PATTERN.fullmatch(host):
        return 400, "the Host header does not name a host"
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding is not None and coding.strip().lower() != "chunked":
        return 501, "the only Transfer-Encoding that is read here is chunked"
    if environ["PATH_INFO"].startswith("//"):
        # The framework would overlook the second slash, and a path has one spelling.
        return 404, "nothing is served under this path"
    return None


def ignore_malformed_forwarding(environ: "WSGIEnvironment") -> None:
    """Take back a scheme or prefix of a proxy's headers that is none: both stand in links."""
    direct = environ["werkzeug.proxy_fix.orig"]
    if environ["wsgi.url_scheme"] not in SCHEMES:
        environ["wsgi.url_scheme"] = direct["wsgi.url_scheme"]
    prefix = environ["SCRIPT_NAME"].rstrip("/")
    environ["SCRIPT_NAME"] = prefix if PREFIX_PATTERN.fullmatch(prefix) else direct["SCRIPT_NAME"]
