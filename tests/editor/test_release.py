"""A new version of the data: rows that are two or one, names, the number and the record of changes."""

import shutil
import subprocess
from datetime import date

import pytest

from service.dataset.file_reader import InvalidDataError
from service.dataset.schema import COLUMNS, TABLE_COLUMNS
from service.editor.lint import check_spelling, check_twins
from service.editor.release import find_changed_files, record_changes, release
from service.editor.validate import check_folder
from service.settings import SHIPPED_DATA
from tests.helpers.datafolder import frame

DAY = date(2026, 12, 1)


def table(*rows: tuple[str, str, str]):
    """Rows of domain, name and bias, all in English."""
    keys = ("domain", "name", "bias")
    return frame(TABLE_COLUMNS, *({"language": "en", **dict(zip(keys, row, strict=True))} for row in rows))


def apart(*pairs: tuple[str, str]):
    return frame(
        COLUMNS["facts/apart.csv"],
        *({"domain": one, "other": other, "reason": "two"} for one, other in pairs),
    )


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
    assert [str(each) for each in check_spelling(rows, {}, "t")] == [
        "t:12:name: 'gazatte' may be misspelt; 'gazette', if that is meant",
        "t:13:name: 'jounral' may be misspelt; 'journal', if that is meant",
    ]


def test_a_slip_in_a_name_is_found_by_the_address_of_the_raters_page():
    rows = table(("rapp.example", "Rappanhannock News", ""), ("other.example", "Gazettes", ""))
    pages = {
        "rapp.example": "https://rater.example/rappahannock-news-bias/",
        "other.example": "https://rater.example/gazette-bias/",
    }
    assert [str(each) for each in check_spelling(rows, pages, "t")] == [
        "t:2:name: 'rappanhannock' may be misspelt; 'rappahannock', if that is meant"
    ], "a plural is not a slip"


def test_a_note_in_a_name_and_a_country_that_the_ending_tells_are_found(folder):
    list(release(folder, DAY))
    facts = folder / "facts/outlets.csv"
    rows = (
        "b.example.sm,Il Napoli,,,,",
        "c.example.com,Pravda (Slovakia),,,,",
        "d.example.tv,1945 (magazine),,,,",
    )
    facts.write_text(facts.read_text().replace("east.", "\n".join((*rows, "east.")), 1))
    list(release(folder, DAY))
    assert sorted(str(fault) for fault in check_folder(folder) if "outlets.csv" in fault.file) == [
        f"{facts}:3:country: the country is empty under the national ending .sm; 'SM', in facts/outlets.csv",
        f"{facts}:4:name: the name ends in the note 'Slovakia'; "
        "'Pravda', and the note in facts/disambiguation.csv",
    ]


def test_the_note_behind_a_raters_name_is_no_part_of_the_name(folder):
    ratings = folder / "raters/mbfc.csv"
    ratings.write_text(ratings.read_text().replace("Moved Along", "Moved Along (Weekly)"))
    list(release(folder, DAY))
    row = next(line for line in (folder / "outlet_ratings.csv").read_text().splitlines() if "Moved" in line)
    assert row == "new.example.com,Moved Along,right,2,2026-08-19,,,,,,,,,,,Weekly,,"
    assert check_folder(folder) == []


def recorded(folder) -> dict[str, list[str]]:
    """The rows of each file of changes, by the reason in its last column."""
    files = (path.read_text().splitlines()[1:] for path in (folder / "changes").iterdir())
    return {rows[0].rpartition(",")[2]: [row.rpartition(",")[0] for row in rows] for rows in files}


def test_each_reason_has_a_file_of_its_own_and_no_change_two(tmp_path):
    changes = [("b.example", "outlet", "B", ""), ("a.example", "bias", "left", "center")]
    more = [*changes, ("", "alias", "", "Portal")]
    assert record_changes(tmp_path, "2026.12.0", changes, "read again", is_complete=False) == 2
    assert record_changes(tmp_path, "2026.12.0", more, "found in feeds", is_complete=True) == 1
    assert recorded(tmp_path) == {
        "read again": ["2026.12.0,a.example,bias,left,center", "2026.12.0,b.example,outlet,B,"],
        "found in feeds": ["2026.12.0,,alias,,Portal"],
    }
    assert record_changes(tmp_path, "2026.12.0", changes[1:], "taken back", is_complete=True) == 0
    assert recorded(tmp_path) == {"read again": ["2026.12.0,a.example,bias,left,center"]}


@pytest.mark.parametrize(
    ("version", "reason", "said"),
    [
        ("soon", "read again", "version: 'soon' is not a version"),
        ("2026.12.0", "", "reason: the reason is empty"),
    ],
)
def test_a_record_says_which_version_and_why(tmp_path, version, reason, said):
    with pytest.raises(InvalidDataError, match=said):
        record_changes(tmp_path, version, [("c.example", "outlet", "", "C")], reason, is_complete=True)
    assert not (tmp_path / "changes").exists()


def git(folder, *arguments):
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=E", "-c", "user.email=e@example.org", *arguments], check=True
    )


def test_whatever_changes_an_answer_raises_the_version_and_is_recorded(folder):
    list(release(folder, DAY, version="2026.12.0"))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    assert len(list(release(folder, DAY, reason="again"))) == 1, "nothing changed"
    aliases = folder / "outlet_aliases.csv"
    aliases.write_text(aliases.read_text() + "The Old One,name,new.example.com\n")
    (folder / "facts").mkdir(exist_ok=True)
    (folder / "facts/namesakes.csv").write_text(
        "name,host,place,list,date\nThe Sun,other.example.com/sun,US-MA,usnpl,2018-08-02\n"
    )
    changelog = folder / "CHANGELOG.md"
    changelog.write_text("# C\n\n## Data\n\n### [2026.12.0]\n\nfirst\n")
    said = list(release(folder, DAY, reason="Another name", changelog=changelog))
    assert len(list(release(folder, DAY, reason="again", changelog=changelog))) == 1, "all is recorded"
    assert said[-1] == f"{folder}/datapackage.json: version 2026.12.1"
    assert recorded(folder) == {
        "Another name": [
            "2026.12.1,new.example.com,alias,,The Old One",
            "2026.12.1,other.example.com,namesake,,The Sun",
        ]
    }
    assert changelog.read_text() == (
        "# C\n\n## Data\n\n### [2026.12.1]\n\n- Another name (2 changes).\n\n### [2026.12.0]\n\nfirst\n"
    )


def test_a_version_that_is_not_out_takes_further_changes(folder):
    list(release(folder, DAY, version="2026.12.0"))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    aliases = folder / "outlet_aliases.csv"
    for name in ("The Old One", "The Older One"):
        aliases.write_text(f"alias,kind,domain\n{name},name,new.example.com\n")
        list(release(folder, DAY, version="2026.12.1", reason=f"Found {name}"))
        git(folder, "add", ".")
        git(folder, "commit", "-qm", name)
    assert recorded(folder) == {
        "Found The Old One": ["2026.12.1,new.example.com,alias,old.example.com,"],
        "Found The Older One": ["2026.12.1,new.example.com,alias,,The Older One"],
    }, "what was in no released version is not recorded"
    assert not find_changed_files(folder)


def test_a_served_file_that_changed_without_a_version_is_found(folder):
    list(release(folder, DAY))
    assert check_folder(folder) == []
    aliases = folder / "outlet_aliases.csv"
    aliases.write_text(aliases.read_text() + "The Old One,name,new.example.com\n")
    (fault,) = check_folder(folder)
    assert str(fault) == (
        f'{aliases}:1:file: it has changed since the version was written; run `make data REASON="why"`, '
        "which records what changed in a new version"
    )
    list(release(folder, DAY, reason="Another name"))
    assert check_folder(folder) == []


def test_building_the_shipped_data_changes_no_byte(tmp_path):
    copy = shutil.copytree(SHIPPED_DATA, tmp_path / "data")
    before = {path: path.read_bytes() for path in copy.rglob("*.*")}
    assert len([line for line in release(copy, date(2030, 1, 1)) if "version" in line]) == 0
    assert {path: path.read_bytes() for path in copy.rglob("*.*")} == before
