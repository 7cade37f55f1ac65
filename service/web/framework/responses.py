"""Answers as they are sent: CSV, ``Cache-Control``, ``ETag`` and gzip."""

import csv
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from service.web.middleware.request_body import JSON_TYPE

CSV_TYPE = "text/csv"
CSV_CONTENT_TYPE = f"{CSV_TYPE}; charset=utf-8"
# How a text begins that a spreadsheet would run.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")

# Answers change with the table only: anyone may keep one for a minute, then ask again by its ETag.
DEFAULT_MAX_AGE = 60
CACHEABLE_METHODS = frozenset(("GET", "HEAD", "QUERY"))

MIN_COMPRESS_SIZE = 1024
COMPRESSIBLE = re.compile(r"text/|image/svg\+xml|application/([^;]*[+/-])?(json|javascript)")
# What zlib writes as gzip has no date, so equal answers are equal bytes.
GZIP_WBITS = 31
# Packs an answer with 24 entries to a quarter. Level 6 takes two to four times as long for a fifth.
GZIP_LEVEL = 1

Row = Sequence[object]


@lru_cache(maxsize=256)
def prefers_csv(accept: str) -> bool:
    return parse_accept_header(accept, MIMEAccept).best_match((JSON_TYPE, CSV_TYPE)) == CSV_TYPE


def to_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV (RFC 4180), and none as a formula that a spreadsheet would run."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([escape_formula(cell) for cell in row] for row in rows)
    return out.getvalue()


def escape_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES) else cell


def make_cacheable(response: Response, max_age: int = DEFAULT_MAX_AGE) -> Response:
    """Compress, and where the method is safe set ``Cache-Control`` and a strong ``ETag``, or return 304.

    Each form of an answer, plain or compressed, has its own ETag.
    """
    body, headers, environ = response.get_data(), response.headers, request.environ
    is_compressed = False
    if COMPRESSIBLE.match(headers["Content-Type"]):
        # Said of short answers too: a cache that keeps several forms of one address wants one word of all.
        headers["Vary"] = f"{headers['Vary']}, Accept-Encoding" if "Vary" in headers else "Accept-Encoding"
        accept = environ.get("HTTP_ACCEPT_ENCODING", "")
        is_compressed = len(body) >= MIN_COMPRESS_SIZE and accepts_gzip(accept)
    if environ["REQUEST_METHOD"] in CACHEABLE_METHODS:
        headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-store"
        if max_age:
            tag = hashlib.blake2b(body, digest_size=16).hexdigest() + "-gzip" * is_compressed
            response.set_etag(tag)
            if request.if_none_match.contains_weak(tag):
                response.status_code, response.data = 304, b""
                return response
    if is_compressed:
        response.data = zlib.compress(body, GZIP_LEVEL, GZIP_WBITS)
        headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return True if the header accepts gzip, and prefers no plain answer."""
    quality = parse_accept_header(accept_encoding, Accept)
    return quality["gzip"] > 0 and quality["gzip"] >= dict(quality).get("identity", 0)
