"""Spans of requests with OpenTelemetry: a caller's ``traceparent`` (W3C Trace Context) is continued.

Optional: the extra ``otel``, and the standard ``OTEL_*`` variables say where spans go.
"""

from typing import TYPE_CHECKING

from flask import Flask
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span

from service import __version__
from service.web.framework.context import CONTEXT_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

UNTRACED_PATHS = "livez,readyz,metrics"


def instrument_app(app: Flask, processor: SpanProcessor | None = None) -> TracerProvider:
    """Make a span of every request except probes, and send them in batches from a thread of each worker.

    The processor starts its thread again after a fork, so the master may make it before there are workers.
    """
    ours = Resource({SERVICE_NAME: "slantwise", SERVICE_VERSION: __version__})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    FlaskInstrumentor().instrument_app(  # type: ignore[no-untyped-call]
        app, request_hook=set_request_id, tracer_provider=provider, excluded_urls=UNTRACED_PATHS
    )
    return provider


def set_request_id(span: Span, environ: "WSGIEnvironment") -> None:
    """Set the request id of the log line on the span."""
    if span.is_recording():
        span.set_attribute("slantwise.request_id", environ[CONTEXT_KEY].request_id)
