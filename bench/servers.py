"""Start each rival on one core, check that it is the one that answers, and that it answers the same."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil
import requests

from bench.request import BODY, PATH

BUILD = Path("build/bench")
BIN = Path(sys.executable).parent
SERVER_CORE, LOAD_CORE = "0", "1"
GTHREAD = ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "15", "--no-control-socket"]


class Rival(NamedTuple):
    """A server to measure: its letter, what it is, and the command that starts it on a port."""

    letter: str
    title: str
    command: list[str]


def gunicorn(app: str) -> list[str]:
    return [str(BIN / "gunicorn"), "--bind", "127.0.0.1:{port}", *GTHREAD, app]


RIVALS = [
    Rival("a", "bare WSGI function, constant bytes, gunicorn gthread", gunicorn("bench.rivals.bare:app")),
    Rival("b", "Flask, constant bytes, gunicorn gthread", gunicorn("bench.rivals.flask_constant:app")),
    Rival(
        "c",
        "Slantwise, gunicorn gthread (its default)",
        [str(BIN / "gunicorn"), "--config", "service/gunicorn.conf.py"],
    ),
    Rival(
        "d",
        "Slantwise, granian",
        [
            *(
                str(BIN / "granian"),
                "--interface",
                "wsgi",
                "--factory",
                "--host",
                "127.0.0.1",
                "--port",
                "{port}",
            ),
            *("--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
            "service.web.app:from_settings",
        ],
    ),
    Rival(
        "e",
        "FastAPI + pydantic, uvicorn",
        [
            *(str(BIN / "uvicorn"), "--host", "127.0.0.1", "--port", "{port}", "--no-access-log"),
            *("--log-level", "warning", "bench.rivals.fastapi_app:app"),
        ],
    ),
    Rival("f", "Flask + pandas .loc by column, gunicorn gthread", gunicorn("bench.rivals.pandas_app:app")),
    Rival(
        "f2", "Flask + pandas .loc by index, gunicorn gthread", gunicorn("bench.rivals.pandas_app:indexed")
    ),
    Rival("g", "node http", ["node", "bench/rivals/node_server.js", "{port}"]),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(rival: Rival, **environ: str) -> Iterator[tuple[str, int]]:
    """The rival's URL and process id, once the process that was started is the one that answers."""
    port = free_port()
    command = ["taskset", "-c", SERVER_CORE, *(word.format(port=port) for word in rival.command)]
    with (BUILD / f"{rival.letter}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, "PORT": str(port), **environ}, stdout=log, stderr=log
        )
    try:
        wait(port, process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        end(process)


def listening(pid: int) -> set[int]:
    """The ports on which a process or one of its children listens; a child may end while it is asked."""
    ports: set[int] = set()
    for member in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        with suppress(psutil.Error):
            found = member.net_connections("tcp")
            ports.update(each.laddr.port for each in found if each.status == psutil.CONN_LISTEN)
    return ports


def end(process: subprocess.Popen) -> None:
    """Ask the server to stop; a benchmark does not wait for one that takes its time."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    process.terminate()
    for member in psutil.wait_procs(family, timeout=10)[1]:
        member.kill()
    process.wait(10)


def wait(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if port in listening(process.pid):
            return
        time.sleep(0.02)
    raise SystemExit(f"no server of ours listens on port {port}; see {BUILD}")


def same_answer(url: str, expected: object) -> None:
    """Refuse to time a server that answers something else."""
    deadline = time.monotonic() + 20
    while True:
        try:
            got = requests.post(
                url + PATH, BODY, headers={"Content-Type": "application/json"}, timeout=10
            ).json()
            break
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    if got != expected:
        raise SystemExit(f"{url} answers something else:\n{json.dumps(got)[:2000]}")
