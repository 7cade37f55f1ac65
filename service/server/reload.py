"""New data without a gap: the master reads and checks it once, the workers take it up while they serve.

The master writes the checked snapshot to a file that is replaced whole. Each worker looks at that file and
swaps its catalog in one assignment. No worker is replaced, so no connection is dropped, and none serves data
that was not checked. A worker that starts later inherits the master's catalog.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import gevent
import gevent.monkey
import msgspec

from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import FileSignature, file_signature, write_bytes
from service.dataset.snapshot import build_catalog, decode_snapshot
from service.server.data_source import DataSource, TransientError
from service.telemetry import metrics, shared_memory
from service.web.app import warm_up
from service.web.framework.endpoint import CATALOG_KEY

LOG = logging.getLogger(__name__)
POSTPONED = "new data not taken yet, it is tried again"
POLL_SECONDS = 1.0
RELOAD_SWITCH_INTERVAL = 0.0005
"""How long taking up new data may keep a request waiting at a time; it waits so after each read and write,
and Python's own 5 ms would add up."""

MAX_LOGGED_ISSUES = 5
"""Faults that a log line names; ``python -m service data check`` names all."""

RETRY_SECONDS = 5.0
"""How long a reading that is to be tried again waits, where nobody looks for changes."""

TRANSIENT_ERRORS = (TransientError, OSError, msgspec.DecodeError)
"""What says nothing of the data: no room in memory, a reader that was ended, files that change."""


class SnapshotStore:
    """The file through which the master hands data to its workers. ``taken`` is the last one's stamp.

    ``served`` holds the application's catalog under ``CATALOG_KEY``. A thread of the master reads. The master
    itself does the rest: it goes on replacing workers and hearing signals meanwhile.
    """

    def __init__(self, source: DataSource, served: MutableMapping[str, Any]) -> None:
        self.source = source
        self.served = served
        self.path: Path | None = None
        self.taken: FileSignature | None = None
        self.reading = False
        self.read: bytes | Exception | None = None
        self.wanted = False

    def open(self) -> None:
        """Make the folder for the file, in the master before it forks."""
        self.path = shared_memory.make_locked_folder("slantwise-") / "snapshot"

    def reload(self) -> None:
        """Begin to read, in the master, or hand on what has been read since."""
        found, self.read = self.read, None
        if found is not None:
            self.reading = False
            self.finish(found)
        elif self.reading:
            self.wanted = True
        if not self.reading and (found is None or self.wanted):
            self.reading, self.wanted = True, False
            threading.Thread(target=self.read_apart, daemon=True, name="read").start()

    def read_apart(self) -> None:
        """Read in a thread of the master, then have the master look at what came of it."""
        try:
            self.read = self.source.read()
        except Exception as error:
            self.read = error
        os.kill(os.getpid(), signal.SIGHUP)

    def finish(self, found: bytes | Exception) -> None:
        """Check and hand on, in the master. Data that cannot be served changes only log and metric."""
        try:
            if isinstance(found, Exception):
                raise found
            self.hand_on(found)
        except TRANSIENT_ERRORS as error:
            self.source.forget()
            metrics.count_reload("postponed")
            LOG.warning(POSTPONED, extra={"fields": {"reason": str(error)}})
        except DataError as error:
            faults = str(error).splitlines()
            metrics.count_reload("failed")
            told = {"faults": faults[:MAX_LOGGED_ISSUES], "more": len(faults[MAX_LOGGED_ISSUES:])}
            LOG.error("new data refused, old data kept", extra={"fields": told})

    def hand_on(self, packed: bytes) -> None:
        """Give the workers what was read, unless it is what is served already."""
        snapshot = decode_snapshot(packed)
        if snapshot.sha256 == self.served[CATALOG_KEY].sha256:
            metrics.count_reload("unchanged")
            return
        catalog = warm_up(build_catalog(snapshot))
        self.publish(packed)
        self.served[CATALOG_KEY] = catalog
        metrics.count_reload("ok")
        told = {"version": catalog.version, "sha256": catalog.sha256, "outlets": len(catalog.outlets)}
        LOG.info("data reloaded", extra={"fields": told})

    def publish(self, packed: bytes) -> None:
        """Put ``packed`` where the workers look, whole."""
        assert self.path, "opened before a reload can be asked for"  # noqa: S101
        write_bytes(self.path, packed)
        self.taken = file_signature(self.path)

    def watch(self, seconds: float) -> None:
        """Ask for a reload, in the master, whenever files have changed or one is to be tried again.

        Without ``seconds`` nobody looks for changes.
        """
        while True:
            threading.Event().wait(seconds or RETRY_SECONDS)
            if not self.reading and (self.source.again or (seconds and self.source.changed())):
                os.kill(os.getpid(), signal.SIGHUP)

    def follow(self) -> None:
        """Take up, in a worker, what the master hands on, again and again, and write the figures down."""
        while True:
            self.take()
            metrics.flush()
            threading.Event().wait(POLL_SECONDS)

    def take(self) -> None:
        """Serve, in a worker, what the master has handed on, if that is new."""
        found = file_signature(self.path) if self.path else None
        if found is None or found == self.taken:
            return
        usual = sys.getswitchinterval()
        sys.setswitchinterval(RELOAD_SWITCH_INTERVAL)
        try:
            self.served[CATALOG_KEY] = in_threadpool(self.read_handed_on)
            self.taken = found
        except (OSError, msgspec.DecodeError) as error:
            LOG.warning(POSTPONED, extra={"fields": {"reason": str(error)}})
        finally:
            sys.setswitchinterval(usual)

    def read_handed_on(self) -> Catalog:
        """Return the catalog that the master has handed on."""
        assert self.path, "opened before there are workers"  # noqa: S101
        return warm_up(build_catalog(decode_snapshot(self.path.read_bytes())))


def in_threadpool(work: Callable[[], Catalog]) -> Catalog:
    """Do ``work`` in a thread, so that a loop which answers requests goes on meanwhile."""
    if not gevent.monkey.is_module_patched("socket"):
        return work()
    done: Catalog = gevent.get_hub().threadpool.apply(work)
    return done
