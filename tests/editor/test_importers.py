"""Each published format → verdicts. The files in ``tests/data/published`` are made up in the real formats."""

from pathlib import Path

import pytest
from msgspec import json

from service.dataset.file_reader import InvalidDataError
from service.dataset.rater_files import read_description
from service.editor.importers import DESCRIPTIONS, IMPORTERS
from service.editor.importers.mbfc import normalize_label, read_listed
from service.editor.importers.published import parse_factuality, update_factuality
from service.editor.rating_rows import ImportInputs, RatingRow, read_rating_rows, write_rating_rows
from tests.helpers import DATA, ROOT

PUBLISHED = DATA / "published"
SHIPPED = ROOT / "data" / "raters"


def verdicts(rater: str, *names: str, fill: tuple[str, ...] = (), **more: object) -> dict[str, RatingRow]:
    inputs = ImportInputs(
        tuple(PUBLISHED / name for name in names),
        tuple(PUBLISHED / name for name in fill),
        **more,  # type: ignore[arg-type]
    )
    return {verdict.domain: verdict for verdict in IMPORTERS[rater](inputs)}


def test_mbfc_extension_alone():
    found = verdicts("mbfc", "mbfc_combined.json")
    assert found["north.example"] == RatingRow(
        "north.example",
        "The North & Star",
        "Left-Center",
        "-1",
        "2026-08-19",
        "https://mediabiasfactcheck.com/north-star/",
    )
    assert found["east.example"].name == "East Wire"
    assert {domain: verdict.label for domain, verdict in found.items()} == {
        "north.example": "Left-Center",
        "east.example": "Least Biased",
        "loud.example": "Questionable Sources",
        "odd.example": "Conspiracy-Pseudoscience",
        "lab.example": "Pro-Science",
    }


def test_mbfc_pages_give_questionable_outlets_a_lean_and_the_older_listing_settles_it():
    found = verdicts("mbfc", "mbfc_combined.json", "mbfc_pages.csv", fill=("mbfc_older.csv",))
    assert {domain: (each.label, each.score, each.as_of) for domain, each in found.items()} == {
        "north.example": ("Left-Center", "-1", "2026-08-19"),
        "east.example": ("Least Biased", "0", "2026-08-19"),
        "lab.example": ("Pro-Science", "", "2026-08-19"),
        "odd.example": ("Extreme Right Conspiracy", "3", "2025-10"),
        "loud.example": ("Right", "2", "2024-09"),
        "cut.example": ("Right or Right-Center", "1.5", "2025-10"),
        "gone.example": ("Far Left", "-3", "2025-10"),
    }


def test_mbfc_page_lines_that_may_be_cut_are_half_way_until_the_older_listing_settles_them(tmp_path: Path):
    header = (PUBLISHED / "mbfc_pages.csv").read_text().splitlines()[0]

    def listing(name: str, day: str, labels: dict[str, str]) -> Path:
        path = tmp_path / name
        rows = [f"{host}.example,,{label},,,,,{day},made up" for host, label in labels.items()]
        path.write_text("\n".join([header, *rows, ""]))
        return path

    doubtful = dict.fromkeys(("open", "center", "left", "kind", "sided"), "Questionable Sources")
    newest = listing("new.csv", "2026-08", {**doubtful, "known": "Left"})
    pages = listing("pages.csv", "2025-10", {**dict.fromkeys(doubtful, "LEFT"), "sided": "FAR LEFT"})
    older = listing(
        "older.csv", "2024-09", {"center": "left-center", "left": "left", "kind": "left-pseudoscience"}
    )
    found = IMPORTERS["mbfc"](ImportInputs((newest, pages), (older,)))
    assert {each.domain: (each.label, each.score, each.as_of) for each in found} == {
        "open.example": ("Left or Left-Center", "-1.5", "2025-10"),
        "center.example": ("Left-Center", "-1", "2024-09"),
        "left.example": ("Left", "-2", "2024-09"),
        "kind.example": ("Left Pseudoscience", "-2", "2024-09"),
        "sided.example": ("Far Left", "-3", "2025-10"),
        "known.example": ("Left", "-2", "2026-08"),
    }


@pytest.mark.parametrize(
    ("published", "label"),
    [
        ("LEAST BIASED", "Least Biased"),
        ("RIGHT CENTER", "Right-Center"),
        ("left center", "Left-Center"),
        ("FAR RIGHT", "Far Right"),
        ("far-left bias", "Far Left"),
        ("left biased", "Left"),
        ("RIGHT or RIGHT-CENTER", "Right or Right-Center"),
        ("RIGHT CONSPIRACY", "Right Conspiracy"),
        ("right – conspiracy and pseudoscience", "Right Conspiracy-Pseudoscience"),
        ("far right conspiracy-pseusdoscience", "Far Right Conspiracy-Pseudoscience"),
        ("ALT-RIGHT CONSPIRACY", "Alt-Right Conspiracy"),
        ("CONSPIRACY", "Not Rated"),
        ("QUACKERY PSEUDOSCIENCE", "Not Rated"),
        ("LEAST – PRO SCIENCE", "Pro-Science"),
        ("RIGHT SATIRE", "Satire"),
        ("NOT RATED", "Not Rated"),
        ("", "Not Rated"),
    ],
)
def test_mbfc_words_in_one_spelling(published: str, label: str):
    assert normalize_label(published) == label


def test_mbfc_factuality_goes_into_the_facts(tmp_path: Path):
    facts = tmp_path / "outlets.csv"
    facts.write_text(
        "domain,name,factuality,country,language,media_type\n"
        "east.example,Eastern Wire,mixed,GB,en,news_agency\n"
        "north.example,,high,,,\n"
    )
    assert update_factuality(facts, read_listed(PUBLISHED / "mbfc_combined.json")) == 4
    assert facts.read_text().splitlines()[1:] == [
        "east.example,Eastern Wire,very_high,GB,en,news_agency,2026-08-19",
        "lab.example,,very_high,,,,2026-08-19",
        "loud.example,,low,,,,2026-08-19",
        "north.example,,high,,,,2026-08-19",
        "odd.example,,mixed,,,,2026-08-19",
    ]


def test_factuality_keeps_mbfc_words():
    assert [parse_factuality(text) for text in ("VERY HIGH", "Mostly-Factual", "Satire")] == [
        "very_high",
        "mostly_factual",
        "",
    ]


PAGES = (
    # name, kind, label, site, page
    ("North Star", "News Media", "Lean Left", "https://www.north.example/", "north-star"),
    ("North Star (Opinion)", "News Media", "Left", "https://north.example/", "north-star-opinion"),
    ("East Wire ", "News Media", "Center", "http://east.example", "east-wire"),
    ("538 (East Wire)", "News Media", "Left", "https://east.example/538", "538"),
    ("A Person", "Influencer", "Right", "https://person.example/", "a-person"),
    ("Twice", "News Media", "Center", "https://twice.example/", "twice"),
    ("Twice", "News Media", "Lean Right", "https://twice.example/", "twice-0"),
    ("Agree", "News Media", "Right", "https://agree.example/index.php", "agree"),
    ("Channel", "News Media", "Left", "https://channel.example/news", "channel"),
    ("Institute", "Think Tank / Policy Group", "Right", "", "institute"),
)


def shapes() -> dict[str, object]:
    """Ten entries in each shape that the feed has had."""
    entries = [
        {
            "source_name": name,
            "source_type": kind,
            "media_bias_rating": label,
            "source_url": site,
            "allsides_url": f"https://www.allsides.com/news-source/{page} ",
        }
        for name, kind, label, site, page in PAGES
    ]
    wrapped = [{"publication": each} for each in entries]
    return {
        "each wrapped": {"allsides_media_bias_ratings": wrapped},
        "one list": {"allsides_media_bias_ratings": {"publication": entries}},
        "bare": {"publication": entries},
    }


@pytest.mark.parametrize("shape", shapes())
def test_allsides_feed_in_each_shape(tmp_path: Path, shape: str):
    feed, older = tmp_path / "feed.json", tmp_path / "older.csv"
    feed.write_bytes(json.encode(shapes()[shape]))
    header = (PUBLISHED / "mbfc_pages.csv").read_text().splitlines()[0]
    listed = ("channel.example,Channel,Center", "old.example,Old,Left", "moved.example,East Wire,Left")
    older.write_text("\n".join([header, *(f"{each},,,,,2023-11-15,x" for each in listed), ""]))
    said: list[str] = []
    pages = {"twice.example": "https://www.allsides.com/news-source/twice-0"}
    for decisions in ({}, pages):
        inputs = ImportInputs((feed, older), (), "2025-11-26", decisions=decisions, warn=said.append)
        found = {each.domain: (each.label, each.as_of) for each in IMPORTERS["allsides"](inputs)}
        assert found == {
            "north.example": ("Lean Left", "2025-11-26"),
            "east.example": ("Center", "2025-11-26"),
            "agree.example": ("Right", "2025-11-26"),
            "channel.example": ("Left", "2025-11-26"),
            "old.example": ("Left", "2023-11-15"),
        } | ({"twice.example": ("Lean Right", "2025-11-26")} if decisions else {})
    assert said == [
        "twice.example: AllSides' pages say Center and Lean Right; "
        "name the one that counts in facts/decisions.csv"
    ]


def test_allsides_feed_leaves_out_opinion_pages_people_and_paths():
    assert verdicts("allsides", "allsides_feed.json", as_of="2026-11-01") == {
        "north.example": RatingRow(
            "north.example",
            "North Star",
            "Lean Left",
            "-1",
            "2026-11-01",
            "https://www.allsides.com/news-source/north-star",
        ),
        "law.example": RatingRow("law.example", "Law & Order", "Mixed", "", "2026-11-01"),
    }


def test_allsides_older_feed_has_numbers_for_labels():
    found = verdicts("allsides", "allsides_older.json")
    assert {domain: each.label for domain, each in found.items()} == {
        "north.example": "Lean Left",
        "east.example": "Center",
        "new.example": "Not Rated",
    }


def test_adfontes_export_takes_the_first_row_of_an_outlet_and_finds_some_by_name():
    names = {"known by name": "known.example"}
    found = verdicts("adfontes", "adfontes_export.csv", as_of="2026-10", names=names)
    assert {domain: (each.label, each.score) for domain, each in found.items()} == {
        "north.example": ("Skews Left", "-14"),
        "east.example": ("Middle", "0.5"),
        "farout.example": ("Most Extreme Right", "36"),
        "known.example": ("Skews Right", "7"),
    }
    assert {each.as_of for each in found.values()} == {"2026-10"}


@pytest.mark.parametrize(
    ("bias", "value"),
    [(-42, -3), (-30.1, -3), (-30, -2), (-18, -1), (-6, 0), (0, 0), (6, 0), (6.1, 1), (18.1, 2), (30.1, 3)],
)
def test_adfontes_scores_on_the_common_scale(tmp_path: Path, bias: float, value: int):
    path = tmp_path / "a.csv"
    path.write_text(f"domain,bias,reliability\na.example,{bias},30\n")
    (verdict,) = IMPORTERS["adfontes"](ImportInputs((path,)))
    assert DESCRIPTIONS["adfontes"].scale[verdict.label] == value


def test_own_labels_are_read_as_people_write_them():
    found = verdicts("own", "own.csv", as_of="2026-11-23")
    assert list(found.values()) == [
        RatingRow("north.example", "North Star", "lean_left", "", "2026-11-01", "https://example.org/north"),
        RatingRow("east.example", "East Wire", "center", "", "2026-11-23", ""),
    ]


BROKEN = [
    ("mbfc", '{"sources": []}', "1:json: Object missing required field `date`"),
    (
        "mbfc",
        '{"date": "2026", "sources": [{"domain": "a.example", "name": "A", "bias": "up"}]}',
        "1:sources[0].bias: 'up' is not a category of MBFC; one of left, left-center,",
    ),
    ("mbfc", "domain,label\n", "1:name: column 2 has another name; expected 'name'"),
    (
        "allsides",
        '{"ratings": []}',
        "1:json: there is no list of publications; allsides_media_bias_ratings[]",
    ),
    ("allsides", '[{"source_name": "A"}]', "1:json: Object missing required field `media_bias_rating`"),
    ("allsides", "[1]", "1:json: "),
    (
        "allsides",
        '[{"source_name": "A", "media_bias_rating": "Upward", "source_url": "https://a.example"}]',
        "1:a.example: 'Upward' is not an AllSides label; one of Left, Lean Left,",
    ),
    ("adfontes", "domain,lean\na.example,3\n", "1:bias: the column is missing; a column called bias or"),
    (
        "adfontes",
        "domain,bias,quality\na.example,-43,3\n",
        "2:bias: '-43' is off the scale; a number from -42 to 42",
    ),
    ("adfontes", "domain,bias,quality\na.example,nan,3\n", "2:bias: 'nan' is off the scale;"),
    (
        "adfontes",
        "domain,bias,quality\na.example,3,65\n",
        "2:reliability: '65' is off the scale; a number from 0 to 64",
    ),
    ("own", "name,label\nA,left\n", "1:domain: the column is missing; a column called domain"),
    ("own", "domain,label\na.example,leftish\n", "2:label: 'leftish' is not a label; one of far_left, left,"),
    ("own", "domain,label\nnowhere,left\n", "2:domain: 'nowhere' is not a host; a domain such as"),
    (
        "own",
        "domain,label\na.example,left\na.example,right\n",
        "3:domain: a.example is also on line 2; keep one of them",
    ),
    ("own", "", "1:character 1: the file is empty; a file that starts with a header row"),
]


@pytest.mark.parametrize(("rater", "text", "fault"), BROKEN)
def test_a_file_in_another_format_is_named(tmp_path: Path, rater: str, text: str, fault: str):
    path = tmp_path / "input"
    path.write_text(text)
    with pytest.raises(InvalidDataError) as caught:
        IMPORTERS[rater](ImportInputs((path,)))
    assert str(caught.value).startswith(f"{path}:{fault}")


@pytest.mark.parametrize("rater", ["mbfc", "allsides"])
def test_the_shipped_description_is_the_importers_own(rater: str):
    assert read_description(SHIPPED / f"{rater}.json") == DESCRIPTIONS[rater]


def test_no_ad_fontes_figure_ships():
    assert {path.stem for path in SHIPPED.iterdir()} == {"mbfc", "allsides"}


def test_a_rater_file_is_read_back_as_written(tmp_path: Path):
    path = tmp_path / "mine.csv"
    written = [
        RatingRow("b.example", "B", "left", "", "2026"),
        RatingRow("a.example", "A", "center", "0", "2026"),
    ]
    write_rating_rows(path, written)
    assert read_rating_rows(path) == [(2, written[1]), (3, written[0])]


@pytest.mark.parametrize("change", [{"scale": {"Left": "very"}}, {"commercial_use": "no"}, {"holder": None}])
def test_a_description_with_a_wrong_type_is_named(tmp_path: Path, change: dict[str, object]):
    path = tmp_path / "mine.json"
    whole = json.decode((SHIPPED / "mbfc.json").read_bytes())
    path.write_bytes(json.encode({**whole, **change}))
    with pytest.raises(InvalidDataError, match=rf"mine\.json:1:json: Expected .*\$\.{next(iter(change))}"):
        read_description(path)
