"""The framework alone: Flask reads the body and returns constant bytes."""

from pathlib import Path

from flask import Flask, Response, request

ANSWER = Path("build/bench/answer.json").read_bytes()
app = Flask(__name__)


@app.post("/v1/distribution")
def distribution():
    request.get_data()
    return Response(ANSWER, content_type="application/json")
