"""Tracing: off by default; on, a caller's trace goes on through the service."""

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.settings import Settings, from_environment
from service.web.app import create_app
from service.web.middleware.tracing import instrument_app

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
BODY = {"outlets": ["left.example"]}


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(catalog, spans):
    app = create_app(Settings(), catalog)
    instrument_app(app, SimpleSpanProcessor(spans))
    return app.test_client()


def test_a_traceparent_is_continued(client, spans):
    sent = {"traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-Id": "abc"}
    assert client.post("/v1/distribution", json=BODY, headers=sent).status_code == 200
    (span,) = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == TRACE
    assert f"{span.parent.span_id:016x}" == SPAN
    assert span.name == "POST /v1/distribution"
    assert span.resource.attributes["service.name"] == "slantwise"


@pytest.mark.parametrize("broken", ["", "00-xyz", f"00-{'0' * 32}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01"])
def test_a_broken_traceparent_starts_a_trace_of_its_own(client, spans, broken):
    assert client.get("/version", headers={"traceparent": broken}).status_code == 200
    (span,) = spans.get_finished_spans()
    assert span.parent is None
    assert f"{span.context.trace_id:032x}" != TRACE


def test_errors_have_spans_too_and_probes_have_none(client, spans):
    client.get("/nowhere")
    client.post("/v1/distribution", json={})
    for path in ("/livez", "/readyz"):
        assert client.get(path).status_code == 200
    statuses = [span.attributes["http.status_code"] for span in spans.get_finished_spans()]
    assert statuses == [404, 422]


def test_it_is_off_by_default_and_then_no_hook_is_installed(catalog):
    assert not Settings().tracing
    assert from_environment({"SLANTWISE_TRACING": "true"}).tracing
    assert not create_app(Settings(), catalog).before_request_funcs
