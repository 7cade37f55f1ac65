"""Read the JSON body of a request, whole and within its limit."""

import re
from typing import TYPE_CHECKING

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.web.middleware.request_body import get_request_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

JSON_TYPE = "application/json"
JSON_MEDIA_TYPE = re.compile(r"application/([^/]+\+)?json")


def read_json_body(asked: Request, limit: int, also: str | None = None) -> bytes:
    """Return the request's body, which must call itself JSON. ``also`` is another type that would have
    done.
    """
    environ = asked.environ
    if environ.get("CONTENT_TYPE") != JSON_TYPE and not JSON_MEDIA_TYPE.fullmatch(asked.mimetype):
        good = f"{JSON_TYPE} or {also}" if also else JSON_TYPE
        sent = f"not {asked.mimetype[:80]!r}" if asked.mimetype else "none was named"
        raise UnsupportedMediaType(f"send the body as Content-Type: {good}, {sent}")
    length = environ.get("CONTENT_LENGTH", "")
    if "HTTP_CONTENT_ENCODING" in environ:
        return read_gzip_body(environ, limit)
    if length.isdecimal() and int(length) <= limit:
        return environ["wsgi.input"].read(int(length))  # type: ignore[no-any-return]  # bytes, by PEP 3333
    asked.max_content_length = limit  # chunked, or too large: the framework counts as it reads
    try:
        return asked.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise RequestEntityTooLarge(f"the body may have at most {limit} bytes") from error


def read_gzip_body(environ: "WSGIEnvironment", limit: int) -> bytes:
    """Return a body that came encoded. No more is unpacked than tells that it is too large."""
    intake = get_request_body(environ)
    intake.unpack()
    data = intake.read(limit + 1)
    if len(data) > limit:
        raise RequestEntityTooLarge(f"the body may unpack to at most {limit} bytes")
    return data
