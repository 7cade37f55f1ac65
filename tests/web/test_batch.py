"""``/v1/distribution/batch``: many stories, as one list or as a stream of lines."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.settings import Settings
from service.web.api.batch import CHUNK_SIZE, buffer_chunks, read_lines
from service.web.app import create_app
from service.web.framework.endpoint import CATALOG_KEY
from tests.web.conftest import assert_problem

URL = "/v1/distribution/batch"
LINES = "application/x-ndjson"
STORIES = [
    {"id": "a", "outlets": ["left.example", "https://center.example/x", "nobody.example"]},
    {"id": "b", "outlets": [{"name": "Right"}, "The Herald"]},
    {"id": "a", "outlets": ["torn.example"]},
    {"outlets": ["javascript:1"]},
]


def post_list(client, *stories, **options):
    return client.post(URL, json={"stories": stories, **options})


def post_lines(client, body: bytes, query: str = ""):
    """The body as a stream of unknown length, as a chunked request arrives."""
    return client.post(
        URL + query,
        input_stream=io.BytesIO(body),
        content_type=LINES,
        environ_overrides={"wsgi.input_terminated": True},
    )


def as_lines(*stories) -> bytes:
    return b"".join(json.dumps(story).encode() + b"\n" for story in stories)


def results_of(response) -> list[dict]:
    return [json.loads(line) for line in response.data.splitlines()]


def single(client, story, **options) -> bytes:
    response = client.post("/v1/distribution", json={"outlets": story["outlets"], **options})
    assert response.status_code == 200
    return response.data


@pytest.mark.parametrize(
    "options", [{}, {"detail": "summary"}, {"raters": ["two"], "country": "GB", "count_by": "entry"}], ids=str
)
def test_each_story_gets_the_very_bytes_of_the_single_call_in_both_forms(client, options):
    expected = [
        b'{"id":%s,"status":200,"result":%s}'
        % (json.dumps(story.get("id")).encode(), single(client, story, **options))
        for story in STORIES
    ]
    listed = post_list(client, *STORIES, **options)
    assert (listed.status_code, listed.content_type) == (200, "application/json")
    dataset = json.dumps(listed.json["dataset"], separators=(",", ":")).encode()
    assert listed.data == b'{"results":[' + b",".join(expected) + b'],"dataset":' + dataset + b"}"
    query = "&".join(f"{name}={''.join(value)}" for name, value in options.items())
    streamed = post_lines(client, as_lines(*STORIES), "?" + query)
    assert (streamed.status_code, streamed.content_type) == (200, LINES)
    assert streamed.data == b"".join(line + b"\n" for line in expected)


def test_the_dataset_of_a_batch_is_that_of_its_answers(client):
    answer = post_list(client, STORIES[0], raters=["one"]).json
    assert answer["dataset"] == answer["results"][0]["result"]["dataset"]
    assert answer["dataset"]["raters"] == ["one"]


def test_overrides_hold_for_every_story_of_a_list(client):
    answer = post_list(client, *STORIES[:3], overrides={"torn.example": "far_right"}).json
    assert answer["results"][2]["result"]["headline"] == "100% Right"


BAD_STORIES = [
    (b"7", 422, "", None),
    (b"[]", 422, "", None),
    (b"{}", 422, "", None),
    (b'{"id": "x"}', 422, "", "x"),
    (b'{"id": "x", "outlets": []}', 422, "/outlets", "x"),
    (b'{"id": "x", "outlets": ["a.example", 7]}', 422, "/outlets/1", "x"),
    (b'{"id": "x", "outlets": ["a.example"], "country": "GB"}', 422, "/country", "x"),
    (b'{"id": 7, "outlets": ["a.example"]}', 422, "/id", None),
    (b'{"id": "%s", "outlets": ["a.example"]}' % (b"x" * 201), 422, "/id", None),
    (b'{"id": "x", "outlets": ["\xff"]}', 400, None, "x"),
    (b'{"id": "\xff", "outlets": ["a.example"]}', 400, None, None),
    (b'{"id": "x", "outlets": %s}' % json.dumps(["a.example"] * 1001).encode(), 422, "/outlets", "x"),
    (b'{"id": "x", "outlets": ["%s"]}' % (b"a" * 2**20), 413, None, None),
]
BAD_LINES = [(b"{", 400, None, None), (b'{"outlets": [NaN]}', 400, None, None), (b"[" * 9999, 422, "", None)]


@pytest.mark.parametrize(
    ("form", "case"),
    [("list", case) for case in BAD_STORIES] + [("lines", case) for case in BAD_STORIES + BAD_LINES],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_story_is_its_own_problem_between_good_ones(client, form, case):
    story, status, pointer, name = case
    good = json.dumps(STORIES[0]).encode()
    if form == "list":
        body = b'{"stories": [' + b",".join((good, story, good)) + b"]}"
        results = client.post(URL, data=body, content_type="application/json").json["results"]
    else:
        results = results_of(post_lines(client, b"\n".join((good, story, good))))
    assert [result["status"] for result in results] == [200, status, 200]
    bad = results[1]
    assert "result" not in bad
    assert bad["problem"]["status"] == status
    assert bad["problem"]["request_id"]
    if pointer is not None:
        assert [error["pointer"] for error in bad["problem"]["errors"]] == [pointer]
    if status != 413:  # of a story that is too long, a stream keeps no more than its length
        assert bad["id"] == name


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, None),
        (b'{"stories": [{"outlets": ["a.example"]}', 400, None),
        (b'{"stories": [{"outlets": nul}]}', 400, None),
        (b"{}", 422, ""),
        (b'{"stories": []}', 422, "/stories"),
        (b'{"stories": {}}', 422, "/stories"),
        (b'{"stories": [%s1]}' % (b"1," * 1000), 422, "/stories"),
        (b'{"stories": [1], "outlets": []}', 422, "/outlets"),
        (b'{"stories": [1], "raters": ["three"]}', 422, "/raters/0"),
        (b'{"stories": ["' + b"a" * 16 * 2**20 + b'"]}', 413, None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_wrong_with_the_whole_list_is_the_requests_problem(client, body, status, pointer):
    assert_problem(client.post(URL, data=body, content_type="application/json"), status, pointer)


@pytest.mark.parametrize(("query", "pointer"), [("?raters=three", "/raters/0"), ("?outlets=a", "/outlets")])
def test_what_is_wrong_with_a_streams_options_is_told_before_it_begins(client, query, pointer):
    assert_problem(post_lines(client, as_lines(*STORIES), query), 422, pointer)


def test_other_types_are_told_the_two_that_are_taken(client):
    detail = assert_problem(client.post(URL, data="a,b", content_type="text/csv"), 415)["detail"]
    assert "application/json or application/x-ndjson" in detail


def test_a_list_may_be_larger_than_a_single_call(client):
    stories = [{"outlets": ["a.example/" + "x" * 300_000]}] * 4
    assert [result["status"] for result in post_list(client, *stories).json["results"]] == [200] * 4


@pytest.mark.parametrize("body", [b"", b"\n", b"\r\n \t\n\n"])
def test_a_stream_without_stories_has_no_results(client, body):
    response = post_lines(client, body)
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_any_line_end_will_do_and_the_last_may_lack_it(client, end):
    body = end.join(json.dumps(story).encode() for story in STORIES)
    ids = [result["id"] for result in results_of(post_lines(client, body))]
    assert ids == ["a", "b", "a", None]


def test_a_stream_of_known_length_is_read_too_and_has_no_limit(catalog):
    small = create_app(Settings(max_body=200, max_batch_body=300), catalog).test_client()
    response = small.post(URL, data=as_lines(*STORIES * 10), content_type=LINES)
    assert [result["status"] for result in results_of(response)] == [200] * 40


def test_a_stream_speaks_of_one_version_of_the_data_though_another_is_loaded_meanwhile(catalog):
    app = create_app(Settings(), catalog)

    class Swapping(io.BytesIO):
        def read(self, size=-1):
            app.extensions[CATALOG_KEY] = None
            return super().read(size)

    response = app.test_client().post(
        URL,
        input_stream=Swapping(as_lines(*STORIES * 1000)),
        content_type=LINES,
        environ_overrides={"wsgi.input_terminated": True},
    )
    versions = {result["result"]["dataset"]["version"] for result in results_of(response)}
    assert versions == {"test"}


def test_no_more_is_read_than_the_reader_of_the_answer_has_asked_for(client):
    """Back-pressure: the next block of stories waits until the answers to this one are taken."""
    body = io.BytesIO(as_lines(*STORIES * 2000))
    response = client.post(
        URL,
        input_stream=body,
        content_type=LINES,
        environ_overrides={"wsgi.input_terminated": True},
        buffered=False,
    )
    pieces = response.iter_encoded()
    next(pieces)
    assert body.tell() <= CHUNK_SIZE
    assert max(len(piece) for piece in pieces) < 3 * CHUNK_SIZE


@given(st.binary(max_size=400), st.integers(1, 30), st.integers(1, 50))
def test_lines_are_those_of_the_whole_text_but_for_the_tails_of_long_ones(text, longest, step):
    source = io.BytesIO(text)
    got = [line for block in read_lines(lambda _: source.read(step), longest) for line in block]
    expected = text.split(b"\n")
    assert len(got) == len(expected)
    for line, whole in zip(got, expected, strict=True):
        assert (len(line) > longest) == (len(whole) > longest)
        assert line == whole or (len(whole) > longest and line.startswith(whole[: longest + 1]))


def test_a_line_without_end_is_not_kept():
    longest, sizes = 1000, []
    rest = read_lines(lambda size: b"x" * size if len(sizes) < 100 else b"", longest)
    for block in rest:
        sizes.append(sum(map(len, block)))
    assert sum(sizes) <= longest + 1


@given(st.lists(st.binary(min_size=1, max_size=50)))
def test_gathering_changes_no_byte(pieces):
    assert b"".join(buffer_chunks(iter(pieces))) == b"".join(pieces)
