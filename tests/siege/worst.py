"""The dearest valid requests that we know of; ``python -m tests.siege.worst`` says what each costs.

Each stays under its operation's limit. Whoever finds a dearer one adds it here.
"""

import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psutil
import requests
from flask import Flask

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from tests.helpers.serving import Server, serving

LONG = "\ufdfa"
"""One character that the normal form of names makes 18 of."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
FORM_PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'


class Worst(NamedTuple):
    """A request: its name in reports, its path, its body, made when it is sent, and the status of its answer.

    Some are as dear as they can be because they are refused at the end.
    """

    name: str
    path: str
    body: Callable[[], bytes] | None = None
    kind: str = JSON
    status: int = 200
    encoding: str = "identity"


def entries(make: Callable[[int], object], count: int = 1000) -> Callable[[], bytes]:
    """A story of many entries."""
    return lambda: json.dumps({"outlets": [make(n) for n in range(count)]}, ensure_ascii=False).encode()


def articles(**fields: Callable[[int], str]) -> Callable[[], bytes]:
    """A panel of many articles."""
    return lambda: json.dumps(
        {"articles": [{name: make(n) for name, make in fields.items()} for n in range(1000)]},
        ensure_ascii=False,
    ).encode()


def stories(count: int, entry: str) -> Callable[[], bytes]:
    """A batch of many stories."""
    story = {"outlets": [entry]}
    return lambda: json.dumps({"stories": [story] * count, "detail": "summary"}).encode()


def page(line: str) -> Callable[[], bytes]:
    """A text pasted into the panel, as long as one is read; no two lines are alike."""
    return ("form=page&outlets=" + quote(pasted(line))).encode


def pasted(line: str) -> str:
    """So many lines and characters as the panel reads, but for the last few."""
    return "\n".join(f"{line}{n}" for n in range(min(4900, 240_000 // (len(line) + 5))))


def bomb() -> bytes:
    """A gibibyte of zeros in a mebibyte."""
    return gzip.compress(bytes(2**27)) * 8


DISTRIBUTION, COVERAGE, BATCH = "/v1/distribution", "/v1/coverage", "/v1/distribution/batch"
WORST = (
    Worst("search for what grows when it is normalised", f"/v1/outlets?q={quote(LONG * 200)}"),
    Worst("search for one letter", "/v1/outlets?q=a&limit=200"),
    Worst("resolve what grows", f"/v1/resolve?q={quote(LONG * 250)}"),
    Worst("resolve a slip", f"/v1/resolve?q={quote('Washingtn Pst ' * 30)}"),
    Worst(
        "entries never seen", DISTRIBUTION, entries(lambda n: f"https://www.host{n}.example/{n}/" + "a" * 900)
    ),
    Worst("names never seen", DISTRIBUTION, entries(lambda n: f"The {n} Daily News of " + "x y " * 240)),
    Worst("names that grow", DISTRIBUTION, entries(lambda n: f"{n}" + LONG * 320)),
    Worst("names in brackets", DISTRIBUTION, entries(lambda n: f"{n}" + "(a" * 480)),
    Worst("titles of many parts", DISTRIBUTION, entries(lambda n: f"{n} - " + "a - " * 240)),
    Worst(
        "wrapped addresses", DISTRIBUTION, entries(lambda n: "https://google.com/url?q=" * 35 + f"b{n}.com")
    ),
    Worst("hosts of many labels", DISTRIBUTION, entries(lambda n: f"a{n}." + "a." * 120 + "example.com")),
    Worst(
        "as many overrides as there may be",
        DISTRIBUTION,
        lambda: json.dumps(
            {
                "outlets": ["reuters.com"],
                "overrides": {f"a{n}." + "b." * 100 + "com": "left" for n in range(1000)},
            }
        ).encode(),
    ),
    Worst(
        "one rater again and again",
        DISTRIBUTION,
        lambda: json.dumps({"outlets": ["reuters.com"] * 1000, "raters": ["mbfc"] * 100_000}).encode(),
    ),
    Worst(
        "articles of one wording",
        COVERAGE,
        articles(url=lambda n: f"https://h{n}.com/", excerpt=lambda n: "a b c d " * 115),
    ),
    Worst(
        "articles that grow",
        COVERAGE,
        articles(url=lambda n: f"https://h{n}.com/", excerpt=lambda n: f"{n} " + LONG * 300),
    ),
    Worst(
        "articles that differ",
        COVERAGE,
        articles(
            url=lambda n: f"https://h{n}.com/",
            excerpt=lambda n: " ".join(f"w{n * k % 9973}" for k in range(150)),
        ),
    ),
    Worst(
        "agencies named again and again",
        COVERAGE,
        articles(url=lambda n: f"https://h{n}.com/", excerpt=lambda n: f"{n} (新华社) " + "新华社" * 100),
    ),
    Worst(
        "titles that grow", COVERAGE, articles(source=lambda n: f"{n}", title=lambda n: f"{n} " + LONG * 300)
    ),
    Worst("a page of short lines", "/", page("É x"), FORM, 422),
    Worst(
        "a page of words with dots",
        "/",
        page("a.b c.d e.f g.h i.j k.l m.n o.p q.r s.t u.v w.x y.z a.b"),
        FORM,
        422,
    ),
    Worst("a page of addresses", "/", page("https://a.example/b"), FORM, 422),
    Worst("a page of unknown names", "/", page("Daily News of the World "), FORM, 422),
    Worst("a form of many fields", "/check", lambda: b"a=&" * 349_000, FORM, 413),
    Worst("a form of many parts", "/check", lambda: FORM_PART * 18_000 + b"--x--", MULTIPART, 413),
    Worst("a form of escapes", "/check", lambda: b"outlets=" + b"%41" * 349_000, FORM, 422),
    Worst("a table that a search narrows down", "/v1/outlets.csv?q=a"),
    Worst("all changes as a table", "/v1/changes.csv"),
    Worst("a page of the list", "/outlets?q=a"),
    Worst("a batch of small stories", BATCH, stories(1000, "reuters.com")),
    Worst("a bomb", BATCH, bomb, JSON, 413, "gzip"),
    Worst("a bomb of bombs", BATCH, lambda: gzip.compress(bomb()), JSON, 413, "gzip"),
    Worst("gzip files of one byte each", BATCH, lambda: gzip.compress(b" ") * 49_000, JSON, 400, "gzip"),
    Worst(
        "gzip files of just enough bytes",
        BATCH,
        lambda: gzip.compress(bytes(1024)) * 36_000,
        JSON,
        413,
        "gzip",
    ),
    Worst(
        "a picture of many outlets", "/v1/bar.svg?outlet=" + "&outlet=".join(f"a{n}.com" for n in range(200))
    ),
)


@cache
def application() -> Flask:
    """The service with the shipped data."""
    return create_app(Settings(), load(Settings()))


def send(worst: Worst, body: bytes | None) -> int:
    """Ask, and return the status of the answer once all of it has been made."""
    client = application().test_client()
    if body is None:
        response = client.get(worst.path)
    else:
        headers = {"Content-Encoding": worst.encoding}
        response = client.post(worst.path, data=body, content_type=worst.kind, headers=headers)
    response.get_data()
    return response.status_code


def cost(server: Server, worst: Worst, seconds: float = 2) -> tuple[float, float, float]:
    """Return the milliseconds of CPU of one request, and of four callers who go on for ``seconds``: the
    worker's most MiB, and the milliseconds that the slowest ``/livez`` took meanwhile.

    The memory is the whole worker's, with the table and the program that it shares with others.
    """
    (worker,) = psutil.Process(server.process.pid).children()
    body = worst.body() if worst.body else None
    method = "POST" if worst.body else "GET"

    def ask() -> None:
        headers = {"Content-Type": worst.kind, "Content-Encoding": worst.encoding}
        answer = requests.request(method, server.url + worst.path, data=body, headers=headers, timeout=60)
        assert answer.status_code == worst.status, worst.name

    before = sum(worker.cpu_times()[:2])
    ask()
    spent = sum(worker.cpu_times()[:2]) - before
    Path(f"/proc/{worker.pid}/clear_refs").write_text("5")  # the most from here on
    until = time.monotonic() + seconds

    def go_on(_number: int) -> None:
        while time.monotonic() < until:
            ask()

    slowest = 0.0
    with ThreadPoolExecutor(4) as callers:
        asked = callers.map(go_on, range(4))
        while time.monotonic() < until:
            began = time.monotonic()
            requests.get(server.url + "/livez", timeout=60)
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        list(asked)
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return spent * 1000, int(status.partition("VmHWM:")[2].split()[0]) / 1024, slowest * 1000


def main() -> None:
    """Print what each request costs a worker of the real server."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        sys.stdout.write(" CPU, one   memory, four at once   slowest /livez meanwhile\n")
        for worst in WORST:
            spent, most, slowest = cost(server, worst)
            sys.stdout.write(f"{spent:6.0f} ms  {most:6.0f} MiB  {slowest:6.0f} ms  {worst.name}\n")


if __name__ == "__main__":
    main()
