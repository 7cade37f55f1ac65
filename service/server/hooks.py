"""Keep the server's log, and act at the moments of its life that gunicorn.conf.py names."""

import errno
import gc
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from service.server.reload import SnapshotStore
from service.telemetry import logs, metrics, shared_memory
from service.web.app import TRACING_KEY

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.config import Config
    from gunicorn.workers.base import Worker

LOG = logging.getLogger(__name__)
LAST_SPANS_SECONDS = 2.0
NO_RELOAD = "no reload: there is no folder to hand new data to workers"
# Variables that say that a process before this one listens already.
INHERITED_SOCKETS = {"GUNICORN_FD", "GUNICORN_PID", "LISTEN_FDS"}


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The server's log in the service's form, on standard output, without what callers sent."""

    def setup(self, cfg: "Config") -> None:
        """Set the log up when the server starts."""
        super().setup(cfg)
        handler = logs.make_handler()
        handler.addFilter(redact_caller)
        self.error_log.handlers = [handler]
        logging.root.handlers = [handler]


def redact_caller(record: logging.LogRecord) -> bool:
    """Redact request data from gunicorn's log messages."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, TimeoutError) or type(error).__module__ == "gunicorn.http.errors":
        record.levelno, record.levelname = logging.INFO, "INFO"
        record.msg, record.args, record.exc_info = "let a caller go", (), None
    elif isinstance(record.msg, str) and record.msg.startswith("Invalid request from ip="):
        record.msg = "refused what is no HTTP request"
    elif record.msg == "Error handling request %s %s" and isinstance(record.args, tuple):
        record.args = (record.args[0], "-")
    return True


def on_master_start(server: "Arbiter") -> None:
    """End the master with one line where it could not serve, or would lose requests."""
    if server.cfg.max_requests and server.cfg.reuse_port:
        sys.exit("--max-requests is refused: the connections that wait for a worker would end with it")
    if os.environ.keys() & INHERITED_SOCKETS:
        return
    for address in server.cfg.address:
        if isinstance(address, tuple):
            check_port_free(address)


def check_port_free(address: tuple[str, int]) -> None:
    """End the process if the address is taken: workers share theirs, with whoever asks for it too."""
    host, port = address
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as alone:
        alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            alone.bind(address)
        except OverflowError:
            sys.exit(f"PORT={port} is no port; a port is a number from 1 to 65535")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(f"port {port} is in use; PORT=... chooses another")
            sys.exit(f"{host}:{port} cannot be listened on: {error.strerror}")


def on_master_ready(server: "Arbiter") -> None:
    """Let SIGHUP and changed files reload the data, not the workers. Runs in the master, before it forks."""
    addresses = [f"http://{host}:{port}/" for host, port, *_ in server.cfg.address]
    LOG.info("serving", extra={"fields": {"at": addresses}})
    preallocate_metrics()
    store = get_snapshot_store(server)
    try:
        store.open()
    except OSError as error:
        LOG.error(NO_RELOAD, extra={"fields": {"reason": str(error)}})
        server.handle_hup = lambda: LOG.error(NO_RELOAD)
    else:
        server.handle_hup = store.reload
        seconds = store.source.settings.reload_seconds
        threading.Thread(target=store.watch, args=(seconds,), daemon=True, name="watch").start()
    # What is there now stays: no collection need look at it, and workers go on sharing its memory.
    gc.freeze()
    gc.enable()


def on_worker_ready(worker: "Worker") -> None:
    """Load the newest data in a worker, before it accepts, and go on polling."""
    # The master reloads. A terminal or supervisor that signals the whole group shall not end workers.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    preallocate_metrics()
    store = get_snapshot_store(worker)
    if store.path:
        store.refresh()
        threading.Thread(target=store.poll, daemon=True, name="poll").start()


def end_worker(server: "Arbiter", worker: "Worker") -> None:
    """Write the last figures and spans, then end the process at once.

    The interpreter would take itself down under gevent's feet, and print tracebacks into the log.
    """
    stop = sys.exc_info()[1]
    status = stop.code if isinstance(stop, SystemExit) else 1
    try:
        metrics.flush()
        if tracing := worker.app.wsgi().extensions.get(TRACING_KEY):
            # A collector that does not answer must not hold the stop up.
            sending = threading.Thread(target=tracing.shutdown, daemon=True)
            sending.start()
            sending.join(LAST_SPANS_SECONDS)
    finally:
        os._exit(status if isinstance(status, int) else int(status is not None))


def on_worker_exit(server: "Arbiter", worker: "Worker") -> None:
    """Note in the master that a worker has ended. What it counted still counts."""
    metrics.truncate_files(worker.pid)


def on_master_exit(server: "Arbiter") -> None:
    """Leave nothing behind when the master ends."""
    if path := get_snapshot_store(server).path:
        shutil.rmtree(path.parent, ignore_errors=True)
    if folder := os.environ.get(shared_memory.METRICS_VARIABLE):
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)
        if Path(folder).name.startswith("slantwise-metrics-"):
            shutil.rmtree(folder, ignore_errors=True)


def preallocate_metrics() -> None:
    if not metrics.preallocate_files():
        fields = {"folder": os.environ.get(shared_memory.METRICS_VARIABLE)}
        LOG.error("no room for metrics: this process goes without", extra={"fields": fields})


def get_snapshot_store(process: "Arbiter | Worker") -> SnapshotStore:
    app: Any = process.app.wsgi()
    found: SnapshotStore = app.extensions["slantwise.snapshots"]
    return found
