"""Rows of the table: one broken file for each rule, and the line that the check says about it."""

from pathlib import Path

import pytest

from service.core.outlets import Rater
from service.dataset.aliases import check_aliases
from service.dataset.file_reader import InvalidDataError
from service.dataset.rater_files import check_description, check_ratings
from service.dataset.schema import RATER_COLUMNS, SHIPPED_RATERS, TABLE_COLUMNS
from service.dataset.suffixes import check_public_suffix, check_shared_host
from service.dataset.tables import check_table, parse_csv, read_csv
from service.editor.importers import DESCRIPTIONS
from tests.helpers import DATA
from tests.helpers.datafolder import frame

FILES = DATA / "table"
RATERS = {name: DESCRIPTIONS[name] for name in SHIPPED_RATERS}

BROKEN = {
    "twice": "4:domain: quiet.example is also on line 3; keep one of them",
    "unsorted": "4:domain: quiet.example comes after torn.example; sort the rows by domain",
    "wrong_column": "1:bias: column 3 has another name; expected 'bias'",
    "missing_column": "1:ownership: column 13 is 'state_media'; expected 'ownership'",
    "short_row": "3:row: the row has 6 cells; expected 14, as in the header",
    "upper_case": "2:domain: 'Left.Example' is not in canonical form; 'left.example'",
    "www": "2:domain: 'www.left.example' is not in canonical form; 'left.example'",
    "path": "2:domain: 'left.example/opinion' is not a host; a domain such as reuters.com",
    "no_host": "2:domain: 'left' is not a host; a domain such as reuters.com",
    "off_scale": "2:mbfc: '-5' is not on this rater's scale; one of -3, -2, -1.5, -1, 0, 1, 1.5, 2, 3",
    "not_a_number": "2:mbfc: 'minus two' is not on this rater's scale; one of -3,",
    "not_consensus": "2:bias: 'center' is not the consensus of the raters; 'left'",
    "rated_without_raters": "2:bias: 'center' is not the consensus of the raters; ''",
    "unknown_label": "2:bias: 'leftish' is not allowed; one of far_left, left, lean_left, center,",
    "no_date": "2:mbfc_as_of: the verdict has no date; a date such as 2026-08-19, 2026-08 or 2026",
    "date_alone": "2:mbfc_as_of: there is a date but no verdict; an empty cell, or the verdict",
    "bad_date": "2:mbfc_as_of: '2026-13-45' is not a date; a date such as 2026-08-19, 2026-08 or 2026",
    "bad_country": "2:country: 'USA' is not allowed; an ISO 3166-1 alpha-2 code, or an empty cell",
    "bad_language": "2:language: 'English' is not allowed; an ISO 639-1 code, or an empty cell",
    "bad_factuality": "2:factuality: 'High' is not allowed; one of very_high, high,",
    "bad_media_type": "2:media_type: 'paper' is not allowed; one of newspaper,",
    "bad_ownership": "2:ownership: 'private' is not allowed; one of media_conglomerate,",
    "undated_factuality": "2:factuality_as_of: there is a date but no factuality; "
    "an empty cell, or the factuality",
    "bad_state_media": "2:state_media: 'yes' is not allowed; one of state_controlled,",
    "owner_alone": "2:ownership: only one of owner and ownership is given; fill in both or neither",
    "no_name": "2:name: the name is empty; the outlet's name",
    "date_name": "2:name: a spreadsheet reads '14 October' as a number or a date; words, such as",
    "number_name": "2:name: a spreadsheet reads '19.45' as a number or a date; words, such as",
    "formula": "2:name: a spreadsheet reads '=cmd|calc' as a formula; text that starts with",
    "padded": "2:name: the text starts or ends with a space; 'The Left'",
    "long_name": "2:name: the text has 608 characters; at most 500",
    "control": "2:name: the text has a control or replacement character; plain text in one encoding",
    "replacement": "2:name: the text has a control or replacement character; plain text in one encoding",
    "cr": "1:character 124: the file has a lone carriage return; save the file as UTF-8 with LF or CRLF",
    "mixed_encodings": "3:character 18: this is not UTF-8; save the whole file as UTF-8",
    "null_byte": "2:character 17: the file has a null byte; save the file as UTF-8 with LF or CRLF line ends",
    "empty": "1:character 1: the file is empty; a file that starts with a header row",
    "open_quote": "2:character 78: a quote stands beside other text; quotes around the whole cell, and two",
}


def faults_of(path: Path) -> list[str]:
    try:
        return [str(fault) for fault in check_table(read_csv(path, TABLE_COLUMNS), RATERS, str(path))]
    except InvalidDataError as error:
        return str(error).splitlines()


READ = ("valid", "bom", "crlf")


@pytest.mark.parametrize("name", READ)
def test_a_valid_table_has_no_fault_however_excel_saves_it(name: str):
    assert faults_of(FILES / f"{name}.csv") == []
    assert len(read_csv(FILES / f"{name}.csv", TABLE_COLUMNS)) >= 1


def test_a_column_that_came_later_may_be_missing():
    table = read_csv(FILES / "valid.csv", TABLE_COLUMNS)
    assert set(table["factuality_as_of"]) == {""}


@pytest.mark.parametrize(("name", "expected"), BROKEN.items())
def test_a_fault_is_named_with_its_place_and_what_would_be_right(name: str, expected: str):
    path = FILES / f"{name}.csv"
    assert faults_of(path)[0].startswith(f"{path}:{expected}")


def test_every_broken_file_is_tested():
    assert {path.stem for path in FILES.glob("*.csv")} == {*READ, *BROKEN}


def aliases(text: str) -> list[str]:
    rows = parse_csv(f"alias,kind,domain\n{text}\n".encode(), "aliases.csv", ("alias", "kind", "domain"))
    table = frame(TABLE_COLUMNS, {"domain": "left.example", "name": "The Left"})
    return [str(fault) for fault in check_aliases(rows, table, "aliases.csv")]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("The Left,name,left.example", None),
        ("old.example,host,left.example", None),
        ("portal.example,platform,", None),
        ("بی\u200cبی\u200cسی,name,left.example", None),
        (
            "Left\u202e,name,left.example",
            "alias: the text has a control or replacement character; plain text",
        ),
        ("The Portal,platform,", None),
        ("The Herald,ambiguous,left.example", None),
        (
            "The Right,name,right.example",
            "domain: 'right.example' is not in the table; the domain of an outlet",
        ),
        (
            "portal.example,platform,left.example",
            "domain: a platform has no domain, but this row gives 'left.example'; leave the domain empty",
        ),
        ("left.example,platform,", "alias: left.example is the domain of an outlet; remove the alias"),
        ("Old.example,host,left.example", "alias: Old.example is not a host; a host in lower case"),
        ("Left,nickname,left.example", "kind: 'nickname' is not allowed; one of name, host,"),
        ("+Left,name,left.example", "alias: a spreadsheet reads '+Left' as a formula"),
        (",name,left.example", "alias: '' has no letters; a name"),
    ],
)
def test_aliases_stand_for_outlets_of_the_table(line: str, fault: str | None):
    found = aliases(line)
    assert [text.startswith(f"aliases.csv:2:{fault}") for text in found] == ([True] if fault else [])


def test_an_alias_stands_once():
    assert aliases("L,name,left.example\nL,name,left.example") == [
        "aliases.csv:3:alias: 'L' says the same as 'L'; keep one of them"
    ]


def rater(**changes: object) -> Rater:
    fields = {
        "id": "mine",
        "name": "Mine",
        "holder": "Me",
        "licence": "CC0-1.0",
        "commercial_use": True,
        "attribution": "Ratings by me",
        "url": "https://example.org/",
        "scale": {"Left": -2.0, "Nothing": None},
    }
    return Rater(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"id": "yours"}, "id: the id is 'yours'; 'mine', as in the file name (a-z, 0-9, _)"),
        ({"holder": " "}, "holder: it is empty; a text that every answer can show"),
        ({"weight": 0.0}, "weight: it is 0; a number above 0"),
        ({"weight": float("inf")}, "weight: it is inf; a number above 0"),
        ({"scale": {"Left": -4.0}}, "scale.Left: -4 is off the scale; -3 to 3, or null for no lean"),
        ({"scale": {"Nothing": None}}, "scale: no label has a value; at least one label from -3 to 3"),
        (
            {"url": "javascript:alert(1)"},
            "url: 'javascript:alert(1)' is not a link; a link that starts with https://",
        ),
    ],
)
def test_a_rater_says_who_it_is(changes: dict[str, object], fault: str | None):
    found = [str(each) for each in check_description(rater(**changes), "mine.json", "mine")]
    assert found == ([f"mine.json:1:{fault}"] if fault else [])


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (("left.example", "L", "Left", "", "2026", ""), None),
        (("left.example", "L", "Left", "-12.5", "2026-08", "https://example.org/l"), None),
        (
            ("left.example", "L", "Left", "2", "2026", ""),
            "score: 2 contradicts the label 'Left'; a score on the label's side",
        ),
        (("left.example", "L", "Nothing", "2", "2026", ""), None),
        (
            ("left.example", "L", "Lefty", "", "2026", ""),
            "label: 'Lefty' is not a label of mine; one of Left, Nothing",
        ),
        (
            ("left.example", "L", "Left", "1e9", "2026", ""),
            "score: '1e9' is not a number; a number such as -1.5",
        ),
        (
            ("left.example", "L", "Left", "", "", ""),
            "as_of: '' is not a date; a date such as 2026-08-19, 2026-08 or 2026",
        ),
        (
            ("left.example", "L", "Left", "", "2026", "file:///etc"),
            "url: 'file:///etc' is not a link; a link that starts with https://",
        ),
        (("left.example", "=L", "Left", "", "2026", ""), "name: a spreadsheet reads '=L' as a formula; text"),
    ],
)
def test_a_verdict_uses_the_raters_own_labels(cells: tuple[str, ...], fault: str | None):
    row = frame(RATER_COLUMNS, dict(zip(RATER_COLUMNS, cells, strict=False)))
    found = [str(each) for each in check_ratings(row, rater(), "mine.csv")]
    assert [text.startswith(f"mine.csv:2:{fault}") for text in found] == ([True] if fault else [])


@pytest.mark.parametrize(
    ("label", "score", "fault"),
    [
        ("Left", "-2", None),
        ("Left", "-1", "score: -1 contradicts the label 'Left'; -2"),
        ("Nothing", "0", "score: 0 contradicts the label 'Nothing'; an empty score"),
        ("Left", "", None),
    ],
)
def test_scores_on_our_scale_are_what_their_labels_are_worth(label: str, score: str, fault: str | None):
    lines = [("a.example", "Left", "-2"), ("b.example", "Left", "-2"), ("c.example", label, score)]
    text = "".join(f"{domain},A,{word},{number},2026,\n" for domain, word, number in lines)
    rows = parse_csv(f"domain,name,label,score,as_of,url\n{text}".encode(), "mine.csv", RATER_COLUMNS)
    found = [str(each) for each in check_ratings(rows, rater(), "mine.csv")]
    assert found == ([f"mine.csv:4:{fault}"] if fault else [])


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("reuters.com", None),
        ("someone.substack.com", None),
        ("someone.blogspot.com", None),
        ("co.uk", "co.uk is a bare public suffix"),
        ("blogspot.com", "blogspot.com is a bare public suffix"),
        ("nhs.uk", "nhs.uk is a bare public suffix"),
        ("substack.com", "substack.com is a platform that many publishers share"),
        ("kbia.or", "kbia.or does not end in a public suffix"),
    ],
)
def test_no_row_swallows_the_hosts_of_others(host: str, problem: str | None):
    found = check_shared_host(host) or check_public_suffix(host)
    assert (found and found[0]) == problem
