"""Everything that is known to hurt, at once: the shipped server behind the shipped gateway, and what callers see.

Ordinary callers go through the gateway. Of the others half go through it and half reach the server directly.
"""

import asyncio
import itertools
import os
import signal
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.helpers.datafolder import rater_file
from tests.helpers.gateway import Gateway, in_front_of
from tests.helpers.serving import Server, serving
from tests.siege import slow
from tests.siege.raw import mutated
from tests.siege.worst import WORST, Worst

SEED = 18
STREAMS, BODIES, IDLE = 100, 50, 100
CALLERS_OF_GARBAGE = 8
GARBAGE_SECONDS = 5
"""How long an answer to a spoiled request is waited for: one without an end gets none."""

KILLED_EVERY, CHANGED_EVERY, SIGHUP_EVERY = 5.0, 2.0, 0.5
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


@dataclass
class Seen:
    """What callers saw: seconds of ordinary answers, and how each of the other requests ended."""

    probes: list[float] = field(default_factory=list)
    ordinary: list[float] = field(default_factory=list)
    garbage: Counter[str] = field(default_factory=Counter)
    worst: Counter[str] = field(default_factory=Counter)
    killed: int = 0
    changed: int = 0
    log: str = ""

    def lost(self, asked: list[float]) -> int:
        """Return how many of ``asked`` had no 200."""
        return sum(each >= slow.PATIENCE_SECONDS for each in asked)

    def failures(self) -> Counter[str]:
        """Return the statuses of 500 and more that anyone was given."""
        every = self.garbage + self.worst
        return Counter({status: count for status, count in every.items() if status.startswith("5")})

    def faults(self) -> list[str]:
        """Return the log's lines of faults, but for the workers that were killed here."""
        suspect = [line for line in self.log.splitlines() if '"level":"error"' in line or "Traceback" in line]
        return [line for line in suspect if "was sent SIGKILL" not in line]

    def report(self) -> str:
        """Return the figures as text."""
        rows = [
            f"ordinary requests: {len(self.ordinary)} asked, {len(self.ordinary) - self.lost(self.ordinary)} "
            f"answered, {self.lost(self.ordinary)} lost",
            slow.line("ordinary requests", self.ordinary),
            slow.line("/livez", self.probes),
            f"mutated requests: {self.garbage.total()} asked, {told(self.garbage)}",
            f"dearest valid requests: {self.worst.total()} asked, {told(self.worst)}",
            f"workers killed: {self.killed}, data replaced: {self.changed}",
            f"5xx: {told(self.failures()) or 'none'}",
            f"faults in the log: {len(self.faults())}",
        ]
        return "\n".join([*rows, *self.faults()[:5], ""])


def told(counted: Counter[str]) -> str:
    """Return how often each ending came."""
    return ", ".join(f"{count} x {ending}" for ending, count in sorted(counted.items()))


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
            writer.close()
    words = line.split()
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
    return head.encode() + b"\r\n" + body


async def send_worst(door: Door, seen: Seen) -> None:
    """Send the dearest valid requests, one after the other, for ever."""
    for number, (request, expected) in enumerate(itertools.cycle([(written(w), w.status) for w in WORST])):
        head, _, body = request.partition(b"\r\n\r\n")
        asked = door.asked(head.decode() + "\r\n\r\n", number).encode() + body
        found = await ending(door, number, asked)
        seen.worst["as expected" if found == str(expected) else found] += 1


async def every(seconds: float, act: Callable[[], None]) -> None:
    """Do something again and again, for ever."""
    while True:
        await asyncio.sleep(seconds)
        act()


def trouble(server: Server, raters: Path, seen: Seen) -> list[Awaitable[None]]:
    """Return what goes on at the server itself: killed workers, new data, and demands to read it."""
    labels: Iterator[str] = itertools.cycle(("left", "right"))

    def kill() -> None:
        with suppress(psutil.Error):
            children = psutil.Process(server.process.pid).children()
            workers = [each for each in children if "load" not in " ".join(each.cmdline()[-1:])]
            if workers:
                workers[seen.killed % len(workers)].kill()
                seen.killed += 1

    def change() -> None:
        rater_file(raters, "own", {"domain": "reuters.com", "label": next(labels)})
        seen.changed += 1

    def demand() -> None:
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


async def attack(server: Server, gateway: Gateway, raters: Path, seconds: float, garbage: int) -> Seen:
    """Let all come at once for ``seconds``, and ask as ordinary callers meanwhile."""
    seen = Seen()
    trusted = ssl.create_default_context(cafile=str(gateway.certificate))
    front = Door(gateway.port, "/bias", trusted)
    doors = [front, Door(int(server.url.rpartition(":")[2]))]
    hostile = [*slow_callers(doors), *trouble(server, raters, seen), send_worst(front, seen)]
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
    return seen


def siege(seconds: float, garbage: int) -> Seen:
    """Besiege a new server of two workers, and return what callers saw and what its log says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raters = folder / "raters"
        rater_file(raters, "own", {"domain": "reuters.com", "label": "left"})
        environ = {"SLANTWISE_RATER_FILES": str(raters), "SLANTWISE_RELOAD_SECONDS": "1"}
        with (
            serving(folder, WEB_CONCURRENCY="2", SLANTWISE_PROXY_HOPS="1", **environ) as server,
            in_front_of(server.url, folder) as gateway,
        ):
            seen = asyncio.run(attack(server, gateway, raters, seconds, garbage))
        seen.log = server.log.read_text(errors="replace")
    return seen
