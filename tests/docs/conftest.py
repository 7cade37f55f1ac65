"""The pages of docs/ speak of the same application as the tests of the web."""

from tests.web.conftest import app, client  # noqa: F401
