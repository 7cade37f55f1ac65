"""Start each rival on one core, check that it is the one that answers, and that it answers the same."""

import json
import os
import shutil
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

from bench.request import PATH

BUILD = Path("build/bench")
BIN = Path(sys.executable).parent
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SERVER_CORE, LOAD_CORE = "0", "1"
THREADS = ["--threads", "4", "--keep-alive", "15", "--no-control-socket"]
"""As service/gunicorn.conf.py has it."""


class Rival(NamedTuple):
    """A server to measure: its letter, what it is, and the command that starts it on a port."""

    letter: str
    title: str
    command: list[str]


def gunicorn(app: str, worker: str = "gthread") -> list[str]:
    return [str(BIN / "gunicorn"), "--bind", "127.0.0.1:{port}", "--worker-class", worker, *THREADS, app]


def uvicorn(app: str) -> list[str]:
    address = ["--host", "127.0.0.1", "--port", "{port}"]
    return [str(BIN / "uvicorn"), *address, "--no-access-log", "--log-level", "warning", app]


RIVALS = [
    Rival("a", "bare WSGI function, constant bytes, gunicorn gthread", gunicorn("bench.rivals.bare:app")),
    Rival(
        "a2",
        "the same function, gunicorn gevent",
        gunicorn("bench.rivals.bare:app", "gevent"),
    ),
    Rival("b", "Flask, constant bytes, gunicorn gthread", gunicorn("bench.rivals.flask_constant:app")),
    Rival(
        "c",
        "Slantwise, gunicorn gevent (its default)",
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
            "service.server.wsgi:from_settings",
        ],
    ),
    Rival("e", "FastAPI + pydantic at both ends, uvicorn", uvicorn("bench.rivals.fastapi_app:app")),
    Rival(
        "e2", "FastAPI without a response model, orjson, uvicorn", uvicorn("bench.rivals.fastapi_lean:app")
    ),
    Rival("h", "Litestar + msgspec, uvicorn", uvicorn("bench.rivals.litestar_app:app")),
    Rival("f", "Flask + pandas .loc by column, gunicorn gthread", gunicorn("bench.rivals.pandas_app:app")),
    Rival(
        "f2", "Flask + pandas .loc by index, gunicorn gthread", gunicorn("bench.rivals.pandas_app:indexed")
    ),
]

# What is measured with lists in rotation: to the others they are all alike, or they are too slow to matter.
ROTATED = ("c", "d", "e", "e2", "h")

BY_LETTER = {rival.letter: rival for rival in RIVALS}
SHIPPED = BY_LETTER["c"]
"""The service as it is started by default."""


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
        wait_until_listening(port, process)
        yield f"http://127.0.0.1:{port}", process.pid
        if process.poll() is not None:
            raise SystemExit(f"{rival.title} ended while it was measured; see {BUILD}/{rival.letter}.log")
    finally:
        stop(process)


def process_tree(pid: int) -> list[psutil.Process]:
    """A process and its children; none when it has ended."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def find_listeners(port: int) -> set[int | None]:
    """The processes that listen on a port."""
    found = psutil.net_connections("tcp")
    return {each.pid for each in found if each.status == psutil.CONN_LISTEN and each.laddr.port == port}


def stop(process: subprocess.Popen) -> None:
    """Ask the server to stop; a benchmark does not wait for one that takes its time."""
    members = process_tree(process.pid)
    process.terminate()
    for member in psutil.wait_procs(members, timeout=10)[1]:
        member.kill()
    process.wait(10)


def wait_until_listening(port: int, process: subprocess.Popen) -> None:
    """Return once the process that was started listens on the port, with its children and nobody else."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        # A socket that is changing hands has no owner for a moment.
        if (found := find_listeners(port)) and None not in found:
            if strangers := found - {each.pid for each in process_tree(process.pid)}:
                raise SystemExit(f"somebody else listens on port {port}: {strangers}")
            return
        time.sleep(0.02)
    raise SystemExit(f"no server of ours listens on port {port}; see {BUILD}")


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a server and its children so far."""
    return sum(sum(each.cpu_times()[:2]) for each in process_tree(pid))


def check_answer(url: str, entries: list[str], expected: object) -> None:
    """Refuse to time a server that answers something else."""
    deadline = time.monotonic() + 20
    while True:
        try:
            got = requests.post(url + PATH, json={"outlets": entries}, timeout=10).json()
            break
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    if got != expected:
        raise SystemExit(f"{url} answers something else:\n{json.dumps(got)[:2000]}")
