"""Look who answers at an address: our own port, Redis, the collector of spans."""

import socket
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import msgspec

TIMEOUT = 2.0
MAX_READ = 65_536
WILDCARD_HOSTS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared, not bound


class VersionAnswer(msgspec.Struct):
    """What ``/version`` of this service says."""

    version: str
    method: str
    dataset: str
    sha256: str


def probe_port(host: str, port: int) -> tuple[str, str | None]:
    """Return who has the port that the server would listen on, and the fault in that, if it is one."""
    try:
        connection = socket.create_connection((WILDCARD_HOSTS.get(host, host), port), TIMEOUT)
    except OSError:
        return _try_bind(host, port)
    connection.close()
    found = _fetch_version(WILDCARD_HOSTS.get(host, host), port)
    if found is None:
        return "taken by another program", f"{host}:{port} is taken by another program; choose a PORT"
    return f"slantwise {found.version} answers, data {found.dataset}, method {found.method}", None


def _try_bind(host: str, port: int) -> tuple[str, str | None]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        return "cannot be bound", f"{host}:{port} cannot be bound: {_reason(error)}"
    return "free", None


def _fetch_version(host: str, port: int) -> VersionAnswer | None:
    """Ask for the version. ``None`` when what answers is not this service."""
    connection = HTTPConnection(host, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/version")
        return msgspec.json.decode(connection.getresponse().read(MAX_READ), type=VersionAnswer)
    except (OSError, HTTPException, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def probe_url(url: str) -> str | None:
    """Return why nobody answers at the host and port of ``url``, ``None`` when somebody does."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80, "redis": 6379, "rediss": 6379}.get(parts.scheme)
        if not parts.hostname or not port:
            return "not an address with a host and a port"
        socket.create_connection((parts.hostname, port), TIMEOUT).close()
    except (OSError, ValueError) as error:
        return _reason(error)
    return None


def probe_redis(url: str) -> str | None:
    """Return why the store of the rate limit does not answer, ``None`` when it does."""
    if fault := probe_url(url):
        return fault
    from limits.errors import ConfigurationError  # noqa: PLC0415  # the extra `limits`
    from limits.storage import storage_from_string  # noqa: PLC0415  # the extra `limits`

    from service.web.middleware.rate_limit import storage_options  # noqa: PLC0415  # the same extra

    try:
        answers = storage_from_string(url, **storage_options(url)).check()
    except (ConfigurationError, ValueError) as error:
        return type(error).__name__
    return None if answers else "does not answer PING from this user with this password"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
