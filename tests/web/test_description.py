"""What the service says of itself: the catalog, the description, and every path by every method."""

import pytest

PREFIX = {"SCRIPT_NAME": "/bias"}


@pytest.mark.parametrize(("environ", "url"), [({}, "/"), (PREFIX, "/bias")])
def test_the_description_names_the_prefix_it_is_served_under(client, environ, url):
    response = client.get("/openapi.json", environ_overrides=environ)
    assert response.json["servers"] == [{"url": url}]
    again = client.get(
        "/openapi.json", environ_overrides=environ, headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def paths_of(client):
    """Every path of the application that takes no values, with what may be done with it."""
    rules = [rule for rule in client.application.url_map.iter_rules() if not rule.arguments]
    methods = {}
    for rule in rules:
        methods.setdefault(rule.rule, set()).update(rule.methods)
    return methods


def test_options_names_every_method_of_every_path(client):
    for path, methods in paths_of(client).items():
        response = client.options(path)
        assert (response.status_code, response.data) == (200, b""), path
        assert set(response.allow) == methods, path


def test_any_other_method_is_405_and_names_those_that_are(client):
    for path, methods in paths_of(client).items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "QUERY", "PROPFIND"} - methods:
            response = client.open(path, method=method)
            assert response.status_code == 405, (method, path)
            assert response.content_type == "application/problem+json"
            assert set(response.allow) == methods, (method, path)


def test_head_goes_wherever_get_does(client):
    for path, methods in paths_of(client).items():
        if "GET" in methods:
            got, head = client.get(path), client.head(path)
            assert (head.status_code, head.data) == (got.status_code, b""), path
            assert head.headers["Content-Length"] == got.headers["Content-Length"], path
