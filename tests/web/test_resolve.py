"""``GET /v1/resolve``: a match, or candidates."""

import pytest


@pytest.mark.parametrize(
    ("asked", "status", "domain", "match"),
    [
        ("https://left.example/x", "found", "left.example", {"by": "url", "confidence": 1.0}),
        (
            "ctr.example/3x",
            "found",
            "center.example",
            {"by": "host_alias", "confidence": 1.0, "via": "shortener"},
        ),
        ("the middle", "found", "center.example", {"by": "name_alias", "confidence": 0.9}),
        ("The Herald", "ambiguous", None, None),
        ("portal.example", "platform", None, None),
        ("javascript:x", "invalid", None, None),
    ],
)
def test_an_entry_is_resolved(client, asked: str, status: str, domain: str | None, match: dict | None):
    answer = client.get("/v1/resolve", query_string={"q": asked}).get_json()
    assert (answer["input"], answer["status"], answer["domain"]) == (asked, status, domain)
    assert answer["match"] == match


def test_an_ambiguous_name_lists_who_bears_it(client):
    answer = client.get("/v1/resolve?q=The Herald").get_json()
    assert [each["domain"] for each in answer["candidates"]] == ["herald-a.example", "herald-b.example"]
    assert client.get("/v1/resolve?q=The Herald&country=ZW").get_json()["domain"] == "herald-b.example"


def test_a_slip_is_suggested_and_not_matched(client):
    answer = client.get("/v1/resolve?q=The Midle").get_json()
    assert (answer["status"], answer["domain"]) == ("unknown", None)
    assert answer["candidates"][0]["domain"] == "center.example"
    assert 0.7 <= answer["candidates"][0]["score"] < 1


@pytest.mark.parametrize("query", ["", "?q=a&country=xxx", "?q=a&x=1", "?q=" + "a" * 2049])
def test_a_query_of_another_shape_is_refused(client, query: str):
    assert client.get("/v1/resolve" + query).status_code == 422
