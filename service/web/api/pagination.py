"""Pagination cursors and ``next`` links."""

import base64
from urllib.parse import urlencode

import msgspec
from flask import request

from service.core.errors import RequestError
from service.core.resolve.catalog import Catalog

# A fingerprint and a domain, with room to spare.
MAX_CURSOR_LENGTH = 600
CURSOR = msgspec.msgpack.Decoder(tuple[str, str])


def encode_cursor(domain: str, catalog: Catalog) -> str:
    """Return the last domain of a page, and the data it was a page of, as callers send it back."""
    cursor = msgspec.msgpack.encode((catalog.sha256, domain))
    return base64.urlsafe_b64encode(cursor).decode().rstrip("=")


def decode_cursor(text: str, catalog: Catalog) -> str:
    """Return the domain after which a page starts. Raise ``RequestError`` for a cursor of other data."""
    try:
        sha256, domain = CURSOR.decode(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (ValueError, msgspec.DecodeError) as error:
        raise RequestError("/cursor", "this is not a cursor; send next_cursor of the page before") from error
    if sha256 != catalog.sha256:
        raise RequestError("/cursor", "the data has changed since this cursor was given; start without one")
    return domain


def next_link(query: msgspec.Struct, **place: str | int | None) -> str | None:
    """Return path and query of the page that begins at ``place``, or ``None`` where that is ``None``."""
    if None in place.values():
        return None
    given = {name: value for name, value in msgspec.structs.asdict(query).items() if value is not None}
    return f"{request.script_root}{request.path}?{urlencode({**given, **place})}"
