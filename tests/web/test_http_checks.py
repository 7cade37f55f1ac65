"""What is refused in front of the application, and which headers of a proxy are believed."""

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.settings import Settings
from service.web.app import create_app


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"HTTP_HOST": None}, 400),
        ({"HTTP_HOST": None, "SERVER_PROTOCOL": "HTTP/1.0"}, 200),
        ({"HTTP_HOST": "a b"}, 400),
        ({"HTTP_HOST": "x/y@z"}, 400),
        ({"HTTP_HOST": "[::1]:8000"}, 200),
        ({"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, 501),
        ({"HTTP_TRANSFER_ENCODING": "identity"}, 501),
        ({"HTTP_TRANSFER_ENCODING": "Chunked"}, 200),
        ({"PATH_INFO": "//v1/dataset"}, 404),
    ],
)
def test_what_http_forbids_is_refused_in_front_of_the_application(catalog, changes, status):
    environ = EnvironBuilder("/v1/dataset").get_environ() | changes
    environ = {name: value for name, value in environ.items() if value is not None}
    _, answered, headers = run_wsgi_app(create_app(Settings(), catalog), environ)
    assert answered.startswith(str(status))
    assert headers["X-Request-Id"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (headers["Content-Type"] == "application/problem+json") == (status != 200)


@pytest.mark.parametrize(
    ("prefix", "believed"),
    [
        ("/bias", "/bias"),
        ("/a/b.c-d_e~f", "/a/b.c-d_e~f"),
        ("/bias/", "/bias"),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("/a/../b", ""),
        ("/a/.", ""),
        ("https://evil.example", ""),
        ('/"><script>', ""),
        ("/%2e%2e", ""),
        ("bias", ""),
    ],
)
def test_a_prefix_that_is_none_is_ignored(catalog, prefix, believed):
    client = create_app(Settings(proxy_hops=1), catalog).test_client()
    response = client.get("/openapi.json", headers={"X-Forwarded-Prefix": prefix})
    assert response.json["servers"] == [{"url": believed or "/"}]
    page = client.get("/", headers={"X-Forwarded-Prefix": prefix, "Accept": "text/html"})
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    ("scheme", "believed"), [("https", "https"), ("http", "http"), ("javascript", "http"), ("ht tp", "http")]
)
def test_a_scheme_that_is_none_is_ignored(catalog, scheme, believed):
    app = create_app(Settings(proxy_hops=1), catalog)
    headers = {"X-Forwarded-Proto": scheme, "Accept": "text/html"}
    page = app.test_client().get("/?outlets=left.example", headers=headers)
    assert f"{believed}://localhost/" in page.text
    assert scheme in ("http", "https") or f"{scheme}:" not in page.text


def test_a_request_that_finds_no_memory_is_told_to_come_back(catalog, monkeypatch):
    app = create_app(Settings(), catalog)

    def find_no_memory(**_kwargs):
        raise MemoryError

    monkeypatch.setitem(app.view_functions, "dataset.get_dataset", find_no_memory)
    response = app.test_client().get("/v1/dataset")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.json["type"].endswith("#overloaded")
