"""gunicorn's threaded worker, but a slow caller holds no thread for long.

A new connection takes a thread once it has something to say. A caller may keep that thread waiting for a few
seconds, and longer only while bytes come in at a rate that any line manages: this bounds slow headers, slow
bodies and readers who do not read alike, and leaves a stream alone that flows.
"""

import socket
import time
from errno import ECONNRESET
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker

if TYPE_CHECKING:
    from gunicorn.workers.gthread import TConn

GRACE_SECONDS = 5.0
BYTES_PER_SECOND = 1000
SEND_SECONDS = 20.0


class PatientSocket(socket.socket):
    """A connection that waits for its caller so long and no longer; waiting is counted, working is not."""

    waited = 0.0
    received = 0
    stall: float | None = None

    @classmethod
    def of(cls, plain: socket.socket) -> "PatientSocket":
        """The same connection as ``plain``, which must not be used any more."""
        return cls(plain.family, plain.type, plain.proto, fileno=plain.detach())

    def begin(self) -> None:
        """A new request: patience is as it was at first."""
        self.waited, self.received, self.stall = 0.0, 0, None

    def settimeout(self, value: float | None) -> None:
        """From here on the caller may stall that long at a time: an operation that streams says so."""
        self.stall = value
        super().settimeout(value)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Bytes from the caller; raises ``ConnectionResetError`` when it has kept us waiting too long."""
        left = self.stall or GRACE_SECONDS + self.received / BYTES_PER_SECOND - self.waited
        if left <= 0:
            raise ConnectionResetError(ECONNRESET, "the caller is too slow")
        super().settimeout(left)
        began = time.monotonic()
        try:
            data = super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(ECONNRESET, "the caller is too slow") from error
        finally:
            self.waited += time.monotonic() - began
            super().settimeout(self.stall or SEND_SECONDS)
        self.received += len(data)
        return data


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The worker that ``gunicorn.conf.py`` names."""

    def handle(self, conn: "TConn") -> Any:
        """Serve one request, in a thread; a connection that says nothing yet goes back to the poller."""
        if not conn.initialized and not conn.wait_for_data(0):
            return _DEFER
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket.of(conn.sock)
        conn.sock.begin()
        return super().handle(conn)
