"""The Python client against the real server, and against servers and gateways that fail."""

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
import slantwise_client as module
from slantwise_client import Client, NoAnswerError, ProblemError, chunk_stories

from tests.helpers import ROOT
from tests.helpers.serving import free_port

OUTLETS = ["left.example", {"name": "The Middle"}, "The Herald", "https://nobody.example/x", "left.example"]


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    with Client(url) as opened:
        yield opened


def raw(client: Client, **body: object) -> dict:
    return client.session.post(client.base_url + "/v1/distribution", json=body, timeout=5).json()


def drop_unset(record, *names):
    """Leave out what the service says of few."""
    for name in names:
        if name in record and not record[name]:
            del record[name]


@pytest.mark.parametrize(
    "options",
    [{}, {"raters": ["two"]}, {"detail": "summary"}, {"overrides": {"left.example": None}}],
    ids=str,
)
def test_the_typed_answer_has_everything_that_the_service_says(client, options):
    answer = client.distribution(OUTLETS, **options)
    sent = raw(client, outlets=OUTLETS, **options)
    typed = msgspec.to_builtins(answer)
    for entry in typed["outlets"]:
        drop_unset(entry, "more_candidates", "hint", "section")
        drop_unset(entry["bias"] or {}, "contested")
        for rating in (entry["bias"] or {"ratings": ()})["ratings"]:
            drop_unset(rating, "url", "basis", "stale")
    for absent in {"outlets", "notes"} - sent.keys():
        assert not typed.pop(absent)
    assert json.loads(json.dumps(typed)) == sent


def test_an_answer_reads_like_its_documentation(client):
    answer = client.distribution(["left.example", "center.example", "silent.example"])
    assert answer.headline == "50% Left and 50% Center"
    assert (answer.distribution.left, answer.counts.unrated) == (50, 1)
    assert answer.outlets[0].bias.ratings[0].rater == "one"
    assert answer.robustness.level == "too_few"


def test_a_batch_takes_any_number_of_stories_and_asks_for_them_as_it_goes(client):
    taken = []

    def stories() -> Iterator[dict]:
        for number in range(250):
            taken.append(number)
            yield {"id": str(number), "outlets": OUTLETS}

    results = client.batch(stories(), most=100, raters=["one"])
    first = next(results)
    assert len(taken) == 101
    assert first.result == client.distribution(OUTLETS, raters=["one"])
    assert [result.id for result in results] == [str(number) for number in range(1, 250)]


def test_a_bad_story_is_a_result_with_its_problem(client):
    good, bad = client.batch([{"id": "a", "outlets": OUTLETS}, {"id": "b", "outlets": []}])
    assert (good.status, good.problem) == (200, None)
    assert (bad.id, bad.status, bad.result) == ("b", 422, None)
    assert bad.problem.errors[0].pointer == "/outlets"


@pytest.mark.parametrize(
    ("sizes", "most", "expected"),
    [
        ([], 2, []),
        ([1, 1, 1, 1, 1], 2, [2, 2, 1]),
        ([6 * 2**20] * 5, 1000, [2, 2, 1]),
        ([20 * 2**20, 1], 1000, [1, 1]),
    ],
)
def test_groups_stay_under_both_limits_of_a_batch(sizes, most, expected):
    assert [len(group) for group in chunk_stories(map(bytes, sizes), most)] == expected


def test_looking_up_and_covering_answer_as_the_api_does(client):
    assert client.outlet("left.example")["name"] == "Left"
    assert client.resolve("The Herald", country="ZW")["domain"] == "herald-b.example"
    articles = [{"url": "https://left.example/a", "title": "One"}, {"url": "https://right.example/b"}]
    assert client.coverage({"title": "A story"}, articles)["bias"]["distribution"]["left"] == 50
    feed = [{"link": "https://left.example/a", "pubDate": "Tue, 28 Apr 2026 15:30:00 GMT", "dc:creator": "1"}]
    panel = client.coverage({}, feed)
    assert (panel["last_updated"], panel["ignored"]) == ("2026-04-28T15:30:00Z", ["dc:creator"])


@pytest.mark.parametrize(
    ("call", "status", "pointer"),
    [
        (lambda c: c.distribution([]), 422, "/outlets"),
        (lambda c: c.distribution(["a.example"], raters=["three"]), 422, "/raters/0"),
        (lambda c: list(c.batch([{"outlets": []}], colour="red")), 422, "/colour"),
        (lambda c: c.outlet("nobody.example"), 404, None),
        (lambda c: c.outlet("../../readyz?x#y"), 404, None),
        (lambda c: c.distribution(["x" * 2**21]), 413, None),
    ],
)
def test_a_refusal_is_an_exception_that_says_what_is_wrong(client, call, status, pointer):
    with pytest.raises(ProblemError) as caught:
        call(client)
    assert (caught.value.status, caught.value.problem.status) == (status, status)
    assert caught.value.detail in str(caught.value)
    assert caught.value.problem.request_id
    assert [fault.pointer for fault in caught.value.errors] == ([pointer] if pointer is not None else [])


Script = list[Callable[[BaseHTTPRequestHandler], None]]


def say(status: int, body: bytes = b'{"name": "x"}', kind: str = "application/json", **headers: str):
    """A step of a server's script: answer so."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return step


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Cut the connection off without a word."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def dawdle(handler: BaseHTTPRequestHandler) -> None:
    """Answer later than anyone waits."""
    handler.server.released.wait(10)
    handler.close_connection = True


@contextmanager
def playing(*script: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[dict]]]:
    """A real server that does one step of the script a request, with the headers it has seen."""
    steps, seen = list(script), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append({**self.headers, "at": time.monotonic()})
            steps.pop(0)(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

        def finish(self) -> None:
            if self.connection.fileno() >= 0:
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        ([say(200)], 1),
        ([say(503), say(200)], 2),
        ([say(429, Retry_After="1"), say(200)], 2),
        ([say(503, b"<html>", "text/html", Retry_After="0"), say(429), say(200)], 3),
        ([reset, say(200)], 2),
        ([reset, say(503), reset, say(200)], 4),
    ],
    ids=["at once", "503", "429", "503 of a gateway, 429", "reset", "mixed"],
)
def test_what_passes_is_waited_out(script, requests):
    with playing(*script) as (url, seen), Client(url) as client:
        assert client.outlet("x") == {"name": "x"}
        assert len(seen) == requests


def test_a_post_is_sent_again_whole(client):
    answer = msgspec.json.encode(raw(client, outlets=OUTLETS))
    with playing(reset, say(503), say(200, answer)) as (url, seen), Client(url) as elsewhere:
        assert elsewhere.distribution(OUTLETS) == client.distribution(OUTLETS)
        assert len({each["Content-Length"] for each in seen}) == 1


def test_retry_after_is_honoured():
    with playing(say(429, Retry_After="1"), say(200)) as (url, seen), Client(url) as client:
        client.outlet("x")
        assert seen[1]["at"] - seen[0]["at"] >= 1


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        (
            [say(503, b'{"status":503,"title":"Busy","detail":"reading the table"}')] * 3,
            ProblemError,
            "reading",
        ),
        ([say(502, b"<h1>Bad Gateway</h1>", "text/html")], ProblemError, "502 Bad Gateway: <h1>Bad Gateway"),
        ([say(500, b"")], ProblemError, "500"),
        ([say(301, b"", Location="https://elsewhere.example/")], ProblemError, "301 Moved"),
        ([say(200, b"<h1>Log in</h1>", "text/html")], NoAnswerError, "text/html"),
        ([say(200, b'{"name": "x"')], NoAnswerError, "this is not an answer of the service"),
        ([say(200, b"[]")], NoAnswerError, "this is not an answer of the service"),
        ([say(200, b'{"name": "\xff"}')], NoAnswerError, "this is not an answer of the service"),
        ([say(200, b"{}", **{"Content-Length": "99"})], NoAnswerError, "IncompleteRead"),
        ([reset] * 3, NoAnswerError, "GET http://127.0.0.1"),
        ([dawdle], NoAnswerError, "Read timed out"),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else "",
)
def test_what_does_not_pass_is_told(script, error, said):
    with playing(*script) as (url, seen), Client(url, timeout=0.5, retries=2) as client:
        with pytest.raises(error, match=said):
            client.outlet("x")
        assert len(seen) == len(script)


def test_nobody_there_is_told():
    with Client(f"http://127.0.0.1:{free_port()}", retries=1) as client, pytest.raises(NoAnswerError):
        client.outlet("x")


def test_the_key_is_sent_and_kept_out_of_messages():
    with playing(say(403, b"no")) as (url, seen), Client(url, api_key="secret") as client:
        with pytest.raises(ProblemError) as caught:
            client.outlet("x")
        assert seen[0]["Authorization"] == "Bearer secret"
        assert "secret" not in str(caught.value)


def test_the_client_needs_nothing_of_the_server():
    code = f"import sys; import {module.__name__}; print([m for m in sys.modules if m.startswith('service')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "clients/python", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "slantwise.example", ""])
def test_an_address_without_its_scheme_is_refused_at_once(address):
    with pytest.raises(ValueError, match="base_url is an address such as http://127"):
        Client(address)
