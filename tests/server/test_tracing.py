"""Spans leave the real server's workers for a collector: an HTTP server of our own that takes what comes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import pytest
import requests

from tests.helpers.serving import PATIENCE_SECONDS, serving

TRACE = "0af7651916cd43dd8448eb211c80319c"


@contextmanager
def collector() -> Iterator[tuple[str, Queue]]:
    """Where spans can be sent, and the bodies that came."""
    came: Queue = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # the name that http.server asks for
            came.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
def test_a_worker_sends_the_span_of_a_continued_trace(tmp_path):
    with collector() as (url, came):
        variables = {
            "SLANTWISE_TRACING": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": url,
            "OTEL_SERVICE_NAME": "bias",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "WEB_CONCURRENCY": "2",
        }
        with serving(tmp_path, **variables) as server:
            sent = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
            assert requests.get(server.url + "/version", headers=sent, timeout=30).status_code == 200
            path, body = came.get(timeout=PATIENCE_SECONDS)
    assert path == "/v1/traces"
    assert bytes.fromhex(TRACE) in body
    assert b"bias" in body
