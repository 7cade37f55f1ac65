"""The contract: ``openapi.json`` is valid, up to date and true.

Slow as a whole: it reads the shipped table, runs other people's tools over the document, and sends what
they make of it.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from service.web.http.problems import NAMES
from service.web.openapi.document import describe
from service.web.openapi.shown import REQUEST_ID
from tests.helpers import ROOT

pytestmark = pytest.mark.slow

COMMITTED = ROOT / "openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text())
OPERATIONS = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
SPECTRAL = ROOT / "build" / "spectral" / "node_modules" / ".bin" / "spectral"


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application on the shipped table, with every setting at its default."""
    given = Settings()
    return create_app(given, load(given))


def test_the_committed_description_is_what_the_code_says(app):
    assert json.loads(json.dumps(describe(app))) == DOCUMENT, "run: make openapi"


def test_the_served_description_is_the_committed_one(app):
    assert app.test_client().get("/openapi.json").json == DOCUMENT


def test_it_is_valid_openapi_3_1():
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_spectral_finds_no_error_in_it(tmp_path):
    rules = tmp_path / "spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n')
    if not SPECTRAL.exists() and not shutil.which("npm"):
        pytest.skip("Spectral needs npm, which is not here")
    assert SPECTRAL.exists(), "run: make spectral"
    command = [SPECTRAL, "lint", COMMITTED, "--ruleset", rules, "--fail-severity", "error", "--quiet"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_route_that_is_not_a_page_is_described(app):
    """A route outside the description would be an endpoint nobody can find."""
    pages = {"/", "/docs", "/methodology", "/outlets/<domain>", "/static/<name>"}
    pages |= {"/openapi.json", "/.well-known/api-catalog"}
    described = {path.replace("{", "<").replace("}", ">") for path in DOCUMENT["paths"]}
    assert {rule.rule for rule in app.url_map.iter_rules()} - pages == described


def test_every_kind_of_problem_is_described_with_an_example():
    responses = dict(DOCUMENT["components"]["responses"])
    assert "content" not in responses.pop("414"), "it comes from the server in front, in its own words"
    assert set(responses) == {str(status) for status in NAMES}
    for status, response in responses.items():
        (content,) = response["content"].values()
        assert content["example"]["status"] == int(status)
        assert content["example"]["type"].endswith(NAMES[int(status)])


class Shown(NamedTuple):
    """A documented request and the answer documented for it."""

    method: str
    path: str
    query: dict
    content_type: str | None
    body: str | None
    status: int
    media: str
    answer: object


def shown_in(path: str, method: str, operation: dict) -> Iterator[tuple[str, Shown]]:
    """The examples of one operation, by name: requests and answers go together by the name of the example."""
    requests = {
        name: (media, example["value"])
        for media, content in operation.get("requestBody", {}).get("content", {}).items()
        for name, example in content.get("examples", {}).items()
    }
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            for name, answer in content.get("examples", {}).items():
                if "x-request" in answer:
                    requests[name] = ("application/json", answer["x-request"])
                content_type, body = requests.get(name, (None, None))
                text = body if body is None or isinstance(body, str) else json.dumps(body)
                url, query = filled(path, operation, name)
                yield name, Shown(method, url, query, content_type, text, int(status), media, answer["value"])


def filled(path: str, operation: dict, example: str) -> tuple[str, dict]:
    """The path with the example's values in it, and the query."""
    query = {}
    for parameter in operation.get("parameters", ()):
        if example in parameter.get("examples", {}):
            value = parameter["examples"][example]["value"]
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(value, safe=""))
            else:
                query[parameter["name"]] = value
    return path, query


EXAMPLES = [
    pytest.param(shown, id=f"{operation[0]} {name}")
    for operation in OPERATIONS
    for name, shown in shown_in(*operation)
]


@pytest.mark.parametrize("shown", EXAMPLES)
def test_every_example_is_a_real_answer(app, shown):
    response = app.test_client().open(
        f"{shown.path}?{urlencode(shown.query, doseq=True)}",
        method=shown.method,
        data=shown.body,
        content_type=shown.content_type,
        headers={"X-Request-Id": REQUEST_ID},
    )
    assert (response.status_code, response.mimetype) == (shown.status, shown.media)
    is_text = isinstance(shown.answer, str)
    assert (response.text if is_text else response.json) == shown.answer


def test_every_operation_has_an_example():
    for path, method, operation in OPERATIONS:
        if path == "/metrics":
            continue  # figures that no document can foresee
        assert list(shown_in(path, method, operation)), f"{method} {path}"
