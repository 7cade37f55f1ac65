"""``Cache-Control``, ``ETag`` and gzip of answers."""

import hashlib
import re
import zlib
from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# Answers change with the table only: anyone may keep one for a minute, then ask again by its ETag.
DEFAULT_MAX_AGE = 60
CACHEABLE_METHODS = frozenset(("GET", "HEAD", "QUERY"))

MIN_COMPRESS_SIZE = 1024
COMPRESSIBLE = re.compile(r"text/|image/svg\+xml|application/([^;]*[+/-])?(json|javascript)")
GZIP_HEADER = ("Content-Encoding", "gzip")
# What zlib writes as gzip has no date, so equal answers are equal bytes.
GZIP_WBITS = 31
# Packs an answer with 24 entries to a quarter. Level 6 takes two to four times as long for a fifth.
GZIP_LEVEL = 1


def make_cacheable(response: Response, max_age: int = DEFAULT_MAX_AGE) -> Response:
    """Set ``Cache-Control`` and a strong ``ETag``, and compress; return 304 if the ETag matches.

    Each form of an answer, plain or compressed, has its own ETag.
    """
    if request.method not in CACHEABLE_METHODS:
        return response
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-store"
    compresses = False
    if COMPRESSIBLE.match(response.content_type):
        # Said of short answers too: a cache that keeps several forms of one address wants one word of all.
        response.vary.add("Accept-Encoding")
        compresses = should_compress(response.data, request.headers.get("Accept-Encoding", ""))
    if max_age:
        tag = hashlib.blake2b(response.data, digest_size=16).hexdigest() + "-gzip" * compresses
        response.set_etag(tag)
        if request.if_none_match.contains_weak(tag):
            response.status_code, response.data = 304, b""
            return response
    if compresses:
        response.data = compress(response.data)
        response.content_encoding = "gzip"
    return response


def should_compress(body: bytes, accept_encoding: str) -> bool:
    return len(body) >= MIN_COMPRESS_SIZE and accepts_gzip(accept_encoding)


def compress(body: bytes) -> bytes:
    return zlib.compress(body, GZIP_LEVEL, GZIP_WBITS)


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return True if the header accepts gzip, and prefers no plain answer."""
    quality = parse_accept_header(accept_encoding, Accept)
    return quality["gzip"] > 0 and quality["gzip"] >= dict(quality).get("identity", 0)
