"""New data without a gap: the master reads and checks it once, the workers take it up while they serve.

The master writes the checked snapshot to a file that is replaced whole; each worker looks at that file and
swaps its catalog in one assignment. No worker is replaced, so no connection is dropped, and none serves data
that was not checked. A worker that starts later inherits the master's catalog.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import msgspec

from service.core.errors import DataError
from service.dataset.csvfile import write_bytes
from service.dataset.snapshot import catalog_of, unpack
from service.server.source import Source
from service.telemetry import metrics
from service.web.http.endpoint import CATALOG

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
GIVE_WAY_SECONDS = 0.0005
"""How long taking up new data may keep a request waiting at a time; it waits so after each read and write,
and Python's own 5 ms would add up."""

MOST_FAULTS = 5
"""Faults that a log line names; ``python -m service data check`` names all."""

Stamp = tuple[int, int] | None


class Exchange:
    """The file through which the master hands data to its workers; ``taken`` is the last one's stamp.

    ``served`` holds the application's catalog under ``CATALOG``.
    """

    def __init__(self, source: Source, served: MutableMapping[str, Any]) -> None:
        self.source = source
        self.served = served
        self.path: Path | None = None
        self.taken: Stamp = None

    def open(self, folder: str) -> None:
        """In the master, before it forks: the folder for the file."""
        self.path = Path(folder, "snapshot")

    def reload(self) -> None:
        """In the master: read, check, hand on; data that cannot be served changes only log and metric."""
        try:
            packed = self.source.read()
            snapshot = unpack(packed)
            if snapshot.sha256 == self.served[CATALOG].sha256:
                metrics.count_reload("unchanged")
                return
            catalog = catalog_of(snapshot)
            self.publish(packed)
        except (DataError, OSError, msgspec.DecodeError) as error:
            faults = str(error).splitlines()
            metrics.count_reload("failed")
            told = {"faults": faults[:MOST_FAULTS], "more": len(faults[MOST_FAULTS:])}
            LOG.error("new data refused, old data kept", extra={"fields": told})
        else:
            self.served[CATALOG] = catalog
            metrics.count_reload("ok")
            told = {"version": catalog.version, "sha256": catalog.sha256, "outlets": len(catalog.outlets)}
            LOG.info("data reloaded", extra={"fields": told})

    def publish(self, packed: bytes) -> None:
        """Put ``packed`` where the workers look, whole."""
        assert self.path, "opened before a reload can be asked for"  # noqa: S101
        write_bytes(self.path, packed)
        self.taken = stamp(self.path)

    def watch(self, seconds: float) -> None:
        """In the master, for ever: ask for a reload when the data files have changed."""
        while True:
            threading.Event().wait(seconds)
            if self.source.changed():
                os.kill(os.getpid(), signal.SIGHUP)

    def follow(self) -> None:
        """In a worker, for ever: take up what the master hands on, and write the figures down."""
        while True:
            self.take()
            metrics.flush()
            threading.Event().wait(LOOK_SECONDS)

    def take(self) -> None:
        """In a worker: serve what the master has handed on, if it is not what is served already."""
        found = stamp(self.path)
        if self.path and found and found != self.taken:
            usual = sys.getswitchinterval()
            sys.setswitchinterval(GIVE_WAY_SECONDS)
            try:
                self.served[CATALOG] = catalog_of(unpack(self.path.read_bytes()))
            finally:
                sys.setswitchinterval(usual)
            self.taken = found


def stamp(path: Path | None) -> Stamp:
    """What tells one snapshot file from the next; ``None`` while there is none."""
    try:
        stat = path.stat() if path else None
    except OSError:
        return None
    if stat is None:
        return None
    return stat.st_ino, stat.st_mtime_ns
