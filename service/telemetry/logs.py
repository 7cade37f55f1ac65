"""Writes logs to standard output: JSON lines, or plain text on a terminal.

The lines of the server have the same form. A line holds nothing of the caller: no address, no user agent, no
query, and of the path only its route's template. JSON escapes line ends, so that no value can forge a line.
"""

import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

STDOUT_FD = 1
encode_json = msgspec.json.Encoder(enc_hook=str).encode


class RequestLine(msgspec.Struct, frozen=True):
    """The one line of a request. ``ms`` runs from its arrival until its last byte is handed over."""

    timestamp: datetime
    level: str
    event: str
    request_id: str
    method: str
    route: str
    status: int
    ms: float
    bytes: int
    entries: Mapping[str, int]


def write_stdout(line: bytes) -> None:
    """Write ``line`` with one system call, so that the lines of several workers do not mix.

    A line that cannot be written is lost, and the request goes on.
    """
    try:
        os.write(STDOUT_FD, line + b"\n")
    except OSError:
        return


write_line = write_stdout


@lru_cache(1)
def is_terminal() -> bool:
    return sys.stdout.isatty()


def write_request_line(**fields: Any) -> None:
    """Log one request, past the loggers, whose records cost more than the line itself."""
    if is_terminal():
        logging.getLogger("service.requests").info("request", extra={"fields": fields})
        return
    write_line(encode_json(RequestLine(datetime.now(UTC), "info", "request", **fields)))


class StdoutHandler(logging.Handler):
    """A handler that writes each record in one line, with the fields in ``extra={"fields": …}``."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write ``record``."""
        write_stdout(self.format(record).encode("utf-8", "backslashreplace"))


class JsonFormatter(logging.Formatter):
    """A formatter to JSON, with time, level and event first."""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``record`` as one line."""
        shown = {"timestamp": datetime.fromtimestamp(record.created, UTC), "level": record.levelname.lower()}
        shown |= {"event": record.getMessage(), **extra_fields(record)}
        if record.exc_info:
            shown["exception"] = self.formatException(record.exc_info)
        return encode_json(shown).decode()


class TextFormatter(logging.Formatter):
    """A formatter to text for a terminal, with the fields after the event."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """Return the line of ``record``. A traceback follows it."""
        shown = "".join(f"  {name}={value}" for name, value in extra_fields(record).items())
        return super().formatMessage(record) + shown


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def make_handler() -> logging.Handler:
    handler = StdoutHandler()
    handler.setFormatter(TextFormatter() if sys.stdout.isatty() else JsonFormatter())
    return handler


def configure_logging() -> None:
    """Send every logger's lines here. Call this once in a process that serves."""
    logging.root.handlers = logging.root.handlers or [make_handler()]
    logging.getLogger("service").setLevel(logging.INFO)
