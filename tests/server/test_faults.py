"""What goes wrong in operation, done to the real server: what callers then see, and that it recovers."""

import http.client
import json
import os
import random
import re
import signal
import socket
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests

from tests.helpers.load import load
from tests.helpers.serving import START, Server, debian, serving
from tests.server.test_reload import answers, logged, until, workers

pytestmark = pytest.mark.slow
STORY = {"outlets": ["reuters.com", "foxnews.com", "theguardian.com"]}
BODY = json.dumps(STORY).encode()
HEAD = (
    "POST /v1/distribution HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\n"
)


def address(server: Server) -> tuple[str, int]:
    return "127.0.0.1", int(server.url.rpartition(":")[2])


def scored(server: Server, patience: float = 30) -> str:
    """The headline of a story, asked for on a new connection."""
    response = requests.post(server.url + "/v1/distribution", json=STORY, timeout=patience)
    assert response.status_code == 200, response.text
    return response.json()["headline"]


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="2", SLANTWISE_MAX_BODY_SECONDS="5") as server:
        until(lambda: len(workers(server)) == 2)
        yield server


def call_until_closed(server: Server, name: int, answered: list[tuple[int, int]], lost: list[str]) -> None:
    """Ask again and again on one connection until the server says that it closes it."""
    connection = http.client.HTTPConnection(*address(server), timeout=30)
    try:
        while True:
            connection.request("POST", "/v1/distribution", BODY, {"Content-Type": "application/json"})
            response = connection.getresponse()
            json.loads(response.read())
            answered.append((name, response.status))
            if response.will_close:
                return
    except (OSError, http.client.HTTPException) as error:
        lost.append(repr(error))
    finally:
        connection.close()


def test_sigterm_under_load_loses_nothing_that_is_in_flight(server):
    answered, lost = [], []
    callers = [
        threading.Thread(target=call_until_closed, args=(server, name, answered, lost)) for name in range(8)
    ]
    for caller in callers:
        caller.start()
    slow = socket.create_connection(address(server))
    slow.sendall((HEAD + "\r\n").encode() + BODY[:10])
    until(lambda: len(answered) > 200 and len({name for name, _ in answered}) == len(callers))
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    with slow, slow.makefile("rb") as answer:
        slow.sendall(BODY[10:])  # the rest of a request that the server had begun to read
        assert answer.readline().startswith(b"HTTP/1.1 200")
    for caller in callers:
        caller.join(30)
    assert not lost
    assert {status for _, status in answered} == {200}
    assert server.process.wait(30) == 0


def test_a_killed_worker_is_replaced_while_others_answer(server):
    before = workers(server)
    with load(server.url + "/v1/distribution", STORY, callers=4, keep=lambda _: True) as seen:
        until(lambda: len(seen.answers) > 50)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(workers(server)) == 2 and before[0] not in workers(server))
        time.sleep(1)
        failed, count = len(seen.failures), len(seen.answers)
        until(lambda: len(seen.answers) > count + 100)
        assert len(seen.failures) == failed, "all is well again"
    assert failed <= 4, "no more than what was in flight in the worker that died"
    assert before[1] in workers(server)


@pytest.mark.parametrize("size", ["64k", "3m"], ids=["nobody has room", "only the master has room"])
def test_a_full_disk_for_metrics_costs_the_metrics_and_nothing_else(tmp_path, size):
    folder = tmp_path / "metrics"
    folder.mkdir()
    confined = [
        *(debian("unshare"), "--mount", "--", "sh", "-c"),
        f'mount -t tmpfs -o size={size} tmpfs "$PROMETHEUS_MULTIPROC_DIR" && exec "$@"',
        *("sh", *START),
    ]
    environ = {"PROMETHEUS_MULTIPROC_DIR": str(folder), "WEB_CONCURRENCY": "2"}
    with serving(tmp_path, command=confined, **environ) as server:
        for _ in range(20):
            assert scored(server)
        assert requests.get(server.url + "/metrics", timeout=5).status_code == 200
        assert requests.get(server.url + "/readyz", timeout=5).status_code == 200
        assert len(logged(server, "no room for metrics: this process goes without")) >= 1
        assert not logged(server, "Booting worker")[2:], "no worker died of it"


@pytest.mark.parametrize(
    ("sent", "said"),
    [(HEAD, {b""}), (HEAD + "\r\n", {b"", b"HTTP/1.1 408 REQUEST TIMEOUT"})],
    ids=["a head without end", "a body without end"],
)
def test_callers_who_send_slowly_are_let_go(server, sent, said):
    over, slow = threading.Event(), [socket.create_connection(address(server)) for _ in range(30)]
    with ExitStack() as open_connections:
        for connection in slow:
            open_connections.enter_context(connection)
            connection.sendall(sent.encode())
        dripping = threading.Thread(target=drip, args=(slow, over))
        dripping.start()
        try:
            for _ in range(3):
                assert scored(server, patience=60)
            for connection in slow:
                connection.settimeout(60)
                assert ended(connection) in said
        finally:
            over.set()
            dripping.join()


def drip(connections: list[socket.socket], over: threading.Event) -> None:
    """A byte a second from each caller."""
    while not over.wait(1):
        for connection in connections:
            with suppress(OSError):
                connection.sendall(b"x")


def ended(connection: socket.socket) -> bytes:
    """The status line that was said before the server closed its end, if any was."""
    said = b""
    with suppress(ConnectionResetError):
        while data := connection.recv(4096):
            said += data
    return said.partition(b"\r\n")[0]


def test_a_thousand_open_connections_hold_up_nobody(server):
    idle = [socket.create_connection(address(server)) for _ in range(1000)]
    try:
        for _ in range(20):
            assert scored(server)
    finally:
        for connection in idle:
            connection.close()
    assert len(workers(server)) == 2


def test_a_thousand_callers_at_once_are_all_answered(server):
    connections = [socket.create_connection(address(server)) for _ in range(1000)]
    request = (HEAD + "Connection: close\r\n\r\n").encode() + BODY
    for connection in connections:
        connection.sendall(request)
    for connection in connections:
        connection.settimeout(60)
        with connection, connection.makefile("rb") as answer:
            assert answer.readline().startswith(b"HTTP/1.1 200")


CHUNKED = (
    b"POST /v1/distribution/batch HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS hello
    b"\x00" * 4096,
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /v1/distribution HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/distribution HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    CHUNKED % b"application/json" + b"zz\r\n",
    CHUNKED % b"application/json" + b"5\r\n{}{}{}secret\r\n",
    CHUNKED % b"application/json" + b"5\r\n{}",
    CHUNKED % b"application/x-ndjson" + b"zz;secret\r\n",
    CHUNKED % b"text/plain" + b"zz\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: x/secret@y\r\n\r\n",
    b"GET //v1/dataset HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%2Fv1/dataset HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/dataset HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    random.Random(7).randbytes(10_000),  # noqa: S311  # noise, not a secret
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: ascii(garbage[:24]))
def test_garbage_on_the_socket_is_refused_and_nothing_more(garbage_server, garbage):
    before = workers(garbage_server)
    with socket.create_connection(address(garbage_server)) as connection:
        connection.settimeout(30)
        try:
            connection.sendall(garbage)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as lines:
                answer = lines.readline()
        except ConnectionError:
            answer = b""
        assert answer == b"" or answer.split()[1].startswith(b"4") or answer.split()[1] == b"501"
    assert scored(garbage_server)
    assert workers(garbage_server) == before
    log = garbage_server.log.read_text()
    assert "Traceback" not in log
    assert "secret" not in log
    assert "unexpected error" not in log
    assert "127.0.0.1" not in "".join(line for line in log.splitlines() if "refused" in line)


@pytest.fixture(scope="module")
def garbage_server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("garbage"), WEB_CONCURRENCY="2") as server:
        until(lambda: len(workers(server)) == 2)
        yield server


CLOCK = """
import time
from pathlib import Path
real, offset = time.time, Path({path!r})
time.time = lambda: real() + float(offset.read_text())
time.time_ns = lambda: int(time.time() * 1e9)
"""


def test_clock_jumps_change_no_answer_and_no_duration(tmp_path):
    """The time of day, as Python code reads it, jumps a day ahead and a year back while the server runs."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(CLOCK.format(path=str(clock)))
    with serving(tmp_path, PYTHONPATH=str(tmp_path), WEB_CONCURRENCY="2") as server:
        until(lambda: len(workers(server)) == 2)
        first, pids, age = scored(server), workers(server), age_of_data(server)
        for jump in (86_400, -365 * 86_400, 0):
            clock.write_text(str(jump))
            for _ in range(5):
                assert scored(server) == first
            assert abs(age_of_data(server) - age - jump) < 60, "the clock did jump"
            time.sleep(3)  # the master looks for missed heartbeats every second
        assert workers(server) == pids
        assert all(0 <= line["ms"] < 10_000 for line in logged(server, "request"))


def age_of_data(server: Server) -> float:
    """The one figure that is meant to follow the time of day."""
    page = requests.get(server.url + "/metrics", timeout=5).text
    return float(re.search(r"^slantwise_dataset_age_seconds (.*)$", page, re.MULTILINE)[1])


def test_a_server_that_lost_its_master_ends(server):
    pids = workers(server)
    server.process.kill()
    server.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert not answers(server)
