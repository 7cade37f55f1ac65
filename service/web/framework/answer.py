"""A finished body as the answer to a request, without a response around it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.web.middleware.compression import GZIP_HEADER, MIN_COMPRESS_SIZE, accepts_gzip, gzip_compress

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Answer:
    """A finished body, sent as it is: the WSGI application that answers one request.

    Flask takes it for what it is, and makes a response of it where a hook wants to see one.
    """

    __slots__ = ("body", "media", "varies")

    def __init__(self, body: bytes, media: str, varies: str = "") -> None:
        self.body = body
        self.media = media
        self.varies = f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Send it, packed to who takes it so."""
        body = self.body
        encoding: tuple[tuple[str, str], ...] = ()
        asked = "HTTP_ACCEPT_ENCODING" in environ and len(body) >= MIN_COMPRESS_SIZE
        if asked and accepts_gzip(environ["HTTP_ACCEPT_ENCODING"]):
            body, encoding = gzip_compress(body), (GZIP_HEADER,)
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", self.media), ("Vary", self.varies), length, *encoding])
        return [body]
