"""``/v1/distribution`` as an app meets it."""

import json

import pytest

from tests.web.conftest import assert_problem

URL = "/v1/distribution"


def score(client, *outlets, **options):
    response = client.post(URL, json={"outlets": outlets, **options})
    assert response.status_code == 200, response.text
    return response.json


def test_a_mixed_list_ends_in_a_headline_with_its_working(client):
    answer = score(
        client,
        "https://www.left.example/story?utm=1",
        "center.example",
        "The Middle",
        {"url": "https://portal.example/x", "name": "Right"},
        "silent.example",
        "The Herald",
        "https://nobody.example/",
        "javascript:alert(1)",
        "portal.example",
    )
    assert [entry["status"] for entry in answer["outlets"]] == [
        *("rated", "rated", "duplicate", "rated", "unrated", "ambiguous", "unknown", "invalid", "platform")
    ]
    assert answer["headline"] == "Left, Center and Right tie"
    assert answer["distribution"] == {"left": 34, "center": 33, "right": 33}
    assert answer["leading"] == ["left", "center", "right"]
    counts = answer["counts"]
    assert (counts["rated"], counts["unrated"], counts["total"]) == (3, 5, 8)
    assert (counts["entries"], counts["duplicates"]) == (9, 1)
    assert sum(counts["by_status"].values()) == 9
    assert answer["outlets"][2]["duplicate_of"] == 1
    assert [c["domain"] for c in answer["outlets"][5]["candidates"]] == [
        "herald-a.example",
        "herald-b.example",
    ]
    assert [len(entry["candidates"]) for entry in answer["outlets"]] == [0, 0, 0, 0, 0, 2, 0, 0, 0]
    assert answer["dataset"] == {
        "version": "test",
        "sha256": "0" * 64,
        "raters": ["one", "two"],
        "method": "3",
        "about": "Ratings are of outlets, not of single articles or authors.",
        "commercial_use": False,
    }


def test_nothing_rated_has_no_figure_and_says_so(client):
    answer = score(client, "silent.example", "nobody.example")
    assert answer["headline"] is None
    assert answer["distribution"] is None
    assert answer["mean"] is None
    assert answer["shares"]["of_rated"] is None
    assert answer["robustness"]["interval"] is None
    assert answer["sentence"] == "Too few sources to say: none of the 2 sources is rated."


@pytest.mark.parametrize(
    ("options", "distribution"),
    [
        ({}, {"left": 50, "center": 50, "right": 0}),
        ({"raters": ["two"]}, {"left": 50, "center": 0, "right": 50}),
        ({"overrides": {"torn.example": "far_right"}}, {"left": 50, "center": 0, "right": 50}),
        ({"overrides": {"www.torn.example": None}}, {"left": 100, "center": 0, "right": 0}),
        ({"overrides": {"new.example": "left"}}, {"left": 67, "center": 33, "right": 0}),
    ],
)
def test_options_choose_raters_and_override_ratings(client, options, distribution):
    answer = score(client, "left.example", "torn.example", "https://new.example/a", **options)
    assert answer["distribution"] == distribution


def test_counting_entries_knows_no_duplicates(client):
    answer = score(client, "left.example", "left.example", "right.example", count_by="entry")
    assert answer["distribution"] == {"left": 67, "center": 0, "right": 33}
    assert answer["counts"]["duplicates"] == 0


def test_a_country_settles_a_name_that_fits_several(client):
    assert score(client, "The Herald", country="ZW")["outlets"][0]["domain"] == "herald-b.example"


def test_a_summary_leaves_the_entries_out(client):
    assert "outlets" not in score(client, "left.example", detail="summary")


def test_the_same_request_gets_the_same_bytes_by_every_method(client):
    body = {"outlets": ["left.example", "center.example"]}
    posted = client.post(URL, json=body)
    queried = client.open(URL, method="QUERY", json=body)
    got = client.get(URL + "?outlet=left.example&outlet=center.example")
    assert posted.data == queried.data == got.data
    again = client.get(got.request.url, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert not got.headers["ETag"].startswith("W/")


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"outlets": ["\xff"]}', 400, None),
        (b'{"outlets": [NaN]}', 400, None),
        (b'{"outlets": ["\\ud800"]}', 400, None),
        (b"[" * 100_000, 422, ""),
        (b"[]", 422, ""),
        (b"{}", 422, ""),
        (b'{"outlets": []}', 422, "/outlets"),
        (b'{"outlets": "left.example"}', 422, "/outlets"),
        (b'{"outlets": ["a.example", 7]}', 422, "/outlets/1"),
        (b'{"outlets": [{"uri": "a"}]}', 422, "/outlets/0/uri"),
        (b'{"outlets": ["a.example"], "ratters": []}', 422, "/ratters"),
        (b'{"outlets": ["a.example"], "raters": ["three"]}', 422, "/raters/0"),
        (b'{"outlets": ["a.example"], "raters": []}', 422, "/raters"),
        (b'{"outlets": ["a.example"], "count_by": "story"}', 422, "/count_by"),
        (b'{"outlets": ["a.example"], "country": "gbr"}', 422, "/country"),
        (b'{"outlets": ["a.example"], "overrides": {"a.example": "pink"}}', 422, "/overrides/a.example"),
        (b'{"outlets": ["a.example"], "overrides": {"a/b": "left"}}', 422, "/overrides/a~1b"),
        (json.dumps({"outlets": ["a.example"] * 1001}).encode(), 422, "/outlets"),
        (b'{"outlets": ["' + b"a" * 2 * 2**20 + b'"]}', 413, None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_request_is_told_what_is_wrong_and_where(client, body, status, pointer):
    assert_problem(client.post(URL, data=body, content_type="application/json"), status, pointer)


def test_a_passed_limit_is_named(client):
    response = client.post(URL, json={"outlets": ["a.example"] * 1001})
    assert "1001 entries given, 1000 allowed" in assert_problem(response, 422)["detail"]


def test_only_json_is_taken(client):
    response = client.post(URL, data="outlet=a", content_type="application/x-www-form-urlencoded")
    assert "application/json" in assert_problem(response, 415)["detail"]


def test_the_frameworks_own_errors_are_problems_too(client):
    assert_problem(client.get("/nowhere"), 404)
    response = client.put(URL)
    assert_problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) >= {"GET", "POST", "QUERY"}
    assert_problem(client.get("/v1/outlets/nobody.example"), 404)


HOSTILE = [
    "",
    " ",
    "\x00",
    "left.example\x00.evil.net",
    "https://user:secret@left.example.evil.net/",
    "https://left.example@evil.net/",
    "http://[::1]/",
    "http://[::1",
    "http://127.0.0.1/",
    "http://2130706433/",
    "javascript:alert('left.example')",
    "file:///etc/left.example",
    "data:text/html,left.example",
    "left.example.evil.net",
    "evil-left.example",
    "https://evil.net/left.example",
    "https://evil.net?left.example",
    "https://evil.net#left.example",
    "xn--",
    "xn--left.example-zzzz",
    ".".join(["a"] * 5000),
    "a" * 900_000,
    "\u202eleft.example\u202cx",
]


@pytest.mark.parametrize("entry", HOSTILE, ids=lambda entry: ascii(entry)[:30])
def test_a_hostile_entry_is_an_entry_that_is_not_rated(client, entry):
    (scored,) = score(client, entry)["outlets"]
    assert scored["status"] in ("invalid", "unknown"), scored


@pytest.mark.parametrize(
    "entry",
    [
        *("left.example.", "LEFT.EXAMPLE", "https://left.example:8443/x", "http://user@left.example/"),
        *("//left.example/x", " left.example ", "https://www.left.example\\@evil.net/"),
    ],
)
def test_an_odd_spelling_of_a_host_is_still_that_host(client, entry):
    (scored,) = score(client, entry)["outlets"]
    assert scored["domain"] == "left.example"


def test_an_answer_leads_to_its_page_and_its_pictures(client):
    body = {"outlets": ["left.example", "The Middle", "é"], "country": "GB"}
    links = client.post("/v1/distribution", json=body).json["links"]
    assert links == {
        "page": "/?outlets=left.example%0AThe+Middle%0A%C3%A9&form=list&country=GB",
        "bar_svg": "/v1/bar.svg?left=1&center=1&right=0&unrated=1",
        "bar_png": "/v1/bar.png?left=1&center=1&right=0&unrated=1",
    }
    assert [client.get(link).status_code for link in links.values()] == [200, 200, 200]


@pytest.mark.parametrize(
    "body",
    [
        {"outlets": ["a.example"] * 500},
        {"outlets": ["a\nb"]},
        {"outlets": ["a.example"], "overrides": {"a.example": "left"}},
        {"outlets": ["a.example"], "min_factuality": "high"},
    ],
    ids=["long", "lines", "overrides", "factuality"],
)
def test_a_list_that_the_page_would_show_otherwise_has_no_page(client, body):
    assert client.post("/v1/distribution", json=body).json["links"]["page"] is None
