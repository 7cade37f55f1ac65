"""``/v1/coverage`` takes the answer of any feed, news API or scraper as it came."""

import json

import pytest

from tests.web.conftest import assert_problem

URL = "/v1/coverage"
MOMENT = "2026-04-28T15:30:00Z"
ARTICLE = {"url": "https://left.example/a", "title": "A bridge opens"}


def cover(client, body):
    response = client.post(URL, json=body)
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize(
    ("body", "ignored"),
    [
        ({"articles": [ARTICLE]}, []),
        ([ARTICLE], []),
        ({"status": "ok", "totalResults": 1, "articles": [{**ARTICLE, "urlToImage": "x"}]}, None),
        ({"response": {"docs": [ARTICLE]}, "raters": ["one"], "count_by": "entry"}, []),
        ({"data": [ARTICLE], "meta": {"page": 1}, "country": None}, ["meta"]),
    ],
    ids=json.dumps,
)
def test_our_options_stand_beside_the_articles_and_the_rest_is_ignored(client, body, ignored):
    answer = cover(client, body)
    assert [item["url"] for item in answer["articles"]["items"]] == [ARTICLE["url"]]
    assert answer["ignored"] == (["status", "totalResults", "urlToImage"] if ignored is None else ignored)


@pytest.mark.parametrize(
    ("slip", "option"),
    [
        *(
            ({"rater": ["one"]}, "raters"),
            ({"countBy": "entry"}, "count_by"),
            ({"override": {}}, "overrides"),
        ),
        *(({"contry": "GB"}, "country"), ({"storys": {}}, "story"), ({"basline": ["a.example"]}, "baseline")),
    ],
    ids=json.dumps,
)
def test_an_option_that_is_one_slip_away_is_refused(client, slip, option):
    problem = assert_problem(client.post(URL, json={"articles": [ARTICLE], **slip}), 422)
    assert f"did you mean `{option}`?" in problem["detail"]


@pytest.mark.parametrize(
    "other", [{"count": 3}, {"details": {"a": 1}}, {"stories": "x"}, {"rates": 1}], ids=json.dumps
)
def test_a_field_of_another_kind_is_no_slip(client, other):
    assert cover(client, {"articles": [ARTICLE], **other})["ignored"] == list(other)


@pytest.mark.parametrize(
    ("given", "moment", "flag"),
    [
        ("2026-04-28 15:30:00 +0000", MOMENT, None),
        ("2026-04-28 15:30:00 UTC", MOMENT, None),
        ("2026-04-28 15:30:00Z", MOMENT, None),
        (1_777_390_200_000, MOMENT, None),
        ("04/28/2026, 03:30 PM, +0000 UTC", MOMENT, None),
        ("2026-04-28 15:30:00", MOMENT, "no_zone"),
        ("20260428T153000", MOMENT, "no_zone"),
        ("2026-04-28", "2026-04-28T00:00:00Z", "no_zone"),
        ("15 hours ago", None, "unreadable"),
        ("0", None, "unreadable"),
        (-1, None, "unreadable"),
        (None, None, None),
        ("", None, None),
        (True, None, None),
        ({}, None, None),
    ],
    ids=lambda value: json.dumps(value)[:30],
)
@pytest.mark.parametrize("field", ["published_at", "pubDate", "seendate"])
def test_a_date_is_read_or_flagged_and_refuses_nothing(client, given, moment, flag, field):
    answer = cover(client, {"articles": [{**ARTICLE, field: given}]})
    (item,) = answer["articles"]["items"]
    assert (item["published_at"], item["date_flag"]) == (moment, flag)
    assert (answer["timeline"]["all"] is not None) is (moment is not None)
    assert answer["timeline"]["flagged"] == (flag == "unreadable")


@pytest.mark.parametrize(
    ("dates", "flag"),
    [
        ({"published_at": "", "pubDate": "Tue, 28 Apr 2026 15:30:00 GMT"}, None),
        ({"isoDate": None, "date": 1_777_390_200}, None),
        ({"date": "15 hours ago", "date_utc": MOMENT}, None),
        ({"published": "?", "updated": "?"}, "unreadable"),
    ],
    ids=json.dumps,
)
def test_of_several_dates_the_first_that_can_be_read_counts(client, dates, flag):
    (item,) = cover(client, [{**ARTICLE, **dates}])["articles"]["items"]
    assert item["date_flag"] == flag


@pytest.mark.parametrize(
    ("article", "excerpt"),
    [
        ({"excerpt": "a", "description": "b"}, "a"),
        ({"excerpt": None, "description": "b", "content": "c"}, "b"),
        ({"description": "", "summary": "b"}, "b"),
        ({"summary": {"content": "<p>c</p>"}}, "<p>c</p>"),
        ({"content": "c" * 3000}, "c" * 2000),
        ({"description": 7}, None),
        ({}, None),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_the_first_text_with_something_in_it_is_the_excerpt(client, article, excerpt):
    (item,) = cover(client, [{"source": "left.example", **article}])["articles"]["items"]
    assert item["excerpt"] == excerpt


def test_each_source_is_said_once(client):
    answer = cover(
        client, [ARTICLE, {"source": "The Middle"}, {"url": "https://left.example/b"}, {"source": "?"}]
    )
    assert [item["outlet"] for item in answer["articles"]["items"]] == [0, 1, 0, 2]
    assert [entry["domain"] for entry in answer["bias"]["outlets"]] == [
        "left.example",
        "center.example",
        None,
    ]
    counted = cover(client, {"articles": [ARTICLE, ARTICLE], "count_by": "entry"})
    assert [item["outlet"] for item in counted["articles"]["items"]] == [0, 1]


def test_items_that_are_no_articles_are_counted(client):
    answer = cover(client, {"articles": [ARTICLE, {"id": 1}]})
    assert (answer["articles"]["count"], answer["articles"]["skipped"]) == (1, 1)


def test_the_country_of_an_article_settles_its_name(client):
    articles = [
        {"source": "The Herald", "country": "gb"},
        {"source": "The Herald", "sourcecountry": "Zimbabwe"},
    ]
    answer = cover(client, {"articles": articles})
    assert [entry["domain"] for entry in answer["bias"]["outlets"]] == [
        "herald-a.example",
        "herald-b.example",
    ]
