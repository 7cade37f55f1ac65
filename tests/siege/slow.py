"""Many slow callers at once on one worker with default settings, and what an ordinary caller sees.

200 streams that send a blank line every 7 seconds, 50 bodies that send a byte a second, 1,000 connections
that say nothing: ``python -m tests.siege.slow`` prints how long ``/livez`` and an ordinary request took.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.helpers.serving import Server, serving

STREAMS, BODIES, IDLE = 200, 50, 1000
SECONDS = 30
PATIENCE_SECONDS = 30
BODY = json.dumps({"outlets": ["reuters.com", "https://www.foxnews.com/a", "BBC News", "nobody.example"] * 6})
ORDINARY = (
    "POST /v1/distribution HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Connection: close\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"
)
PROBE = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
STREAM = (
    "POST /v1/distribution/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
    "Transfer-Encoding: chunked\r\n\r\n"
)
BODY_WITHOUT_END = (
    "POST /v1/distribution HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Content-Length: 1000000\r\n\r\n"
)


class Seen(NamedTuple):
    """Seconds of each answer; one that did not come counts as the patience that was spent on it."""

    probes: list[float]
    ordinary: list[float]
    growth: int


def percentile(seconds: list[float], share: float) -> float:
    """Return the smallest figure that ``share`` of all are not above."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


async def drip(port: int, head: str, drop: bytes, every: float, **how: Any) -> None:
    """Send ``head``, then ``drop`` again and again, and call again when the server hangs up.

    ``how`` says how to connect, where that is not to the plain port.
    """
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, **how)
            try:
                writer.write(head.encode())
                while not writer.is_closing():
                    await writer.drain()
                    await asyncio.sleep(every)
                    writer.write(drop)
            finally:
                writer.transport.abort()
        await asyncio.sleep(1)


async def ask(port: int, request: str, **how: Any) -> float:
    """Return how long a 200 took to come on a new connection."""
    began = time.monotonic()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, **how)
            try:
                writer.write(request.encode())
                if (await reader.read()).startswith(b"HTTP/1.1 200 "):
                    return time.monotonic() - began
            finally:
                writer.transport.abort()
    return float(PATIENCE_SECONDS)


async def ask_every(port: int, request: str, pause: float) -> list[float]:
    """Ask for ``SECONDS``, each time without waiting for the answer before."""
    asked = []
    for _ in range(int(SECONDS / pause)):
        asked.append(asyncio.create_task(ask(port, request)))
        await asyncio.sleep(pause)
    return list(await asyncio.gather(*asked))


def started(count: int, make: Callable[[], Coroutine[None, None, None]]) -> list[asyncio.Task]:
    """Start ``count`` callers."""
    return [asyncio.create_task(make()) for _ in range(count)]


async def besiege(server: Server) -> Seen:
    """Let the slow callers come, then ask as an ordinary one."""
    port = int(server.url.rpartition(":")[2])
    before = memory(server)
    slow = [
        *started(STREAMS, lambda: drip(port, STREAM, b"1\r\n\n\r\n", 7)),
        *started(BODIES, lambda: drip(port, BODY_WITHOUT_END, b" ", 1)),
        *started(IDLE, lambda: drip(port, "", b"", 3600)),
    ]
    await asyncio.sleep(3)
    probes, ordinary = await asyncio.gather(ask_every(port, PROBE, 0.5), ask_every(port, ORDINARY, 0.1))
    growth = memory(server) - before
    for caller in slow:
        caller.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return Seen(probes, ordinary, growth)


def memory(server: Server) -> int:
    """Resident bytes of the workers."""
    return sum(worker.memory_info().rss for worker in psutil.Process(server.process.pid).children())


def line(name: str, seconds: list[float]) -> str:
    """Say how long the answers took."""
    within = sum(each <= 1 for each in seconds)
    return (
        f"{name}: {within} of {len(seconds)} within 1 s, p50 {percentile(seconds, 0.5):.3f} s, "
        f"p99 {percentile(seconds, 0.99):.3f} s, longest {max(seconds):.3f} s"
    )


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        seen = asyncio.run(besiege(server))
    sys.stdout.write(f"{line('/livez', seen.probes)}\n{line('ordinary requests', seen.ordinary)}\n")
    sys.stdout.write(f"memory: {seen.growth / 2**20:+.1f} MiB\n")


if __name__ == "__main__":
    main()
