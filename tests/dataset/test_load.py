"""Files → the data that is served: what joins the consensus, and what is refused and where."""

import hashlib

import pytest

from service.core.errors import DataError
from service.dataset.load import load
from service.dataset.schema import ALIASES_FILE, COLUMNS, RATER_COLUMNS
from service.settings import Settings
from tests.helpers.datafolder import DAY, data_folder, rater_file, text


@pytest.fixture
def folder(tmp_path):
    return data_folder(tmp_path / "data", one="left", two="center", three="")


def catalog(folder, **settings):
    return load(Settings(data=str(folder), cache="", **settings))


def values(catalog):
    return {domain: outlet.bias and outlet.bias.value for domain, outlet in catalog.outlets.items()}


def test_the_shipped_data_can_be_served():
    shipped = load(Settings())
    assert len(shipped.outlets) >= 9000
    assert list(shipped.raters) == ["allsides", "mbfc"]
    assert {each.rater for each in shipped.outlets["reuters.com"].bias.ratings} == {"allsides", "mbfc"}


def test_every_file_has_its_fingerprint_and_they_have_one_together(folder):
    served = catalog(folder)
    assert set(served.files) == {
        *("data/outlet_ratings.csv", "data/outlet_aliases.csv", "data/datapackage.json"),
        *("raters/allsides.json", "raters/mbfc.json"),
    }
    written = (folder / "outlet_ratings.csv").read_bytes()
    assert served.files["data/outlet_ratings.csv"] == hashlib.sha256(written).hexdigest()
    assert catalog(folder).sha256 == served.sha256


@pytest.mark.parametrize("name", ["outlet_ratings.csv", "outlet_aliases.csv", "raters/mbfc.json"])
def test_any_change_of_a_file_changes_the_fingerprint(folder, name):
    before = catalog(folder).sha256
    path = folder / name
    changes = {
        "outlet_ratings.csv": ("One", "Uno"),
        "outlet_aliases.csv": ("domain\n", "domain\nuno.example,host,one.example\n"),
        "raters/mbfc.json": ("Media Bias", "Media  Bias"),
    }
    path.write_text(path.read_text().replace(*changes[name], 1))
    assert catalog(folder).sha256 != before


def test_a_deployers_ratings_join_the_consensus_and_bring_outlets_of_their_own(folder, tmp_path):
    own = tmp_path / "own"
    (folder / "outlet_aliases.csv").write_text(
        text(COLUMNS[ALIASES_FILE], [{"alias": "two-old.example", "kind": "host", "domain": "two.example"}])
    )
    rater_file(
        own,
        "newsroom",
        {"domain": "one.example", "label": "right", "url": "https://newsroom.example/one"},
        {"domain": "two-old.example", "label": "right"},
        {"domain": "new.example", "name": "The New", "label": "left"},
        {"domain": "open.example", "name": "The Open", "label": "unclear"},
    )
    served = catalog(folder, rater_files=str(own))
    assert values(served) == {
        "one.example": 0.0,
        "two.example": 1.0,
        "three.example": None,
        "new.example": -2.0,
        "open.example": None,
    }
    verdict = served.outlets["one.example"].bias.ratings[1]
    assert (verdict.rater, verdict.label, verdict.as_of) == ("newsroom", "right", DAY)
    assert verdict.url == "https://newsroom.example/one"
    assert served.outlets["new.example"].name == "The New"
    assert "rater_files/newsroom.csv" in served.files
    assert list(served.raters) == ["allsides", "mbfc", "newsroom"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 0.0),
        ({"weights": "mbfc=3"}, -1.0),
        ({"weights": "newsroom=3, mbfc=1"}, 1.0),
        ({"raters": "mbfc"}, -2.0),
        ({"raters": "newsroom"}, 2.0),
        ({"raters": "allsides"}, None),
    ],
)
def test_settings_choose_and_weigh_raters(folder, tmp_path, settings, expected):
    rater_file(tmp_path / "own", "newsroom", {"domain": "one.example", "label": "right"})
    served = catalog(folder, rater_files=str(tmp_path / "own"), **settings)
    assert values(served)["one.example"] == expected


def test_weights_are_part_of_the_fingerprint(folder):
    assert catalog(folder).sha256 != catalog(folder, weights="mbfc=2").sha256


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"raters": "mbfc,adfontes"},
            "SLANTWISE_RATERS names an unknown rater 'adfontes'; choose from allsides, mbfc",
        ),
        ({"weights": "adfontes=1"}, "SLANTWISE_WEIGHTS names an unknown rater 'adfontes'"),
        ({"weights": "mbfc"}, "SLANTWISE_WEIGHTS has 'mbfc'; a weight is a number above 0"),
        ({"weights": "mbfc=0"}, "a number above 0"),
        ({"weights": "mbfc=nan"}, "a number above 0"),
        ({"weights": "mbfc=inf"}, "a number above 0"),
        ({"rater_files": "/nowhere"}, "/nowhere:1:folder: this is not a folder"),
        ({"data": "/nowhere"}, "/nowhere/datapackage.json:1:file: the file cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_met_is_named(folder, settings, said):
    with pytest.raises(DataError, match=said.replace("(", r"\(")):
        load(Settings(**{"data": str(folder), **settings}))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("outlet_ratings.csv", "left", "leftish", "outlet_ratings.csv:2:bias: 'leftish'"),
        ("outlet_ratings.csv", "-2", "minus two", "outlet_ratings.csv:2:mbfc: 'minus two'"),
        ("outlet_ratings.csv", "domain,", "host,", "outlet_ratings.csv:1:domain: column 1 has another name"),
        ("outlet_ratings.csv", "three.example", "one.example", "outlet_ratings.csv:3:domain: one.example"),
        ("outlet_aliases.csv", "domain\n", "domain\na.example,host,b.example\n", "aliases.csv:2:domain: 'b."),
        ("datapackage.json", '"version"', '"edition"', "datapackage.json:1:json: "),
        ("raters/mbfc.json", '"holder"', '"owner"', "mbfc.json:1:json: "),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_place(folder, name, old, new, said):
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataError) as refused:
        catalog(folder)
    assert any(said in line for line in str(refused.value).splitlines()), str(refused.value)


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        ([{"domain": "one.example", "label": "pink"}], {}, "newsroom.csv:2:label: 'pink' is not a label"),
        ([{"domain": "one", "label": "left"}], {}, "newsroom.csv:2:domain: 'one' is not a host"),
        (
            [{"domain": "one.example", "label": "left"}, {"domain": "uno.example", "label": "left"}],
            {},
            "newsroom.csv:3:domain: line 2 also rates one.example",
        ),
        (
            [{"domain": "portal.example", "label": "left"}],
            {},
            "newsroom.csv:2:domain: portal.example is a pl",
        ),
        ([], {"id": "mbfc"}, "newsroom.json:1:id: the id is 'mbfc'"),
        ([], {"scale": {"left": -9}}, "newsroom.json:1:scale.left: -9 is off the scale"),
    ],
)
def test_a_fault_in_a_deployers_file_is_named_with_its_place(folder, tmp_path, rows, changes, said):
    (folder / "outlet_aliases.csv").write_text(
        "alias,kind,domain\nportal.example,platform,\nuno.example,host,one.example\n"
    )
    rater_file(tmp_path / "own", "newsroom", *rows, **changes)
    with pytest.raises(DataError) as refused:
        catalog(folder, rater_files=str(tmp_path / "own"))
    assert any(said in line for line in str(refused.value).splitlines()), str(refused.value)


def test_a_rater_of_the_same_id_as_a_shipped_one_is_refused(folder, tmp_path):
    rater_file(tmp_path / "own", "mbfc", {"domain": "one.example", "label": "left"})
    with pytest.raises(DataError, match=r"mbfc\.json:1:id: the id 'mbfc' is taken"):
        catalog(folder, rater_files=str(tmp_path / "own"))


def test_verdicts_without_a_description_are_refused(folder, tmp_path):
    rater_file(tmp_path / "own", "newsroom").with_suffix(".json").unlink()
    with pytest.raises(DataError, match=r"newsroom\.csv:1:file: the rater has no description"):
        catalog(folder, rater_files=str(tmp_path / "own"))


def test_a_shipped_raters_own_word_basis_and_link_are_kept(folder):
    rows = [
        {
            "domain": "one.example",
            "label": "Left Conspiracy",
            "score": "-2",
            "as_of": DAY,
            "basis": "its key",
        },
        {"domain": "two.example", "label": "Least Biased", "as_of": DAY, "url": "https://rater.example/two"},
    ]
    (folder / "raters" / "mbfc.csv").write_text(text(RATER_COLUMNS, rows))
    served = catalog(folder)
    (one,), (two,) = (served.outlets[name].bias.ratings for name in ("one.example", "two.example"))
    assert (one.label, one.value, one.basis) == ("Left Conspiracy", -2.0, "its key")
    assert (two.label, two.url) == ("Least Biased", "https://rater.example/two")


def test_a_table_that_says_more_than_the_rater_file_gets_our_label(folder):
    rows = [{"domain": "one.example", "label": "Right", "score": "2", "as_of": DAY}]
    (folder / "raters" / "mbfc.csv").write_text(text(RATER_COLUMNS, rows))
    (rating,) = catalog(folder).outlets["one.example"].bias.ratings
    assert (rating.label, rating.value) == ("left", -2.0)


def test_a_score_that_contradicts_its_label_stops_the_start(folder):
    rows = [
        {"domain": "one.example", "label": "Left", "score": "-2", "as_of": DAY},
        {"domain": "three.example", "label": "Left", "score": "-2", "as_of": DAY},
        {"domain": "two.example", "label": "Left", "score": "2", "as_of": DAY},
    ]
    (folder / "raters" / "mbfc.csv").write_text(text(RATER_COLUMNS, rows))
    with pytest.raises(DataError, match=r"mbfc\.csv:4:score: 2 contradicts the label 'Left'; -2"):
        catalog(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("outlet_ratings.csv", "one.example", "co.uk", "is a bare public suffix"),
        ("outlet_ratings.csv", "one.example", "medium.com", "is a platform that many publishers share"),
        ("outlet_aliases.csv", "domain\n", "domain\nblogspot.com,host,one.example\n", "bare public suffix"),
        (
            "outlet_aliases.csv",
            "domain\n",
            "domain\nTwo,name,one.example\n",
            "is the name of two.example",
        ),
    ],
)
def test_what_the_check_refuses_is_refused_at_start(folder, name, old, new, said):
    path = folder / name
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataError, match=said):
        catalog(folder)


def test_a_deployers_host_may_not_swallow_others(folder, tmp_path):
    rater_file(tmp_path / "own", "newsroom", {"domain": "github.io", "label": "left"})
    with pytest.raises(DataError, match=r"newsroom\.csv:2:domain: github\.io is a bare public suffix"):
        catalog(folder, rater_files=str(tmp_path / "own"))


def test_the_fingerprint_does_not_depend_on_where_the_data_lies(folder, tmp_path):
    before = catalog(folder)
    after = catalog(folder.rename(tmp_path / "elsewhere"))
    assert (after.sha256, after.files) == (before.sha256, before.files)


def test_a_verdict_is_stale_two_years_before_the_data(folder):
    path = folder / "outlet_ratings.csv"
    path.write_text(path.read_text().replace(DAY, "2023-11-15", 1))
    served = catalog(folder)
    assert served.outlets["one.example"].bias.ratings[0].stale is True
    assert not served.outlets["two.example"].bias.ratings[0].stale


@pytest.mark.parametrize("spoiled", ["own.csv", "own.json"])
def test_the_first_line_of_a_file_that_is_no_rater_file_stands_in_no_message(folder, tmp_path, spoiled):
    raters = tmp_path / "own"
    rater_file(raters, "own", {"domain": "one.example", "label": "left"})
    (raters / spoiled).write_text("hunter,2\nhunter,3\n")
    with pytest.raises(DataError) as refused:
        load(Settings(data=str(folder), rater_files=str(raters)))
    assert f"{spoiled}:1:" in str(refused.value)
    assert "hunter" not in str(refused.value)
