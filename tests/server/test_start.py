"""How the server starts: one port, one service, and who is believed without a gateway."""

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
import requests

from tests.helpers import ROOT
from tests.helpers.datafolder import data_folder, replace, table
from tests.helpers.serving import START, Server, free_port, serving
from tests.server.test_reload import logged, reloads, until, workers

pytestmark = pytest.mark.slow


def start(port: int, *options: str) -> subprocess.CompletedProcess:
    """A server that is not expected to serve."""
    environ = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2"}
    command = [*START, *options]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_second_server_on_the_port_ends_with_one_line(tmp_path):
    with serving(tmp_path, WEB_CONCURRENCY="2") as server:
        port = int(server.url.rpartition(":")[2])
        second = start(port)
        assert second.returncode == 1
        assert f"port {port} is in use; PORT=... chooses another" in second.stderr
        assert "Traceback" not in second.stderr
        (line,) = logged(server, "serving")
        assert line["at"] == [f"http://127.0.0.1:{port}/"]


def test_a_port_that_another_program_has_is_named():
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        done = start(foreign.getsockname()[1])
    assert done.returncode == 1
    assert "is in use" in done.stderr


def test_workers_that_end_after_so_many_requests_are_refused():
    done = start(free_port(), "--max-requests", "100")
    assert done.returncode == 1
    assert "--max-requests is refused" in done.stderr


def test_what_a_caller_says_of_itself_is_not_believed(tmp_path):
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "SCRIPT_NAME": "/evil"}
    said |= {"X-Forwarded-Prefix": "/evil", "Forwarded": "proto=https;host=evil.example"}
    with serving(tmp_path) as server:
        page = requests.get(f"{server.url}/v1/outlets?limit=1", headers=said, timeout=5)
        badge = requests.get(f"{server.url}/v1/outlets/reuters.com/badge.json", headers=said, timeout=5)
    assert page.json()["next"].startswith("/v1/outlets?")
    assert "evil" not in badge.text
    assert "https://127" not in badge.text


def test_nothing_is_left_of_a_server_that_was_killed(tmp_path):
    with ExitStack() as running:
        server = running.enter_context(serving(tmp_path))
        (folder,) = logged_folders(server.process.pid)
        children = workers(server)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    with serving(tmp_path):
        assert not folder.exists()


def logged_folders(pid: int) -> list[Path]:
    """The folder of the server's figures, which its environment names."""
    opened = [each.readlink() for each in Path(f"/proc/{pid}/fd").iterdir()]
    return [path.parent for path in opened if path.name.startswith("lock") and "metrics" in path.parent.name]


def readers(server: Server) -> list[psutil.Process]:
    """The processes that read the data for the master."""
    children = psutil.Process(server.process.pid).children()
    return [each for each in children if "service.dataset.load" in each.cmdline()]


@pytest.fixture
def folder(tmp_path) -> Path:
    return data_folder(tmp_path / "data", one="left", two="left", three="left")


def test_reading_that_hangs_holds_up_neither_workers_nor_the_end(tmp_path, folder):
    with serving(
        tmp_path, SLANTWISE_DATA=str(folder), SLANTWISE_RELOAD_SECONDS="0", WEB_CONCURRENCY="2"
    ) as server:
        until(lambda: len(workers(server)) == 2)
        before = workers(server)
        ratings = folder / "outlet_ratings.csv"
        ratings.unlink()
        os.mkfifo(ratings)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: readers(server))
        os.kill(before[0], signal.SIGKILL)
        until(lambda: before[0] not in workers(server) and len(workers(server)) == 2)
        assert readers(server), "it still reads"
        assert requests.get(server.url + "/readyz", timeout=5).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0


def test_a_reader_that_is_killed_is_tried_again_and_says_nothing_of_the_data(tmp_path, folder):
    with serving(
        tmp_path, SLANTWISE_DATA=str(folder), SLANTWISE_RELOAD_SECONDS="1", WEB_CONCURRENCY="1"
    ) as server:
        first = requests.get(server.url + "/version", timeout=5).json()["sha256"]
        killed = []
        replace(folder / "outlet_ratings.csv", table(one="right", two="left", three="left"))
        while not killed:
            for reader in readers(server):
                reader.kill()
                killed.append(reader)
            time.sleep(0.005)
        until(lambda: reloads(server, "ok") == 1)
        until(lambda: requests.get(server.url + "/version", timeout=5).json()["sha256"] != first)
        assert reloads(server, "postponed") == 1
        assert reloads(server, "failed") == 0
        (line,) = logged(server, "new data not taken yet, it is tried again")
        assert "ended" in json.dumps(line)


def broken_disk(folder: Path) -> None:
    """A file whose reading fails as on a broken disk: this one says EIO."""
    (folder / "outlet_ratings.csv").unlink()
    (folder / "outlet_ratings.csv").symlink_to("/proc/self/mem")


def missing_mount(folder: Path) -> None:
    """The whole folder gone, as where a network share is not there."""
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("befall", "reason"),
    [(broken_disk, "Input/output error"), (missing_mount, "No such file or directory")],
)
def test_files_that_cannot_be_read_now_are_told_from_bad_data_and_tried_again(
    tmp_path, folder, befall, reason
):
    with serving(tmp_path, SLANTWISE_DATA=str(folder), SLANTWISE_RELOAD_SECONDS="1") as server:
        first = requests.get(server.url + "/version", timeout=5).json()["sha256"]
        befall(folder)
        until(lambda: reloads(server, "postponed") >= 1)
        assert requests.get(server.url + "/version", timeout=5).json()["sha256"] == first
        said = logged(server, "new data not taken yet, it is tried again")
        assert reason in said[0]["reason"]
        if not folder.exists():
            folder.with_name("elsewhere").rename(folder)
        (folder / "outlet_ratings.csv").unlink()
        replace(folder / "outlet_ratings.csv", table(one="right", two="left", three="left"))
        until(lambda: reloads(server, "ok") == 1)
        assert reloads(server, "failed") == 0


def few_files(number: int) -> tuple[str, ...]:
    return "bash", "-c", f'ulimit -n {number}; exec "$@"', "bash", *START


def test_with_too_few_files_the_start_is_refused_with_the_reason():
    done = subprocess.run(few_files(150), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == "a process may open 150 files and needs 200: raise the limit (ulimit -n)\n"


def test_idle_connections_end_where_a_new_one_would_find_no_room(tmp_path):
    with serving(tmp_path, command=few_files(200), GUNICORN_CMD_ARGS="") as server, ExitStack() as held:
        where = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        idle = [held.enter_context(socket.create_connection(where)) for _ in range(300)]
        for _ in range(20):
            assert requests.get(f"{server.url}/livez", timeout=5).status_code == 200
        # The last to come may stay, and are served.
        idle[-1].sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle[-1].recv(100).startswith(b"HTTP/1.1 200")
        assert idle[0].recv(100) == b""
    assert "Traceback" not in server.log.read_text()
