"""New data without a gap: the master reads and checks it once, the workers load it while they serve.

The master writes the checked snapshot to a file that is replaced whole. Each worker polls that file and swaps
its catalog in one assignment. No worker is replaced, so no connection is dropped, and none serves data that
was not checked. A worker that starts later inherits the master's catalog.
"""

import logging
import os
import signal
import threading
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import msgspec

from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import FileSignature, file_signature, write_bytes
from service.dataset.snapshot import build_catalog, decode_snapshot, gc_paused
from service.server.data_source import DataSource, TransientError
from service.telemetry import metrics, shared_memory
from service.web.app import warm_up
from service.web.framework.endpoint import CATALOG_KEY
from service.web.framework.worker_threads import in_thread

LOG = logging.getLogger(__name__)
POSTPONED = "new data not taken yet, it is tried again"
POLL_SECONDS = 1.0
# A log line names so many; `python -m service data check` names all.
MAX_LOGGED_ISSUES = 5
# How long a reading that is to be tried again waits where nobody looks for changes.
RETRY_SECONDS = 5.0
# These say nothing of the data: no room in memory, a reader that was ended, files that change.
TRANSIENT_ERRORS = (TransientError, OSError, msgspec.DecodeError)


class SnapshotStore:
    """The file through which the master publishes data to its workers.

    ``served`` holds the application's catalog under ``CATALOG_KEY``. A thread of the master reads. The master
    itself does the rest: it goes on replacing workers and hearing signals meanwhile.
    """

    def __init__(self, source: DataSource, served: MutableMapping[str, Any]) -> None:
        self.source = source
        self.served = served
        self.path: Path | None = None
        self.current: FileSignature | None = None
        self.reading = False
        self.result: bytes | Exception | None = None
        self.requested = False

    def open(self) -> None:
        """Make the folder for the file, in the master before it forks."""
        self.path = shared_memory.make_locked_folder("slantwise-") / "snapshot"

    def reload(self) -> None:
        """Begin to read, in the master, or publish what has been read since."""
        result, self.result = self.result, None
        if result is not None:
            self.reading = False
            self._finish(result)
        elif self.reading:
            self.requested = True
        if not self.reading and (result is None or self.requested):
            self.reading, self.requested = True, False
            threading.Thread(target=self._read, daemon=True, name="read").start()

    def _read(self) -> None:
        """Read in a thread of the master, then have the master look at the result."""
        try:
            self.result = self.source.read()
        except Exception as error:
            self.result = error
        os.kill(os.getpid(), signal.SIGHUP)

    def _finish(self, result: bytes | Exception) -> None:
        """Publish what was read. Data that cannot be served changes only log and metric."""
        try:
            if isinstance(result, Exception):
                raise result
            self.publish(result)
        except TRANSIENT_ERRORS as error:
            self.source.retry = True
            metrics.count_reload("postponed")
            LOG.warning(POSTPONED, extra={"fields": {"reason": str(error)}})
        except DataError as error:
            faults = str(error).splitlines()
            metrics.count_reload("failed")
            fields = {"faults": faults[:MAX_LOGGED_ISSUES], "more": len(faults[MAX_LOGGED_ISSUES:])}
            LOG.error("new data refused, old data kept", extra={"fields": fields})

    def publish(self, encoded: bytes) -> None:
        """Serve a snapshot, in the master and in its workers, unless it is what is served already."""
        snapshot = decode_snapshot(encoded)
        if snapshot.sha256 == self.served[CATALOG_KEY].sha256:
            metrics.count_reload("unchanged")
            return
        with gc_paused():
            catalog = warm_up(build_catalog(snapshot))
        assert self.path, "opened before a reload can be asked for"  # noqa: S101
        write_bytes(self.path, encoded)
        self.current = file_signature(self.path)
        self.served[CATALOG_KEY] = catalog
        metrics.count_reload("ok")
        fields = {"version": catalog.version, "sha256": catalog.sha256, "outlets": len(catalog.outlets)}
        LOG.info("data reloaded", extra={"fields": fields})

    def watch(self, seconds: float) -> None:
        """Ask for a reload, in the master, whenever files have changed or one is to be tried again.

        Without ``seconds`` nobody looks for changes.
        """
        while True:
            threading.Event().wait(seconds or RETRY_SECONDS)
            if not self.reading and (self.source.retry or (seconds and self.source.has_changed())):
                os.kill(os.getpid(), signal.SIGHUP)

    def poll(self) -> None:
        """Load, in a worker, what the master publishes, again and again, and write the metrics down."""
        while True:
            self.refresh()
            metrics.flush()
            threading.Event().wait(POLL_SECONDS)

    def refresh(self) -> None:
        """Serve, in a worker, what the master has published, if that is new."""
        found = file_signature(self.path) if self.path else None
        if found is None or found == self.current:
            return
        try:
            self.served[CATALOG_KEY] = self._load_published()
            self.current = found
        except (OSError, msgspec.DecodeError) as error:
            LOG.warning(POSTPONED, extra={"fields": {"reason": str(error)}})

    @in_thread
    def _load_published(self) -> Catalog:
        assert self.path, "opened before there are workers"  # noqa: S101
        with gc_paused():
            return warm_up(build_catalog(decode_snapshot(self.path.read_bytes())))
