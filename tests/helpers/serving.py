"""The real server for tests that meet users: gunicorn on a free port of the loopback address."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import requests

from tests.helpers import ROOT

BIN = Path(sys.executable).parent
START = (str(BIN / "gunicorn"), "--config", "service/gunicorn.conf.py")
PATIENCE_SECONDS = 30
# A response that a test still holds keeps its connection open. A server that is asked to end waits for it.
SHORT_WAIT = {"GUNICORN_CMD_ARGS": "--keep-alive 2"}


class Server(NamedTuple):
    """A running server: where it answers, its process, and the file that holds what it printed."""

    url: str
    process: subprocess.Popen
    log: Path


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(
    tmp_path: Path,
    *,
    command: Sequence[str] = START,
    folder: Path = ROOT,
    new_session: bool = False,
    **environ: str,
) -> Iterator[Server]:
    """Start the service in ``folder`` with ``environ`` added, wait until it is ready, stop it at the end."""
    port = free_port()
    log = tmp_path / f"server-{port}.log"
    variables = {**os.environ, **SHORT_WAIT, "PORT": str(port), "HOST": "127.0.0.1", **environ}
    if "SLANTWISE_DATA" in environ:
        # What a test makes up is read once: it shall not drive the shipped data out of the cache.
        variables.setdefault("SLANTWISE_CACHE", "")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=new_session,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        stop(process)


def wait_until_ready(server: Server) -> None:
    """Return once ``/readyz`` says 200; fail with the server's own words when it ends before."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if requests.get(server.url + "/readyz", timeout=1).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.05)
    raise AssertionError(f"the server did not get ready:\n{server.log.read_text()[-4000:]}")


def stop(process: subprocess.Popen) -> int:
    """Ask the server to end, as an orchestrator does; returns its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_SECONDS)


def debian(program: str) -> str:
    """Path of a program that tests/install-debian-packages installs."""
    path = shutil.which(program)
    assert path, f"{program} is missing; run tests/install-debian-packages"
    return path


def wait_until_up(port: int) -> None:
    """Return once somebody listens on a port of this machine."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}")
