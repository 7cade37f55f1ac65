"""Logs on standard output: JSON lines, or colours on a terminal; the server's own lines in the same form.

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
import structlog
from structlog.typing import Processor

STDOUT = 1
SHARED: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


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


class Output:
    """Writes whole lines; one that cannot be written is lost, and the request goes on."""

    def msg(self, line: bytes) -> None:
        """Write ``line`` with one system call, so that the lines of several workers do not mix."""
        try:
            os.write(STDOUT, line + b"\n")
        except OSError:
            return

    debug = info = warning = error = critical = exception = msg


WRITE = Output().msg
ENCODE = msgspec.json.Encoder(enc_hook=str).encode


def request_line(**fields: Any) -> None:
    """Log one request. Not through structlog, whose chain costs six times as much as the line itself."""
    WRITE(ENCODE(RequestLine(datetime.now(UTC), "info", "request", **fields)))


def configure() -> None:
    """Make structlog write here; call once in a process that serves."""
    structlog.configure(
        processors=[*SHARED, *rendering()],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=lambda *_: Output(),
        cache_logger_on_first_use=True,
    )


def rendering() -> tuple[Processor, ...]:
    """How an event becomes a line: for people on a terminal, for machines elsewhere."""
    if sys.stdout.isatty():
        console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        return (console, lambda _, __, line: str(line).encode())
    return (structlog.processors.format_exc_info, json_line)


def json_line(_: Any, __: str, event: Mapping[str, Any]) -> bytes:
    """An event as JSON, its time, level and name first."""
    first = {key: event[key] for key in ("timestamp", "level", "event") if key in event}
    return ENCODE({**first, **event})


def formatter() -> logging.Formatter:
    """The same form for lines of the standard library's loggers, the server's among them."""
    *how, last = rendering()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=list(SHARED),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *how,
            lambda *event: bytes(last(*event)).decode(),  # type: ignore[arg-type]  # the last gives bytes
        ],
    )
