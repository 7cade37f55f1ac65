"""The contract: ``openapi.json`` is valid and up to date.

Slow as a whole: it reads the shipped table and runs other people's tools over the document.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from service.dataset.load import load
from service.requests.problems import PROBLEM_SECTIONS
from service.settings import Settings
from service.web.app import create_app
from service.web.openapi.document import build_document
from service.web.openapi.schemas import read_field_descriptions
from tests.helpers import ROOT

pytestmark = pytest.mark.slow

COMMITTED = ROOT / "openapi.json"
DOCUMENT = json.loads(COMMITTED.read_text())
SPECTRAL = ROOT / "build" / "spectral" / "node_modules" / ".bin" / "spectral"


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application on the shipped table, with every setting at its default."""
    given = Settings()
    return create_app(given, load(given))


def test_the_committed_description_is_what_the_code_says(app):
    assert json.loads(json.dumps(build_document(app))) == DOCUMENT, "run: make openapi"


def test_the_served_description_is_the_committed_one(app):
    assert app.test_client().get("/openapi.json").json == DOCUMENT


def test_it_is_valid_openapi_3_1():
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def described_parts(node: object, place: str = "") -> Iterator[tuple[str, dict]]:
    """Every property of a schema and every parameter, with its place in the document."""
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from described_parts(each, f"{place}/{number}")
    elif isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from ((f"{place}/{name}", each) for name, each in node["properties"].items())
        yield from ((f"{place}/{each['name']}", each) for each in node.get("parameters", ()))
        for name, each in node.items():
            if name not in ("example", "examples", "x-request"):
                yield from described_parts(each, f"{place}/{name}")


def test_every_property_and_parameter_has_a_description():
    parts = dict(described_parts(DOCUMENT))
    assert len(parts) > 300
    assert [place for place, each in parts.items() if not each.get("description")] == []


def test_every_word_on_a_field_is_used():
    names = {place.rpartition("/")[2] for place, _ in described_parts(DOCUMENT)}
    assert {name.rpartition(".")[2] for name in read_field_descriptions()} <= names


def test_no_request_says_its_default_where_types_would_require_the_field():
    schemas = DOCUMENT["components"]["schemas"].values()
    fields = [part for each in schemas for part in each.get("properties", {}).values()]
    assert [part for part in fields if "default" in part] == []


def test_every_get_shows_an_example():
    shown = {
        each["operationId"]
        for path in DOCUMENT["paths"].values()
        if (each := path.get("get"))
        and any("examples" in kind for kind in each["responses"]["200"]["content"].values())
    }
    every = {path["get"]["operationId"] for path in DOCUMENT["paths"].values() if "get" in path}
    # Figures of the process, which no document can foresee.
    assert every - shown == {"get_metrics"}


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
    pages = {
        "/",
        "/check",
        "/docs",
        "/docs/problems",
        "/methodology",
        "/outlets",
        "/outlets/<domain>",
        "/raters",
    }
    pages |= {"/static/<name>", "/embed.js", "/v1/outlets/<path:address>", "/changes"}
    pages |= {"/card.png", "/outlets/<domain>/card.png", "/robots.txt", "/favicon.ico"}
    pages |= {"/openapi.json"}
    described = {path.replace("{", "<").replace("}", ">") for path in DOCUMENT["paths"]}
    assert {rule.rule for rule in app.url_map.iter_rules()} - pages == described


def test_every_kind_of_problem_is_described_with_an_example():
    responses = dict(DOCUMENT["components"]["responses"])
    assert "content" not in responses.pop("414"), "it comes from the server in front, in its own words"
    assert set(responses) == {str(status) for status in PROBLEM_SECTIONS}
    for status, response in responses.items():
        (content,) = response["content"].values()
        assert content["example"]["status"] == int(status)
        assert content["example"]["type"].endswith(PROBLEM_SECTIONS[int(status)])
