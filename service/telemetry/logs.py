"""Logs on standard output: JSON lines, or plain text on a terminal; the server's own lines in the same form.

A line holds nothing of the caller: no address, no user agent, no query, no path but its route's template.
JSON escapes line ends, so no value can forge a line.
"""

import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

STDOUT = 1
ENCODE = msgspec.json.Encoder(enc_hook=str).encode


class RequestLine(msgspec.Struct, frozen=True):
    """The one line of a request; ``ms`` from its arrival to its last byte handed over."""

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


def write(line: bytes) -> None:
    """Write ``line`` with one system call, so that the lines of several workers do not mix.

    A line that cannot be written is lost, and the request goes on.
    """
    try:
        os.write(STDOUT, line + b"\n")
    except OSError:
        return


WRITE = write


def request_line(**fields: Any) -> None:
    """Log one request, past the loggers, whose records cost more than the line itself."""
    WRITE(ENCODE(RequestLine(datetime.now(UTC), "info", "request", **fields)))


class Output(logging.Handler):
    """Writes each record as one line. What a record says beside its event is in ``extra={"fields": …}``."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write ``record``."""
        write(self.format(record).encode("utf-8", "backslashreplace"))


class ForMachines(logging.Formatter):
    """A record as JSON: its time, level and event first."""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``record`` as one line."""
        told = {"timestamp": datetime.fromtimestamp(record.created, UTC), "level": record.levelname.lower()}
        told |= {"event": record.getMessage(), **fields_of(record)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return ENCODE(told).decode()


class ForPeople(logging.Formatter):
    """A record as text for a terminal, with its fields behind the event."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """Return the line of ``record``; a traceback follows it."""
        told = "".join(f"  {name}={value}" for name, value in fields_of(record).items())
        return super().formatMessage(record) + told


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what ``record`` says beside its event."""
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def output() -> logging.Handler:
    """Return a handler that writes for people on a terminal, for machines elsewhere."""
    handler = Output()
    handler.setFormatter(ForPeople() if sys.stdout.isatty() else ForMachines())
    return handler


def configure() -> None:
    """Send every logger's lines here; call once in a process that serves."""
    logging.root.handlers = logging.root.handlers or [output()]
    logging.getLogger("service").setLevel(logging.INFO)
