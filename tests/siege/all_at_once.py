"""Everything that is known to hurt, at once, to the shipped server behind the shipped gateway.

Two replicas, as the gateway's file has them. Ordinary callers go through the gateway: of a worker that is
killed they see nothing, for the other replica answers. Spoiled requests and slow callers also reach each
replica directly.
"""

import asyncio
import itertools
import os
import signal
import ssl
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.helpers.datafolder import rater_file
from tests.helpers.gateway import Gateway, in_front_of
from tests.helpers.serving import Server, serving
from tests.siege import slow
from tests.siege.raw import mutated
from tests.siege.seen import Seen
from tests.siege.worst import WORST, Worst

SEED = 18
STREAMS, BODIES, IDLE = 100, 50, 100
CALLERS_OF_GARBAGE = 24
GARBAGE_SECONDS = 10
"""How long an answer to a spoiled request is waited for: one without an end gets none."""

KILLED_EVERY, CHANGED_EVERY, SIGHUP_EVERY = 6.0, 8.0, 0.5
NO_ANSWER, CLOSED = "no answer yet", "closed without an answer"


class Door(NamedTuple):
    """A way in: its port, the path before every path, how to connect, and headers that it asks for."""

    port: int
    prefix: str = ""
    tls: ssl.SSLContext | None = None

    def how(self, number: int) -> dict[str, Any]:
        """Return how caller ``number`` connects: from an address that few others have."""
        by_name = {"server_hostname": "localhost"} if self.tls else {}
        return {"ssl": self.tls, "local_addr": (f"127.0.0.{number % 200 + 10}", 0), **by_name}

    def asked(self, request: str, number: int) -> str:
        """Return ``request`` as caller ``number`` sends it here."""
        if not self.tls:
            return request
        line, _, rest = request.partition("\r\n")
        return f"{line.replace(' /', f' {self.prefix}/', 1)}\r\nX-Api-Key: {key(number)}\r\n{rest}"


def key(number: int) -> str:
    """The key of a caller; the gateway knows 200 of them."""
    return f"key-{number % 200 + 10}"


async def ending(door: Door, number: int, request: bytes) -> str:
    """Send ``request`` and return the status of its answer, or how the connection ended without one."""
    writer = None
    try:
        async with asyncio.timeout(GARBAGE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port, **door.how(number))
            writer.write(request)
            if writer.can_write_eof():
                writer.write_eof()
            line = await reader.readline()
            await reader.read()
    except TimeoutError:
        return NO_ANSWER
    except OSError:
        return CLOSED
    finally:
        if writer:
            writer.transport.abort()
    words = line.split()
    if line and not line.startswith(b"HTTP/"):
        return "an answer without a head"  # to what names no version: HTTP/0.9 had none
    return words[1].decode("latin-1") if len(words) > 1 else CLOSED


async def send_garbage(doors: list[Door], count: int, seconds: float, seen: Seen) -> None:
    """Send ``count`` spoiled requests, spread over ``seconds``."""
    each_door = [
        mutated(SEED, count, "localhost", *([f"X-Api-Key: {key(n)}"] if door.tls else []))
        for n, door in enumerate(doors)
    ]
    numbered = iter(range(count))
    began = time.monotonic()

    async def call() -> None:
        for number in numbered:
            which = number % len(doors)
            request = next(each_door[which])
            await asyncio.sleep(max(0, began + seconds * number / count - time.monotonic()))
            seen.garbage[await ending(doors[which], number, below(doors[which], request))] += 1

    await asyncio.gather(*(call() for _ in range(CALLERS_OF_GARBAGE)))


def below(door: Door, request: bytes) -> bytes:
    """Return ``request`` for the path that the door answers below."""
    return request.replace(b" /", b" " + door.prefix.encode() + b"/", 1)


def written(worst: Worst) -> bytes:
    """Return a dearest request as it goes over the wire."""
    body = worst.body() if worst.body else b""
    method = "POST" if worst.body else "GET"
    head = f"{method} {worst.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if worst.body:
        head += f"Content-Type: {worst.kind}\r\nContent-Length: {len(body)}\r\n"
        if worst.encoding != "identity":
            head += f"Content-Encoding: {worst.encoding}\r\n"
    return head.encode() + b"\r\n" + body


async def send_worst(door: Door, requests: list[tuple[bytes, int]], seen: Seen) -> None:
    """Send ``requests``, one after the other, for ever."""
    for number, (request, expected) in enumerate(itertools.cycle(requests)):
        head, _, body = request.partition(b"\r\n\r\n")
        asked = door.asked(head.decode() + "\r\n\r\n", number).encode() + body
        found = await ending(door, number, asked)
        seen.worst["as expected" if found == str(expected) else found] += 1
        await asyncio.sleep(0.5)


async def every(seconds: float, act: Callable[[], None]) -> None:
    """Do something again and again, for ever."""
    while True:
        await asyncio.sleep(seconds)
        act()


def trouble(servers: list[Server], raters: Path, seen: Seen) -> list[Awaitable[None]]:
    """Return what goes on at the servers themselves: killed workers, new data, and demands to read it."""
    labels: Iterator[str] = itertools.cycle(("left", "right"))

    def kill() -> None:
        master = psutil.Process(servers[seen.killed % len(servers)].process.pid)
        with suppress(psutil.Error):
            for worker in [each for each in master.children() if each.cmdline() == master.cmdline()]:
                worker.kill()
                seen.killed += 1

    def change() -> None:
        rater_file(raters, "own", {"domain": "reuters.com", "label": next(labels)})
        seen.changed += 1

    def demand() -> None:
        for server in servers:
            os.kill(server.process.pid, signal.SIGHUP)

    return [every(KILLED_EVERY, kill), every(CHANGED_EVERY, change), every(SIGHUP_EVERY, demand)]


def slow_callers(doors: list[Door]) -> list[Awaitable[None]]:
    """Return those who send slowly or nothing, in turn through each door."""
    kinds = (
        (STREAMS, slow.STREAM, b"1\r\n\n\r\n", 7),
        (BODIES, slow.BODY_WITHOUT_END, b" ", 1),
        (IDLE, "", b"", 3600),
    )
    return [
        slow.drip(door.port, door.asked(head, number) if head else "", drop, pause, **door.how(number))
        for count, head, drop, pause in kinds
        for number in range(count)
        for door in (doors[number % len(doors)],)
    ]


async def attack(servers: list[Server], gateway: Gateway, raters: Path, seconds: float, garbage: int) -> Seen:
    """Let all come at once for ``seconds``, and ask as ordinary callers meanwhile."""
    seen = Seen()
    trusted = ssl.create_default_context(cafile=str(gateway.certificate))
    front = Door(gateway.port, "/bias", trusted)
    doors = [front, *(Door(int(server.url.rpartition(":")[2])) for server in servers)]
    dearest = [(written(worst), worst.status) for worst in WORST]
    hostile = [*slow_callers(doors), *trouble(servers, raters, seen), send_worst(front, dearest, seen)]
    tasks = [asyncio.ensure_future(each) for each in hostile]
    await asyncio.sleep(1)

    async def ask(request: str, pause: float) -> list[float]:
        asked = []
        for number in range(int(seconds / pause)):
            sent = front.asked(request, number)
            asked.append(asyncio.create_task(slow.ask(front.port, sent, **front.how(number))))
            await asyncio.sleep(pause)
        return list(await asyncio.gather(*asked))

    seen.probes, seen.ordinary, _ = await asyncio.gather(
        ask(slow.PROBE, 0.5), ask(slow.ORDINARY, 0.1), send_garbage(doors, garbage, seconds, seen)
    )
    ended = [task.exception() for task in tasks if task.done()]
    assert not ended, f"part of the siege ended early: {ended}"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.1)  # connections that were let go close in the loop
    return seen


def siege(seconds: float, garbage: int) -> Seen:
    """Besiege two new replicas, and return what callers saw and what its log says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raters = folder / "raters"
        rater_file(raters, "own", {"domain": "reuters.com", "label": "left"})
        environ = {"SLANTWISE_RATER_FILES": str(raters), "SLANTWISE_PROXY_HOPS": "1"}
        with (
            serving(folder, **environ) as one,
            serving(folder, **environ) as two,
            in_front_of(one.url, folder, two.url) as gateway,
        ):
            seen = asyncio.run(attack([one, two], gateway, raters, seconds, garbage))
            seen.log = "".join(each.log.read_text(errors="replace") for each in (one, two))
    return seen
