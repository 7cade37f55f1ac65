"""A long stream through the real server: chunked both ways, in order, memory flat, back-pressure felt."""

import gzip
import http.client
import json
import select
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import psutil
import pytest

from tests.helpers.serving import Server, serving

pytestmark = pytest.mark.slow

PATH = "/v1/distribution/batch"
OUTLETS = ["reuters.com", "https://www.foxnews.com/politics/{}", "BBC News", "https://nobody.example/{}"] * 6
STORIES = 10_000
MOST_GROWTH = 24 * 2**20
"""Bytes; the stream is 10 MB and its answers 90 MB."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"WEB_CONCURRENCY": "1", "SLANTWISE_MAX_STALL": "15"}
    with serving(tmp_path_factory.mktemp("stream"), **settings) as started:
        yield started


@contextmanager
def open_stream(server: Server, encoding: str = "identity") -> Iterator[http.client.HTTPConnection]:
    """A request for a stream, its body still to be sent."""
    with closing(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)) as connection:
        connection.putrequest("POST", PATH)
        connection.putheader("Content-Type", "application/x-ndjson")
        connection.putheader("Content-Encoding", encoding)
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        yield connection


def test_a_slow_sender_has_each_answer_before_the_next_story_is_sent(server: Server) -> None:
    with open_stream(server) as connection:
        answers = None
        for number in range(5):
            connection.send(chunk(lines(number, 1)))
            answers = answers or results(connection)
            assert json.loads(next(answers))["id"] == str(number)
        half = lines(5, 1)
        connection.send(chunk(half[:20]))
        connection.send(chunk(half[20:]))
        assert json.loads(next(answers))["id"] == "5"
        connection.send(b"0\r\n\r\n")
        assert list(answers) == []


def test_a_stream_in_gzip_is_answered_as_it_comes(server: Server) -> None:
    packer = zlib.compressobj(wbits=31)
    with open_stream(server, "gzip") as connection:
        answers = None
        for number in range(5):
            connection.send(chunk(packer.compress(lines(number, 1)) + packer.flush(zlib.Z_SYNC_FLUSH)))
            answers = answers or results(connection)
            assert json.loads(next(answers))["id"] == str(number)
        connection.send(chunk(packer.flush()) + b"0\r\n\r\n")
        assert list(answers) == []


def test_a_stream_that_is_a_bomb_breaks_off_and_does_not_grow_the_server(server: Server) -> None:
    packed = gzip.compress(bytes(256 * 2**20), 9)
    before = memory(server)
    with open_stream(server, "gzip") as connection, suppress(OSError, http.client.HTTPException):
        connection.send(chunk(packed))
        connection.getresponse().read()
        pytest.fail("a stream that unpacks to a thousand times its size was answered to its end")
    assert memory(server) - before < MOST_GROWTH


def test_a_stream_that_ends_early_keeps_its_results(server: Server) -> None:
    with open_stream(server) as connection:
        connection.send(chunk(lines(0, 3) + lines(3, 1)[:30]))
        connection.sock.shutdown(socket.SHUT_WR)
        got = []
        with suppress(http.client.HTTPException, OSError):
            got.extend(json.loads(line)["id"] for line in results(connection))
        assert got[:3] == ["0", "1", "2"]


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def lines(first: int, count: int) -> bytes:
    stories = (
        {"id": str(number), "outlets": [outlet.format(number) for outlet in OUTLETS]}
        for number in range(first, first + count)
    )
    return b"".join(json.dumps(story).encode() + b"\n" for story in stories)


def memory(server: Server) -> int:
    """Resident bytes of the workers."""
    return sum(worker.memory_info().rss for worker in psutil.Process(server.process.pid).children())


def send_all(
    connection: http.client.HTTPConnection, count: int, sent: list[int] | None = None
) -> threading.Thread:
    """Send ``count`` stories from a thread: whoever sends all before reading would wait for ever."""

    def send() -> None:
        for first in range(0, count, 100):
            connection.send(chunk(lines(first, 100)))
            if sent is not None:
                sent.append(first)
        connection.send(b"0\r\n\r\n")

    sender = threading.Thread(target=send)
    sender.start()
    return sender


def results(connection: http.client.HTTPConnection) -> Iterator[bytes]:
    """The lines of the answer as they come."""
    with connection.getresponse() as response:
        assert response.headers["Content-Type"] == "application/x-ndjson"
        yield from response


def test_a_long_stream_keeps_order_and_does_not_grow_the_server(server):
    with open_stream(server) as warm:
        sender = send_all(warm, 1000)
        assert len(list(results(warm))) == 1000
        sender.join()
    before, most, number = memory(server), 0, -1
    with open_stream(server) as connection:
        sender = send_all(connection, STORIES)
        for number, line in enumerate(results(connection)):
            assert line.startswith(b'{"id":"%d","status":200,"result":{' % number), line[:80]
            if number % 1000 == 0:
                most = max(most, memory(server))
        sender.join()
    assert number == STORIES - 1
    assert most - before < MOST_GROWTH


def test_a_reader_that_stops_stops_the_server_and_loses_nothing(server):
    with open_stream(server) as connection:
        sent: list[int] = []
        sender = send_all(connection, 10_000, sent)
        progress = -1
        while len(sent) != progress:  # until the sender stands still
            progress = len(sent)
            time.sleep(1)
        assert progress < 100, "everything was taken although nothing was read"
        assert len(list(results(connection))) == 10_000
        sender.join()


def test_answers_come_while_the_request_is_still_open(server):
    with open_stream(server) as connection:
        connection.send(chunk(lines(0, 500)))
        assert select.select([connection.sock], [], [], 30)[0], "no answer before the end of the request"
        got = results(connection)
        assert next(got).startswith(b'{"id":"0"')
        connection.send(b"0\r\n\r\n")
        assert len(list(got)) == 499


def test_a_stream_that_breaks_off_harms_nobody(server):
    with open_stream(server) as broken:
        broken.send(chunk(lines(0, 500)) + b"ffff\r\nno more")
    with open_stream(server) as whole:
        sender = send_all(whole, 100)
        assert len(list(results(whole))) == 100
        sender.join()


def test_callers_who_stall_do_not_keep_the_threads(tmp_path):
    """More of them than there are threads: half send no more, half read nothing."""
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path, WEB_CONCURRENCY="1", SLANTWISE_MAX_STALL="1"))
        stalled = [stack.enter_context(open_stream(server)) for _ in range(4)]
        for connection in stalled[:2]:
            connection.send(chunk(lines(0, 500)))
        for connection in stalled[2:]:
            with suppress(OSError):
                while select.select([], [connection.sock], [], 0.5)[1]:
                    connection.sock.send(chunk(lines(0, 10)))
        with open_stream(server) as waiting:
            sender = send_all(waiting, 100)
            assert len(list(results(waiting))) == 100
            sender.join()
