"""What the service says of itself: the catalog, the description, and every path by every method."""

import pytest

PREFIX = {"SCRIPT_NAME": "/bias"}


@pytest.mark.parametrize(("environ", "root"), [({}, ""), (PREFIX, "/bias")])
def test_the_catalog_leads_to_description_page_and_status(client, environ, root):
    response = client.get("/.well-known/api-catalog", environ_overrides=environ)
    assert response.mimetype == "application/linkset+json"
    assert response.mimetype_params == {"profile": "https://www.rfc-editor.org/info/rfc9727"}
    (links,) = response.json["linkset"]
    assert links["anchor"] == f"{root}/"
    targets = {
        relation: [link["href"] for link in links[relation]] for relation in links if relation != "anchor"
    }
    assert targets == {
        "service-desc": [f"{root}/openapi.json"],
        "service-doc": [f"{root}/docs"],
        "status": [f"{root}/readyz"],
    }
    for (target,) in targets.values():
        assert client.get(target.removeprefix(root)).status_code == 200


def test_head_of_the_catalog_links_to_it(client):
    response = client.head("/.well-known/api-catalog", environ_overrides=PREFIX)
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Link"] == '</bias/.well-known/api-catalog>; rel="api-catalog"'


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
