"""gzip: answers for those who take it, and bodies that come so, however they were made."""

import gzip
import io
import json
import zlib
from contextlib import suppress

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from service.settings import Settings
from service.web.app import create_app
from service.web.framework.responses import MIN_COMPRESS_SIZE, accepts_gzip
from service.web.middleware.request_body import (
    CHUNK_SIZE,
    MAX_EXPANSION_RATIO,
    MAX_SMALL_MEMBERS,
    GzipReader,
)
from tests.web.conftest import assert_problem

URL = "/v1/distribution"
BATCH = "/v1/distribution/batch"
LISTED = f"{URL}?outlet=left.example&outlet=center.example"
BODY = {"outlets": ["left.example", "center.example", "The Herald"]}
MEBIBYTE = 2**20


def post_packed(client, body: bytes, url: str = URL, encoding: str = "gzip", **given):
    return client.post(
        url,
        data=body,
        headers={"Content-Encoding": encoding},
        content_type=given.pop("content_type", "application/json"),
        **given,
    )


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        *(("gzip", True), ("GZIP", True), ("gzip, deflate, br, zstd", True), ("deflate, gzip;q=0.5", True)),
        *(("*", True), ("br;q=1.0, *;q=0.1", True), ("identity;q=0.5, gzip", True)),
        *(("", False), ("br", False), ("gzip;q=0", False), ("*;q=0", False), ("identity", False)),
        *(("identity, gzip;q=0.5", False), ("gzip;q=0, *", False), ("gzipped", False), (",;=\x00", False)),
    ],
)
def test_who_takes_gzip(accepted, expected):
    assert accepts_gzip(accepted) is expected


@pytest.mark.parametrize("method", ["POST", "QUERY", "GET"])
def test_an_answer_is_packed_for_who_takes_it_so(client, method):
    url, sent = (LISTED, {}) if method == "GET" else (URL, {"json": BODY})
    plain = client.open(url, method=method, **sent)
    packed = client.open(url, method=method, **sent, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data)
    for each in (plain, packed):
        assert "Accept-Encoding" in each.headers["Vary"]
        assert each.content_type == "application/json"


def test_an_answer_is_packed_behind_a_rate_limit_too(catalog):
    client = create_app(Settings(rate_limit="100/minute"), catalog).test_client()
    packed = client.post(URL, json=BODY, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.post(URL, json=BODY).data


@pytest.mark.parametrize("path", ["/openapi.json", "/outlets", "/v1/outlets.csv", "/static/panel.css"])
def test_pages_and_tables_are_packed_too(client, path):
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    if len(plain.data) >= MIN_COMPRESS_SIZE:
        assert gzip.decompress(packed.data) == plain.data
    else:
        assert packed.data == plain.data


@pytest.mark.parametrize("path", ["/livez", "/v1/bar.png?left=50&center=30&right=20", "/v1/nothing"])
def test_what_is_small_or_packed_already_is_left(client, path):
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("path", ["/livez", "/v1/dataset", f"{URL}?outlet=left.example", "/outlets"])
def test_short_answers_vary_too_as_a_cache_wants_one_word_of_all_forms(client, path):
    assert "Accept-Encoding" in client.get(path).headers["Vary"]


def test_a_stream_is_sent_as_it_is_made(client):
    response = client.post(BATCH, json={"stories": [BODY] * 9}, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
    assert len(response.json["results"]) == 9


def test_each_form_has_its_own_etag_and_its_own_304(client):
    takes = {"Accept-Encoding": "gzip"}
    plain, packed = (client.get(LISTED, headers=headers).headers["ETag"] for headers in ({}, takes))
    assert plain != packed
    for headers, own, other in (({}, plain, packed), (takes, packed, plain)):
        again = client.get(LISTED, headers={**headers, "If-None-Match": own})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", own)
        assert "Content-Encoding" not in again.headers
        assert "Accept-Encoding" in again.headers["Vary"]
        assert client.get(LISTED, headers={**headers, "If-None-Match": other}).status_code == 200
        assert client.get(LISTED, headers={**headers, "If-None-Match": f"W/{own}"}).status_code == 304


def test_head_says_what_get_would(client):
    got, head = (client.open(LISTED, method=m, headers={"Accept-Encoding": "gzip"}) for m in ("GET", "HEAD"))
    assert head.data == b""
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "identity"])
def test_a_body_may_come_packed(client, encoding):
    sent = json.dumps(BODY).encode()
    packed = sent if encoding == "identity" else gzip.compress(sent)
    response = post_packed(client, packed, encoding=encoding)
    assert response.status_code == 200
    assert response.data == client.post(URL, json=BODY).data


def test_several_gzip_files_in_a_row_are_one_body(client):
    one, two = gzip.compress(b'{"outlets": ["left.exa'), gzip.compress(b'mple"]}')
    assert post_packed(client, one + two).json["headline"] == "100% Left"


@pytest.mark.parametrize(
    "encoding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, identity", "x" * 500, "ï"]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
def test_any_other_encoding_is_refused_by_name(client, encoding, kind):
    response = post_packed(client, b"{}", BATCH, encoding, content_type=kind)
    problem = assert_problem(response, 415)
    assert f"not in {encoding[:80]!r}" in problem["detail"]
    assert response.headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        gzip.compress(b"{}")[:-1],
        gzip.compress(b"{}")[:9],
        gzip.compress(b"{}") + b"{}",
        gzip.compress(b"{}")[:-8] + bytes(8),
        zlib.compress(b"{}"),
        gzip.compress(b"")[:10] + bytes(range(256)),
        gzip.compress(gzip.compress(b"{}")),
        gzip.compress(b"") * (MAX_SMALL_MEMBERS + 1),
    ],
    ids=range(10),
)
@pytest.mark.parametrize("url", [URL, BATCH])
def test_a_broken_body_is_400(client, body, url):
    assert_problem(post_packed(client, body, url), 400)


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413)])
def test_the_limit_is_that_of_the_unpacked_body(catalog, size, status):
    client = create_app(Settings(max_body=1000), catalog).test_client()
    start, end = b'{"outlets": ["left.example', b'"]}'
    body = start + b" " * (size - len(start) - len(end)) + end
    response = post_packed(client, gzip.compress(body))
    assert response.status_code == status
    if status == 413:
        assert "unpack to at most 1000 bytes" in assert_problem(response, 413)["detail"]


class Counting(io.BytesIO):
    """A body that knows how much of it was taken."""

    taken = 0

    def read(self, size=-1):
        piece = super().read(size)
        self.taken += len(piece)
        return piece


BOMB = gzip.compress(bytes(1000 * MEBIBYTE // 8), 9)
"""125 MiB of zeros in 125 KiB. Eight of them in a row are the gigabyte of a full body."""


@pytest.mark.parametrize("body", [BOMB * 8, gzip.compress(BOMB * 8)], ids=["zeros", "nested"])
def test_a_bomb_is_unpacked_to_its_limit_and_no_further(client, body):
    taken = Counting(body)
    unpacker = GzipReader(taken.read)
    given = 0
    with suppress(RequestEntityTooLarge):
        while given <= MEBIBYTE and (piece := unpacker.read(CHUNK_SIZE)):
            assert len(piece) <= CHUNK_SIZE
            given += len(piece)
    assert given <= MEBIBYTE + CHUNK_SIZE
    assert taken.taken <= max(2 * CHUNK_SIZE, given)
    assert post_packed(client, body).status_code in (400, 413)


def test_one_story_too_may_unpack_to_a_hundred_times_what_is_sent_and_no_further(client):
    start, end = b'{"outlets": ["left.example"]', b"}"
    many = gzip.compress(start + b" " * (MEBIBYTE - 100) + end, 9)
    assert "100 times" in assert_problem(post_packed(client, many), 413)["detail"]
    assert post_packed(client, gzip.compress(start + b" " * 60_000 + end, 9)).status_code == 200


def test_a_stream_of_lines_may_come_packed(client):
    stories = b"".join(json.dumps({"id": str(at), **BODY}).encode() + b"\n" for at in range(300))
    kind = {"content_type": "application/x-ndjson"}
    response = post_packed(client, gzip.compress(stories), BATCH, **kind)
    assert response.data == client.post(BATCH, data=stories, **kind).data
    assert len(response.data.splitlines()) == 300


def test_a_stream_that_unpacks_to_far_more_than_is_sent_is_refused():
    taken = Counting(BOMB)
    unpacker = GzipReader(taken.read)
    given = 0
    with pytest.raises(Exception, match=f"at most|{MAX_EXPANSION_RATIO} times") as refused:
        while piece := unpacker.read(CHUNK_SIZE):
            given += len(piece)
    assert refused.value.code == 413
    assert given <= MAX_EXPANSION_RATIO * taken.taken + CHUNK_SIZE


def test_a_stream_in_gzip_gives_each_piece_as_it_comes():
    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(b"one\n") + packer.flush(zlib.Z_SYNC_FLUSH), packer.compress(b"two\n")]
    coming = iter([*pieces, packer.flush()])
    unpacker = GzipReader(lambda size: next(coming, b""))
    assert unpacker.read(CHUNK_SIZE) == b"one\n"
    assert len(list(coming)) == 2
