"""gunicorn's threaded worker, but a slow caller holds no thread for long.

A connection takes a thread once a whole request head has arrived. From then on its caller may keep that
thread waiting for a few seconds, and longer only while bytes come in at a rate that any line manages: this
bounds slow bodies and readers who do not read alike, and leaves a stream alone that flows.

What this costs is saved elsewhere: head and body leave with one system call, and none is spent on switching a
connection between waiting and not waiting.
"""

import socket
import time
from errno import ECONNRESET
from typing import TYPE_CHECKING, Any

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import _DEFER, ThreadWorker

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from gunicorn.workers.gthread import TConn

HEAD_SECONDS = 10.0
LONGEST_HEAD = 8192
"""Bytes that are kept until a head's end is among them: as many as the server's parser reads at a time."""
GRACE_SECONDS = 5.0
BYTES_PER_SECOND = 1000
SEND_SECONDS = 20.0
LINGER_SECONDS = 0.5
"""How long a caller that was told of the end may take to close its own side."""


class PatientSocket(socket.socket):
    """A connection that waits for its caller so long and no longer; waiting is counted, working is not."""

    ahead = b""
    since: float | None = None
    waited = 0.0
    received = 0
    stall: float | None = None
    head: bytes | None = b""
    """The head of an answer that waits for its body; ``None`` until there is one, empty once it is sent."""

    @classmethod
    def of(cls, plain: socket.socket) -> "PatientSocket":
        """The same connection as ``plain``, which must not be used any more."""
        plain.setblocking(True)
        return cls(plain.family, plain.type, plain.proto, fileno=plain.detach())

    def has_head(self) -> bool:
        """Whether a request's head has arrived, or will not: its caller is at the end, or out of time.

        What has arrived is read ahead, so that the poller sees the connection again when there is more.
        """
        now = time.monotonic()
        self.since = self.since or now
        try:
            data = super().recv(LONGEST_HEAD - len(self.ahead), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        self.ahead += data
        late = now > self.since + HEAD_SECONDS
        if b"\r\n\r\n" in self.ahead or late or not data or len(self.ahead) == LONGEST_HEAD:
            self.since, self.received, self.stall, self.head = None, 0, None, None
            self.waited = GRACE_SECONDS if late else 0.0
            return True
        return False

    def settimeout(self, value: float | None) -> None:
        """From here on the caller may stall that long at a time: an operation that streams says so."""
        self.stall = value

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Bytes from the caller; raises ``ConnectionResetError`` when it has kept us waiting too long."""
        if self.ahead:
            data, self.ahead = self.ahead[:size], self.ahead[size:]
            return data
        try:
            data = super().recv(size, socket.MSG_DONTWAIT)
        except BlockingIOError:
            data = self.awaited(size)
        self.received += len(data)
        return data

    def awaited(self, size: int) -> bytes:
        """Bytes that are still to come; raises as ``recv`` does."""
        left = self.stall or GRACE_SECONDS + self.received / BYTES_PER_SECOND - self.waited
        began = time.monotonic()
        try:
            super().settimeout(max(left, 0.0))
            data = super().recv(size)
        except (TimeoutError, BlockingIOError) as error:
            self.close()
            raise ConnectionResetError(ECONNRESET, "the caller is too slow") from error
        super().settimeout(None)
        self.waited += time.monotonic() - began
        return data

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Send all of ``data``; raises ``TimeoutError`` when the caller does not read it in time.

        The head of an answer waits for what follows, so that one system call sends both.
        """
        if self.head is None:
            self.head = bytes(data)
            return
        head, self.head = self.head, b""
        with memoryview(head + data if head else data) as rest:
            try:
                sent = super().send(rest, socket.MSG_DONTWAIT)
            except BlockingIOError:
                sent = 0
            if sent < len(rest):
                super().settimeout(self.stall or SEND_SECONDS)
                super().sendall(rest[sent:])
                super().settimeout(None)

    def flush(self) -> None:
        """Send a head that nothing followed, as that of HEAD or 304."""
        if self.head:
            self.sendall(b"")

    def setblocking(self, flag: bool) -> None:
        """Nothing: every operation here says for itself whether it waits."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The worker that ``gunicorn.conf.py`` names."""

    def handle(self, conn: "TConn") -> Any:
        """Serve one request, in a thread; a connection without a whole head goes back to the poller."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket.of(conn.sock)
        read_ahead = conn.initialized and conn.parser.unreader.buf.getvalue()
        try:
            if not (read_ahead or conn.sock.has_head()):
                return _DEFER
        except OSError:
            return False
        conn.data_ready = True
        going_on = super().handle(conn)
        try:
            conn.sock.flush()
        except OSError:
            going_on = False
        if not going_on:
            # Here, for the server would wait for the caller's end in the thread that serves all connections.
            close_graceful(conn.sock, LINGER_SECONDS)
        return going_on
