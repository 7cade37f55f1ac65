"""What is told of each request: one line, a few figures, and nothing of the caller."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from werkzeug.test import Client

from service.settings import Settings
from service.telemetry import logs, metrics
from service.web.app import create_app
from service.web.middleware.access_log import AccessLogMiddleware
from tests.helpers import ROOT

STORY = {"outlets": ["left.example", "left.example", "silent.example", "https://nobody.example/secret"]}


@pytest.fixture
def lines(monkeypatch):
    written = []
    monkeypatch.setattr(logs, "write_line", written.append)
    return written


@pytest.fixture
def client(catalog):
    return Client(AccessLogMiddleware(create_app(Settings(), catalog)))


def told(lines):
    (line,) = lines
    return json.loads(line)


def metric(name, **labels):
    metrics.flush()
    return REGISTRY.get_sample_value(name, labels) or 0


def test_a_request_is_one_line_with_its_route_and_entries(client, lines):
    response = client.post("/v1/distribution", json=STORY, headers={"X-Request-Id": "abc-1"}, buffered=True)
    line = told(lines)
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "event": "request",
        "request_id": "abc-1",
        "method": "POST",
        "route": "/v1/distribution",
        "status": 200,
        "bytes": len(response.data),
        "entries": {"rated": 1, "duplicate": 1, "unrated": 1, "unknown": 1},
    }


def test_a_stream_is_told_of_when_it_has_been_sent(client, lines):
    stories = b"\n".join(json.dumps(STORY).encode() for _ in range(3))
    response = client.post("/v1/distribution/batch", data=stories, content_type="application/x-ndjson")
    assert len(response.data.splitlines()) == 3
    response.close()
    line = told(lines)
    assert (line["route"], line["bytes"]) == ("/v1/distribution/batch", len(response.data))
    assert line["entries"] == {"rated": 3, "duplicate": 3, "unrated": 3, "unknown": 3}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/outlets/left.example", ("GET", "/v1/outlets/<domain>", 200)),
        ("GET", "/v1/outlets/nobody.example", ("GET", "/v1/outlets/<domain>", 404)),
        ("GET", "/wp-login.php?user=me", ("GET", "unmatched", 404)),
        ("DELETE", "/v1/distribution", ("DELETE", "unmatched", 405)),
        ("BREW", "/v1/distribution", ("other", "unmatched", 405)),
        ("HEAD", "/livez", ("HEAD", "/livez", 200)),
    ],
)
def test_a_line_has_the_routes_template_and_no_more_methods_than_there_are(
    client, lines, method, path, expected
):
    client.open(path, method=method).close()
    line = told(lines)
    assert (line["method"], line["route"], line["status"]) == expected


def test_a_line_holds_nothing_of_the_caller_and_cannot_be_forged(client, lines):
    client.get(
        '/v1/outlets?q=secret%0a{"event":"forged"}',
        headers={"User-Agent": "secret", "X-Forwarded-For": "192.0.2.7", "X-Request-Id": 'x"\tsecret'},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    ).close()
    (line,) = lines
    assert b"\n" not in line
    for private in (b"secret", b"192.0.2.7", b"forged"):
        assert private not in line


def test_requests_and_entries_are_counted_by_route_method_and_class_of_status(client, lines):
    labels = {"route": "/v1/distribution", "method": "POST", "status": "2xx"}
    before = metric("slantwise_request_seconds_count", **labels)
    rated = metric("slantwise_entries_total", status="rated")
    client.post("/v1/distribution", json=STORY).close()
    assert metric("slantwise_request_seconds_count", **labels) == before + 1
    assert metric("slantwise_entries_total", status="rated") == rated + 1


def test_paths_that_callers_make_up_add_no_labels(client, lines):
    for number in range(20):
        client.get(f"/nothing/{number}").close()
        client.open("/livez", method=f"BREW{number}").close()
    metrics.flush()
    seen = {
        tuple(sample.labels.get(name) for name in ("route", "method"))
        for family in REGISTRY.collect()
        for sample in family.samples
        if family.name == "slantwise_request_seconds"
    }
    assert not [label for pair in seen for label in pair if label and any(c.isdigit() for c in label[4:])]
    assert ("unmatched", "other") in seen


def test_a_full_standard_output_does_not_fail_a_request(client, monkeypatch):
    with Path("/dev/full").open("wb") as full:
        monkeypatch.setattr(logs, "STDOUT_FD", full.fileno())
        assert client.get("/livez").status_code == 200


def test_metrics_are_in_the_text_format_with_the_data_they_speak_of(client, lines, catalog):
    client.post("/v1/distribution", json=STORY).close()
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=")
    page = response.text
    assert f'slantwise_dataset_info{{sha256="{catalog.sha256}",version="test"}} 1.0' in page
    assert 'slantwise_dataset_outlets{rated="true"} 6.0' in page
    assert "\nslantwise_rated_share 0." in page


def test_counters_are_there_at_0_before_anything_is_counted():
    code = (
        "from prometheus_client import generate_latest; from service.telemetry import metrics; "
        "assert metrics.preallocate_files(); print(generate_latest().decode())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    for sample in (
        'slantwise_reloads_total{outcome="failed"} 0.0',
        'slantwise_entries_total{status="unknown"} 0.0',
        'slantwise_request_seconds_count{method="POST",route="/v1/distribution",status="5xx"} 0.0',
        "slantwise_requests_in_flight 0.0",
    ):
        assert sample in done.stdout


def test_a_stream_is_not_among_the_durations_of_requests(client):
    def counts() -> tuple[float, float]:
        page = client.get("/metrics").text
        requests, streams = (
            sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(start))
            for start in (
                'slantwise_request_seconds_count{method="POST",route="/v1/distribution/batch",status="2xx"}',
                "slantwise_stream_seconds_count",
            )
        )
        return requests, streams

    metrics.STATE.in_flight.clear()  # bodies that other tests have not closed
    before = counts()
    line = b'{"outlets": ["left.example"]}\n'
    client.post("/v1/distribution/batch", data=line, content_type="application/x-ndjson").close()
    assert counts() == (before[0], before[1] + 1)


def test_requests_in_flight_are_counted_while_they_are_answered(client):
    metrics.STATE.in_flight.clear()
    metrics.STATE.weighed = 0.0
    client.get("/livez").close()
    page = client.get("/metrics").text
    assert "\nslantwise_requests_in_flight 1.0" in page, "the one that asks"
    memory = re.search(r"^slantwise_memory_bytes (\S+)", page, re.MULTILINE)
    assert memory and float(memory[1]) > 10**7
