"""Gunicorn's settings: an event loop in each worker, and the table read once and shared."""

import gc
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from service.telemetry import shared_memory

# Nearly all that the start makes is kept: looking for garbage meanwhile finds next to none.
gc.disable()

MAX_CONNECTIONS = 10_000
# Files that a worker has open besides its connections.
RESERVED_FILES = 100
MIN_FILES = 200


def count_connections() -> int:
    """Return how many connections a worker may hold: each takes a file, of which a process has so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + RESERVED_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed < MIN_FILES:
        sys.exit(f"a process may open {allowed} files and needs {MIN_FILES}: raise the limit (ulimit -n)")
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed - RESERVED_FILES


wsgi_app = "service.server.wsgi:from_settings()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# A caller who is waited for costs a connection, never a thread (docs/decisions/0008-*.md).
worker_class = "service.server.worker.Worker"
worker_connections = count_connections()
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
# The master reads the table; workers share its memory.
preload_app = True
# A shared socket gives most keep-alive connections to one worker: of 32 connections, four had 20, 9, 3 and 0.
reuse_port = True
# The app (SLANTWISE_PROXY_HOPS), not gunicorn, decides which proxy headers to trust.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# The socket wants a writable home, which a read-only container does not have.
control_socket_disable = True
# Heartbeats in memory: a read-only file system has no place for them, and a full disk would stop workers.
worker_tmp_dir = shared_memory.find_shared_memory()
logger_class = "service.server.hooks.ServerLog"
# Seconds that a connection may take to send a request's head, the first one or the next.
keepalive = 15
graceful_timeout = 30
timeout = 60

# Until the server has handlers of its own, a stop would print where the program was.
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: os._exit(0))

# The metrics library looks for its folder when it is imported.
shared_memory.make_metrics_folder()
from service.server import hooks  # noqa: E402

on_starting = hooks.on_master_start
when_ready = hooks.on_master_ready
post_worker_init = hooks.on_worker_ready
worker_exit = hooks.end_worker
child_exit = hooks.on_worker_exit
on_exit = hooks.on_master_exit


def post_fork(server: Any, worker: Any) -> None:  # the server's signature
    """Let a signal end a worker until it listens itself, so that none is lost."""
    for signal_number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
        signal.signal(signal_number, signal.SIG_DFL)


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:
    """Let other callers have their turn. A caller whose next request is there already would go on alone."""
    time.sleep(0)
