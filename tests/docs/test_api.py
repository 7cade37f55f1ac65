"""docs/api.md is complete, and what it says of headers is so."""

import re

import pytest
from flask.testing import FlaskClient

from tests.helpers import ROOT
from tools.texts import shipped

PAGE = ROOT / "docs" / "api.md"
COMMANDS = re.findall(r"^curl .*", PAGE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """The service on the shipped table."""
    return shipped()


def test_every_endpoint_has_an_example(client):
    for path in client.get("/openapi.json").json["paths"]:
        pattern = re.compile(
            "localhost:8000" + re.sub(r"\\{\w+\\}", "[^/?' ]+", re.escape(path)) + r"(?![\w./])"
        )
        assert any(pattern.search(command) for command in COMMANDS), f"docs/api.md lacks an example of {path}"


def test_what_it_says_of_headers_is_so(client):
    got = client.get("/v1/outlets/reuters.com")
    assert got.headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/livez").headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
