"""How the server runs: threads for slow clients, the table read once and shared by all workers."""

import os

wsgi_app = "service.web.app:from_settings()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 4
# The master reads the table; workers share its memory.
preload_app = True
# Without it keep-alive connections can pile up on one worker.
reuse_port = True
# The socket wants a writable home, which a read-only container does not have.
control_socket_disable = True
# Heartbeats in memory: a read-only file system has no place for them, and a full disk would stop workers.
worker_tmp_dir = "/dev/shm"  # noqa: S108
keepalive = 15
graceful_timeout = 30
timeout = 60
