"""Stories a second of one worker: single calls, lists, a stream, the core alone; the memory of a long stream.

Single calls are measured both ways: as many as the worker can answer (wrk, 8 connections), and one after the
other as a program with the Python client sends them, which is what a batch takes the place of.
"""

import http.client
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psutil

from bench.request import ENTRIES
from bench.requests_per_second import load, prepare
from bench.servers import BUILD, LOAD_CORE, SERVER_CORE, SHIPPED, running
from service.core.answer import Options
from service.core.distribution import Scorer
from service.dataset.load import load as load_catalog
from service.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "clients" / "python"))
from slantwise_client import Client  # its folder is found by then

STORIES, ROUNDS, LONG = 1000, 3, 100_000
DETAILS = ("full", "summary")
SINGLE, ONE_BY_ONE = "single calls, wrk", "single calls, one after the other, Python client"
LISTED, STREAMED, CORE = "JSON list of 1,000", "NDJSON stream of 1,000", "the core's own loop"
FRESH = ", every address new"
PATH = "/v1/distribution/batch"


def make_story(number: int) -> dict[str, object]:
    """Story ``number``: the entries of the single call, rotated so that no two neighbours are alike."""
    turn = number % len(ENTRIES)
    return {"id": str(number), "outlets": ENTRIES[turn:] + ENTRIES[:turn]}


def make_fresh_story(number: int) -> dict[str, object]:
    """Story ``number`` with addresses that no other story has: nothing remembered of a text helps."""
    links = (each if "/" in each else f"https://{each}/" for each in ENTRIES)
    return {"id": str(number), "outlets": [f"{link}?story={number}" for link in links]}


def ndjson_blocks(count: int, make: Callable[[int], object]) -> Iterator[bytes]:
    """``count`` stories as lines, gathered to blocks."""
    encode = msgspec.json.Encoder().encode_lines
    return (encode(list(map(make, range(first, first + 100)))) for first in range(0, count, 100))


def connect(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)


def batch_body(make: Callable[[int], object], detail: str) -> bytes:
    """The stories that ``make`` makes, as one list."""
    return json.dumps({"detail": detail, "stories": list(map(make, range(STORIES)))}).encode()


def single_calls(url: str, detail: str) -> int:
    """Send the stories one by one, each when the last is answered; the number of answers."""
    with Client(url) as client:
        return sum(bool(client.distribution(ENTRIES, detail=detail).headline) for _ in range(STORIES))


def post_list(url: str, body: bytes) -> int:
    """Send all stories as one list; the number of results."""
    connection = connect(url)
    connection.request("POST", PATH, body, {"Content-Type": "application/json"})
    return connection.getresponse().read().count(b'"status":200,"result"')


def post_stream(
    url: str, detail: str = "full", count: int = STORIES, make: Callable[[int], object] = make_story
) -> int:
    """Send stories while the results are read; the number of results."""
    connection, blocks = connect(url), ndjson_blocks(count, make)
    connection.putrequest("POST", f"{PATH}?detail={detail}")
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()

    def send() -> None:
        for block in blocks:
            connection.send(b"%x\r\n%s\r\n" % (len(block), block))
        connection.send(b"0\r\n\r\n")

    sender = threading.Thread(target=send)
    sender.start()
    response, found = connection.getresponse(), 0
    while piece := response.read(1 << 20):
        found += piece.count(b"\n")
    sender.join()
    return found


def core_alone(body: bytes, detail: str) -> int:
    """Decode, score and encode the same stories in a loop, on the server's core."""
    found = 0
    scorer, encode = Scorer(CATALOG, Options(detail=detail)), msgspec.json.Encoder().encode
    for each in msgspec.json.decode(body)["stories"]:
        found += bool(encode(scorer.score(each["outlets"])))
    return found


def rate(work: Callable[..., int], *given: object, core: str = LOAD_CORE) -> float:
    """Results a second of ``work``, which must give one for each story."""
    os.sched_setaffinity(0, {int(core)})
    start = time.perf_counter()
    if (found := work(*given)) != STORIES:
        raise SystemExit(f"{found} results for {STORIES} stories")
    return STORIES / (time.perf_counter() - start)


def resident(pid: int) -> int:
    """Memory in bytes that the worker has to itself: the table is its parent's."""
    (worker,) = psutil.Process(pid).children()
    return worker.memory_full_info().uss


def measure(detail: str) -> dict[str, float]:
    """Medians of interleaved rounds."""
    rounds: dict[str, list[float]] = {}
    same, new = batch_body(make_story, detail), batch_body(make_fresh_story, detail)
    (BUILD / "request.json").write_text(json.dumps({"outlets": ENTRIES, "detail": detail}))
    with running(SHIPPED) as (url, _):
        for _ in range(ROUNDS):
            for name, value in (
                (SINGLE, load(url).rate),
                (ONE_BY_ONE, rate(single_calls, url, detail)),
                (LISTED, rate(post_list, url, same)),
                (STREAMED, rate(post_stream, url, detail)),
                (CORE, rate(core_alone, same, detail, core=SERVER_CORE)),
                (LISTED + FRESH, rate(post_list, url, new)),
                (CORE + FRESH, rate(core_alone, new, detail, core=SERVER_CORE)),
            ):
                rounds.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in rounds.items()}


def table(measured: dict[str, dict[str, float]]) -> str:
    """Stories a second by detail, and the ratios that are promised."""
    rows = ["| 24 entries a story; stories/s | full detail | summary |", "|---|---:|---:|"]
    for name in measured["full"]:
        rows.append(f"| {name} | " + " | ".join(f"{measured[detail][name]:.0f}" for detail in DETAILS) + " |")
    for above, below in ((LISTED, SINGLE), (LISTED, ONE_BY_ONE), (STREAMED, LISTED), (LISTED, CORE)):
        ratios = (f"{measured[detail][above] / measured[detail][below]:.2f}" for detail in DETAILS)
        rows.append(f"| {above} / {below} | {' | '.join(ratios)} |")
    return "\n".join(rows)


def memory(count: int) -> str:
    """What a stream of ``count`` stories adds to the server's memory, after a short one has warmed it."""
    with running(SHIPPED) as (url, pid):
        post_stream(url, make=make_fresh_story)
        before, most, done = resident(pid), [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                most[0] = max(most[0], resident(pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        found = post_stream(url, count=count, make=make_fresh_story)
        done.set()
        watcher.join()
    growth = (most[0] - before) / 2**20
    return (
        f"A stream of {found:,} stories added {growth:.1f} MiB to the worker's own {before / 2**20:.0f} MiB."
    )


if __name__ == "__main__":
    BUILD.mkdir(parents=True, exist_ok=True)
    prepare()
    CATALOG = load_catalog(Settings())
    print(table({detail: measure(detail) for detail in DETAILS}))
    print("\n" + memory(LONG))
