"""Limits of request bodies: of time, of unpacking, and of the memory that all of them take together.

The server has a limit for a request's head and none for its body. Here a body has so many seconds in all, a
stream so many from one chunk to the next, and both share the memory that this process has for bodies.
"""

import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from socket import SHUT_RD
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
    UnsupportedMediaType,
)
from werkzeug.http import parse_options_header
from werkzeug.wsgi import ClosingIterator

from service.web.framework.context import CONTEXT_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JSON_TYPE = "application/json"
JSON_MEDIA_TYPE = re.compile(r"application/([^/]+\+)?json")

# Seconds without a byte from the caller, or to it. Longer than the server waits for a request's head.
STALL_TIMEOUT = 20.0
SWEEP_SECONDS = 0.5
# Bytes of bodies that this process holds at a time; a body of one chunk is let in even then.
MAX_BUFFERED_BYTES = 128 * 2**20
# A tenth of the connections that a process may hold.
MAX_STREAMS = 1000
CHUNK_SIZE = 64 * 1024

GZIP_CODINGS = frozenset(("gzip", "x-gzip"))
GZIP_WBITS = 31
# Lines of stories unpack to 10 or 20 times what is sent. The first chunk is free, for a short body may be
# one letter many times.
MAX_EXPANSION_RATIO = 100
# A body may be several gzip files in a row. Beyond the first few they must hold so many bytes on average.
MAX_SMALL_MEMBERS, MIN_MEMBER_SIZE = 16, 1024


class UnsupportedEncoding(UnsupportedMediaType):
    """A body whose Content-Encoding is not read. The answer names the one that is (RFC 9110, 12.5.3)."""

    def __init__(self, encoding: str, *, accepted: str) -> None:
        good = "or in gzip, " if accepted == "gzip" else ""
        super().__init__(f"send the body without Content-Encoding, {good}not in {encoding[:80]!r}")
        self.accepted = accepted

    def get_headers(self, *args: object) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Accept-Encoding", self.accepted)]


class GzipReader:
    """Unpack a gzip body, a bounded chunk at a time."""

    def __init__(self, read_packed: Callable[[int], bytes]) -> None:
        self.read_packed = read_packed
        self.member = zlib.decompressobj(GZIP_WBITS)
        self.members = 1
        self.rest = b""
        self.bytes_in = self.bytes_out = 0

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, empty at the end. Raise an ``HTTPException`` for a body that is not
        gzip, breaks off, or unpacks to more than it may.
        """
        try:
            chunk = self._decompress(size)
        except zlib.error as error:
            raise BadRequest(f"the body is not gzip: {error}") from error
        self.bytes_out += len(chunk)
        if self.bytes_out > MAX_EXPANSION_RATIO * self.bytes_in + CHUNK_SIZE:
            raise RequestEntityTooLarge(f"the body may unpack to {MAX_EXPANSION_RATIO} times what is sent")
        return chunk

    def _decompress(self, size: int) -> bytes:
        while True:
            if self.member.eof:
                rest = self.member.unused_data or self._read_more()
                if not rest:
                    return b""
                self.members += 1
                if self.members > MAX_SMALL_MEMBERS + self.bytes_out // MIN_MEMBER_SIZE:
                    raise BadRequest("the body is many gzip files with next to nothing in them")
                self.member, self.rest = zlib.decompressobj(GZIP_WBITS), rest
            chunk = self.member.decompress(self.rest, size)
            self.rest = self.member.unconsumed_tail
            if chunk:
                return chunk
            if not self.rest and not self.member.eof:
                self.rest = self._read_more()
                if not self.rest:
                    raise BadRequest("the gzip of the body breaks off")

    def _read_more(self) -> bytes:
        packed = self.read_packed(CHUNK_SIZE)
        self.bytes_in += len(packed)
        return packed


class MemoryBudget:
    """The bytes of bodies, and the streams, that all requests of a process hold together."""

    def __init__(self, max_bytes: int = MAX_BUFFERED_BYTES, max_streams: int = MAX_STREAMS) -> None:
        self.max_bytes = max_bytes
        self.max_streams = max_streams
        self.bytes = 0
        self.streams = 0
        self.lock = Lock()

    def add(self, size: int, streams: int = 0) -> None:
        """Add to what is held. Negative numbers give it back."""
        with self.lock:
            self.bytes += size
            self.streams += streams


class DeadlineSweeper:
    """Ends the reading of bodies that do not come in time.

    One thread looks at all deadlines twice a second: a timer for each body costs a tenth of a short request.
    """

    def __init__(self) -> None:
        self.reading: dict[int, RequestBody] = {}
        self.thread: Thread | None = None

    def watch(self, body: "RequestBody") -> None:
        """End the reading of ``body`` at its deadline, unless ``forget`` is called before."""
        self.reading[id(body)] = body
        # Not at the start: the process that answers is a child of the one that makes the application.
        if self.thread is None:
            self.thread = Thread(target=self.run, daemon=True, name="body-deadlines")
            self.thread.start()

    def forget(self, body: "RequestBody") -> None:
        self.reading.pop(id(body), None)

    def run(self) -> None:
        """Expire late bodies, for as long as the process lives."""
        while True:
            time.sleep(SWEEP_SECONDS)
            now = time.monotonic()
            for body in [*self.reading.values()]:
                if body.deadline is not None and body.deadline < now:
                    self.forget(body)
                    body.expire()


class RequestBody:
    """The body of one request. Reading it raises an ``HTTPException`` for what the caller did wrong."""

    def __init__(
        self, environ: "WSGIEnvironment", timeout: float, budget: MemoryBudget, sweeper: DeadlineSweeper
    ) -> None:
        self.input: Any = environ["wsgi.input"]
        self.connection: Any = environ.get("gunicorn.socket")
        self.encoding: str = environ.get("HTTP_CONTENT_ENCODING") or "identity"
        self.gzip: GzipReader | None = None
        self.deadline: float | None = time.monotonic() + timeout
        self.expired = False
        self.budget = budget
        self.sweeper = sweeper
        self.bytes_read = self.reserved = self.streams = 0
        self.chunks: Iterator[bytes] | None = None

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all of the body where it is negative. Empty at its end."""
        if self.encoding != "identity" and self.gzip is None:
            raise UnsupportedEncoding(self.encoding, accepted="identity")
        if 0 <= size <= CHUNK_SIZE:
            chunk = self.gzip.read(size) if self.gzip and size else self.read_chunk(size)
            self.bytes_read += len(chunk)
            if self.bytes_read > CHUNK_SIZE and self.deadline is not None:
                self.reserve(self.bytes_read)
            return chunk
        chunks: list[bytes] = []
        while size and (chunk := self.read(CHUNK_SIZE if size < 0 else min(CHUNK_SIZE, size))):
            chunks.append(chunk)
            # Let other requests run: a body that has arrived already is read and unpacked without waiting.
            time.sleep(0)
            size -= len(chunk) if size > 0 else 0
        return b"".join(chunks)

    def accept_gzip(self) -> None:
        """Unpack the body where it is gzip. Raise ``UnsupportedEncoding`` for any other coding."""
        encoding = self.encoding.lower()
        if encoding in GZIP_CODINGS:
            self.gzip = GzipReader(self.read_chunk)
        elif encoding != "identity":
            raise UnsupportedEncoding(self.encoding, accepted="gzip")

    def read_chunk(self, size: int) -> bytes:
        """Return the next ``size`` bytes as they are sent. Fewer at the end."""
        timed = self.connection is not None and self.deadline is not None
        if timed:
            self.sweeper.watch(self)
        try:
            if self.chunks is not None:
                return next(filter(None, self.chunks), b"")
            chunk: bytes = self.input.read(size)
        except Exception as error:
            if self.expired or isinstance(error, TimeoutError):
                raise RequestTimeout("the body did not come in time") from error
            # Whatever the server raises here, the caller's bytes or connection were the cause.
            raise BadRequest("the body broke off, or its chunks are malformed") from error
        finally:
            if timed:
                self.sweeper.forget(self)
        if self.expired:
            raise RequestTimeout("the body did not come in time")
        return chunk

    def expire(self) -> None:
        """Stop waiting for the rest of the body."""
        self.expired = True
        with suppress(OSError):
            self.connection.shutdown(SHUT_RD)

    def start_streaming(self, stall: float) -> None:
        """Lift the deadline: a stream may last, but neither side may stand still for ``stall`` seconds.

        It may be gzip. Raises ``ServiceUnavailable`` where there are too many such streams already.
        """
        if self.budget.streams >= self.budget.max_streams:
            raise ServiceUnavailable("too many streams at once; send this one again")
        self.accept_gzip()
        self.streams = 1
        self.budget.add(0, 1)
        self.deadline = None
        # The server's `read` waits for a full block, and would hold up answers to a slow sender. Its parser
        # of chunked bodies gives each chunk as it comes.
        self.chunks = getattr(getattr(self.input, "reader", None), "parser", None)
        if self.connection is not None:
            self.connection.settimeout(stall)

    def reserve(self, size: int) -> None:
        """Note the bytes of this body that are held. Raise ``ServiceUnavailable`` over the budget."""
        self.budget.add(size - self.reserved)
        self.reserved = size
        if self.budget.bytes > self.budget.max_bytes and size > CHUNK_SIZE:
            raise ServiceUnavailable("too many large bodies at once; send this one again")

    def release(self) -> None:
        """Release the reserved bytes once the answer is sent."""
        if self.reserved or self.streams:
            self.budget.add(-self.reserved, -self.streams)
            self.reserved = self.streams = 0


def get_request_body(environ: "WSGIEnvironment") -> RequestBody:
    """Return the body that ``BodyLimitMiddleware`` put into the request's context."""
    body: RequestBody = environ[CONTEXT_KEY].body
    return body


def read_json_body(environ: "WSGIEnvironment", limit: int, also: str | None = None) -> bytes:
    """Return the whole body of a request, which must call itself JSON.

    ``also`` is another media type that the message about a wrong one names.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    if content_type != JSON_TYPE:
        mimetype = parse_options_header(content_type)[0].lower()
        if not JSON_MEDIA_TYPE.fullmatch(mimetype):
            good = f"{JSON_TYPE} or {also}" if also else JSON_TYPE
            sent = f"not {mimetype[:80]!r}" if mimetype else "none was named"
            raise UnsupportedMediaType(f"send the body as Content-Type: {good}, {sent}")
    body = get_request_body(environ)
    body.accept_gzip()
    length = environ.get("CONTENT_LENGTH", "")
    if body.gzip is None and length.isdecimal():
        if int(length) > limit:
            raise RequestEntityTooLarge(f"the body may have at most {limit} bytes")
        return body.read(int(length))
    data = body.read(limit + 1)
    if len(data) > limit:
        what = "unpack to" if body.gzip else "have"
        raise RequestEntityTooLarge(f"the body may {what} at most {limit} bytes")
    return data


class BodyLimitMiddleware:
    """A WSGI layer that has each request's body read through a ``RequestBody``."""

    def __init__(self, app: "WSGIApplication", timeout: float) -> None:
        self.app = app
        self.timeout = timeout
        self.budget = MemoryBudget()
        self.sweeper = DeadlineSweeper()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request. What is held of its body is released once the answer is sent."""
        body = RequestBody(environ, self.timeout, self.budget, self.sweeper)
        if body.connection is not None:
            body.connection.settimeout(STALL_TIMEOUT)
        environ["wsgi.input"] = environ[CONTEXT_KEY].body = body
        try:
            answer = self.app(environ, start_response)
        except BaseException:
            body.release()
            raise
        is_held = body.reserved or body.streams
        return ClosingIterator(answer, body.release) if is_held else answer
