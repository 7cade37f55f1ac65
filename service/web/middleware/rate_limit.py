"""A rate limit for those without a gateway: the extra ``limits``, imported only where a setting asks.

Everything but the public paths counts, refusals too: whoever guesses keys or paths meets the limit as well.
"""

import logging
import math
import time
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Response, g, request
from limits import RateLimitItem, WindowStats, parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from service.web.framework.context import get_context
from service.web.middleware.api_keys import is_public

LOG = logging.getLogger(__name__)
# How long a request waits for Redis, and how long this process counts alone before it asks Redis again.
STORAGE_TIMEOUT = 1
RETRY_SECONDS = 5.0
# A subscriber has the addresses of at least one such network, and each would have a limit of its own.
IPV6_PREFIX = 64


class RateLimiter:
    """Counts the requests of each caller in the windows of some limits."""

    def __init__(self, rates: Sequence[RateLimitItem], shared: FixedWindowRateLimiter) -> None:
        self.rates = rates
        self.shared = shared
        self.local = FixedWindowRateLimiter(MemoryStorage())
        self.retry_at = 0.0

    def hit(self, caller: str) -> tuple[RateLimitItem, WindowStats, bool]:
        """Count a request. Return the limit that leaves the fewest, its window, and if it is kept."""
        if time.monotonic() >= self.retry_at:
            try:
                return self._hit(self.shared, caller)
            except StorageError as error:
                self.retry_at = time.monotonic() + RETRY_SECONDS
                reason = {"fields": {"reason": type(error.storage_error).__name__}}
                LOG.warning(
                    "the store of the rate limit does not answer, this process counts alone", extra=reason
                )
        return self._hit(self.local, caller)

    def _hit(self, limiter: FixedWindowRateLimiter, caller: str) -> tuple[RateLimitItem, WindowStats, bool]:
        counted = [
            (limiter.hit(rate, caller), limiter.get_window_stats(rate, caller), rate) for rate in self.rates
        ]
        kept, window, rate = min(counted, key=lambda each: (each[0], each[1].remaining))
        return rate, window, kept


def limit_rate(app: Flask, rate: str, storage: str) -> None:
    """Answer 429 when a caller (key, else address) passes ``rate``, such as ``100/minute``."""
    try:
        rates = parse_many(rate)
    except ValueError as error:
        raise ValueError(
            f"SLANTWISE_RATE_LIMIT: {rate!r} is not a limit; write one such as '100/minute'"
        ) from error
    limiter = RateLimiter(rates, FixedWindowRateLimiter(open_storage(storage)))

    @app.before_request
    def count_request() -> None:
        if is_public():
            return
        caller = get_context().caller or group_address(request.remote_addr or "")
        found, window, kept = limiter.hit(caller)
        reset = str(max(1, math.ceil(window.reset_time - time.time())))
        g.rate_limit = {
            "RateLimit-Limit": str(found.amount),
            "RateLimit-Remaining": str(window.remaining),
            "RateLimit-Reset": reset,
        }
        if not kept:
            raise TooManyRequests(f"the limit is {found}", retry_after=int(reset))

    @app.after_request
    def add_ratelimit_headers(response: Response) -> Response:
        response.headers.update(g.get("rate_limit", {}))
        return response


def open_storage(address: str) -> Storage:
    """Open the store of the counts. Raise ``ValueError`` with the name of its setting."""
    try:
        return storage_from_string(address, **storage_options(address))  # type: ignore[return-value]  # not an asynchronous one
    except (ConfigurationError, ValueError) as error:
        scheme, separator, _ = address.partition("://")
        shown = f"{scheme}://… " if separator else ""
        # Errors may quote the URL, which can contain a password.
        raise ValueError(
            f"SLANTWISE_RATE_LIMIT_STORAGE: {shown}cannot be used ({type(error).__name__}); "
            "write an address such as redis://127.0.0.1:6379/0"
        ) from None


def storage_options(address: str) -> dict[str, str | int]:
    """Return the options of a store: a slow one must not block requests."""
    if not address.startswith("redis"):
        return {}
    return {
        "socket_connect_timeout": STORAGE_TIMEOUT,
        "socket_timeout": STORAGE_TIMEOUT,
        "wrap_exceptions": True,
    }


def group_address(address: str) -> str:
    """Return the address or network that counts as one caller. What is no address is one caller, too.

    >>> group_address("203.0.113.9:4711"), group_address("[2001:db8::1]:443")
    ('203.0.113.9', '2001:db8::/64')
    """
    host = address.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, IPV6_PREFIX), strict=False))
    return str(ip)
