"""How the server runs: threads for slow clients, the table read once and shared by all workers."""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from service.telemetry import folders

wsgi_app = "service.server.start:from_settings()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# gunicorn's own threads, but a slow caller holds none of them for long.
worker_class = "service.server.worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 4
# The master reads the table; workers share its memory.
preload_app = True
# Without it keep-alive connections can pile up on one worker.
reuse_port = True
# The socket wants a writable home, which a read-only container does not have.
control_socket_disable = True
# Heartbeats in memory: a read-only file system has no place for them, and a full disk would stop workers.
worker_tmp_dir = folders.memory()
logger_class = "service.server.hooks.ServerLog"
keepalive = 15
graceful_timeout = 30
timeout = 60

# The metrics library looks for its folder when it is imported: make it first, import the hooks late.
folders.make_metrics_folder()


def when_ready(server: Any) -> None:
    """The master is about to fork."""
    from service.server.hooks import master_ready  # noqa: PLC0415

    master_ready(server)


def post_worker_init(worker: Any) -> None:
    """A worker is about to accept connections."""
    from service.server.hooks import worker_ready  # noqa: PLC0415

    worker_ready(worker)


def worker_exit(server: Any, worker: Any) -> None:  # the server's signature
    """A worker ends as it should."""
    from service.telemetry.metrics import flush  # noqa: PLC0415

    flush()


def child_exit(server: Any, worker: Any) -> None:  # the server's signature
    """A worker has ended."""
    from service.server.hooks import worker_gone  # noqa: PLC0415

    worker_gone(worker)


def on_exit(server: Any) -> None:
    """The master ends."""
    from service.server.hooks import master_gone  # noqa: PLC0415

    master_gone(server)
