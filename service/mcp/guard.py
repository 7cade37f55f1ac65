"""Refuse who may not call the tools over HTTP: at another host, from another site, or without a key.

A web page can give its own name the address of this machine (DNS rebinding), and its visitors' browsers then
call the tools for it. Such a call has the page's name for its host, so only known names are answered.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import Unauthorized

from service.requests.api_keys import KeyFile, authenticate
from service.requests.problems import MEDIA_TYPE, build_problem, make_request_id
from service.settings import PREFIX, Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_HOSTS = frozenset(("localhost",))
HOST_HEADER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@?#\[\]]+)(?::\d{1,5})?")
Headers = Sequence[tuple[str, str]]


class RefusedError(Exception):
    """A request that is not answered: its status, the reason, and headers that go with it."""

    def __init__(self, status: int, detail: str, headers: Headers = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class AuthMiddleware:
    """An ASGI layer that refuses who may not call, before the protocol reads a byte."""

    def __init__(self, app: "ASGIApp", settings: Settings, address: str) -> None:
        self.app = app
        given = (host.strip().lower() for host in settings.mcp_hosts.split(","))
        self.hosts = LOCAL_HOSTS | {address.lower()} | {host for host in given if host}
        self.keys = KeyFile(Path(settings.api_keys_file)) if settings.api_keys_file else None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "http":
            try:
                self.check(scope)
            except RefusedError as error:
                return await send_problem(error, send)
        return await self.app(scope, receive, send)

    def check(self, scope: "Scope") -> None:
        """Raise ``RefusedError`` for a request that is not answered."""
        hosts = [parse_host_header(given) for given in header_values(scope, b"host")]
        # No page has an address in numbers for a name, so a rebound name never shows one.
        if not hosts or not all(host in self.hosts or is_ip_address(host) for host in hosts):
            raise RefusedError(
                421, f"the tools are not served at this host; {PREFIX}MCP_HOSTS names the hosts"
            )
        for origin in header_values(scope, b"origin"):
            if parse_origin_host(origin) not in (*self.hosts, *hosts):
                raise RefusedError(403, f"pages of {origin[:100]!r} may not call the tools")
        if self.keys is not None:
            given = header_values(scope, b"authorization")
            try:
                authenticate(self.keys.current(), Authorization.from_header(given[0]) if given else None)
            except Unauthorized as error:
                challenge = [each for each in error.get_headers() if each[0] == "WWW-Authenticate"]
                raise RefusedError(401, error.description or "", challenge) from None


def header_values(scope: "Scope", name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def parse_host_header(header: str) -> str:
    """Return the host of a Host header, without its port. Empty when it is none."""
    found = HOST_HEADER.fullmatch(header)
    return found[1].strip("[]").lower() if found else ""


def parse_origin_host(origin: str) -> str:
    """Return the host of a page's origin. Empty when it has none ("null")."""
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def is_ip_address(host: str) -> bool:
    """Tell an address in numbers from a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def send_problem(error: RefusedError, send: "Send") -> None:
    """Answer with a problem (RFC 9457), as the API does."""
    request_id = make_request_id()
    body = msgspec.json.encode(build_problem(error.status, error.detail, request_id))
    headers = [
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Request-Id", request_id),
        *error.headers,
    ]
    encoded = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers]
    await send({"type": "http.response.start", "status": error.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
