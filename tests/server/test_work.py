"""How much work one request is, counted in calls: a guard against slow growth that no clock can disturb."""

import io
import json
import sys

import pytest
from werkzeug.routing import MapAdapter

from service.core.distribution import Scorer
from service.settings import Settings
from service.web.app import create_app
from service.web.http.endpoint import ENCODE
from service.web.http.observer import Observer
from tests.helpers.counting import calls

MOST_CALLS = 36
MOST_CALLS_AN_ENTRY = 4
MOST_CALLS_A_NEW_ENTRY = 13
MOST_CALLS_OF_THE_WEB = 170
"""Framework, headers, log line and figures of a request, whatever it asks for."""


@pytest.fixture
def scorer(catalog) -> Scorer:
    return Scorer(catalog)


def entries(number: int) -> list[str]:
    domains = ["left.example", "center.example", "right.example", "torn.example"]
    return [f"https://www.{domains[i % 4]}/story-{i}" for i in range(number)]


def test_a_story_costs_few_calls_and_each_entry_few_more(scorer):
    for number in (10, 110):
        scorer.score(entries(number))
    few, many = (calls(lambda n=number: ENCODE(scorer.score(entries(n)))) for number in (10, 110))
    assert (many - few) / 100 <= MOST_CALLS_AN_ENTRY
    assert few - 10 * (many - few) / 100 <= MOST_CALLS


def test_a_text_never_seen_costs_few_calls_too(scorer):
    first, second = ([f"{text}?{turn}" for text in entries(100)] for turn in (1, 2))
    scorer.score(first)
    assert calls(lambda: scorer.score(second)) / 100 <= MOST_CALLS_A_NEW_ENTRY


@pytest.fixture
def app(catalog):
    return Observer(create_app(Settings(), catalog))


def post(app, body: bytes) -> bytes:
    """A request as the server hands it on."""
    environ = {
        **{"REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": "/v1/distribution", "QUERY_STRING": ""},
        **{"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"},
        **{"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))},
        **{"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr},
    }
    (answer,) = app(environ, lambda *_: None)
    return answer


def test_what_stands_around_scoring_costs_few_calls(app, scorer):
    body = json.dumps({"outlets": entries(10)}).encode()
    answer = post(app, body)
    assert answer == ENCODE(scorer.score(entries(10)))
    around = calls(lambda: post(app, body)) - calls(lambda: ENCODE(scorer.score(entries(10))))
    assert around <= MOST_CALLS_OF_THE_WEB


def test_a_plain_path_is_found_without_a_search(app, monkeypatch):
    def searched(*_given, **_named):
        raise AssertionError("the framework searched its rules")

    monkeypatch.setattr(MapAdapter, "match", searched)
    assert post(app, b'{"outlets": ["left.example"]}').startswith(b'{"headline":"100% Left"')
