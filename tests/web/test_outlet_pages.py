"""The table for people: browse, download, one outlet, raters side by side, errors as pages."""

import csv
import io

import pytest

from tests.web.conftest import assert_problem
from tests.web.test_panel import BROWSER, Page


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
