"""The floor: a WSGI function that returns constant bytes and knows nothing."""

from pathlib import Path

ANSWER = Path("build/bench/answer.json").read_bytes()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))]


def app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", HEADERS)
    return [ANSWER]
