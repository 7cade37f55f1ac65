"""Query strings: typed, and nothing in them ignored."""

import pytest

from tests.web.conftest import assert_problem

URL = "/v1/distribution?outlet=left.example&"


@pytest.mark.parametrize(
    ("url", "pointer", "word"),
    [
        (URL + "rater=one", "/rater", "unknown parameter"),
        (URL + "count_by=story", "/count_by", "story"),
        (URL + "count_by=outlet&count_by=entry", "/count_by", "2 values given, 1 allowed"),
        (URL + "country=null", "/country", "two capital letters"),
        (URL + "country=", "/country", "two capital letters"),
        (URL + "detail=null", "/detail", "null"),
        (URL + "raters=null", "/raters/0", "null"),
        ("/v1/outlets?side=null", "/side", "null is not a value here"),
        ("/v1/outlets?side=NULL", "/side", "null is not a value here"),
        ("/v1/bar.svg?left=null&right=1", "/left", "null is not a value here"),
        ("/v1/bar.svg?left=1&left=2", "/left", "2 values given, 1 allowed"),
        ("/v1/bar.svg?left=1.5", "/left", "whole number"),
    ],
)
def test_what_a_query_cannot_say_is_refused(client, url, pointer, word):
    assert word in assert_problem(client.get(url), 422, pointer)["detail"]


def test_a_list_repeats_its_name(client):
    got = client.get(URL + "outlet=center.example&raters=one&raters=two").json
    assert got["counts"]["rated"] == 2
    assert got["dataset"]["raters"] == ["one", "two"]
