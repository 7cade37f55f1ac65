"""HTTP done right: caching, methods and body sizes, on a throw-away blueprint."""

import json

import pytest
from flask import Blueprint, Response, request
from msgspec import Struct

from service.settings import Settings
from service.web.app import create_app
from service.web.framework.endpoint import NDJSON_TYPE, NdjsonVariant, endpoint
from tests.web.conftest import assert_problem

blueprint = Blueprint("throw_away", __name__)


class Note(Struct):
    text: str


class Nothing(Struct, forbid_unknown_fields=True):
    """No parameters."""


def count_lines(query: Nothing) -> Response:
    return Response(f'{{"lines": {len(request.get_data().splitlines())}}}\n', content_type=NDJSON_TYPE)


@endpoint(blueprint, "/note", answer=Note)
def get_note() -> Note:
    return Note("always the same")


@endpoint(blueprint, "/picture.svg", answer=str, media="image/svg+xml")
def get_picture() -> str:
    return "<svg/>"


@endpoint(
    blueprint,
    "/big",
    methods=("POST",),
    body=Note,
    answer=Note,
    max_body_setting="max_batch_body",
    lines=NdjsonVariant(count_lines, Nothing, Note, Note),
)
def post_big(body: Note) -> Note:
    return Note(str(len(body.text)))


@pytest.fixture(scope="module")
def client(catalog):
    app = create_app(Settings(max_body=100, max_batch_body=1000), catalog)
    app.register_blueprint(blueprint)
    return app.test_client()


@pytest.mark.parametrize("path", ["/note", "/picture.svg"])
def test_a_get_may_be_kept_and_asked_again_by_its_etag(client, path):
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["ETag"].startswith('"')
    tag = first.headers["ETag"]
    for asked in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(path, headers={"If-None-Match": asked})
        assert (again.status_code, again.data) == (304, b"")
        assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, "public, max-age=60")
        assert "Content-Length" not in again.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_says_what_get_would_without_the_body(client):
    got, head = client.get("/note"), client.head("/note")
    assert head.data == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
        assert head.headers[name] == got.headers[name]
    assert client.head("/note", headers={"If-None-Match": got.headers["ETag"]}).status_code == 304


def test_a_probe_is_never_kept(client):
    assert client.get("/livez").headers["Cache-Control"] == "no-store"
    assert "ETag" not in client.get("/readyz").headers


def test_an_answer_that_is_no_json_has_its_own_media_type(client):
    got = client.get("/picture.svg")
    assert (got.content_type, got.text) == ("image/svg+xml", "<svg/>")


@pytest.mark.parametrize(("path", "size", "status"), [("/big", 900, 200), ("/big", 1100, 413)])
def test_an_operation_may_allow_a_larger_body(client, path, size, status):
    response = client.post(path, json={"text": "x" * size})
    if status == 200:
        assert response.json == {"text": str(size)}
    else:
        assert_problem(response, status)


def test_lines_are_the_same_operation_one_value_a_line(client):
    response = client.post("/big", data=b"{}\n{}\n", content_type=NDJSON_TYPE)
    assert (response.content_type, json.loads(response.data)) == (NDJSON_TYPE, {"lines": 2})
