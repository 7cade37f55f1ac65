"""The application over the small catalog, and a check of the one error shape."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app


@pytest.fixture(scope="session")
def app(catalog: Catalog) -> Flask:
    return create_app(Settings(), catalog)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def assert_problem(response, status: int, pointer: str | None = None) -> dict:
    """The response is a problem (RFC 9457) of that status; returns it."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    problem = response.json
    assert {"type", "title", "status", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-Id"]
    if pointer is not None:
        assert [error["pointer"] for error in problem["errors"]] == [pointer], problem
        assert problem["errors"][0]["detail"]
    return problem
