"""Articles as feeds and news APIs give them, unchanged. All are made up, in the shape of their source."""

import json

import pytest
from msgspec import structs

from service.web.api.feed_formats import DATES, MEANING, SentArticle, ignored_fields
from tests.web.conftest import assert_problem

URL = "/v1/coverage"
MOMENT = "2026-04-28T15:30:00Z"

NEWSAPI = {
    "source": {"id": None, "name": "The Middle"},
    "author": None,
    "title": "A bridge opens",
    "description": "It crosses the river.",
    "url": "https://center.example/bridge",
    "urlToImage": "https://center.example/bridge.jpg",
    "publishedAt": "2026-04-28T15:30:00Z",
    "content": "It crosses the river… [+1234 chars]",
}
GNEWS = {
    "id": "f00",
    "title": "A bridge opens",
    "description": "It crosses the river.",
    "content": "It crosses the river… [1234 chars]",
    "url": "https://center.example/bridge",
    "image": "https://center.example/bridge.jpg",
    "publishedAt": "2026-04-28T15:30:00Z",
    "lang": "en",
    "source": {"id": "f01", "name": "The Middle", "url": "https://center.example", "country": "gb"},
}
RSS_IN_JAVASCRIPT = {
    "title": "A bridge opens",
    "link": "https://center.example/bridge",
    "pubDate": "Tue, 28 Apr 2026 15:30:00 GMT",
    "isoDate": "2026-04-28T15:30:00.000Z",
    "creator": "A. Writer",
    "dc:creator": "A. Writer",
    "content": "<p>It crosses the river.</p>",
    "contentSnippet": "It crosses the river.",
    "content:encoded": "<p>It crosses the river, at last.</p>",
    "guid": "https://center.example/?p=1",
    "categories": ["bridges"],
    "enclosure": {"url": "https://center.example/bridge.jpg"},
}
FEED_IN_PYTHON = {
    "title": "A bridge opens",
    "title_detail": {"type": "text/plain", "value": "A bridge opens"},
    "links": [{"rel": "alternate", "href": "https://center.example/bridge"}],
    "link": "https://center.example/bridge",
    "id": "CBMi",
    "guidislink": False,
    "published": "Tue, 28 Apr 2026 15:30:00 GMT",
    "published_parsed": [2026, 4, 28, 15, 30, 0, 1, 118, 0],
    "summary": "It crosses the river.",
    "summary_detail": {"type": "text/html"},
    "source": {"href": "https://center.example", "title": "The Middle"},
    "authors": [{"name": "A. Writer"}],
    "content": [{"type": "text/html", "value": "…"}],
}
FEED_IN_NODE = {
    "title": "A bridge opens",
    "description": "It crosses the river.",
    "summary": None,
    "date": "2026-04-28T15:30:00.000Z",
    "pubdate": "2026-04-28T15:30:00.000Z",
    "link": "https://center.example/bridge",
    "origlink": None,
    "permalink": "https://center.example/?p=1",
    "author": "A. Writer",
    "guid": "1",
    "source": {},
    "image": {},
    "enclosures": [],
    "meta": {"title": "The Middle"},
}
ATOM = {
    "id": "tag:center.example,2026:1",
    "title": "A bridge opens",
    "link": "https://center.example/bridge",
    "updated": "2026-04-28T17:30:00+02:00",
    "summary": "It crosses the river.",
    "author": {"name": "A. Writer"},
}
JSON_FEED = {
    "id": "1",
    "url": "https://center.example/bridge",
    "title": "A bridge opens",
    "content_html": "<p>It crosses the river.</p>",
    "content_text": "It crosses the river.",
    "date_published": "2026-04-28T15:30:00Z",
    "language": "en",
    "tags": ["bridges"],
}
GDELT = {
    "url": "https://center.example/bridge",
    "url_mobile": "",
    "title": "A bridge opens",
    "seendate": "20260428T153000Z",
    "socialimage": "https://center.example/bridge.jpg",
    "domain": "center.example",
    "language": "English",
    "sourcecountry": "United Kingdom",
}
SHAPES = {
    "NewsAPI": (NEWSAPI, "The Middle", ["urlToImage"]),
    "GNews": (GNEWS, "The Middle", ["id", "image"]),
    "RSS in JavaScript": (
        RSS_IN_JAVASCRIPT,
        None,
        ["categories", "content:encoded", "creator", "dc:creator", "enclosure", "guid"],
    ),
    "a feed in Python": (
        FEED_IN_PYTHON,
        "The Middle",
        [
            *("authors", "guidislink", "id", "links", "published_parsed"),
            *("summary_detail", "title_detail"),
        ],
    ),
    "a feed in Node": (
        FEED_IN_NODE,
        None,
        ["author", "enclosures", "guid", "image", "meta", "permalink"],
    ),
    "Atom": (ATOM, None, ["author", "id"]),
    "JSON Feed": (JSON_FEED, None, ["content_html", "id", "tags"]),
    "GDELT": (GDELT, None, ["socialimage", "sourcecountry", "url_mobile"]),
}


def cover(client, *articles, **options):
    response = client.post(URL, json={"articles": articles, **options})
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize(("article", "source", "ignored"), SHAPES.values(), ids=SHAPES)
def test_each_shape_is_read_as_it_comes(client, article, source, ignored):
    answer = cover(client, article)
    (item,) = answer["articles"]["items"]
    assert item["outlet"]["domain"] == "center.example"
    assert (item["url"], item["source"]) == ("https://center.example/bridge", source)
    assert (item["title"], item["published_at"]) == ("A bridge opens", MOMENT)
    assert item["excerpt"] == ("It crosses the river." if article is not GDELT else None)
    assert answer["ignored"] == ignored


def test_shapes_may_be_mixed_and_each_ignored_field_is_listed_once(client):
    answer = cover(client, NEWSAPI, NEWSAPI, GDELT, {"source": "left.example"})
    assert answer["articles"]["count"] == 4
    assert answer["ignored"] == ["socialimage", "sourcecountry", "urlToImage", "url_mobile"]
    assert cover(client, {"source": "left.example", "author": None})["ignored"] == []


@pytest.mark.parametrize(
    ("around", "ignored"),
    [
        ({"status": "ok", "totalResults": 1}, ["status", "totalResults"]),
        ({"totalArticles": 54_904, "information": {"a": 1}}, ["information", "totalArticles"]),
        ({}, []),
    ],
)
def test_the_whole_answer_of_a_news_api_is_a_request(client, around, ignored):
    answer = client.post(URL, json={**around, "articles": [{"source": "left.example"}]}).json
    assert answer["ignored"] == ignored


@pytest.mark.parametrize(
    ("article", "domain"),
    [
        ({"domain": "left.example"}, "left.example"),
        ({"name": "The Middle"}, "center.example"),
        ({"source": {"name": "The Middle"}}, "center.example"),
        ({"source": {"title": "The Middle", "href": "https://right.example/"}}, "right.example"),
        ({"source": {"url": "https://left.example/"}}, "left.example"),
        ({"source": {"id": "center"}}, "center.example"),
        ({"source": {"id": 7, "name": ["?"]}, "name": "The Middle"}, "center.example"),
        ({"source": {"id": None, "name": ""}, "link": "https://left.example/x"}, "left.example"),
        ({"url": "", "link": "https://left.example/x"}, "left.example"),
        ({"url": "https://left.example/x", "domain": "center.example"}, "left.example"),
        ({"url": "https://portal.example/x", "source": {"url": "https://left.example"}}, "left.example"),
        ({"source": ""}, None),
    ],
    ids=json.dumps,
)
def test_what_names_the_outlet(client, article, domain):
    (item,) = cover(client, article)["articles"]["items"]
    assert (item["outlet"] or {"domain": None})["domain"] == domain


@pytest.mark.parametrize(
    ("article", "excerpt"),
    [
        ({"excerpt": "a", "description": "b"}, "a"),
        ({"excerpt": None, "description": "b", "content": "c"}, "b"),
        ({"description": "", "summary": "b"}, "b"),
        ({"content": "c"}, "c"),
        ({"content": [{"value": "c"}]}, None),
        ({"description": ""}, ""),
        ({}, None),
    ],
    ids=json.dumps,
)
def test_the_first_field_with_something_in_it_is_the_excerpt(client, article, excerpt):
    (item,) = cover(client, {"source": "a", **article})["articles"]["items"]
    assert item["excerpt"] == excerpt


@pytest.mark.parametrize(
    "date",
    [
        *("2026-11-18", "2026-11-18T10:00:00", "18 Nov 2026", "yesterday", "", "0", "1e9", "9" * 400),
        *("0001-01-01T00:00:00+14:00", 1, -1, 1e300, True, {}, [], ["2026-11-18T10:00:00Z"], {"$date": 1}),
    ],
    ids=lambda date: json.dumps(date)[:30],
)
@pytest.mark.parametrize("field", ["published_at", "publishedAt", "pubDate", "seendate"])
def test_a_date_that_cannot_be_read_is_flagged_and_refuses_nothing(client, date, field):
    answer = cover(client, {"source": "a", "published_at": MOMENT}, {"source": "b", field: date})
    assert [item["date_flag"] for item in answer["articles"]["items"]] == [None, "unreadable"]
    assert answer["articles"]["items"][1]["published_at"] is None
    assert (answer["timeline"]["undated"], answer["timeline"]["flagged"]) == (0, 1)
    assert answer["last_updated"] == MOMENT


@pytest.mark.parametrize(
    ("dates", "flag"),
    [
        ({"published_at": None}, None),
        ({"published_at": "", "pubDate": "Tue, 28 Apr 2026 15:30:00 GMT"}, None),
        ({"isoDate": None, "date": 1_777_390_200}, None),
        ({"published": "?", "updated": MOMENT}, "unreadable"),
    ],
)
def test_of_several_dates_the_first_with_something_in_it_counts(client, dates, flag):
    (item,) = cover(client, {"source": "a", **dates})["articles"]["items"]
    assert item["date_flag"] == flag


def test_the_description_lists_every_field_of_the_shapes():
    fields = {each.encode_name for each in structs.fields(SentArticle)}
    for article, _, _ in SHAPES.values():
        assert article.keys() <= fields
    read = {name for names in (*MEANING.values(), DATES) for name in names}
    ignored = {name for name, _ in ignored_fields(SentArticle)}
    assert read | ignored == set(SentArticle.__struct_fields__)
    assert not read & ignored


@pytest.mark.parametrize(
    ("article", "pointer"),
    [
        ({"source": "a", "auther": "b"}, "/articles/0/auther"),
        ({"source": "a", "published-at": MOMENT}, "/articles/0/published-at"),
        ({"source": ["a"]}, "/articles/0/source"),
        ({"link": {"href": "https://left.example"}}, "/articles/0/link"),
        ({"source": "a", "description": 7}, "/articles/0/description"),
        ({"source": {"id": None}}, "/articles/0"),
        ({"author": "b"}, "/articles/0"),
    ],
    ids=json.dumps,
)
def test_what_belongs_to_no_shape_is_still_refused(client, article, pointer):
    assert_problem(client.post(URL, json={"articles": [article]}), 422, pointer)
