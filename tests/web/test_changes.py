"""``/v1/changes``: which changes, a page at a time, as JSON or CSV."""

import csv
import io
from xml.etree import ElementTree

import pytest

from service.core.outlets import Change
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app

CHANGES = [
    Change("2026.09.0", "a.example", "name", "A", "Ä", "spelt right"),
    Change("2026.12.9", "a.example", "mbfc", "-2", "-1.5", "a cut word, read again"),
    Change("2026.12.10", "b.example", "outlet", "", "B", "new"),
]


@pytest.fixture
def client():
    catalog = Catalog([], version="2026.12.10", changes=CHANGES)
    return create_app(Settings(), catalog).test_client()


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ("", ["2026.09.0", "2026.12.9", "2026.12.10"]),
        ("?since=2026.09.0", ["2026.12.9", "2026.12.10"]),
        ("?since=2026.12.9", ["2026.12.10"]),
        ("?since=2027.01.0", []),
        ("?domain=www.A.example", ["2026.09.0", "2026.12.9"]),
        ("?domain=a.example&since=2026.09.0", ["2026.12.9"]),
        ("?domain=nobody.example", []),
        ("?field=outlet", ["2026.12.10"]),
    ],
)
def test_changes_since_a_version_and_of_an_outlet(client, query, versions):
    answer = client.get(f"/v1/changes{query}").json
    assert [each["version"] for each in answer["changes"]] == versions
    assert (answer["version"], answer["total"], answer["next_offset"]) == ("2026.12.10", len(versions), None)


def test_pages_lead_to_each_other(client):
    first = client.get("/v1/changes?limit=2").json
    assert (len(first["changes"]), first["total"], first["next_offset"]) == (2, 3, 2)
    assert first["next"] == "/v1/changes?limit=2&offset=2"
    second = client.get(first["next"]).json
    assert [each["domain"] for each in second["changes"]] == ["b.example"]
    assert (second["next_offset"], second["next"]) == (None, None)


def test_a_table_for_those_who_ask_for_one(client):
    answer = client.get("/v1/changes.csv?since=2026.09.0")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["domain"] for row in rows] == ["a.example", "b.example"]
    assert rows[0]["reason"] == "a cut word, read again"


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026.13.0", "limit=0", "limit=1001", "from=x", "field=x"]
)
def test_a_query_that_means_nothing_is_refused(client, query):
    assert client.get(f"/v1/changes?{query}").status_code == 422


def test_a_feed_has_an_entry_for_each_version(client):
    answer = client.get("/v1/changes.atom?since=2026.09.0")
    assert answer.content_type == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  # our own
    name = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{name}entry")
    assert [entry.find(f"{name}title").text for entry in entries] == [
        "Data 2026.12.10: 1 change",
        "Data 2026.12.9: 1 change",
    ]
    assert "a cut word, read again" in "".join(entry.find(f"{name}content").text for entry in entries)
    assert client.get("/v1/changes.atom?domain=%3Cx%3E").status_code == 200


def test_the_page_shows_one_field_alone(client):
    page = client.get("/changes?field=mbfc").text
    assert "1 change." in page
    assert '<option value="mbfc" selected>' in page
