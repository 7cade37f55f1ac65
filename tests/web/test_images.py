"""``/v1/bar.svg`` and ``badge.svg`` as a page embeds them."""

import re
import struct

import pytest

from service.web import png
from tests.web.conftest import assert_problem


def test_a_bar_of_counts_can_be_cached(client):
    response = client.get("/v1/bar.svg?left=4&center=9&right=7&unrated=4")
    assert response.status_code == 200
    assert response.mimetype == "image/svg+xml"
    assert "45% of the 20 rated sources are Center; 4 of 24 sources are not rated." in response.text
    assert response.cache_control.public
    again = client.get(response.request.url, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_bar_of_outlets_shows_what_the_api_counts(client):
    response = client.get("/v1/bar.svg?outlet=left.example&outlet=right.example&outlet=nobody.example")
    assert "Left 1, Center 0, Right 1 of 2 rated sources; 1 source is not rated." in response.text


def test_a_badge_says_the_consensus_or_that_there_is_none(client):
    assert "Center: Center" in client.get("/v1/outlets/center.example/badge.svg").text
    assert "Silent: Not rated" in client.get("/v1/outlets/silent.example/badge.svg").text


@pytest.mark.parametrize(
    ("url", "status", "pointer", "told"),
    [
        ("/v1/bar.svg", 422, "/outlet", "either outlet"),
        ("/v1/bar.svg?left=1&outlet=a.example", 422, "/outlet", "either outlet"),
        ("/v1/bar.svg?left=-1", 422, "/left", "from 0 to 1000000"),
        ("/v1/bar.svg?left=1000001", 422, "/left", "from 0 to 1000000"),
        ("/v1/bar.svg?left=1&width=1201", 422, "/width", "from 120 to 1200"),
        ("/v1/bar.svg?left=1&height=15", 422, "/height", "from 16 to "),
        ("/v1/bar.svg?left=1&theme=pink", 422, "/theme", "pink"),
        ("/v1/bar.svg?left=1&size=2", 422, "/size", "size"),
        ("/v1/bar.png?left=1&scale=4", 422, "/scale", "from 1 to 3"),
        ("/v1/outlets/nobody.example/badge.json", 404, None, "nobody.example"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client, url, status, pointer, told):
    assert told in assert_problem(client.get(url), status, pointer)["detail"]


def test_embedding_comes_with_words_for_who_cannot_see(client):
    embed = client.get("/v1/bar.json?left=4&center=9&right=7&unrated=1").json
    assert embed["alt"] == "Left 20%, Center 45%, Right 35% of 20 rated sources; 1 source is not rated."
    assert embed["url"] == "http://localhost/v1/bar.svg?left=4&center=9&right=7&unrated=1"
    shown = embed["url"].replace("&", "&amp;")
    assert embed["img"] == f'<img src="{shown}" width="320" height="32" alt="{embed["alt"]}">'
    assert embed["html"] == (
        f'<picture><source srcset="{shown}&amp;theme=dark" media="(prefers-color-scheme: dark)">'
        f"{embed['img']}</picture>"
    )
    assert embed["markdown"] == f"![{embed['alt']}]({embed['url']})"
    assert client.get(embed["url"]).status_code == 200
    assert client.get(embed["png"]).mimetype == "image/png"


def test_a_badge_is_embedded_under_a_path_prefix_too(client):
    embed = client.get("/v1/outlets/center.example/badge.json", base_url="http://localhost/bias").json
    assert embed["url"] == "http://localhost/bias/v1/outlets/center.example/badge.svg"
    assert embed["alt"] == "Bias of Center: Center"
    assert {rating.keys() == {"rater", "label", "url"} for rating in embed["ratings"]} == {True}


def test_a_badge_of_nobody_is_a_picture_that_says_so(client):
    for kind in ("svg", "png"):
        response = client.get(f"/v1/outlets/nobody.example/badge.{kind}")
        assert response.status_code == 200
    assert "nobody.example: Not listed" in client.get("/v1/outlets/nobody.example/badge.svg").text


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_a_picture_is_a_png_of_bounded_size_that_can_be_cached(client):
    response = client.get("/v1/bar.png?left=4&center=9&right=7&width=1200&height=96&scale=3")
    assert size_of(response.data) == (3600, 288)
    assert len(response.data) < 60_000
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.cache_control.public
    assert size_of(client.get("/v1/bar.png?left=1").data) == (640, 64)
    assert size_of(client.get("/v1/outlets/center.example/badge.png?scale=1").data)[1] == 20


def test_a_png_has_letters_and_the_same_ones_each_time(client):
    first = client.get("/v1/bar.png?left=4&center=9&right=7").data
    png.render_png.cache_clear()
    assert client.get("/v1/bar.png?left=4&center=9&right=7").data == first
    assert client.get("/v1/bar.png?left=4&center=9&right=7&lang=de").data != first


@pytest.mark.parametrize(
    ("asked", "svg", "png"),
    [
        ("de", "de", "de"),
        ("pt-BR", "pt", "pt"),
        ("tlh", "en", "en"),
        ("ar", "ar", "en"),
        ("zh-Hans", "zh", "en"),
    ],
)
def test_a_picture_says_in_which_language_it_is(client, asked, svg, png):
    for kind, used in (("svg", svg), ("png", png)):
        response = client.get(f"/v1/bar.{kind}?left=1&lang={asked}")
        assert response.headers["Content-Language"] == used
    assert client.get(f"/v1/bar.json?left=1&lang={asked}").json["lang"] == svg


def test_a_right_to_left_language_mirrors_the_bar(client):
    response = client.get("/v1/bar.svg?left=1&center=2&right=3&width=600&lang=he")
    assert re.findall(">([^<]*)</text>", response.text) == ["ימין 50%", "מרכז 33%", "שמאל 17%"]


def test_a_picture_may_follow_the_colour_scheme_of_its_reader(client):
    response = client.get("/v1/bar.svg?left=1&center=1&theme=auto")
    assert "prefers-color-scheme:dark" in response.text
    assert "style-src 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert "<style" not in client.get("/v1/bar.svg?left=1&center=1").text
