"""``python -m service data``: build, check, import and diff on a folder of a few outlets."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.helpers import DATA
from tests.helpers.datafolder import rater_file

PUBLISHED = DATA / "published"
BUILT = """\
domain,name,bias,mbfc,mbfc_as_of,allsides,allsides_as_of,factuality,country,language,media_type,owner,ownership,state_media,factuality_as_of,disambiguation,status,closed_on
agency.example.com,Agency,,,,,,,GB,en,news_agency,,,state_controlled,,,,
east.example.com,Eastern Wire,center,0,2026-08-19,,,high,US,en,,Wire Ltd,independent,,,,,
lab.example.com,Lab,,,,,,,,,,,,,,,,
new.example.com,Moved Along,right,2,2026-08-19,,,,,,,,,,,,,
north.example.com,The North,lean_left,-2,2026-08-19,-1,2023-11-15,,,,,,,,,,,
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["data", *map(str, args)])


def test_build_joins_raters_and_facts(folder: Path):
    result = run("build", "--data", folder)
    assert result.output == f"{folder}/outlet_ratings.csv: 5 outlets\n"
    assert (folder / "outlet_ratings.csv").read_text() == BUILT


def test_build_raises_the_version_when_the_table_changes(folder: Path):
    def version() -> str:
        return json.loads((folder / "datapackage.json").read_text())["version"]

    run("build", "--data", folder)
    before = version()
    assert ": version " not in run("build", "--data", folder).output
    assert version() == before
    facts = folder / "facts" / "outlets.csv"
    facts.write_text(facts.read_text().replace(",GB,", ",IE,"))
    result = run("build", "--data", folder)
    assert f"datapackage.json: version {version()}\n" in result.output
    assert [int(part) for part in version().split(".")] > [int(part) for part in before.split(".")]
    run("build", "--data", folder, "--version", "2030.01.5")
    assert version() == "2030.01.5"


def test_check_sees_the_folders_that_are_served(folder: Path, monkeypatch: pytest.MonkeyPatch):
    run("build", "--data", folder)
    monkeypatch.setenv("SLANTWISE_DATA", str(folder))
    assert run("check").output == f"{folder}: no fault in 5 outlets\n"
    own = rater_file(folder / "own", "mine", {"domain": "co.uk", "label": "left"}).parent
    own.rename(folder.parent / "own")
    monkeypatch.setenv("SLANTWISE_RATER_FILES", str(folder.parent / "own"))
    result = run("check")
    assert result.exit_code == 1
    assert "mine.csv:2:domain: co.uk is a bare public suffix" in result.output


def test_import_keeps_what_an_editor_entered_with_its_basis(tmp_path: Path):
    out = tmp_path / "mine.csv"
    out.write_text(
        "domain,name,label,score,as_of,url,basis\n"
        "east.example,Old East,right,,2020,,an older key\n"
        "gone.example,Gone,right,,2020,,\n"
        "group.example,Group,right,,2020,,all its papers\n"
    )
    run("import", "own", PUBLISHED / "own.csv", "--as-of", "2026-11-23", "--out", out)
    lines = out.read_text().splitlines()
    assert "east.example,East Wire,center,,2026-11-23,,,2026-11-23" in lines
    assert "group.example,Group,right,,2020,,all its papers," in lines
    assert not any(line.startswith("gone.example") for line in lines)


def test_check_is_silent_on_a_folder_that_was_built(folder: Path):
    run("build", "--data", folder)
    result = run("check", "--data", folder)
    assert (result.exit_code, result.output) == (0, f"{folder}: no fault in 5 outlets\n")


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "outlet_ratings.csv",
            "Eastern",
            "Western",
            "outlet_ratings.csv:3:row: the table does not match its",
        ),
        (
            "outlet_ratings.csv",
            ",center,",
            ",right,",
            "outlet_ratings.csv:3:bias: 'right' is not the consensus",
        ),
        (
            "outlet_aliases.csv",
            "new.",
            "newer.",
            "outlet_aliases.csv:2:domain: 'newer.example.com' is not in",
        ),
        (
            "raters/mbfc.csv",
            "Least Biased",
            "Unbiased",
            "raters/mbfc.csv:2:label: 'Unbiased' is not a label of",
        ),
        ("raters/mbfc.json", '"id": "mbfc"', '"id": "m"', "raters/mbfc.json:1:id: the id is 'm'; 'mbfc'"),
        ("raters/mbfc.json", '"weight"', '"wait"', "raters/mbfc.json:1:json: Object contains unknown field"),
        ("facts/ownership.csv", "east", "west", "facts/ownership.csv:2:domain: 'west.example.com' is not in"),
        ("facts/outlets.csv", ",GB,", ",UK,", "facts/outlets.csv:2:country: 'UK' is not allowed; an ISO"),
        (
            "facts/moved.csv",
            "new.",
            "newer.",
            "facts/moved.csv:2:to: 'newer.example.com' is not in the table",
        ),
        ("facts/excluded.csv", "name", "names", "facts/excluded.csv:1:name: column 2 has another name"),
        (
            "datapackage.json",
            "facts/moved.csv",
            "moved.csv",
            "datapackage.json:1:resources: facts/moved.csv is",
        ),
    ],
)
def test_check_names_what_is_wrong(folder: Path, name: str, old: str, new: str, fault: str):
    run("build", "--data", folder)
    path = folder / name
    path.write_text(path.read_text().replace(old, new, 1))
    result = run("check", "--data", folder)
    assert result.exit_code == 1
    assert f"{folder}/{fault}" in result.output


def test_a_fault_names_the_file_that_an_editor_edits(folder: Path):
    facts = folder / "facts" / "outlets.csv"
    facts.write_text(facts.read_text().replace("Eastern Wire", "1945"))
    run("build", "--data", folder)
    result = run("check", "--data", folder)
    assert f"{folder}/facts/outlets.csv:3:name: a spreadsheet reads '1945'" in result.output


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "facts/outlets.csv",
            ",name,",
            ",title,",
            "outlets.csv:1:name: column 2 has another name; expected 'name'",
        ),
        (
            "facts/outlets.csv",
            "east.",
            "agency.",
            "outlets.csv:3:domain: agency.example.com is also on line 2",
        ),
        (
            "raters/mbfc.csv",
            ",Left,",
            ",Lefty,",
            "mbfc.csv:4:label: 'Lefty' is not a label of mbfc; one of Far Left",
        ),
        ("raters/mbfc.csv", "lab.", "east.", "mbfc.csv:3:domain: east.example.com is also on line 2"),
        ("raters/mbfc.json", "-3", "-30", "mbfc.json:1:scale.Far Left or Extreme Left: -30 is off the scale"),
    ],
)
def test_a_faulty_source_builds_no_table(folder: Path, name: str, old: str, new: str, fault: str):
    run("build", "--data", folder)
    path = folder / name
    path.write_text(path.read_text().replace(old, new, 1))
    result = run("build", "--data", folder)
    assert result.exit_code == 1
    assert fault in result.output
    assert (folder / "outlet_ratings.csv").read_text() == BUILT


def test_import_writes_a_rater_file_and_a_description_to_look_over(tmp_path: Path):
    out = tmp_path / "ratings" / "mine.csv"
    result = run("import", "own", PUBLISHED / "own.csv", "--as-of", "2026-11-23", "--out", out)
    assert result.output.splitlines() == [
        f"{out.with_suffix('.json')}: written; check the rater and its terms",
        f"{out}: 2 outlets, 2 of them with a lean",
    ]
    assert out.read_text().splitlines()[1] == "east.example,East Wire,center,,2026-11-23,,,2026-11-23"
    assert '"id": "mine"' in out.with_suffix(".json").read_text()


def test_import_keeps_a_description_that_is_there(folder: Path):
    description = (folder / "raters" / "mbfc.json").read_text()
    out, facts = folder / "raters" / "mbfc.csv", folder / "facts" / "outlets.csv"
    result = run("import", "mbfc", PUBLISHED / "mbfc_combined.json", "--facts", facts, "--out", out)
    assert f"{facts}: 5 outlets with a new factuality\n" in result.output
    assert f"{out}: 5 outlets, 2 of them with a lean\n" in result.output
    assert (folder / "raters" / "mbfc.json").read_text() == description


def test_a_broken_input_writes_nothing(tmp_path: Path):
    path, out = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_text("domain,label\na.example,leftish\n")
    result = run("import", "own", path, "--out", out)
    assert result.exit_code == 1
    assert f"{path}:2:label: 'leftish' is not a label" in result.output
    assert not out.exists()


def test_diff_says_who_moved_and_by_how_much(folder: Path):
    run("build", "--data", folder)
    table, old = folder / "outlet_ratings.csv", folder / "old.csv"
    shutil.copy(table, old)
    text = BUILT.replace("center,0", "right,2").replace("lab.example.com,Lab", "lob.example.com,Lob")
    table.write_text(text.replace("Along,right,2,2026-08-19", "Along,,,").replace(",GB,", ",IE,"))
    assert run("diff", old, table).output.splitlines() == [
        "1 added, 1 removed, 2 moved (1 of them gained or lost their rating), 1 facts changed",
        "",
        "moved",
        "  east.example.com: bias center → right (2 steps)",
        "  new.example.com: bias right → none",
        "",
        "ratings",
        "  east.example.com: mbfc 0 → 2",
        "  new.example.com: mbfc 2 → none",
        "  new.example.com: mbfc_as_of 2026-08-19 → none",
        "",
        "added",
        "  lob.example.com",
        "",
        "removed",
        "  lab.example.com",
        "",
        "facts",
        "  agency.example.com: country GB → IE",
    ]


@pytest.mark.slow
def test_the_shipped_data_has_no_fault():
    result = run("check")
    assert result.exit_code == 0, result.output
