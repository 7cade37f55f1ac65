"""A request's body as it comes: how long it is waited for, and how much of all bodies is held at a time.

The server has a limit for a request's head and none for its body. Here a body has so many seconds in all, a
stream so many from one piece to the next, and both share the room that this process has for bodies.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestTimeout,
    ServiceUnavailable,
)
from werkzeug.wsgi import ClosingIterator

from service.web.middleware.compression import (
    CHUNK_SIZE,
    GZIP_CODINGS,
    MAX_EXPANSION_RATIO,
    GzipReader,
    UnsupportedEncoding,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_KEY = "slantwise.intake"
STALL_TIMEOUT = 20.0
"""Longest that a caller may send nothing, or take nothing of an answer; over the server's wait for a head."""

MAX_BUFFERED_BYTES = 128 * 2**20
"""Bytes of bodies that this process holds at a time; a body of one piece is let in even when it is full."""


MAX_STREAMS = 1000
"""Streams that this process answers at a time: a tenth of the connections that it may hold."""


class MemoryBudget:
    """Room for all requests together: bytes of bodies, and streams."""

    def __init__(self, size: int = MAX_BUFFERED_BYTES, most_streams: int = MAX_STREAMS) -> None:
        self.size = size
        self.max_streams = most_streams
        self.held = 0
        self.streams = 0
        self.lock = Lock()

    def change(self, held: int, streams: int = 0) -> None:
        """Hold so much more, or less."""
        with self.lock:
            self.held += held
            self.streams += streams


class RequestBody:
    """The body of one request. Reading it raises an ``HTTPException`` for what the caller did wrong."""

    def __init__(self, environ: "WSGIEnvironment", seconds: float, room: MemoryBudget) -> None:
        self.body: Any = environ["wsgi.input"]
        self.connection: Any = environ.get("gunicorn.socket")
        self.encoding: str = environ.get("HTTP_CONTENT_ENCODING") or "identity"
        self.unpacker: GzipReader | None = None
        self.deadline: float | None = time.monotonic() + seconds
        self.room = room
        self.got = self.held = self.streams = 0
        self.chunks: Iterator[bytes] | None = None

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all of the body where it is negative. Empty at its end."""
        if self.encoding != "identity" and self.unpacker is None:
            raise UnsupportedEncoding(self.encoding, gzip_too=False)
        if 0 <= size <= CHUNK_SIZE:
            piece = self.unpacker.read(size) if self.unpacker and size else self.piece(size)
            self.got += len(piece)
            if self.got > CHUNK_SIZE and self.deadline is not None:
                self.hold(self.got)
            return piece
        pieces: list[bytes] = []
        while size and (piece := self.read(CHUNK_SIZE if size < 0 else min(CHUNK_SIZE, size))):
            pieces.append(piece)
            size -= len(piece) if size > 0 else 0
        return b"".join(pieces)

    def unpack(self, most_times: int = 0) -> None:
        """Let the body be gzip too. Raise ``UnsupportedEncoding`` for any other encoding."""
        encoding = self.encoding.lower()
        if encoding in GZIP_CODINGS:
            self.unpacker = GzipReader(self.piece, most_times)
        elif encoding != "identity":
            raise UnsupportedEncoding(self.encoding, gzip_too=True)

    def piece(self, size: int) -> bytes:
        """Return the next ``size`` bytes. Fewer at the end."""
        try:
            if self.chunks is not None:
                return next(filter(None, self.chunks), b"")
            if self.connection is None or self.deadline is None:
                return self.body.read(size)  # type: ignore[no-any-return]  # bytes, by PEP 3333
            with self.read_timeout(self.deadline):
                return self.body.read(size)  # type: ignore[no-any-return]  # bytes, by PEP 3333
        except HTTPException:
            raise
        except TimeoutError as error:
            raise RequestTimeout("the body did not come in time") from error
        except Exception as error:
            # Whatever the server raises here, the caller's bytes or connection were the cause.
            raise BadRequest("the body broke off, or its chunks are malformed") from error

    def read_timeout(self, deadline: float) -> AbstractContextManager[Any]:
        """Give a context that raises ``TimeoutError`` in who waits beyond ``deadline``, where the server can.

        Its wait for single bytes is bounded on every server, by the connection's own timeout.
        """
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        gevent = sys.modules.get("gevent")
        if gevent is None or not gevent.monkey.is_module_patched("socket"):
            return nullcontext()
        return gevent.Timeout(left, TimeoutError)  # type: ignore[no-any-return]

    def flow(self, stall: float) -> None:
        """Let the body last as long as it flows: neither side may stand still for ``stall`` seconds.

        It may be gzip, within bounds. Raises ``ServiceUnavailable`` where there are too many such streams
        already.
        """
        if self.room.streams >= self.room.max_streams:
            raise ServiceUnavailable("too many streams at once; send this one again")
        self.unpack(MAX_EXPANSION_RATIO)
        self.streams = 1
        self.room.change(0, 1)
        self.deadline = None
        # The server fills a block before it hands it on, and a slow sender would wait for the answers to what
        # it has sent. Its reader of chunks gives each piece as it comes.
        self.chunks = getattr(getattr(self.body, "reader", None), "parser", None)
        if self.connection is not None:
            self.connection.settimeout(stall)

    def hold(self, size: int) -> None:
        """Note the bytes of this body that are held. Raise ``ServiceUnavailable`` where there is no room."""
        self.room.change(size - self.held)
        self.held = size
        if self.room.held > self.room.size and size > CHUNK_SIZE:
            raise ServiceUnavailable("too many large bodies at once; send this one again")

    def release(self) -> None:
        """Give back what was held, once the answer is sent."""
        if self.held or self.streams:
            self.room.change(-self.held, -self.streams)
            self.held = self.streams = 0


def get_request_body(environ: "WSGIEnvironment") -> RequestBody:
    """Return the intake of a request. One that came past the server's door gets its own."""
    found: RequestBody | None = environ.get(BODY_KEY)
    return found or RequestBody(environ, STALL_TIMEOUT, MemoryBudget())


class BodyLimitMiddleware:
    """A WSGI layer with an ``RequestBody`` before each request's body."""

    def __init__(self, app: "WSGIApplication", seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self.room = MemoryBudget()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request. What is held of its body is let go once the answer is sent."""
        intake = RequestBody(environ, self.seconds, self.room)
        if intake.connection is not None:
            intake.connection.settimeout(STALL_TIMEOUT)
        environ["wsgi.input"] = environ[BODY_KEY] = intake
        try:
            answer = self.app(environ, start_response)
        except BaseException:
            intake.release()
            raise
        if isinstance(answer, list):
            if intake.held:
                intake.release()
            return answer
        return ClosingIterator(answer, intake.release)
