"""Which pages of other sites may call, and what a resource says of itself."""

import re

import pytest

from service.settings import Settings, from_environment
from service.web.app import create_app
from tests.web.conftest import assert_problem

URL = "/v1/distribution"
APP, OTHER = "https://app.example", "https://evil.example"
BODY = {"outlets": ["left.example"]}


@pytest.fixture
def open_client(catalog):
    """An application whose deployer lets the pages of one site post."""
    settings = Settings(cors_origins=f"{APP}, https://b.example")
    return create_app(settings, catalog).test_client()


@pytest.mark.parametrize("origin", [None, APP, OTHER])
@pytest.mark.parametrize("path", [f"{URL}?outlet=left.example", "/nowhere", "/v1/distribution"])
def test_any_page_may_read(client, path, origin):
    got = client.get(path, headers={"Origin": origin} if origin else {})
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Request-Id" in got.headers["Access-Control-Expose-Headers"]
    assert "Origin" not in got.headers.getlist("Vary")


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_only_pages_of_configured_sites_may_post(client, open_client, method):
    def allowed(which, origin):
        response = which.open(URL, method=method, json=BODY, headers={"Origin": origin})
        assert response.status_code == 200
        return response.headers.get("Access-Control-Allow-Origin"), "Origin" in response.headers.getlist(
            "Vary"
        )

    assert allowed(client, APP) == (None, False)
    assert allowed(open_client, APP) == (APP, True)
    assert allowed(open_client, OTHER) == (None, True)


def test_an_answer_to_no_page_still_varies_by_origin_where_origins_count(open_client):
    response = open_client.open(URL, method="QUERY", json=BODY)
    assert set(response.headers.getlist("Vary")) == {"Origin", "Accept-Encoding"}


def test_a_problem_can_be_read_by_the_page_that_caused_it(open_client):
    response = open_client.post(URL, json={}, headers={"Origin": APP})
    assert_problem(response, 422)
    assert response.headers["Access-Control-Allow-Origin"] == APP


@pytest.mark.parametrize(
    ("origin", "method", "allowed"),
    [
        (APP, "POST", APP),
        (APP, "QUERY", APP),
        (APP, "GET", "*"),
        (OTHER, "GET", "*"),
        (OTHER, "POST", None),
        (APP, "DELETE", None),
        ("null", "POST", None),
    ],
)
def test_a_browser_that_asks_first_is_told(open_client, origin, method, allowed):
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    response = open_client.options(URL, headers=asked)
    assert response.status_code == 200
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    if allowed:
        assert method in response.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Access-Control-Max-Age"] == "7200"
    else:
        assert "Access-Control-Allow-Methods" not in response.headers


def test_every_site_can_be_let_in(catalog):
    client = create_app(Settings(cors_origins="*"), catalog).test_client()
    response = client.post(URL, json=BODY, headers={"Origin": OTHER})
    assert response.headers["Access-Control-Allow-Origin"] == OTHER
    assert "Access-Control-Allow-Credentials" not in response.headers


CHROME = "chrome-extension://" + "abcdefghijklmnop" * 2
FIREFOX = "moz-extension://01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("setting", "origin", "allowed"),
    [
        (CHROME, CHROME, True),
        (CHROME, "chrome-extension://" + "p" * 32, False),
        (FIREFOX, FIREFOX, True),
        (FIREFOX, FIREFOX[:-1] + "0", False),
        ("http://localhost:*", "http://localhost:3000", True),
        ("http://localhost:*", "http://localhost", True),
        ("http://localhost:*", "https://localhost:3000", False),
        ("http://localhost:*", "http://localhost:3000.evil.example", False),
        ("http://localhost:*", "http://localhost:", False),
        ("http://localhost:*", "http://localhost:*", False),
        ("http://localhost:*", "http://localhost.evil.example:3000", False),
        ("http://localhost:*", "http://evil.example:3000", False),
        ("http://[::1]:*", "http://[::1]:8080", True),
        ("https://127.0.0.1:*", "https://127.0.0.1:8443", True),
        (f"{APP},{CHROME} , http://localhost:*", "http://localhost:1", True),
        (f"{APP}:8443", f"{APP}:8443", True),
        (f"{APP}:8443", APP, False),
        ("*", "null", True),
    ],
)
def test_who_may_post(catalog, setting, origin, allowed):
    settings = from_environment({"SLANTWISE_CORS_ORIGINS": setting})
    response = create_app(settings, catalog).test_client().post(URL, json=BODY, headers={"Origin": origin})
    assert response.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (
            "app.example",
            "does not begin with one of http://, https://, chrome-extension://, moz-extension://",
        ),
        ("null", "does not begin with"),
        ("ftp://app.example", "does not begin with"),
        ("file://", "does not begin with"),
        ("safari-web-extension://x", "does not begin with"),
        ("https", "does not begin with"),
        (f"{APP}, ", "does not begin with"),
        ("https://app.example/", "has a path, and origins have none: https://app.example"),
        ("https://app.example/x", "has a path"),
        ("https://App.example", "small letters"),
        ("https://bücher.example", "xn--"),
        ("https://a.example;https://b.example", "looks like several; put a comma between them"),
        ("https://a.example https://b.example", "looks like several; put a comma between them"),
        ("https://a.example;b.example", "looks like several; put a comma"),
        ("https://*.example", "name each host"),
        ("https://user@app.example", "one host"),
        ("https://app.example?x", "one host"),
        ("https://", "one host"),
        ("https://:8443", "one host"),
        ("https://app.example:", "has a port that is not a number"),
        ("https://app.example:0", "has a port that is not a number"),
        ("https://app.example:65536", "from 1 to 65535"),
        ("https://app.example:08", "has a port that is not a number"),
        ("https://app.example:443", "which browsers leave out: https://app.example"),
        ("http://app.example:80", "which browsers leave out"),
        ("https://app.example:*", "only localhost, 127.0.0.1, [::1] may have :*"),
        ("chrome-extension://*", "an id of 32 letters from a to p"),
        ("chrome-extension://" + "q" * 32, "an id of 32 letters from a to p"),
        (f"{CHROME}/", "an id of 32 letters"),
        ("moz-extension://*", "a UUID"),
        (f"*, {APP}", "lets every site in; leave the others out"),
        ("x" * 9999, "does not begin with"),
    ],
)
def test_what_is_no_origin_stops_the_start_with_its_reason(bad, reason):
    with pytest.raises(ValueError, match=f"setting SLANTWISE_CORS_ORIGINS: .*{re.escape(reason)}") as refused:
        from_environment({"SLANTWISE_CORS_ORIGINS": bad})
    assert len(str(refused.value)) < 300


def test_options_says_what_may_be_done_and_in_which_media_type_to_query(client):
    response = client.options(URL)
    assert response.status_code == 200
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}
    assert response.headers["Accept-Query"] == "application/json"
    assert "Accept-Query" not in client.options("/version").headers
