"""A rate limit for those without a gateway: the extra ``limits``, imported only where a setting asks."""

import math
import time

import limits
from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits.errors import ConfigurationError, StorageError

from service.web.framework.context import current_context
from service.web.framework.problems import make_problem, make_problem_response
from service.web.middleware.api_keys import is_public

STORAGE_TIMEOUT = 1
"""How long a request waits for Redis before this process counts alone."""


def limit_rate(app: Flask, rate: str, storage: str) -> None:
    """Answer 429 when a caller (key, else address) passes ``rate``, such as ``100/minute``."""
    try:
        limits.parse_many(rate)
    except ValueError as error:
        raise ValueError(
            f"SLANTWISE_RATE_LIMIT: {rate!r} is not a limit; write one such as '100/minute'"
        ) from error
    try:
        limiter = Limiter(
            lambda: current_context().caller or request.remote_addr or "",
            app=app,
            application_limits=[rate],
            storage_uri=storage,
            storage_options=storage_options(storage),
            in_memory_fallback_enabled=True,
        )
    except (ConfigurationError, ValueError) as error:
        scheme, separator, _ = storage.partition("://")
        shown = f"{scheme}://… " if separator else ""
        # The address, of which errors quote parts, may hold a password.
        raise ValueError(
            f"SLANTWISE_RATE_LIMIT_STORAGE: {shown}cannot be used ({type(error).__name__}); "
            "write an address such as redis://127.0.0.1:6379/0"
        ) from None
    limiter.request_filter(is_public)

    @app.after_request
    def tell_what_is_left(response: Response) -> Response:
        response.headers.extend(make_rate_headers(limiter))
        return response

    @app.errorhandler(RateLimitExceeded)
    def too_many(error: RateLimitExceeded) -> Response:
        response = make_problem_response(make_problem(429, f"the limit is {error.limit.limit}"))
        response.headers["Retry-After"] = str(seconds_until_reset(limiter))
        return response


def storage_options(storage: str) -> dict[str, str | int]:
    """Return a store that does not answer must not hold requests up."""
    if not storage.startswith("redis"):
        return {}
    return {
        "socket_connect_timeout": STORAGE_TIMEOUT,
        "socket_timeout": STORAGE_TIMEOUT,
        "wrap_exceptions": True,
    }


def make_rate_headers(limiter: Limiter) -> dict[str, str]:
    """Say in ``RateLimit-*`` headers what the caller may still do. Nothing where no limit counts."""
    try:
        current = limiter.current_limit
        if current is None:
            return {}
        left = {"RateLimit-Limit": current.limit.amount, "RateLimit-Remaining": max(0, current.remaining)}
    except StorageError:
        return {}
    return {
        **{name: str(n) for name, n in left.items()},
        "RateLimit-Reset": str(seconds_until_reset(limiter)),
    }


def seconds_until_reset(limiter: Limiter) -> int:
    """Return the whole seconds until the limit starts again, at least 1."""
    try:
        reset_at = limiter.current_limit.reset_at if limiter.current_limit else 0
    except StorageError:
        reset_at = 0
    return max(1, math.ceil(reset_at - time.time()))
