"""``/docs``: Swagger UI from the package, under a strict policy. tests/web/test_browser.py tries it out."""

from html.parser import HTMLParser

import pytest


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.assets: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.assets += [given["href"]] if tag == "link" else [given["src"]] if "src" in given else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)


@pytest.fixture
def response(client):
    return client.get("/docs")


@pytest.fixture
def page(response) -> Page:
    return Page(response.text)


def test_all_it_needs_comes_from_the_package_under_a_strict_policy(client, response, page):
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert page.inline == []
    assert page.assets
    for asset in page.assets:
        assert asset.startswith("/static/")
        assert client.get(asset).status_code == 200


def test_under_a_prefix_all_its_addresses_have_the_prefix(client):
    text = client.get("/docs", environ_overrides={"SCRIPT_NAME": "/bias"}).text
    assert all(asset.startswith("/bias/static/") for asset in Page(text).assets)
    assert 'data-description="/bias/openapi.json"' in text


def test_it_can_be_kept_and_asked_again(client, response):
    again = client.get("/docs", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
