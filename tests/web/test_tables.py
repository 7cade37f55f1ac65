"""Tables at their own addresses: the same answers as rows, safe to open in a spreadsheet."""

import csv
import io

import pytest

from service.web.framework.responses import prefers_csv, to_csv
from tests.web.conftest import assert_problem

URL, TABLE = "/v1/distribution", "/v1/distribution.csv"
BATCH, BATCH_TABLE = "/v1/distribution/batch", "/v1/distribution/batch.csv"
CSV = {"Accept": "text/csv"}
ENTRIES = ["https://left.example/a", "The Middle", "The Herald", "left.example", "javascript:1"]


def rows_of(response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    assert response.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text)))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        *(("text/csv", True), ("text/csv;q=0.9, */*;q=0.1", True), ("text/*", True), ("TEXT/CSV", True)),
        *(("", False), ("*/*", False), ("application/json", False), ("application/json, text/csv", False)),
        *(("text/html,application/xhtml+xml,*/*;q=0.8", False), ("application/xml", False)),
        *(("text/csv;q=0", False), ("text/csv;q=0.2, application/json", False), (",;=\x00", False)),
    ],
)
def test_who_wants_csv(accepted, expected):
    assert prefers_csv(accepted) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *(("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx")),
        *((-1.5, "-1.5"), (0, "0"), (None, ""), ("", ""), ("a=1", "a=1"), ('a,"b"\nc', 'a,"b"\nc')),
    ],
    ids=repr,
)
def test_no_cell_is_a_formula(cell, expected):
    ((read, after),) = csv.reader(io.StringIO(to_csv([(cell, "after")]), newline=""))
    assert (read, after) == (expected, "after")


def test_a_distribution_has_a_row_for_each_entry(client):
    answer = client.post(URL, json={"outlets": ENTRIES}).json
    rows = rows_of(client.post(TABLE, json={"outlets": ENTRIES}))
    assert [row["status"] for row in rows] == [entry["status"] for entry in answer["outlets"]]
    first = rows[0]
    assert (first["index"], first["input"], first["domain"]) == ("0", ENTRIES[0], "left.example")
    assert (first["label"], first["side"], first["factuality"]) == ("lean_left", "left", "high")
    assert (first["one"], first["match_by"], first["confidence"]) == ("says -2", "url", "1.0")
    assert (rows[3]["duplicate_of"], rows[4]["domain"]) == ("0", "")


def test_objects_show_what_is_tried_first(client):
    outlets = [{"url": "https://left.example/a", "name": "Left"}, {"name": "=cmd()"}]
    rows = rows_of(client.post(TABLE, json={"outlets": outlets}))
    assert [row["input"] for row in rows] == ["https://left.example/a", "'=cmd()"]


def test_a_summary_has_no_rows_and_is_refused_as_a_table(client):
    problem = assert_problem(
        client.post(TABLE, json={"outlets": ENTRIES, "detail": "summary"}), 422, "/detail"
    )
    assert "leave `detail` out" in problem["detail"]


def test_a_batch_has_a_row_for_each_story(client):
    stories = [{"id": "a", "outlets": ENTRIES}, {"id": "=b", "outlets": []}, {"outlets": ["x.invalid"]}]
    answer = client.post(BATCH, json={"stories": stories}).json
    rows = rows_of(client.post(BATCH_TABLE, json={"stories": stories}))
    assert [row["id"] for row in rows] == ["a", "'=b", ""]
    assert [row["status"] for row in rows] == ["200", "422", "200"]
    result = answer["results"][0]["result"]
    assert rows[0]["headline"] == result["headline"] == "50% Left and 50% Center"
    assert (rows[0]["left_pct"], rows[0]["left"], rows[0]["rated"]) == ("50", "1", "2")
    assert (rows[0]["entries"], rows[0]["level"], rows[0]["problem"]) == ("5", "too_few", "")
    assert rows[1]["problem"] == answer["results"][1]["problem"]["detail"]
    assert (rows[2]["left_pct"], rows[2]["left"], rows[2]["unrated"]) == ("", "0", "1")


def test_a_bad_batch_is_a_problem_as_ever(client):
    assert_problem(client.post(BATCH_TABLE, json={"stories": []}), 422, "/stories")


def test_outlets_are_a_table_of_all_that_match(client):
    everything = client.get("/v1/outlets?limit=200").json["total"]
    assert len(rows_of(client.get("/v1/outlets.csv"))) == everything > 1
    (row,) = rows_of(client.get("/v1/outlets.csv?q=left.example"))
    assert (row["domain"], row["bias"], row["one"]) == ("left.example", "lean_left", "says -2")
    assert_problem(client.get("/v1/outlets.csv?rater=three"), 422, "/rater")
    assert_problem(client.get("/v1/outlets.csv?limit=3"), 422, "/limit")


def test_changes_are_a_table(client):
    assert client.get("/v1/changes.csv").text.startswith("version,domain,field,before,after,reason")


@pytest.mark.parametrize("url", ["/v1/outlets.csv", "/v1/changes.csv"])
def test_an_unchanged_table_is_304(client, url):
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("method", "url", "table"),
    [
        ("POST", URL, TABLE),
        ("GET", f"{URL}?outlet=left.example", TABLE),
        ("POST", BATCH, BATCH_TABLE),
        ("GET", "/v1/outlets", "/v1/outlets.csv"),
        ("GET", "/v1/changes", "/v1/changes.csv"),
    ],
)
def test_a_json_address_answers_json_alone_and_names_the_tables(client, method, url, table):
    sent = {"json": {"outlets": ENTRIES}} if method == "POST" else {}
    problem = assert_problem(client.open(url, method=method, headers=CSV, **sent), 406)
    assert problem["detail"].endswith(f"CSV is at {table}")


@pytest.mark.parametrize("accepted", ["image/png", "application/xml", "text/csv;q=0"])
def test_who_takes_neither_gets_json(client, accepted):
    response = client.post(URL, json={"outlets": ENTRIES}, headers={"Accept": accepted})
    assert response.content_type == "application/json"
    assert "Accept" not in response.vary
