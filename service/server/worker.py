"""gunicorn's gevent worker, which lets idle connections go where a new one would find no room."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RD
from typing import Any

import gevent
import gevent.local
import gevent.selectors
import gevent.signal
import gevent.ssl
import gevent.subprocess
import gevent.threading
from gunicorn.workers.ggevent import GeventWorker

# A worker patches the standard library with the modules of gevent above. The master imports this file, so
# they take memory once for all workers.

# Slots that idle connections leave free: a tenth.
FREE_SHARE = 10


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that ends the connection which has waited longest when few more could be accepted.

    nginx does the same. Whoever opens many connections and says nothing would keep all others waiting for as
    long as a request's head may take.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: dict[gevent.Greenlet, Any] = {}
        # Those that wait for a request's head, the longest first.
        self.idle: dict[gevent.Greenlet, Any] = {}
        self.max_waiting = self.worker_connections - max(1, self.worker_connections // FREE_SHARE)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection."""
        greenlet = gevent.getcurrent()
        self.connections[greenlet] = client
        if len(self.connections) > self.max_waiting:
            self.end_longest_idle()
        try:
            super().handle(listener, client, addr)
        finally:
            del self.connections[greenlet]

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Wait for the head of a request. Leave early where the connection is to end."""
        greenlet = gevent.getcurrent()
        self.idle[greenlet] = self.connections[greenlet]
        try:
            with super().timeout_ctx():
                yield
        except OSError:
            if greenlet in self.idle:
                raise
        finally:
            self.idle.pop(greenlet, None)

    def end_longest_idle(self) -> None:
        """Wake the connection that has waited longest. It then ends as if its time were over."""
        for greenlet in self.idle:
            with suppress(OSError):
                self.idle.pop(greenlet).shutdown(SHUT_RD)
            return
