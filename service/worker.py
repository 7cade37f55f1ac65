"""gunicorn's threaded worker, but a slow caller holds no thread for long.

A connection takes a thread once a whole request head has arrived. From then on its caller may keep that
thread waiting for a few seconds, and longer only while bytes come in at a rate that any line manages: this
bounds slow bodies and readers who do not read alike, and leaves a stream alone that flows.
"""

import socket
import time
from errno import ECONNRESET
from typing import TYPE_CHECKING, Any

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import _DEFER, ThreadWorker

if TYPE_CHECKING:
    from gunicorn.workers.gthread import TConn

HEAD_SECONDS = 10.0
LONGEST_HEAD = 16 * 1024
"""Bytes that are looked at for a head's end; of a longer one the server says what is wrong."""
GRACE_SECONDS = 5.0
BYTES_PER_SECOND = 1000
SEND_SECONDS = 20.0
LINGER_SECONDS = 0.5
"""How long a caller that was told of the end may take to close its own side."""


class PatientSocket(socket.socket):
    """A connection that waits for its caller so long and no longer; waiting is counted, working is not."""

    waited = 0.0
    received = 0
    stall: float | None = None
    peeked = 0
    since: float | None = None

    @classmethod
    def of(cls, plain: socket.socket) -> "PatientSocket":
        """The same connection as ``plain``, which must not be used any more."""
        return cls(plain.family, plain.type, plain.proto, fileno=plain.detach())

    def has_head(self) -> bool:
        """Whether a request's head has arrived, or will not: its caller is at the end, or out of time.

        If not, the socket counts as readable again when there is more of it.
        """
        now = time.monotonic()
        self.since = self.since or now
        try:
            head = super().recv(LONGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        late = now > self.since + HEAD_SECONDS
        if b"\r\n\r\n" in head or late or len(head) in (0, self.peeked, LONGEST_HEAD):
            self.begin()
            self.waited = GRACE_SECONDS if late else 0.0
            return True
        self.peeked = len(head)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, self.peeked + 1)
        return False

    def begin(self) -> None:
        """A new request: patience is as it was at first."""
        if self.peeked:
            self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        self.peeked, self.since = 0, None
        self.waited, self.received, self.stall = 0.0, 0, None

    def settimeout(self, value: float | None) -> None:
        """From here on the caller may stall that long at a time: an operation that streams says so."""
        self.stall = value
        super().settimeout(value)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Bytes from the caller; raises ``ConnectionResetError`` when it has kept us waiting too long."""
        left = self.stall or GRACE_SECONDS + self.received / BYTES_PER_SECOND - self.waited
        began = time.monotonic()
        try:
            super().settimeout(max(left, 0.0))
            data = super().recv(size, flags)
        except (TimeoutError, BlockingIOError) as error:
            self.close()
            raise ConnectionResetError(ECONNRESET, "the caller is too slow") from error
        super().settimeout(self.stall or SEND_SECONDS)
        self.waited += time.monotonic() - began
        self.received += len(data)
        return data

    def setblocking(self, flag: bool) -> None:
        """As asked; a connection that is closed already is no fault."""
        if self.fileno() != -1:
            super().setblocking(flag)


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
        if not going_on:
            # Here, for the server would wait for the caller's end in the thread that serves all connections.
            close_graceful(conn.sock, LINGER_SECONDS)
        return going_on
