"""Hosts that many publishers share, by the public suffix list that ships with tldextract (no network)."""

from collections.abc import Callable
from functools import cache

import tldextract

from service.vocabulary import SHARED_HOSTS

Problem = tuple[str, str]


@cache
def _extract() -> Callable[[str], tldextract.tldextract.ExtractResult]:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def shared(host: str) -> Problem | None:
    """Why no outlet can be listed under ``host``, and what would be right; ``None`` when one can."""
    if host in SHARED_HOSTS:
        return f"{host} is a platform that many publishers share", "the publisher's own host on it, or no row"
    parts = _extract()(host)
    if not parts.suffix:
        return f"{host} is under no public suffix", "a host that exists in the DNS"
    if not parts.domain:
        return f"{host} is a bare public suffix", "the host of one publisher under it"
    return None
