"""``/v1/bar.svg`` and ``badge.svg`` as a page embeds them."""

import pytest

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
    assert "left 1, center 0, right 1, not rated 1" in response.text


def test_a_badge_says_the_consensus_or_that_there_is_none(client):
    assert "Center: Center" in client.get("/v1/outlets/center.example/badge.svg").text
    assert "Silent: Not rated" in client.get("/v1/outlets/silent.example/badge.svg").text


@pytest.mark.parametrize(
    ("url", "status", "pointer", "told"),
    [
        ("/v1/bar.svg", 422, "/outlet", "either outlet"),
        ("/v1/bar.svg?left=1&outlet=a.example", 422, "/outlet", "either outlet"),
        ("/v1/bar.svg?left=-1", 422, "/left", ">= 0"),
        ("/v1/bar.svg?left=1000001", 422, "/left", "<= 1000000"),
        ("/v1/bar.svg?left=1&width=1201", 422, "/width", "<= 1200"),
        ("/v1/bar.svg?left=1&height=15", 422, "/height", ">= 16"),
        ("/v1/bar.svg?left=1&theme=pink", 422, "/theme", "pink"),
        ("/v1/bar.svg?left=1&size=2", 422, "/size", "size"),
        ("/v1/outlets/nobody.example/badge.svg", 404, None, "nobody.example"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client, url, status, pointer, told):
    assert told in assert_problem(client.get(url), status, pointer)["detail"]


def test_embedding_comes_with_words_for_who_cannot_see(client):
    embed = client.get("/v1/bar.json?left=4&center=9&right=7").json
    assert embed["alt"] == "45% of the 20 rated sources are Center; every source is rated."
    assert embed["url"] == "http://localhost/v1/bar.svg?left=4&center=9&right=7"
    assert embed["html"] == f'<img src="{embed["url"].replace("&", "&amp;")}" alt="{embed["alt"]}">'
    assert embed["markdown"] == f"![{embed['alt']}]({embed['url']})"
    assert client.get(embed["url"]).status_code == 200


def test_a_badge_is_embedded_under_a_path_prefix_too(client):
    embed = client.get("/v1/outlets/center.example/badge.json", base_url="http://localhost/bias").json
    assert embed["url"] == "http://localhost/bias/v1/outlets/center.example/badge.svg"
    assert embed["alt"] == "Bias of Center: Center"
