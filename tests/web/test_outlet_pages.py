"""The table for people: browse, download, one outlet, raters side by side, errors as pages."""

import csv
import io
import re

import pytest

from service.core.outlets import Change, Outlet
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from tests.web.conftest import assert_problem
from tests.web.test_panel import BROWSER, Page

KNOWN = {"a": 4, "b": 4, "c": 9, **dict.fromkeys((f"z{n}" for n in range(50)), 1)}


@pytest.mark.parametrize(
    ("query", "domains"),
    [
        ("q=left", ["left.example"]),
        ("side=unrated", ["silent.example"]),
        ("side=right", ["herald-a.example", "right.example"]),
        ("country=zw", ["herald-b.example"]),
        ("rater=two&side=left", ["left.example"]),
    ],
)
def test_the_list_shows_what_passes_the_filters_and_the_file_has_the_same(client, query, domains):
    page = client.get(f"/outlets?{query}", headers=BROWSER)
    links = [a["href"] for a in Page(page.text).all("a") if a["href"].startswith("/outlets/")]
    assert links == [f"/outlets/{domain}" for domain in domains]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/v1/outlets.csv?{query}").text)))
    assert [row["domain"] for row in rows] == domains


def test_the_list_opens_with_the_best_known_and_counts_the_sides_that_the_other_filters_leave():
    catalog = Catalog([Outlet(f"{name}.example", name, lists=lists) for name, lists in KNOWN.items()])
    client = create_app(Settings(), catalog).test_client()
    text = client.get("/outlets").text
    shown = re.findall(r'href="/outlets/([^"]+)"', text)
    assert shown[:3] == ["c.example", "a.example", "b.example"]
    assert 'aria-label="Page 2"' in text and 'rel="next"' in text
    assert "Not rated 53" in Page(text).text


def test_countries_and_languages_have_names(client):
    page = Page(client.get("/outlets").text)
    assert "Zimbabwe" in page.text and "ZW" not in page.text


def test_changes_are_a_page_with_the_newest_first():
    changes = [
        Change("2026.9.0", "left.example", "bias", "left", "lean_left", "oldest"),
        Change("2026.10.0", "left.example", "name", "Lft", "Left", "second"),
        Change("2026.10.0", "gone.example", "outlet", "Gone", "", ""),
    ]
    catalog = Catalog([Outlet("left.example", "Left")], changes=changes)
    client = create_app(Settings(), catalog).test_client()
    text = Page(client.get("/changes").text).text
    assert text.index("2026.10.0") < text.index("second") < text.index("2026.9.0") < text.index("oldest")
    assert "3 changes" in text
    assert "1 change." in Page(client.get("/changes?domain=gone.example").text).text
    assert client.get("/changes?page=0").status_code == 422


def test_the_list_goes_from_left_to_right(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/outlets.csv?sort=bias").text)))
    values = [float(row["value"]) for row in rows if row["value"]]
    assert values == sorted(values)
    assert rows[-1]["domain"] == "silent.example"


def test_raters_are_compared_side_by_side(client):
    text = Page(client.get("/raters").text).text
    assert "Both rate 3 outlets. They put 2 (67%) on the same side; 1 on opposite sides." in text
    assert "6 (3 by nobody else)" in text


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/outlets/lft.example", 404, "Not listed"),
        ("/nowhere", 404, "Nothing here"),
        ("/outlets?side=up", 422, "allowed: center, left, right, unrated."),
    ],
)
def test_a_browser_gets_an_error_as_a_page_and_a_program_as_a_problem(client, path, status, told):
    response = client.get(path, headers=BROWSER)
    assert response.status_code == status
    assert told in Page(response.text).text
    assert_problem(client.get(path), status)


def test_an_unlisted_outlet_comes_with_those_that_may_be_meant(client):
    page = Page(client.get("/outlets/lefts.example", headers=BROWSER).text)
    assert "/outlets/left.example" in [a["href"] for a in page.all("a")]


def test_the_api_answers_a_browser_with_a_problem(client):
    assert_problem(client.get("/v1/outlets/nobody.example", headers=BROWSER), 404)
