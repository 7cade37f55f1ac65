"""``/docs``: the description for people, complete, self-contained and true."""

import re
from html.parser import HTMLParser

import pytest


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.assets: list[str] = []
        self.inline: list[str] = []
        self.code: list[str] = []
        self.in_pre = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.assets += [given["href"]] if tag == "link" else [given["src"]] if "src" in given else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag == "pre":
            self.in_pre = True
            self.code.append("")

    def handle_endtag(self, tag):
        self.in_pre = self.in_pre and tag != "pre"

    def handle_data(self, data):
        if self.in_pre:
            self.code[-1] += data


@pytest.fixture
def response(client):
    return client.get("/docs")


@pytest.fixture
def page(response) -> Page:
    return Page(response.text)


def test_it_shows_every_operation_record_and_problem(client, page):
    document = client.get("/openapi.json").json
    operations = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    records = {f"record-{name}" for name in document["components"]["schemas"]}
    problems = {f"problem-{status}" for status in document["components"]["responses"]}
    assert operations | records | problems <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_link_inside_it_leads_somewhere(page):
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside
    assert inside <= set(page.ids)


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


def test_under_a_prefix_its_links_and_commands_have_the_prefix(client):
    page = Page(client.get("/docs", environ_overrides={"SCRIPT_NAME": "/bias"}).text)
    assert all(asset.startswith("/bias/static/") for asset in page.assets)
    commands = [code for code in page.code if code.startswith("curl")]
    assert commands
    assert all("http://localhost/bias/" in command for command in commands)


@pytest.mark.parametrize("host", ['evil.example"><script>alert(1)</script>', "a'; rm -rf ~; '"])
def test_a_hostile_host_name_stays_text(client, host):
    text = client.get("/docs", environ_overrides={"HTTP_HOST": host}).text
    assert "<script>alert" not in text
    for command in Page(text).code[::2]:
        assert not re.search(r"^curl [^'\\]*;", command), command


def test_it_can_be_kept_and_asked_again(client, response):
    again = client.get("/docs", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
