"""Looking things up: the outlets of the table, one outlet, and the data behind them."""

from urllib.parse import urlsplit

import pytest

from service.core.outlets import Outlet, Rating, combine_ratings
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from tests.conftest import RATERS, outlet
from tests.web.conftest import assert_problem


def domains(client, query=""):
    response = client.get("/v1/outlets" + query)
    assert response.status_code == 200, response.text
    return [each["domain"] for each in response.json["outlets"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?side=left", ["herald-b.example", "left.example"]),
        ("?label=lean_right", ["herald-a.example"]),
        ("?country=GB", ["center.example", "herald-a.example"]),
        ("?country=GB&side=center", ["center.example"]),
        ("?q=the+herald", ["herald-a.example", "herald-b.example"]),
        ("?q=HÉRALD", ["herald-a.example", "herald-b.example"]),
        ("?q=center.ex", ["center.example"]),
        ("?q=no+such+outlet", []),
        ("?q=hreald", ["herald-a.example", "herald-b.example"]),
        ("?q=left&side=center", []),
        ("?rater=two", ["center.example", "left.example", "torn.example"]),
        ("?rater=two&side=left", ["left.example"]),
    ],
)
def test_filters_must_all_hold(client, query, expected):
    assert domains(client, query) == expected


def test_pages_lead_through_all_outlets_once(client, catalog):
    seen, url, pages = [], "/v1/outlets?limit=3", 0
    while url:
        page = client.get(url).json
        assert page["total"] == len(catalog.outlets)
        assert (page["next"] is None) == (page["next_cursor"] is None)
        seen += [each["domain"] for each in page["outlets"]]
        url, pages = page["next"], pages + 1
    assert seen == sorted(catalog.outlets)
    assert pages == 3


@pytest.mark.parametrize(
    ("domain", "near"),
    [
        ("hreald", ["herald-a.example", "herald-b.example"]),
        ("The Herald", ["herald-a.example", "herald-b.example"]),
        ("nothing-alike.test", []),
    ],
)
@pytest.mark.parametrize("path", ["/v1/outlets/{}", "/v1/outlets/{}/badge.json"])
def test_an_outlet_that_is_not_listed_is_answered_with_those_that_may_be_meant(client, path, domain, near):
    problem = assert_problem(client.get(path.format(domain)), 404)
    assert repr(domain) in problem["detail"]
    assert [each["domain"] for each in problem["candidates"]] == near


def test_the_next_link_keeps_the_filters_and_stands_below_a_prefix(client):
    page = client.get("/v1/outlets?side=left&limit=1", environ_overrides={"SCRIPT_NAME": "/bias"}).json
    assert urlsplit(page["next"]).path == "/bias/v1/outlets"
    rest = client.get(page["next"].removeprefix("/bias")).json
    assert [each["domain"] for each in rest["outlets"]] == ["left.example"]
    assert rest["next"] is None


def test_an_outlet_in_the_list_shows_its_consensus(client):
    (shown,) = client.get("/v1/outlets?q=left.example").json["outlets"]
    assert shown["bias"] == {"label": "lean_left", "side": "left", "value": -1.5, "spread": 1.0}
    assert (shown["country"], shown["factuality"]) == ("US", "high")


def test_a_cursor_of_other_data_is_refused(client, catalog):
    changed = Catalog(catalog.outlets.values(), (), RATERS.values(), version="test", sha256="1" * 64)
    elsewhere = create_app(Settings(), changed).test_client()
    url = elsewhere.get("/v1/outlets?limit=1").json["next"]
    problem = assert_problem(client.get(url), 422, "/cursor")
    assert "the data has changed" in problem["detail"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=many", "/limit"),
        ("side=middle", "/side"),
        ("label=far_out", "/label"),
        ("country=gbr", "/country"),
        ("rater=three", "/rater"),
        ("q=" + "a" * 201, "/q"),
        ("cursor=", "/cursor"),
        ("cursor=!!!", "/cursor"),
        ("cursor=AAAA", "/cursor"),
        ("cursor=" + "A" * 601, "/cursor"),
        ("cursor=%F0%9F%98%80", "/cursor"),
        ("page=2", "/page"),
    ],
)
def test_a_bad_filter_is_named(client, query, pointer):
    assert_problem(client.get(f"/v1/outlets?{query}"), 422, pointer)


def test_the_data_says_who_stands_behind_it(client):
    answer = client.get("/v1/dataset").json
    assert (answer["version"], answer["sha256"], answer["method"]) == ("test", "0" * 64, "3")
    assert (answer["rows"], answer["rated"]) == (7, 6)
    assert answer["commercial_use"] is False
    one, two = answer["raters"]
    assert two == {
        "id": "two",
        "name": "Two",
        "holder": "Two Ltd",
        "licence": "CC-BY-NC-4.0",
        "terms": "",
        "commercial_use": False,
        "attribution": "Ratings by two",
        "url": "https://two.example/",
        "weight": 1.0,
        "count": 3,
        "oldest": "2026-01-01",
        "newest": "2026-01-01",
    }
    assert one["count"] == 6


def test_a_rater_without_a_verdict_has_no_dates():
    catalog = Catalog([outlet("one.example", -1)], (), RATERS.values())
    client = create_app(Settings(), catalog).test_client()
    two = client.get("/v1/dataset").json["raters"][1]
    assert (two["count"], two["oldest"], two["newest"]) == (0, None, None)


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("center.example", "the raters agree"),
        ("right.example", "only One rates this outlet"),
        ("left.example", "One says says -2, Two says says -1: 1 of 6 steps apart"),
        ("torn.example", "One says says -1, Two says says 1: 2 of 6 steps apart, on different sides"),
    ],
)
def test_disagreement_is_told_in_words(client, domain, said):
    assert client.get(f"/v1/outlets/{domain}").json["bias"]["agreement"] == said


def test_a_verdict_links_to_its_page_only_where_that_is_known():
    ratings = (Rating("one", "Left", -2, "2026", "https://one.example/of-it"), Rating("two", "Left", -2))
    listed = outlet("left.example").__class__("left.example", "Left", combine_ratings(ratings, RATERS))
    client = create_app(Settings(), Catalog([listed], (), RATERS.values())).test_client()
    verdicts = client.get("/v1/outlets/left.example").json["bias"]["ratings"]
    found = [(verdict["url"], verdict["link"], verdict["rater_url"]) for verdict in verdicts]
    page = "https://one.example/of-it"
    assert found == [(page, page, "https://one.example/"), (None, None, "https://two.example/")]
    scored = client.get("/v1/distribution?outlet=left.example").json["outlets"][0]["bias"]["ratings"]
    assert [verdict.get("url") for verdict in scored] == ["https://one.example/of-it", None]


def test_an_outlet_says_who_judges_it_since_when_and_where_to_dispute_it():
    rating = Rating("one", "Extreme Left", -2, "2020", basis="listed as left.example/news", stale=True)
    bias = combine_ratings((rating,), RATERS)
    listed = Outlet("left.example", "Left", bias, factuality="mostly_factual", factuality_as_of="2026-08-19")
    client = create_app(Settings(), Catalog([listed], (), RATERS.values())).test_client()
    answer = client.get("/v1/outlets/left.example").json
    (verdict,) = answer["bias"]["ratings"]
    assert (verdict["label"], verdict["stale"], verdict["basis"]) == (
        "Extreme Left",
        True,
        "listed as left.example/news",
    )
    assert answer["factuality_rating"] == {
        "rater": "mbfc",
        "label": "Mostly Factual",
        "as_of": "2026-08-19",
    }
    assert [(each["about"], each["rater"], each["url"]) for each in answer["dispute"]] == [
        ("rating", "one", "https://one.example/"),
        ("record", None, None),
    ]
    page = client.get("/outlets/left.example").text
    assert "older than two years" in page
    assert "listed as left.example/news" in page
    assert (
        'href="https://one.example/" rel="noreferrer">Rater&#39;s home page' in page
        or "home page</a>" in page
    )


def test_a_search_shows_the_best_fit_first_and_the_better_known_before_others():
    names = {
        "daily.example": "The Daily Planet",
        "one.example": "Planet",
        "planet-a.example": "Planet Alpha",
        "planet-b.example": "Planet Beta",
        "supra.example": "Supraplanet",
    }
    known = {"planet-b.example": 3}
    catalog = Catalog([Outlet(domain, name, lists=known.get(domain, 0)) for domain, name in names.items()])
    client = create_app(Settings(), catalog).test_client()
    expected = ["one.example", "planet-b.example", "planet-a.example", "daily.example", "supra.example"]
    assert domains(client, "?q=planet") == expected
    first = client.get("/v1/outlets?q=planet&limit=2").json
    assert [each["domain"] for each in first["outlets"]] == expected[:2]
    assert [each["domain"] for each in client.get(first["next"]).json["outlets"]] == expected[2:4]


def test_an_articles_address_leads_to_its_outlet(client):
    for path in ("https://www.left.example/a/b", "https:/left.example/a", "HTTP://left.example"):
        response = client.get(f"/v1/outlets/{path}")
        assert (response.status_code, response.headers["Location"]) == (308, "/v1/outlets/left.example")
    assert_problem(client.get("/v1/outlets/https://nobody.example/x"), 404)
    assert "near it" in assert_problem(client.get("/v1/outlets/left.example/badge.gif"), 404)["detail"]


def test_the_best_known_outlets_of_a_side_come_first(client):
    answer = client.get("/v1/outlets?side=right&country=GB&sort=known").json
    assert [each["domain"] for each in answer["outlets"]] == ["herald-a.example"]
    assert [each["domain"] for each in client.get("/v1/outlets?side=unrated").json["outlets"]] == [
        "silent.example"
    ]
    assert client.get("/v1/outlets?owner=nobody").json["total"] == 0
    assert client.get("/v1/outlets?state_media=any").json["total"] == 0
    assert client.get("/v1/outlets?state_media=state").status_code == 422
    first = client.get("/v1/outlets?sort=name&limit=2").json
    second = client.get(first["next"]).json
    names = [each["name"] for each in first["outlets"] + second["outlets"]]
    assert names == sorted(names, key=str.casefold)
