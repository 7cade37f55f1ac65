"""The examples of the description: values of the right type, and what the service really answers."""

import json

import msgspec
import pytest
from flask import Flask

from service.core.resolve.catalog import Catalog
from service.requests.problems import PROBLEM_SECTIONS, Problem
from service.settings import Settings
from service.web.app import create_app
from service.web.framework.endpoint import ENDPOINTS, JSON_TYPE, Endpoint
from service.web.openapi.error_responses import ERROR_EXAMPLES
from service.web.openapi.examples import EXAMPLES_FOLDER, Example, read_examples
from tests.helpers.shown import answer_of, application, ask

SERVED = create_app(Settings(), Catalog([], [], [], version="", sha256="")).view_functions
SHOWN = [
    pytest.param(each, example, id=f"{each.view.__name__} {example.key}")
    for each in ENDPOINTS
    if each.name in SERVED
    for example in read_examples(each.view.__name__)
]
every_example = pytest.mark.parametrize(("each", "example"), SHOWN)


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


def decoded(kind: object, value: object) -> object:
    """``value`` through ``kind`` and back: a field too many is lost, a field too few stops it."""
    return json.loads(msgspec.json.encode(msgspec.json.decode(msgspec.json.encode(value), type=kind)))


def kind_of(each: Endpoint, example: Example) -> object:
    return each.answer if example.status == 200 else Problem


@every_example
def test_request_and_answer_are_values_of_their_types(each, example):
    if example.body is not None and example.status == 200:
        kind, bodies = each.body, [example.body]
        if isinstance(example.body, str):
            kind, bodies = dict, [json.loads(line) for line in example.body.splitlines()]
        for body in bodies:
            decoded(kind, body)
    if not isinstance(example.answer, str):
        assert decoded(kind_of(each, example), example.answer) == example.answer
    elif each.lines:
        for line in example.answer.splitlines():
            assert decoded(each.lines.answer, json.loads(line)) == json.loads(line)


@every_example
def test_the_answer_is_what_the_service_says_of_the_made_up_table(app, each, example):
    response = ask(app, each, example)
    assert response.status_code == example.status
    assert response.mimetype == example.response_type(each.media.partition(";")[0])
    assert answer_of(response) == example.answer, "run: make docs"


@pytest.fixture(scope="module")
def real() -> Flask:
    from service.dataset.load import load  # noqa: PLC0415  # pandas comes with it

    return create_app(Settings(), load(Settings()))


@pytest.mark.slow
@every_example
def test_the_running_application_answers_with_that_status_and_type(real, each, example):
    response = ask(real, each, example)
    assert response.status_code == example.status
    if response.mimetype == JSON_TYPE:
        value = answer_of(response)
        assert decoded(kind_of(each, example), value) == value


def test_every_operation_has_an_example_and_every_example_an_operation():
    views = {each.view.__name__ for each in ENDPOINTS if each.name in SERVED}
    # Figures of the process, which no document can foresee.
    assert {file.stem for file in EXAMPLES_FOLDER.iterdir()} == views - {"get_metrics"}


PROVOKED = {
    400: ("POST", "/v1/distribution", b"{", JSON_TYPE),
    404: ("GET", "/v1/outlets/nobody.example", None, None),
    405: ("DELETE", "/v1/distribution", None, None),
    413: ("POST", "/v1/distribution", b" " * (Settings().max_body + 1), JSON_TYPE),
    415: ("POST", "/v1/distribution", b"outlets=reuters.com", "application/x-www-form-urlencoded"),
    422: ("POST", "/v1/distribution", b'{"outlets": ["reuters.com", 7]}', JSON_TYPE),
}


def test_every_kind_of_problem_is_shown():
    assert ERROR_EXAMPLES.keys() == PROBLEM_SECTIONS.keys()


# Keys and limits are off here: tests/web/test_api_keys.py holds 401 and 429 to what is shown of them.
@pytest.mark.parametrize("status", sorted(PROVOKED))
def test_the_example_of_a_problem_is_what_the_service_says(app, status):
    method, path, body, media = PROVOKED[status]
    response = app.test_client().open(path, method=method, data=body, content_type=media)
    assert response.status_code == status
    assert response.json["detail"] == ERROR_EXAMPLES[status].detail
    shown = [(fault.pointer, fault.detail) for fault in ERROR_EXAMPLES[status].errors]
    assert [(fault["pointer"], fault["detail"]) for fault in response.json.get("errors", ())] == shown
    for header in ERROR_EXAMPLES[status].headers:
        assert header in response.headers
