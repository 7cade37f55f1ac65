"""Where a page of a list ends: a text that callers send back for the next, and a link to it."""

import base64
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from flask import request

from service.core.errors import RequestError
from service.core.resolve.catalog import Catalog

MAX_CURSOR_LENGTH = 600
"""Characters of a cursor: a version and a domain, with room to spare."""


class Cursor(NamedTuple):
    """The last domain of a page, and the data it was a page of."""

    sha256: str
    domain: str


def encode_cursor(cursor: Cursor) -> str:
    """Return a cursor as callers get it: nothing they need to read."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode().rstrip("=")


def decode_cursor(text: str, current: Catalog) -> str:
    """Return the domain after which a page starts. Raise ``RequestError`` for another version's cursor, or
    none.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        cursor = msgspec.msgpack.decode(data, type=Cursor)
    except (ValueError, msgspec.DecodeError) as error:
        raise RequestError("/cursor", "this is not a cursor; send next_cursor of the page before") from error
    if cursor.sha256 != current.sha256:
        raise RequestError("/cursor", "the data has changed since this cursor was given; start without one")
    return cursor.domain


def next_link(query: msgspec.Struct, **place: str | int | None) -> str | None:
    """Return the path and query of the next page, below the prefix that a gateway adds.

    ``place`` is the parameter that says where the page begins. It is ``None`` where there are no more.
    """
    if None in place.values():
        return None
    given = {name: value for name, value in msgspec.structs.asdict(query).items() if value is not None}
    return f"{request.script_root}{request.path}?{urlencode({**given, **place})}"
