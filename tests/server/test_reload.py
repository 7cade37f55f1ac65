"""New data under load on the real server with several workers: no gap, no mixture, no bad data."""

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.helpers.datafolder import data_folder, replace, table
from tests.helpers.load import load
from tests.helpers.serving import Server, serving

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 30
STORY = {"outlets": ["one.example", "two.example", "three.example"]}


def until(true: Callable[[], bool]) -> None:
    """Wait for something that is to come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def served(server: Server) -> set[str]:
    """Fingerprints of the data that the workers serve; each question goes to one of them by chance."""
    return {requests.get(server.url + "/version", timeout=5).json()["sha256"] for _ in range(12)}


def logged(server: Server, event: str) -> list[dict]:
    """The log's lines of that event."""
    lines = (json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"] == event]


def workers(server: Server) -> list[int]:
    """Process ids of the workers."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(child) for child in children.read_text().split()]


def reloads(server: Server, outcome: str) -> float:
    """How many reloads ended like that."""
    page = requests.get(server.url + "/metrics", timeout=5).text
    found = re.search(rf'^slantwise_reloads_total{{outcome="{outcome}"}} (.*)$', page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def told(answer: dict) -> tuple[str, str]:
    """The data an answer says it is made from, and the one it is made from."""
    return answer["dataset"]["sha256"], "".join(entry["bias"]["label"] for entry in answer["outlets"])


@pytest.fixture
def folder(tmp_path) -> Path:
    return data_folder(tmp_path / "data", one="left", two="left", three="left")


def start(tmp_path: Path, folder: Path, **environ: str):
    environ = {"SLANTWISE_DATA": str(folder), "SLANTWISE_RELOAD_SECONDS": "1", **environ}
    return serving(tmp_path, WEB_CONCURRENCY="2", **environ)


def test_data_that_changes_under_load_is_served_whole_and_without_a_gap(tmp_path, folder):
    with start(tmp_path, folder) as server, load(server.url + "/v1/distribution", STORY, keep=told) as seen:
        (first,) = served(server)
        for turn, label in enumerate(("right", "center", "left"), 1):
            before = served(server)
            replace(folder / "outlet_ratings.csv", table(one=label, two=label, three=label))
            until(lambda before=before: len(found := served(server)) == 1 and found != before)
            assert reloads(server, "ok") == turn
        assert served(server) == {first}
    assert not seen.failures
    assert {labels for _, labels in seen.answers} == {"left" * 3, "right" * 3, "center" * 3}
    assert len({labels for _, labels in seen.answers}) == len(set(seen.answers)), "an answer mixes versions"


def test_broken_data_leaves_the_old_data_serving_and_says_so_once(tmp_path, folder):
    with start(tmp_path, folder) as server:
        before = served(server)
        replace(folder / "outlet_ratings.csv", table(one="left").replace(",left,", ",leftish,"))
        until(lambda: reloads(server, "failed") == 1)
        time.sleep(3)  # three more looks at the same broken file
        assert served(server) == before
        assert requests.get(server.url + "/readyz", timeout=5).status_code == 200
        (line,) = logged(server, "new data refused, old data kept")
        assert line["level"] == "error"
        assert "outlet_ratings.csv:2:bias: 'leftish' is not allowed" in line["faults"][0]
        assert reloads(server, "failed") == 1

        replace(folder / "outlet_ratings.csv", table(one="right", two="left", three="left"))
        until(lambda: served(server).isdisjoint(before))


def test_a_worker_that_starts_late_serves_what_its_siblings_serve(tmp_path, folder):
    with start(tmp_path, folder) as server:
        before = served(server)
        replace(folder / "outlet_ratings.csv", table(one="right", two="left", three="left"))
        until(lambda: served(server).isdisjoint(before))
        now = served(server)
        replace(folder / "outlet_ratings.csv", "broken")
        until(lambda: reloads(server, "failed") == 1)
        for worker in workers(server):
            os.kill(worker, signal.SIGKILL)
            until(lambda worker=worker: worker not in workers(server) and len(workers(server)) == 2)
            until(lambda: answers(server))
            assert served(server) == now


def answers(server: Server) -> bool:
    """Whether any worker answers."""
    try:
        return requests.get(server.url + "/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def test_sighup_reloads_and_replaces_no_worker(tmp_path, folder):
    with start(tmp_path, folder, SLANTWISE_RELOAD_SECONDS="0") as server:
        until(lambda: len(workers(server)) == 2)
        pids, before = workers(server), served(server)
        with requests.Session() as session:
            session.get(server.url + "/livez", timeout=5)
            replace(folder / "outlet_ratings.csv", table(one="right", two="left", three="left"))
            time.sleep(2)
            assert served(server) == before, "nobody asked for a reload"
            server.process.send_signal(signal.SIGHUP)
            until(lambda: served(server).isdisjoint(before))
            assert session.get(server.url + "/livez", timeout=5).status_code == 200
        assert workers(server) == pids


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (
            {"SLANTWISE_RATERS": "nobody"},
            "SLANTWISE_RATERS names an unknown rater 'nobody'; choose from allsides, mbfc",
        ),
        ({"SLANTWISE_DATA": "/nowhere"}, "/nowhere/datapackage.json:1:file: the file cannot be read"),
        ({"SLANTWISE_DATTA": "x"}, "unknown setting SLANTWISE_DATTA"),
        ({"SLANTWISE_RELOAD_SECONDS": "often"}, "SLANTWISE_RELOAD_SECONDS"),
    ],
)
def test_bad_data_or_settings_never_start(tmp_path, folder, environ, said):
    with pytest.raises(AssertionError) as ended, start(tmp_path, folder, **environ):
        pass
    assert said in str(ended.value)
    assert "Traceback" not in str(ended.value)
