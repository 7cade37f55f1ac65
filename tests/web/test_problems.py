"""One shape for every error: a throw-away blueprint raises each exception that a request can end in."""

import logging

import msgspec
import pytest
from flask import Blueprint
from werkzeug import exceptions
from werkzeug.routing import RequestRedirect

from service.core.errors import RequestError
from service.requests.problems import OTHER_SECTION, PROBLEM_SECTIONS, TYPE_BASE
from service.settings import Settings
from service.web.app import create_app
from tests.web.conftest import assert_problem

SECRET = "the password is hunter2"

RAISED = [
    (exceptions.BadRequest("no"), 400),
    (msgspec.DecodeError("truncated"), 400),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), 400),
    (RecursionError("too deep"), 400),
    (exceptions.Unauthorized("who are you"), 401),
    (exceptions.NotFound("not here"), 404),
    (exceptions.MethodNotAllowed(["GET", "POST"]), 405),
    (exceptions.RequestEntityTooLarge(), 413),
    (exceptions.UnsupportedMediaType(), 415),
    (RequestError("/outlets/3", "is no outlet"), 422),
    (exceptions.TooManyRequests(retry_after=17), 429),
    (exceptions.TooManyRequests(), 429),
    (ZeroDivisionError(SECRET), 500),
    (exceptions.ServiceUnavailable(), 503),
    (exceptions.ImATeapot(), 418),
]

blueprint = Blueprint("raiser", __name__)


@blueprint.route("/raise/<int:which>", methods=["GET", "POST"])
def raiser(which: int):
    raise RAISED[which][0]


@blueprint.get("/moved")
def moved():
    raise RequestRedirect("/livez")


@pytest.fixture(scope="module")
def client(catalog):
    app = create_app(Settings(), catalog)
    app.register_blueprint(blueprint)
    return app.test_client()


def cases():
    return [pytest.param(n, status, id=f"{type(error).__name__}") for n, (error, status) in enumerate(RAISED)]


@pytest.mark.parametrize(("which", "status"), cases())
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_exception_ends_in_a_problem_of_its_kind(client, caplog, method, which, status):
    with caplog.at_level(logging.CRITICAL):
        response = client.open(f"/raise/{which}", method=method)
    problem = assert_problem(response, status)
    assert problem["type"] == TYPE_BASE + PROBLEM_SECTIONS.get(status, OTHER_SECTION)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert ("Retry-After" in response.headers) == (status in (429, 503))


@pytest.mark.parametrize(("which", "status"), cases())
def test_head_is_told_the_same_without_a_body(client, caplog, which, status):
    with caplog.at_level(logging.CRITICAL):
        response = client.head(f"/raise/{which}")
    assert (response.status_code, response.data) == (status, b"")
    assert response.content_type == "application/problem+json"


def test_an_unexpected_error_is_in_the_log_and_not_in_the_answer(client, caplog):
    (which,) = (n for n, (error, _) in enumerate(RAISED) if isinstance(error, ZeroDivisionError))
    response = client.get(f"/raise/{which}")
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    assert SECRET in caplog.text


def test_what_an_exception_says_of_time_and_methods_is_kept(client):
    def said(kind: type, n: int = 0) -> dict:
        found = [which for which, (error, _) in enumerate(RAISED) if isinstance(error, kind)]
        return client.get(f"/raise/{found[n]}").headers

    assert said(exceptions.MethodNotAllowed)["Allow"] == "GET, POST"
    assert said(exceptions.TooManyRequests)["Retry-After"] == "17"
    assert said(exceptions.TooManyRequests, 1)["Retry-After"] == "1"
    assert said(exceptions.ServiceUnavailable)["Retry-After"] == "1"


def test_a_wrong_value_is_pointed_at(client):
    (which,) = (n for n, (error, _) in enumerate(RAISED) if isinstance(error, RequestError))
    assert_problem(client.get(f"/raise/{which}"), 422, "/outlets/3")


@pytest.mark.parametrize("name", [*PROBLEM_SECTIONS.values(), OTHER_SECTION])
def test_the_type_of_a_problem_leads_to_the_section_that_explains_it(client, name):
    address, _, section = (TYPE_BASE + name).partition("#")
    page = client.get(address)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert f'<h2 id="{section}">' in page.text
    text = page.text.partition(f'<h2 id="{section}">')[2].partition("<h2")[0]
    assert "<p>" in text.partition("<pre>")[0], "the cause"
    assert "<p>" in text.partition("</pre>")[2], "the fix"


def test_a_redirect_is_no_error(client):
    response = client.get("/moved")
    assert (response.status_code, response.headers["Location"]) == (308, "/livez")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("abc-123_x.y", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("two words", False),
        ("line\u2028break", False),
        ('"quoted"', False),
        ("id;drop", False),
    ],
)
def test_a_well_formed_request_id_is_taken_and_any_other_replaced(client, given, used):
    for path in ("/livez", "/nowhere"):
        told = client.get(path, environ_overrides={"HTTP_X_REQUEST_ID": given}).headers["X-Request-Id"]
        assert (told == given) is used
        assert told
