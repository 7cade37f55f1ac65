"""A stop looks like a stop: nothing but lines of the log, exit status 0, and no wait for a dead collector."""

import json
import os
import signal
import socket
import sys
import time

import pytest
import requests

from tests.helpers.serving import PATIENCE_SECONDS, START, serving

pytestmark = pytest.mark.slow

SERVE = (sys.executable, "-m", "service", "serve")


@pytest.mark.parametrize("command", [START, SERVE], ids=["gunicorn", "serve"])
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_only_lines_of_the_log(tmp_path, command, workers, number):
    # As on a terminal: Ctrl-C reaches the workers too.
    settings = {"WEB_CONCURRENCY": workers, "GUNICORN_CMD_ARGS": "--keep-alive 1"}
    with serving(tmp_path, command=command, new_session=True, **settings) as server:
        for _ in range(5):
            requests.post(f"{server.url}/v1/distribution", json={"outlets": ["reuters.com"]}, timeout=9)
        os.killpg(server.process.pid, number)
        assert server.process.wait(PATIENCE_SECONDS) == 0
        for line in server.log.read_text().splitlines():
            assert json.loads(line)["level"] in ("info", "warning"), line


def test_a_collector_of_spans_that_never_answers_does_not_hold_a_stop_up(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = {
            "SLANTWISE_TRACING": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "GUNICORN_CMD_ARGS": "--keep-alive 1",
        }
        with serving(tmp_path, **settings) as server:
            requests.get(f"{server.url}/version", timeout=9)
            began = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(PATIENCE_SECONDS) == 0
            assert time.monotonic() - began < 6
