"""Stories a second of one worker: single calls, a JSON list, an NDJSON stream, and the core by itself.

``python -m bench.batch`` prints the table; ``python -m bench.batch 100000`` also sends a stream that long
and prints what it adds to the server's memory.
"""

import http.client
import itertools
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import msgspec
import psutil

from bench.request import ENTRIES
from bench.requests_per_second import load, prepare
from bench.servers import BUILD, LOAD_CORE, RIVALS, SERVER_CORE, running
from service import dataset
from service.core.distribution import Scorer
from service.settings import Settings

STORIES, ROUNDS = 1000, 3
PATH = "/v1/distribution/batch"
SHIPPED = next(rival for rival in RIVALS if rival.letter == "c")


def story(number: int) -> dict[str, object]:
    """Story ``number``: the entries of the single call, rotated so that no two neighbours are alike."""
    turn = number % len(ENTRIES)
    return {"id": str(number), "outlets": ENTRIES[turn:] + ENTRIES[:turn]}


def lines(count: int) -> Iterator[bytes]:
    """``count`` stories as lines, gathered to blocks: the sender must not be what is measured."""
    block = b"".join(json.dumps(story(number)).encode() + b"\n" for number in range(100))
    return itertools.repeat(block, count // 100)


def connect(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)


def post_list(url: str) -> int:
    """Send all stories as one list; the number of results."""
    connection = connect(url)
    connection.request("POST", PATH, LIST, {"Content-Type": "application/json"})
    return connection.getresponse().read().count(b'"status":200,"result"')


def post_stream(url: str, count: int = STORIES) -> int:
    """Send stories while the results are read; the number of results."""
    connection = connect(url)
    connection.putrequest("POST", PATH)
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()

    def send() -> None:
        for block in lines(count):
            connection.send(b"%x\r\n%s\r\n" % (len(block), block))
        connection.send(b"0\r\n\r\n")

    sender = threading.Thread(target=send)
    sender.start()
    response, found = connection.getresponse(), 0
    while piece := response.read(1 << 20):
        found += piece.count(b"\n")
    sender.join()
    return found


def core_alone() -> int:
    """Decode, score and encode the same stories in a loop, on the server's core."""
    found = 0
    scorer, encode = Scorer(CATALOG), msgspec.json.Encoder().encode
    for each in msgspec.json.decode(LIST)["stories"]:
        found += bool(encode(scorer.score(each["outlets"])))
    return found


def rate(work: Callable[[], int], core: str = LOAD_CORE) -> float:
    """Results a second of ``work``, which must give one for each story."""
    os.sched_setaffinity(0, {int(core)})
    start = time.perf_counter()
    if (found := work()) != STORIES:
        raise SystemExit(f"{found} results for {STORIES} stories")
    return STORIES / (time.perf_counter() - start)


def resident(pid: int) -> int:
    """Memory in bytes of the largest process of the server."""
    root = psutil.Process(pid)
    return max(process.memory_info().rss for process in (root, *root.children()))


def measure() -> dict[str, float]:
    """Medians of interleaved rounds."""
    rounds: dict[str, list[float]] = {}
    with running(SHIPPED) as (url, _):
        for _ in range(ROUNDS):
            for name, value in (
                ("single calls (wrk, 8 connections)", load(url).rate),
                ("JSON list of 1,000", rate(lambda: post_list(url))),
                ("NDJSON stream of 1,000", rate(lambda: post_stream(url))),
                ("the core's own loop", rate(core_alone, SERVER_CORE)),
            ):
                rounds.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in rounds.items()}


def table(measured: dict[str, float]) -> str:
    """The figures as a Markdown table, with the three ratios that are promised."""
    single, listed, streamed, core = measured.values()
    rows = [f"| {name} | {value:.0f} | {value / single:.1f} |" for name, value in measured.items()]
    ratios = f"list / single {listed / single:.1f}, NDJSON / list {streamed / listed:.2f}"
    heading = ["| 24 entries a story, full detail | stories/s | of single |", "|---|---:|---:|"]
    return "\n".join([*heading, *rows, "", f"{ratios}, list / core {listed / core:.2f}"])


def memory(count: int) -> str:
    """What a stream of ``count`` stories adds to the server's memory, after a short one has warmed it."""
    with running(SHIPPED) as (url, pid):
        post_stream(url, 1000)
        before, most, done = resident(pid), [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                most[0] = max(most[0], resident(pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.perf_counter()
        found = post_stream(url, count)
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    before, growth = before / 2**20, (most[0] - before) / 2**20
    return f"a stream of {found} stories took {seconds:.0f} s; it added {growth:.1f} to {before:.0f} MiB"


if __name__ == "__main__":
    BUILD.mkdir(parents=True, exist_ok=True)
    prepare()
    CATALOG = dataset.load(Settings())
    LIST = json.dumps({"stories": [story(number) for number in range(STORIES)]}).encode()
    print(table(measure()))
    for count in map(int, sys.argv[1:]):
        print(memory(count))
