"""Two replicas behind each of the shipped gateways; a rolling restart loses nothing."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers import ROOT
from tests.helpers.gateway import certify, configured
from tests.helpers.serving import BIN, START, Server, debian, free_port, stop, wait_until_ready, wait_until_up

pytestmark = pytest.mark.slow
DEPLOY = ROOT / "deploy"
BODY = json.dumps({"outlets": ["reuters.com", "foxnews.com", "https://www.bbc.co.uk/news"] * 4}).encode()
RESTARTS, CALLERS = 3, 6


class Replica:
    """One instance on a port of its own, which comes back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    def start(self) -> None:
        environ = {**os.environ, "PORT": str(self.port), "HOST": "127.0.0.1", "SLANTWISE_PROXY_HOPS": "1"}
        log = self.folder / f"replica-{self.port}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(START, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
        self.server = Server(f"http://127.0.0.1:{self.port}", process, log)
        wait_until_ready(self.server)

    def restart(self) -> None:
        self.server.process.send_signal(signal.SIGTERM)
        assert self.server.process.wait(60) == 0
        self.start()


class Way(NamedTuple):
    """How callers reach the gateway."""

    port: int
    prefix: str = ""
    headers: dict[str, str] = {}  # noqa: RUF012  # read only
    tls: Path | None = None


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    folder = tmp_path_factory.mktemp("replicas")
    both = [Replica(folder) for _ in range(2)]
    yield both
    for each in both:
        stop(each.server.process)


def shipped(folder: Path, name: str, changes: dict[str, str]) -> Path:
    """A shipped configuration with the addresses of this test."""
    text = (DEPLOY / name).read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text)
    return path


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[Way]:
    folder.chmod(0o755)
    port = free_port()
    certify(folder)
    long = "K" * 63
    (folder / "keys.map").write_text(f'"~^{long}a$" caller-1;\n"~^{long}A$" caller-2;\n')
    config = configured(folder, *(f"http://127.0.0.1:{ports[0]}", port, f"http://127.0.0.1:{ports[1]}"))
    config.write_text(config.read_text().replace("rate=50r/s", "rate=10000r/s"))
    command = [debian("nginx"), "-e", folder / "error.log", "-c", config, "-g", "daemon off; user root;"]
    with started(command, port):
        yield Way(port, "/bias", {"X-Api-Key": f"{long}a"}, folder / "tls.crt")


@contextmanager
def haproxy(folder: Path, ports: list[int]) -> Iterator[Way]:
    port = free_port()
    changes = {
        "bind :8080": f"bind 127.0.0.1:{port}",
        "slantwise-1:8000": f"127.0.0.1:{ports[0]}",
        "slantwise-2:8000": f"127.0.0.1:{ports[1]}",
    }
    with started([debian("haproxy"), "-db", "-f", shipped(folder, "haproxy.cfg", changes)], port):
        yield Way(port)


@contextmanager
def caddy(folder: Path, ports: list[int]) -> Iterator[Way]:
    port = free_port()
    changes = {
        "\tservers {": "\tadmin off\n\tservers {",
        ":8080 {": f":{port} {{\n\tbind 127.0.0.1",
        "slantwise-1:8000": f"127.0.0.1:{ports[0]}",
        "slantwise-2:8000": f"127.0.0.1:{ports[1]}",
    }
    config = shipped(folder, "Caddyfile", changes)
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    command = [BIN / "caddy", "run", "--config", config, "--adapter", "caddyfile"]
    with started(command, port, **homes):
        yield Way(port)


@contextmanager
def started(command: list[object], port: int, **environ: str) -> Iterator[None]:
    variables = {**os.environ, **environ}
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, env=variables)
    try:
        wait_until_up(port)
        yield
    finally:
        stop(process)


GATEWAYS = {"nginx": nginx, "haproxy": haproxy, "caddy": caddy}


class Seen:
    """What callers saw."""

    def __init__(self) -> None:
        self.answered = 0
        self.lost: list[str] = []
        self.over = threading.Event()


def connected(way: Way) -> http.client.HTTPConnection:
    """A connection to the gateway."""
    if not way.tls:
        return http.client.HTTPConnection("127.0.0.1", way.port, timeout=20)
    context = ssl.create_default_context(cafile=str(way.tls))
    return http.client.HTTPSConnection("localhost", way.port, context=context, timeout=20)


def call(way: Way, seen: Seen) -> None:
    """Send the request again and again, each time over a connection of its own to the gateway."""
    while not seen.over.is_set():
        connection = connected(way)
        try:
            for _ in range(50):
                headers = {"Content-Type": "application/json", **way.headers}
                connection.request("POST", f"{way.prefix}/v1/distribution", BODY, headers)
                response = connection.getresponse()
                answer = response.read()
                if response.status == 200 and b"distribution" in answer:
                    seen.answered += 1
                else:
                    seen.lost.append(f"{response.status} {answer[:200]!r}")
                if seen.over.wait(0.005):
                    break
        except (OSError, http.client.HTTPException) as error:
            seen.lost.append(repr(error))
        finally:
            connection.close()


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_rolling_restart_loses_nothing(replicas: list[Replica], tmp_path: Path, name: str) -> None:
    with GATEWAYS[name](tmp_path, [each.port for each in replicas]) as way:
        seen = Seen()
        callers = [threading.Thread(target=call, args=(way, seen)) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        try:
            for _ in range(RESTARTS):
                for replica in replicas:
                    time.sleep(0.5)
                    replica.restart()
        finally:
            seen.over.set()
            for caller in callers:
                caller.join()
    print(f"{name}: {seen.answered} answered, {len(seen.lost)} lost")
    assert seen.answered > 300
    assert seen.lost == []


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_stream_is_answered_before_its_end(replicas: list[Replica], tmp_path: Path, name: str) -> None:
    with GATEWAYS[name](tmp_path, [each.port for each in replicas]) as way:
        connection = connected(way)
        connection.putrequest("POST", f"{way.prefix}/v1/distribution/batch")
        for header, value in {"Content-Type": "application/x-ndjson", **way.headers}.items():
            connection.putheader(header, value)
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        story = b"%x\r\n%s\n\r\n" % (len(BODY) + 1, BODY)
        connection.send(story)
        response = connection.getresponse()
        answers = [response.readline()]
        for _ in range(3):
            connection.send(story)
            answers.append(response.readline())
        connection.send(b"0\r\n\r\n")
        assert response.read() == b""
        connection.close()
    assert response.status == 200
    assert all(b"distribution" in answer for answer in answers)


@pytest.mark.parametrize("name", ["haproxy", "caddy"])
def test_figures_stay_inside_and_no_caller_says_who_it_is(
    replicas: list[Replica], tmp_path: Path, name: str
) -> None:
    said = {f"X-Forwarded-{name}": "/elsewhere" for name in ("For", "Host", "Prefix", "Proto")}
    with GATEWAYS[name](tmp_path, [each.port for each in replicas]) as way:
        answers = {}
        for path in ("/metrics", "/%6detrics", "/nothing"):
            connection = connected(way)
            connection.request("GET", path, headers=said)
            response = connection.getresponse()
            answers[path] = (response.status, response.read())
            connection.close()
    assert answers["/metrics"] == answers["/%6detrics"]
    assert answers["/metrics"][0] == 404 and b"slantwise" not in answers["/metrics"][1]
    problem = json.loads(answers["/nothing"][1])
    assert problem["type"] == "/docs/problems#not-found"


def test_keys_of_64_characters_are_told_apart_by_case(replicas: list[Replica], tmp_path: Path) -> None:
    with nginx(tmp_path, [each.port for each in replicas]) as way:
        context = ssl.create_default_context(cafile=str(way.tls))
        statuses = []
        for key in ("K" * 63 + "a", "K" * 63 + "A", "k" * 63 + "a"):
            connection = http.client.HTTPSConnection("localhost", way.port, context=context, timeout=20)
            connection.request("GET", "/bias/version", headers={"X-Api-Key": key})
            statuses.append(connection.getresponse().status)
            connection.close()
        log = (tmp_path / "access.log").read_text()
    assert statuses == [200, 200, 401]
    assert "caller-1" in log and "caller-2" in log
