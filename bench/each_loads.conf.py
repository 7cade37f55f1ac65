"""The service's own configuration, but every worker reads the table itself: what preloading saves."""

from pathlib import Path

exec(Path("service/gunicorn.conf.py").read_text())
preload_app = False
