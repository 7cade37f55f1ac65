"""A new version of the data: rows that are two or one, names, the number and the record of changes."""

from collections import Counter

import pytest

from service.dataset.file_reader import InvalidDataError
from service.dataset.schema import APART_COLUMNS, CHANGE_COLUMNS, TABLE_COLUMNS
from service.dataset.tables import read_csv
from service.editor.diff import Difference
from service.editor.release import record_changes
from service.editor.spelling import check_names, suggest_spelling
from service.editor.twins import check_twins
from tests.helpers.datafolder import frame


def table(*rows: tuple[str, str, str]):
    """Rows of domain, name and bias, all in English."""
    keys = ("domain", "name", "bias")
    return frame(TABLE_COLUMNS, *({"language": "en", **dict(zip(keys, row, strict=True))} for row in rows))


def apart(*pairs: tuple[str, str]):
    return frame(APART_COLUMNS, *({"domain": one, "other": other, "reason": "two"} for one, other in pairs))


@pytest.mark.parametrize(
    ("rows", "explained", "said"),
    [
        (
            [("a.example", "The Herald", "left"), ("b.example", "Herald", "")],
            [],
            "b.example has the same name as a",
        ),
        (
            [("a.example", "Paper", ""), ("en.a.example", "Paper in English", "left")],
            [],
            "shares a host with",
        ),
        ([("a.example", "The Herald", "left"), ("b.example", "Herald", "right")], [], None),
        ([("a.example", "The Herald", ""), ("b.example", "Herald", "")], [], None),
        ([("a.example", "The Herald", "left"), ("b.example", "Post", "")], [], None),
        (
            [("a.example", "The Herald", "left"), ("b.example", "Herald", "")],
            [("b.example", "a.example")],
            None,
        ),
        (
            [("a.example", "Herald", "left")],
            [("a.example", "b.example")],
            "a.example and b.example do not look like one outlet",
        ),
    ],
)
def test_twins_are_joined_or_explained(rows, explained, said):
    found = [str(each) for each in check_twins(table(*rows), apart(*explained), "table.csv", "apart.csv")]
    assert [said in text for text in found] == ([True] if said else [])


def test_a_slip_in_a_name_is_found_by_the_host_or_by_other_names():
    gazettes = [(f"{number:02}.example", f"Gazette {number}", "") for number in range(10)]
    rows = table(
        *gazettes,
        ("hgazette.example", "Haverhill Gazatte", ""),
        ("jewishjournal.example", "Jewish Jounral", ""),
        ("right.example", "Journal of the Day", ""),
    )
    assert [str(each) for each in check_names(rows, "t")] == [
        "t:12:name: 'gazatte' may be misspelt; 'gazette', if that is meant",
        "t:13:name: 'jounral' may be misspelt; 'journal', if that is meant",
    ]


def test_a_plural_is_not_a_slip():
    assert suggest_spelling("gazettes", "a.example", Counter(gazette=99)) is None


def test_changes_of_a_version_are_recorded_once(tmp_path):
    path = tmp_path / "changes.csv"
    moved = (("a.example", "bias", "left", "center"),)
    ratings = (("a.example", "mbfc", "-2", "0"),)
    found = Difference(
        added={"c.example": "C"}, removed={"b.example": "B"}, moved=moved, ratings=ratings, facts=()
    )
    for _ in range(2):
        assert record_changes(path, found, "2026.12.0", {"b.example": "closed"}, "read again") == 4
    assert (
        record_changes(
            path,
            Difference(added={"d.example": "D"}, removed={}, moved=(), ratings=(), facts=()),
            "2026.12.1",
            {},
            "new",
        )
        == 1
    )
    assert list(read_csv(path, CHANGE_COLUMNS).itertuples(index=False, name=None)) == [
        ("2026.12.0", "a.example", "bias", "left", "center", "read again"),
        ("2026.12.0", "a.example", "mbfc", "-2", "0", "read again"),
        ("2026.12.0", "b.example", "outlet", "B", "", "closed"),
        ("2026.12.0", "c.example", "outlet", "", "C", "read again"),
        ("2026.12.1", "d.example", "outlet", "", "D", "new"),
    ]


@pytest.mark.parametrize(
    ("version", "reason", "said"),
    [
        ("soon", "read again", "version: 'soon' is not a version"),
        ("2026.12.0", "", "reason: the reason is empty"),
    ],
)
def test_a_record_says_which_version_and_why(tmp_path, version, reason, said):
    found = Difference(added={"c.example": "C"}, removed={}, moved=(), ratings=(), facts=())
    with pytest.raises(InvalidDataError, match=said):
        record_changes(tmp_path / "changes.csv", found, version, {}, reason)
    assert not (tmp_path / "changes.csv").exists()
