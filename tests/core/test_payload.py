"""The articles in a body of any shape. ``tests/data/payloads.jsonl`` has an answer of each service."""

import json
from functools import partial

import pytest

from service.core.errors import RequestError
from service.core.payload import MAX_IGNORED, read_payload
from service.core.payload.field_roles import find_role
from service.core.resolve import resolve
from service.dataset.load import load
from service.settings import Settings
from tests.helpers import DATA

SERVICES = [json.loads(line) for line in (DATA / "payloads.jsonl").read_text("utf-8").splitlines()]
URL = "https://left.example/a"


@pytest.fixture(scope="module")
def shipped():
    return load(Settings())


@pytest.fixture
def read(catalog):
    return lambda body, limit=1000: read_payload(body, partial(resolve, catalog), limit)


@pytest.mark.parametrize("case", SERVICES, ids=[case["service"] for case in SERVICES])
def test_each_service_gives_its_outlets(shipped, case):
    payload = read_payload(case["body"], partial(resolve, shipped), 1000)
    matches = [resolve(shipped, article.ref) for article in payload.articles]
    assert [match.outlet and match.outlet.domain for match in matches] == case["outlets"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("url", "address"), ("articleUrl", "address"), ("news_url", "address"), ("@href", "address")),
        *(("image_url", "foreign"), ("urlToImage", "foreign"), ("imageurl", "foreign"), ("self", "foreign")),
        *(
            ("source", "outlet"),
            ("sourceDomain", "outlet"),
            ("name_source", "outlet"),
            ("feed_title", "outlet"),
        ),
        *(("source_type", "foreign"), ("sourcecountry", "country"), ("publisherCountry", "country")),
        *(
            ("pubDate", "date"),
            ("pubdate", "date"),
            ("publication_date", "date"),
            ("providerPublishTime", "date"),
        ),
        *(("pubDateTZ", "foreign"), ("webTitle", "title"), ("headline", "title"), ("dc:creator", "foreign")),
        *(
            ("contentSnippet", "excerpt"),
            ("trailText", "excerpt"),
            ("meta_lang", "language"),
            ("name", "name"),
        ),
        *(("", "other"), ("日付", "other"), ("x" * 100_000, "other")),
    ],
)
def test_a_field_is_told_by_the_words_in_its_name(name, kind):
    assert find_role(name).kind == kind


@pytest.mark.parametrize(
    ("article", "domain"),
    [
        ({"domain": "left.example"}, "left.example"),
        ({"name": "The Middle"}, "center.example"),
        ({"name": "The Middle", "title": "A bridge opens"}, "center.example"),
        ({"name": "Left opens", "url": "https://right.example/x"}, "right.example"),
        ({"name": "Right", "provider": [{"name": "The Middle"}]}, "center.example"),
        ({"source": {"title": "The Middle", "href": "https://right.example/"}}, "right.example"),
        ({"source": {"id": "center"}}, "center.example"),
        ({"source": {"id": None, "name": ""}, "link": URL}, "left.example"),
        ({"url": "", "link": URL}, "left.example"),
        ({"url": URL, "domain": "center.example"}, "left.example"),
        ({"url": "https://portal.example/x", "source": {"url": "https://left.example"}}, "left.example"),
        ({"url": "https://reader.invalid/1", "source_url": URL, "source": "rss"}, "left.example"),
        ({"url": "https://portal.example/x", "source": "The Middle on portal.example"}, "center.example"),
        ({"source": "The Herald", "country": "United Kingdom"}, "herald-a.example"),
        (
            {"source": {"name": "The Herald", "location": {"country": {"label": {"eng": "Zimbabwe"}}}}},
            "herald-b.example",
        ),
    ],
    ids=json.dumps,
)
def test_what_names_the_outlet(catalog, read, article, domain):
    (found,) = read([article]).articles
    assert resolve(catalog, found.ref).outlet.domain == domain


@pytest.mark.parametrize(
    "body",
    [
        [{"url": URL}],
        {"articles": {"url": URL, "title": "A bridge opens"}},
        {"url": URL, "title": "A bridge opens"},
        {"a": {"b": {"c": [[{"link": URL}]]}}},
        {"data": {"7": {"link": URL}, "8-9": {"id": 3}}},
        {
            "sort": [{"name": "new", "url": "https://portal.example/?a"}],
            "value": [{"name": "T", "url": URL, "date": "?", "source": "a"}],
        },
        {"topics": [{"title": "Bridges", "stories": [{"title": "T", "url": URL}]}]},
        {
            "news": {"results": [{"title": "T", "url": URL}]},
            "web": {"results": [{"title": "T", "url": "https://b.invalid"}]},
        },
    ],
    ids=json.dumps,
)
def test_the_articles_are_found_wherever_they_lie(read, body):
    assert [article.url for article in read(body).articles] == [URL]


def test_sections_are_read_in_their_order(read):
    body = {"data": {"a": [{"title": "1", "url": URL}], "b": [{"title": "2", "url": URL}]}}
    assert [article.title for article in read(body).articles] == ["1", "2"]


def test_items_that_are_no_articles_are_counted(read):
    payload = read(
        {"articles": [{"url": URL, "id": 1, "score": 2}, {"text": "ad"}, None, 7], "page": 1, "next": None}
    )
    assert (len(payload.articles), payload.skipped) == (1, 3)
    assert payload.ignored == ("page", "score")


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({}, "", "`articles` is missing; send `{"),
        ([], "", "no articles are in the body"),
        ({"articles": []}, "/articles", "`articles` is empty; send"),
        ({"articles": "x"}, "/articles", "`articles` is a list of objects"),
        ({"articles": [URL]}, "/articles/0", "takes a list of texts"),
        ({"status": "error", "message": "no key"}, "", "is among `status`, `message`; send"),
        ({"a": {"b": [{"id": 1, "text": "t"}]}}, "/a/b", "no item of `a.b` says whose article it is"),
        (
            {"articles": [{"url": URL}], "results": [{"url": URL, "title": "T"}]},
            "/results",
            "`articles` and `results` both",
        ),
        (
            {"items": [{"url": URL, "title": "T"}], "data": [{"link": URL, "title": "T"}]},
            "/data",
            "both hold articles",
        ),
    ],
    ids=json.dumps,
)
def test_a_body_without_articles_is_told_what_was_found(read, body, pointer, words):
    with pytest.raises(RequestError) as error:
        read(body)
    assert error.value.pointer == pointer
    assert words in error.value.detail
    assert len(error.value.detail) < 500


def test_the_limit_names_the_list(read):
    with pytest.raises(RequestError, match="3 entries given, 2 allowed") as error:
        read({"data": {"x": [{"url": URL}] * 3}}, 2)
    assert error.value.pointer == "/data/x"


def nested(levels: int) -> object:
    value: object = {"url": URL}
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "body",
    [
        {f"field{n}": n for n in range(100_000)},
        {"a": [{f"field{n}": {"x": []} for n in range(20_000)}]},
        {"a" * 500_000: [{"b" * 500_000: 1}]},
        nested(900),
        [[[]] * 100_000],
        {"a": [{"x": {"y": {"z": {}}}}] * 50_000},
    ],
    ids=lambda body: type(body).__name__,
)
def test_a_hostile_body_is_refused_in_few_words(read, body):
    with pytest.raises(RequestError) as error:
        read(body, 100_000)
    assert len(error.value.detail) < 1500


def test_what_is_ignored_is_named_within_bounds(read):
    article = {"url": URL, **{f"field {n} {'x' * 1000}": n for n in range(100_000)}}
    payload = read([article] * 3)
    assert 0 < len(payload.ignored) <= MAX_IGNORED
    assert max(map(len, payload.ignored)) < 100
