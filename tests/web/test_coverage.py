"""``/v1/coverage`` as an app meets it."""

import json

import pytest

from tests.web.conftest import assert_problem

URL = "/v1/coverage"


def cover(client, *articles, **options):
    response = client.post(URL, json={"articles": articles, **options})
    assert response.status_code == 200, response.text
    return response.json


def test_one_call_fills_a_page(client):
    story = {"id": 7, "title": "<b>Bridge</b> opens", "summary": None, "points": ["one", "two"]}
    answer = cover(
        client,
        {
            "url": "https://left.example/bridge-opens",
            "title": "A bridge opens",
            "published_at": "2026-11-18T09:30:00+01:00",
        },
        {"source": "The Middle", "title": "Ministers cut the ribbon", "published_at": "2026-11-18T10:00:00Z"},
        {"source": "right.example", "title": "What the bridge cost", "language": "en"},
        {"source": "Silent"},
        {"url": "https://www.left.example/more-on-the-bridge"},
        {"url": "https://nobody.example/x"},
        story=story,
    )
    assert answer["story"] == story
    assert answer["articles"]["count"] == 6
    assert answer["articles"]["outlets"] == 5
    assert answer["articles"]["tabs"] == {
        "all": [0, 1, 2, 3, 4, 5],
        "left": [0, 4],
        "center": [1],
        "right": [2],
        "unrated": [3, 5],
    }
    first = answer["articles"]["items"][0]
    source = answer["bias"]["outlets"][first["outlet"]]
    assert (source["domain"], source["bias"]["side"]) == ("left.example", "left")
    assert (source["factuality"], source["country"]) == ("high", "US")
    assert first["published_at"] == "2026-11-18T08:30:00Z"
    assert answer["bias"]["headline"] == "Left, Center and Right tie"
    assert answer["factuality"]["counts"] == {"high": 1, "mixed": 1}
    assert (answer["factuality"]["known"], answer["factuality"]["unknown"]) == (2, 3)
    assert answer["country"]["headline"] is None
    assert answer["timeline"]["left"]["first"] == {"published_at": "2026-11-18T08:30:00Z", "index": 0}
    assert answer["timeline"]["right"] is None
    assert answer["last_updated"] == "2026-11-18T10:00:00Z"
    assert answer["frame"]["mismatch"] == 2
    assert answer["coverage_gap"]["side"] is None
    assert (
        answer["coverage_gap"]["reason"] == "only 2 rated sources on the left or right, at least 5 are needed"
    )
    assert answer["independent"]["voices"] == 5
    assert answer["dataset"] == answer["bias"]["dataset"]


def test_a_summary_leaves_both_lists_out(client):
    answer = cover(client, {"source": "left.example"}, detail="summary")
    assert "items" not in answer["articles"]
    assert "outlets" not in answer["bias"]
    assert answer["story"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"articles": []}, "/articles"),
        ({"articles": [{"source": None, "url": None}]}, "/articles"),
        ({"articles": [{"source": 7}]}, "/articles"),
        ({"articles": [{"source": "a"}], "rater": ["one"]}, "/rater"),
        ({"articles": [{"source": "a"}], "story": {"titel": ""}}, "/story/titel"),
        ({"articles": [{"source": "a"}], "story": {"as_of": "today"}}, "/story/as_of"),
        ({"articles": [{"source": "a"}], "baseline": []}, "/baseline"),
        (
            {"articles": [{"source": "a"}], "baseline": {"left": -1, "center": 0, "right": 0}},
            "/baseline/left",
        ),
        ({"articles": [{"source": "a"}], "baseline": ["a.example"] * 1001}, "/baseline"),
        ({"articles": [{"source": "a"}], "raters": ["three"]}, "/raters/0"),
        ({"articles": [{"source": "a"}] * 1001}, "/articles"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_bad_request_is_told_what_is_wrong_and_where(client, body, pointer):
    assert_problem(client.post(URL, json=body), 422, pointer)


def test_the_limit_on_articles_is_named(client):
    detail = assert_problem(client.post(URL, json={"articles": [{"source": "a"}] * 1001}), 422)["detail"]
    assert "1001 entries given, 1000 allowed" in detail


HOSTILE = [
    "<script>alert(1)</script>",
    "]]></style><!--",
    "{{7*7}} ${7*7} %s %n",
    "\x00\x1b[31m\r\nSet-Cookie: a=b",
    "\u202edrawkcab\u202c",
    "(Reuters " * 5000,
    "“" * 10_000,
    "北" * 10_000,
    "a-" * 20_000,
    "1" * 40_000,
    " " * 40_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_hostile_text_is_carried_and_never_read_as_anything_else(client, text):
    article = {"url": f"https://left.example/{text}", "source": text, "title": text, "excerpt": text}
    answer = cover(client, article, article, story={"title": text, "summary": text, "points": [text]})
    assert answer["story"]["title"] == text
    item = answer["articles"]["items"][1]
    assert {name: item[name] for name in article} == article
    assert answer["bias"]["outlets"][item["outlet"]]["domain"] == "left.example"
