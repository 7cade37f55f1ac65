"""Plausible mistakes of callers, and the words that tell each of them what to send instead."""

import json

import pytest

from tests.web.conftest import assert_problem

SCORE, COVER, BATCH = "/v1/distribution", "/v1/coverage", "/v1/distribution/batch"
JSON, FORM, LINES = "application/json", "application/x-www-form-urlencoded", "application/x-ndjson"
GOOD = ["left.example"]
ARTICLES = [{"url": "https://left.example/a"}]
ALLOWED = "allowed: outlets, raters, count_by, detail, country, region, ties, min_factuality, overrides"
MEANT = f"did you mean `outlets`? {ALLOWED}"

FIELDS = [
    (SCORE, {}, '`outlets` is missing: `{"outlets":["reuters.com","BBC News"]}`'),
    (SCORE, {"domains": GOOD}, f"/domains: unknown field `domains`; {MEANT}"),
    (SCORE, {"urls": GOOD}, f"/urls: unknown field `urls`; {MEANT}"),
    (SCORE, {"sources": GOOD}, f"/sources: unknown field `sources`; {MEANT}"),
    (SCORE, {"Outlets": GOOD}, f"/Outlets: unknown field `Outlets`; {MEANT}"),
    (SCORE, {"articles": ARTICLES}, f"/articles: unknown field `articles`; {MEANT}"),
    (SCORE, {"outlets": GOOD, "countBy": "entry"}, "did you mean `count_by`? allowed: outlets, raters"),
    (SCORE, {"outlets": GOOD, "colour": 1}, f"/colour: unknown field `colour`; {ALLOWED}"),
    (SCORE, {"outlets": [{"link": "a"}]}, "/outlets/0/link: unknown field `link`; did you mean `url`?"),
    (COVER, {}, '`articles` is missing; send `{"articles":[{"url":'),
    (COVER, {"urls": GOOD}, "/urls/0: `urls[0]` is an object; `POST /v1/distribution` takes a list of texts"),
    (
        COVER,
        {"articles": ARTICLES, "rater": ["one"]},
        "/rater: unknown field `rater`; did you mean `raters`?",
    ),
    (COVER, {"articles": ARTICLES, "story": {"titel": "x"}}, "did you mean `title`? allowed: id, title"),
    (
        COVER,
        {"articles": ARTICLES, "baseline": {"left": 1, "center": 2}},
        '`right` is missing: `{"right":40}`',
    ),
    (BATCH, {}, '`stories` is missing: `{"stories":[{"id":"1","outlets":["reuters.com"]}]}`'),
    (BATCH, {"items": []}, "/items: unknown field `items`; did you mean `stories`?"),
    (BATCH, {"outlets": GOOD}, "/outlets: unknown field `outlets`; did you mean `stories`?"),
]
VALUES = [
    (SCORE, {"outlets": "reuters.com"}, '`outlets` is a list, not a text: `["reuters.com","BBC News"]`'),
    (SCORE, {"outlets": []}, "/outlets: `outlets` has at least 1 item: `["),
    (SCORE, {"outlets": None}, "/outlets: `outlets` is a list, not null: `["),
    (SCORE, {"outlets": [1]}, '`outlets[0]` is a text or an object, not a whole number: `"reuters.com"`'),
    (SCORE, GOOD, 'the body is an object, not a list: `{"outlets":["reuters.com","BBC News"]}`'),
    (SCORE, {"outlets": GOOD, "count_by": "Entry"}, "did you mean `entry`? allowed: entry, outlet"),
    (SCORE, {"outlets": GOOD, "ties": "best"}, "did you mean `best_known`? allowed: best_known, never"),
    (SCORE, {"outlets": GOOD, "detail": True}, "`detail` is a text, not true or false: full, summary"),
    (SCORE, {"outlets": GOOD, "country": "GBR"}, "`country` is two capital letters such as GB"),
    (SCORE, {"outlets": GOOD, "country": "United Kingdom"}, "`country` is two capital letters such as GB"),
    (SCORE, {"outlets": GOOD, "raters": "one"}, "`raters` is a list, not a text: `["),
    (SCORE, {"outlets": GOOD, "raters": ["onee"]}, "no rater 'onee' is enabled here; enabled: one, two"),
    (SCORE, {"outlets": GOOD, "overrides": GOOD}, '`overrides` is an object, not a list: `{"example.com":'),
    (
        SCORE,
        {"outlets": GOOD, "overrides": {"a.example": -1}},
        "/overrides/a.example: '-1' is not a label; labels: far_left",
    ),
    (
        SCORE,
        {"outlets": GOOD, "overrides": {"a.example": "lean left"}},
        "did you mean lean_left? labels: far_left, left",
    ),
    (SCORE, {"outlets": GOOD, "raters": ["one,two"]}, "`raters[0]` is one rater's id; for several"),
    (COVER, {"articles": ARTICLES, "story": "A bridge"}, '`story` is an object, not a text: `{"title":'),
    (COVER, {"articles": ARTICLES, "story": {"points": "x"}}, "`points` is a list, not a text: `["),
    (COVER, {"articles": ARTICLES, "baseline": "stories"}, "allowed: none or a list or an object"),
    (COVER, {"articles": GOOD}, "/articles/0: `articles[0]` is an object; `POST /v1/distribution` takes"),
    (COVER, {"articles": [{"title": "t"}]}, "/articles: no item of `articles` says whose article it is"),
    (COVER, {"articles": ARTICLES, "items": ARTICLES * 2}, "`articles` and `items` both hold articles"),
    (COVER, {"articles": ARTICLES, "baseline": {"left": -1, "center": 2, "right": 3}}, "from 0 to 1000000"),
    (BATCH, {"stories": {}}, "/stories: `stories` is a list, not an object"),
    (BATCH, {"stories": []}, "/stories: `stories` has at least 1 item"),
]
STORIES = [
    ({"domains": GOOD}, "/domains: unknown field `domains`; did you mean `outlets`? allowed: outlets, id"),
    ({"id": 5, "outlets": GOOD}, "/id: `id` is a text, not a whole number"),
    (GOOD, 'the story is an object, not a list: `{"outlets":'),
    ({"outlets": []}, "/outlets: `outlets` has at least 1 item"),
]
SYNTAX = [
    (b"", "the body is empty; send JSON such as `{"),
    (b"outlets=left.example", "the body is a form, not JSON; send JSON such as"),
    (b"{'outlets': []}", "line 1, column 2: a text stands in double quotes, not in single ones"),
    (b'{\n "outlets": ["\xc3\xa9",]\n}', "line 2, column 18: a comma stands before the closing bracket"),
    (b'{"outlets": ["a"]', "it ends before its last bracket or quote is closed"),
    (b'{"outlets": None}', "line 1, column 13: None is of another language; write null"),
    (b'{outlets: ["a"]}', "column 2: a field's name stands in double quotes"),
    (b'{"outlets": ["a"]} {}', "column 21: more follows after the end of the value; send one value"),
    (b'{"outlets": ["caf\xe9.example"]}', "not JSON in UTF-8: a character is of another encoding"),
    (b'\xef\xbb\xbf{"outlets": ["a"]}', "begins with a byte order mark"),
    (b'{"outlets": ["a\\ud800"]}', "has half of a surrogate pair alone, \\ud800; send the whole character"),
    (b'{"outlets": ["a\\uDC00b"]}', "has half of a surrogate pair alone, \\uDC00; send the whole character"),
]
QUERIES = [
    (SCORE, "`outlet` is missing: ?outlet=reuters.com"),
    (SCORE + "?domain=a", "unknown parameter `domain`; did you mean `outlet`? allowed: outlet, raters"),
    (SCORE + "?outlet=a&country=uk1", "/country: `country` is two capital letters such as GB"),
    (SCORE + "?outlet=a&raters=one,two", "for several, repeat it: raters=allsides&raters=mbfc"),
    ("/v1/outlets?limit=1000", "/limit: `limit` is a whole number from 1 to 200"),
    ("/v1/outlets?limit=ten", "/limit: `limit` is a whole number from 1 to 200"),
    ("/v1/outlets?page=2", "unknown parameter `page`; did you mean `cursor`? allowed: q, side, label"),
    ("/v1/outlets?query=bbc", "unknown parameter `query`; did you mean `q`?"),
    (
        "/v1/outlets?side=centre",
        "`centre` is not allowed; did you mean `center`? allowed: center, left, right",
    ),
    ("/v1/outlets?label=lean-left", "`lean-left` is not allowed; did you mean `lean_left`?"),
    ("/v1/outlets?rater=mbfx", "no rater 'mbfx' is enabled here; enabled: one, two"),
    ("/v1/outlets?cursor=2", "this is not a cursor; send next_cursor of the page before"),
    ("/v1/outlets?side=left&side=right", "/side: 2 values given, 1 allowed"),
    ("/v1/resolve", "`q` is missing: ?q=BBC+News"),
    ("/v1/resolve?name=BBC", "unknown parameter `name`; did you mean `q`? allowed: q, country, region, ties"),
    ("/v1/bar.svg", "give either outlet=… or counts"),
    ("/v1/bar.svg?left=40%25", "/left: `left` is a whole number from 0 to 1000000"),
    ("/v1/bar.svg?left=1&centre=2", "unknown parameter `centre`; did you mean `center`?"),
    ("/v1/bar.png?left=1&scale=4", "/scale: `scale` is a whole number from 1 to 3"),
    ("/v1/changes?since=2026-11-01", "`since` is a version of the data such as 2026.11.0"),
    ("/v1/changes?from=2026.11.0", "unknown parameter `from`; did you mean `since`?"),
]
PATHS = [
    ("GET", "/v1/distributions", 404, "near it: GET, POST, QUERY /v1/distribution"),
    ("POST", "/distribution/batch", 404, "near it: POST /v1/distribution/batch"),
    ("GET", "/v1/outlet/left.example", 404, "near it: GET /v1/outlets/{domain}"),
    ("GET", "/api/v1/outlets", 404, "near it: GET /v1/outlets;"),
    ("GET", "/v1/outlets/", 404, "near it: GET /v1/outlets;"),
    ("GET", "/v1/outlets/nobody.example", 404, "no outlet is listed under 'nobody.example'"),
    ("GET", "/health", 404, "near it: GET /livez; GET /readyz"),
    ("GET", "/healthz", 404, "near it: GET /livez; GET /readyz"),
    ("GET", "/swagger", 404, "near it: GET /docs"),
    ("GET", "/v1/swagger.json", 404, "near it: GET /openapi.json"),
    ("GET", "/v1/outlets/Left", 404, "did you mean left.example?"),
    ("GET", COVER, 405, "GET is not answered here; allowed: POST"),
    ("POST", "/v1/outlets", 405, "POST is not answered here; allowed: GET"),
    ("PUT", SCORE, 405, "PUT is not answered here; allowed: GET, POST, QUERY"),
]
TYPES = [
    (FORM, f"send the body as Content-Type: {JSON}, not '{FORM}'"),
    ("text/csv", f"send the body as Content-Type: {JSON}, not 'text/csv'"),
    ("", f"send the body as Content-Type: {JSON}, none was named"),
]


def test_there_are_sixty_at_least():
    tables = (FIELDS, VALUES, STORIES, SYNTAX, QUERIES, PATHS, TYPES)
    assert sum(map(len, tables)) >= 60


@pytest.mark.parametrize(("path", "body", "words"), FIELDS + VALUES)
def test_a_field_or_value_that_cannot_be(client, path, body, words):
    assert words in assert_problem(client.post(path, json=body), 422)["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SCORE, {"outlets": GOOD}),
        (COVER, {"articles": ARTICLES}),
        (BATCH, {"stories": [{"outlets": GOOD}]}),
    ],
)
def test_an_option_in_the_query_is_not_lost(client, path, body):
    problem = assert_problem(client.post(f"{path}?country=gb", json=body), 422)
    assert problem["errors"][0]["pointer"] == "/country"
    assert "`country` belongs in the body, not in the query" in problem["detail"]


@pytest.mark.parametrize(("story", "words"), STORIES)
@pytest.mark.parametrize("media", [JSON, LINES])
def test_a_story_of_a_batch(client, media, story, words):
    sent = json.dumps({"stories": [story]} if media == JSON else story)
    answer = json.loads(client.post(BATCH, data=sent, content_type=media).text)
    problem = (answer["results"][0] if media == JSON else answer)["problem"]
    assert problem["status"] == 422
    assert words in problem["detail"]


@pytest.mark.parametrize(("body", "words"), SYNTAX)
def test_a_body_that_is_not_json(client, body, words):
    detail = assert_problem(client.post(SCORE, data=body, content_type=JSON), 400)["detail"]
    assert words in detail
    assert detail.endswith('send JSON such as `{"outlets":["reuters.com","BBC News"]}`')


def test_a_line_that_is_not_json(client):
    (line,) = client.post(BATCH, data=b'{"outlets":["a",]}', content_type=LINES).text.splitlines()
    problem = json.loads(line)["problem"]
    assert problem["detail"].startswith("the story is not JSON: line 1, column 17: a comma stands before")


@pytest.mark.parametrize(("url", "words"), QUERIES)
def test_a_query_that_cannot_be_and_no_word_of_a_body(client, url, words):
    detail = assert_problem(client.get(url), 422)["detail"]
    assert words in detail
    assert "body" not in detail
    assert "unknown field" not in detail


@pytest.mark.parametrize(("method", "path", "status", "words"), PATHS)
def test_a_path_or_method_that_is_not_there(client, method, path, status, words):
    response = client.open(path, method=method)
    assert words in assert_problem(response, status)["detail"]
    assert ("Allow" in response.headers) is (status == 405)


@pytest.mark.parametrize(("media", "words"), TYPES)
def test_a_body_of_another_type(client, media, words):
    response = client.post(SCORE, data=b"outlets=left.example", content_type=media or None)
    assert assert_problem(response, 415)["detail"] == words


@pytest.mark.parametrize(
    "path",
    [
        SCORE + "?outlet=The+Herald&country=gb",
        SCORE + "?outlet=left.example&raters=ONE",
        "/v1/outlets?country=gb",
        "/v1/outlets?rater=ONE",
        "/v1/resolve?q=The+Herald&country=gb",
        "/v1/bar.svg?outlet=left.example&country=gb",
    ],
)
def test_codes_may_be_written_in_either_case(client, path):
    plain = path.replace("=gb", "=GB").replace("=ONE", "=one")
    assert client.get(path).status_code == 200
    if "/outlets" not in path:
        assert client.get(path).data == client.get(plain).data
    else:
        assert client.get(path).json["outlets"] == client.get(plain).json["outlets"] != []


def test_the_code_that_britain_uses_is_read(client):
    path = "/v1/resolve?q=The+Herald&country="
    assert client.get(path + "uk").data == client.get(path + "GB").data != client.get(path + "FR").data


@pytest.mark.parametrize("length", [1_000, 100_000])
def test_what_is_said_is_bounded(client, length):
    long = "x" * length
    sent = [
        client.post(SCORE, json={long: GOOD}),
        client.post(SCORE, json={"outlets": GOOD, "count_by": long}),
        client.get(f"/v1/outlets?side={long}"),
        client.get(f"/{long}"),
        client.open(SCORE, method=long),
    ]
    for response in sent:
        assert len(response.json["detail"]) < 500


def test_below_a_prefix_the_paths_and_the_type_stand_below_it(client):
    problem = client.get("/v1/distributions", environ_overrides={"SCRIPT_NAME": "/bias"}).json
    assert problem["type"] == "/bias/docs/problems#not-found"
    assert "near it: GET, POST, QUERY /bias/v1/distribution" in problem["detail"]


def test_an_option_without_an_effect_is_noted_in_every_form(client):
    options = {"overrides": {"right.example": "left"}, "country": "gb"}
    notes = [
        "the override of right.example had no effect: no entry is that outlet",
        "the country GB had no effect: no entry is a name that it settles",
    ]
    assert client.post(SCORE, json={"outlets": GOOD, **options}).json["notes"] == notes
    assert client.post(COVER, json={"articles": ARTICLES, **options}).json["bias"]["notes"] == notes
    batch = client.post(BATCH, json={"stories": [{"outlets": GOOD}], **options}).json
    assert batch["results"][0]["result"]["notes"] == notes
    assert client.get(SCORE + "?outlet=left.example&country=gb").json["notes"] == notes[1:]
    assert "notes" not in client.post(SCORE, json={"outlets": GOOD}).json


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        (SCORE, b'{"outlets": ["left.example"], "outlets": ["right.example"]}', "outlets"),
        (SCORE, b'{"outlets": [{"url": "left.example", "url": "b.example"}], "ties": "never"}', "url"),
        (SCORE, b'{"outlets": ["a"], "overrides": {"a.example": null, "a.example": "left"}}', "a.example"),
        (COVER, b'{"articles": [{"url": "left.example", "url": "b.example"}]}', "url"),
    ],
)
def test_a_key_that_stands_twice(client, path, body, name):
    detail = assert_problem(client.post(path, data=body, content_type=JSON), 400)["detail"]
    assert f"`{name}` stands twice in one object" in detail


def test_a_key_that_stands_twice_in_a_story_is_that_storys_problem(client):
    body = (
        b'{"stories": [{"outlets": ["a.example"]}, {"id": "1", "outlets": ["a"], "outlets": ["b.example"]}]}'
    )
    results = client.post(BATCH, data=body, content_type=JSON).json["results"]
    assert [each["status"] for each in results] == [200, 400]
    body = b'{"stories": [{"outlets": ["a.example"]}], "ties": "never", "ties": "best_known"}'
    assert_problem(client.post(BATCH, data=body, content_type=JSON), 400)


def test_texts_that_look_like_keys_are_no_keys(client):
    body = b'{"outlets": ["a\\":b", "c \\": d"], "ties": "never"}'
    assert client.post(SCORE, data=body, content_type=JSON).status_code == 200
