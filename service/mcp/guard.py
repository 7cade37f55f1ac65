"""Refuse who may not call the tools over HTTP: at another host, from another site, or without a key.

A web page can give its own name the address of this machine (DNS rebinding), and its visitors' browsers then
call the tools for it. Such a call has the page's name for its host, so only known names are answered.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import Forbidden, HTTPException, MisdirectedRequest

from service.requests.api_keys import KeyFile, authenticate
from service.requests.problems import MEDIA_TYPE, build_problem, make_request_id
from service.settings import PREFIX, Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_HOSTS = frozenset(("localhost",))
HOST_HEADER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@?#\[\]]+)(?::\d{1,5})?")


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
            except HTTPException as error:
                return await send_problem(error, send)
        return await self.app(scope, receive, send)

    def check(self, scope: "Scope") -> None:
        """Raise an ``HTTPException`` for a request that is not answered."""
        hosts = [parse_host_header(given) for given in header_values(scope, b"host")]
        # DNS rebinding needs a name, so IP literals are safe.
        if not hosts or not all(host in self.hosts or is_ip_address(host) for host in hosts):
            raise MisdirectedRequest(
                f"the tools are not served at this host; {PREFIX}MCP_HOSTS names the hosts"
            )
        for origin in header_values(scope, b"origin"):
            if parse_origin_host(origin) not in (*self.hosts, *hosts):
                raise Forbidden(f"pages of {origin[:100]!r} may not call the tools")
        if self.keys is not None:
            given = header_values(scope, b"authorization")
            authenticate(self.keys.current(), Authorization.from_header(given[0]) if given else None)


def header_values(scope: "Scope", name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def parse_host_header(header: str) -> str:
    """Return the host of a Host header without its port, or nothing."""
    found = HOST_HEADER.fullmatch(header)
    return found[1].strip("[]").lower() if found else ""


def parse_origin_host(origin: str) -> str:
    """Return the host of a page's origin, or nothing where it has none ("null")."""
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def send_problem(error: HTTPException, send: "Send") -> None:
    """Answer with a problem (RFC 9457), as the API does."""
    request_id, status = make_request_id(), error.code or 500
    body = msgspec.json.encode(build_problem(status, error.description or "", request_id))
    headers = [
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Request-Id", request_id),
        *(header for header in error.get_headers() if header[0] == "WWW-Authenticate"),
    ]
    encoded = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
