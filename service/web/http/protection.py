"""For those without a gateway: API keys and a rate limit. Off by default, and then not even imported.

A key is 32 random bytes, so one round of SHA-256 hides it as well as a slow hash would: nobody can guess it.
"""

import hashlib
import hmac
import math
import re
import time
from collections.abc import Mapping
from pathlib import Path

import limits
from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits.errors import ConfigurationError, StorageError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from service.settings import Settings
from service.web.http.problems import describe, respond

OPEN = frozenset(
    (*("/livez", "/readyz", "/metrics", "/version"), *("/openapi.json", "/docs", "/.well-known/api-catalog"))
)
"""Paths for machines that cannot send a key, and those that say how to send one."""

CALLER = "slantwise.caller"
LINE = re.compile(r"([A-Za-z0-9._-]{1,64}):([0-9a-f]{64})")
STORAGE_SECONDS = 1
"""How long a request waits for Redis before this process counts alone."""

Keys = Mapping[str, bytes]


def protect(app: Flask, settings: Settings) -> None:
    """Ask for a key, or limit the rate, as the settings say; raises ``ValueError`` for unusable ones."""
    if settings.api_keys_file:
        ask_for_keys(app, read_keys(Path(settings.api_keys_file)))
    if settings.rate_limit:
        limit_rate(app, settings.rate_limit, settings.rate_limit_storage)


def read_keys(path: Path) -> Keys:
    """Name and SHA-256 of each key, from lines ``name:sha256``, but for empty ones and ``#`` comments."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"SLANTWISE_API_KEYS_FILE cannot be read: {error}") from error
    keys = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if not found:
            raise ValueError(f"{path}, line {number}: not name:sha256 (64 hexadecimal digits)")
        keys[found[1]] = bytes.fromhex(found[2])
    if not keys:
        raise ValueError(f"{path}: no keys, so nobody could call")
    return keys


def owner(keys: Keys, key: str) -> str | None:
    """The name under which ``key`` is known. Every entry is compared, so time says nothing of any."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
    names = [name for name, known in keys.items() if hmac.compare_digest(known, digest)]
    return names[0] if names else None


def is_open() -> bool:
    """Whether anyone may ask: an open path, or a browser before it asks."""
    path = request.path
    return path in OPEN or path.startswith("/static/") or request.method == "OPTIONS"


def ask_for_keys(app: Flask, keys: Keys) -> None:
    """Answer 401 unless a known key comes as ``Authorization: Bearer`` (RFC 6750)."""

    @app.before_request
    def check_key() -> None:
        if is_open():
            return
        given = request.authorization
        token = given.token if given and given.type == "bearer" else None
        caller = owner(keys, token) if token else None
        if caller is None:
            values: dict[str, str | None] = {
                "realm": "slantwise",
                **({"error": "invalid_token"} if token else {}),
            }
            raise Unauthorized(
                "send a known API key as 'Authorization: Bearer KEY'",
                www_authenticate=WWWAuthenticate("bearer", values),
            )
        request.environ[CALLER] = caller

    @app.after_request
    def keep_private(response: Response) -> Response:
        if response.cache_control.public and not is_open():
            response.cache_control.public = False
            response.cache_control.private = True
        return response


def limit_rate(app: Flask, rate: str, storage: str) -> None:
    """Answer 429 when a caller (key, else address) passes ``rate``, such as ``100/minute``."""
    try:
        limits.parse_many(rate)
    except ValueError as error:
        raise ValueError(f"SLANTWISE_RATE_LIMIT: {rate!r} is no limit such as '100/minute'") from error
    try:
        limiter = Limiter(
            lambda: request.environ.get(CALLER) or request.remote_addr or "",
            app=app,
            application_limits=[rate],
            storage_uri=storage,
            storage_options=storage_options(storage),
            in_memory_fallback_enabled=True,
        )
    except (ConfigurationError, ValueError) as error:
        raise ValueError(f"SLANTWISE_RATE_LIMIT_STORAGE: {storage!r} cannot be used: {error}") from error
    limiter.request_filter(is_open)

    @app.errorhandler(RateLimitExceeded)
    def too_many(error: RateLimitExceeded) -> Response:
        response = respond(describe(429, f"the limit is {error.limit.limit}"))
        response.headers["Retry-After"] = str(seconds_left(limiter))
        return response


def storage_options(storage: str) -> dict[str, str | int]:
    """A store that does not answer must not hold requests up."""
    if not storage.startswith("redis"):
        return {}
    return {
        "socket_connect_timeout": STORAGE_SECONDS,
        "socket_timeout": STORAGE_SECONDS,
        "wrap_exceptions": True,
    }


def seconds_left(limiter: Limiter) -> int:
    """Whole seconds until the limit that was passed begins anew, at least 1."""
    try:
        reset_at = limiter.current_limit.reset_at if limiter.current_limit else 0
    except StorageError:
        reset_at = 0
    return max(1, math.ceil(reset_at - time.time()))
