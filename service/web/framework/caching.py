"""What a cache may keep of an answer, and for how long."""

import hashlib

from flask import Response, request

from service.web.middleware.compression import (
    COMPRESSED_CACHE,
    MIN_COMPRESS_SIZE,
    accepts_gzip,
    gzip_compress,
    is_compressible,
)

DEFAULT_MAX_AGE = 60
"""Answers change with the table only: anyone may keep one for a minute, then ask again by its ETag."""

CACHEABLE_METHODS = frozenset(("GET", "HEAD", "QUERY"))


def make_cacheable(response: Response, seconds: int = DEFAULT_MAX_AGE) -> Response:
    """Give an answer ``seconds`` of freshness and a strong ETag, or answer 304, where it may be kept.

    Each form of it, plain or packed, has its own ETag.
    """
    if request.method not in CACHEABLE_METHODS:
        return response
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-store"
    data, given = response.data, request.headers.get("Accept-Encoding", "")
    tag = hashlib.blake2b(data, digest_size=16).hexdigest() if seconds else ""
    packs = False
    if is_compressible(response.content_type):
        # Said of short answers too: a cache that keeps several forms of one address wants one word of all.
        response.vary.add("Accept-Encoding")
        packs = len(data) >= MIN_COMPRESS_SIZE and accepts_gzip(given)
    if seconds:
        form = f"{tag}-gzip" if packs else tag
        response.set_etag(form)
        if request.if_none_match.contains_weak(form):
            response.status_code, response.data = 304, b""
            return response
    if packs:
        response.data = COMPRESSED_CACHE.packed(tag, data) if tag else gzip_compress(data)
        response.content_encoding = "gzip"
    return response
