"""The README's examples are real answers. ``python -m tests.docs.test_readme`` writes them anew."""

import json

import pytest
from flask.testing import FlaskClient

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from tests.helpers import ROOT
from tests.helpers.examples import Example, answer, examples, refreshed, steady

README = ROOT / "README.md"


def real_client() -> FlaskClient:
    """The service on the shipped table."""
    settings = Settings()
    return create_app(settings, load(settings)).test_client()


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return real_client()


def test_there_are_examples():
    assert len(examples(README)) >= 5


@pytest.mark.parametrize("example", examples(README), ids=lambda example: example.command.split()[2][:60])
def test_a_documented_answer_is_the_real_one(client, example: Example):
    assert steady(answer(client, example.command)) == steady(json.loads(example.answer))


if __name__ == "__main__":
    README.write_text(refreshed(README, real_client()))
