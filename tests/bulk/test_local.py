"""Tables in files: the same answers in every format, nothing lost, the row of every fault named."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from service.bulk import local as files
from service.bulk.columns import Columns
from service.bulk.local import score_table
from service.bulk.summary import Meter
from service.cli import main
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import EntryFields
from tests.bulk.test_frame import Rows, expected, made, scored

FORMATS = (".csv", ".parquet", ".ndjson", ".jsonl")
URLS = Columns(url="url")


def written(path: Path, rows: Rows) -> Path:
    """``rows`` as text columns, in the format that the path's ending names."""
    rows = [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        return pl.read_csv(path, schema_overrides={"story_id": pl.String})
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_ndjson(path)


@pytest.mark.parametrize("part", [10, files.PART_ROWS], ids=["many parts", "one part"])
@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_is_answered_as_by_the_api(
    catalog: Catalog, tmp_path: Path, ending: str, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PART_ROWS", part)
    rows = [row for row in made(("url",)) if row["url"]]
    source, target = written(tmp_path / f"in{ending}", rows), tmp_path / f"out{ending}"
    meter = Meter()
    summary = score_table(source, target, Scorer(catalog), Columns(), meter=meter)
    assert scored(read(target)) == {
        str(story): row for story, row in expected(catalog, rows, Options()).items()
    }
    assert (summary.stories, summary.rows, summary.entries, summary.rejected) == (60, len(rows), len(rows), 0)
    assert meter.passed == meter.whole == 2 * len(rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == [source.name, target.name]


@pytest.mark.parametrize("ending", FORMATS)
def test_each_entry_has_the_status_the_api_gives(catalog: Catalog, tmp_path: Path, ending: str) -> None:
    rows = [row for row in made(("url",), stories=20) if row["url"]]
    source, entries = written(tmp_path / f"in{ending}", rows), tmp_path / f"entries{ending}"
    score_table(source, tmp_path / "out.csv", Scorer(catalog), Columns(), entries_to=entries)
    shown = [
        (str(row["story_id"]), row["url"], row["status"], row["outlet"]) for row in read(entries).to_dicts()
    ]
    scorer, wanted = Scorer(catalog), []
    for at, row in enumerate(rows):
        before = [each["url"] for each in rows[: at + 1] if each["story_id"] == row["story_id"]]
        last = scorer.entries([EntryFields(url=url) for url in before])[-1]
        wanted.append((str(row["story_id"]), row["url"], last.status, last.domain))
    assert shown == wanted


BROKEN: dict[str, tuple[bytes, list[tuple[int, str]]]] = {
    "in.csv": (
        b"story_id,title,url\n"
        b"1,a,https://left.example/1\n"
        b",a,https://left.example/2\n"
        b"1,a,\n"
        b"1,\xff\xfe,https://left.example/4\n"
        b"1,a,b,https://left.example/5\n"
        b'1,"a,https://center.example/6\n'
        b'1,"two\nlines",https://center.example/7\n'
        b"2,a,https://right.example/8\n",
        [
            (2, "no story_id"),
            (3, "no entry"),
            (4, "not UTF-8"),
            (5, "not as many fields as the header"),
            (6, "a quote without its end"),
        ],
    ),
    "in.ndjson": (
        b'{"story_id": 1, "url": "https://left.example/1", "more": [1]}\n'
        b'{"story_id": null, "url": "https://left.example/2"}\n'
        b'{"story_id": 1}\n'
        b'{"story_id": 1, "url": "https://left.example/\xff"}\n'
        b'{"story_id": 1, "url": "https://left.example/5"\n'
        b'{"story_id": 1, "url": 6}\n'
        b'{"story_id": "1", "url": "https://center.example/7"}\n'
        b'["story_id"]\n'
        b'{"story_id": 2, "url": "https://right.example/9"}',
        [
            (2, "no story_id"),
            (3, "no entry"),
            (4, "not UTF-8"),
            (5, "not JSON"),
            (6, "a value of the wrong type"),
            (8, "a value of the wrong type"),
        ],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_row_is_reported_and_the_rest_is_scored(catalog: Catalog, tmp_path: Path, name: str) -> None:
    content, faults = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    summary = score_table(tmp_path / name, tmp_path / "out.parquet", Scorer(catalog), URLS)
    assert [(each.row, each.reason) for each in summary.first_rejected] == faults
    assert summary.rejected == len(faults) == sum(summary.rejected_by_reason.values())
    assert (summary.stories, summary.entries, summary.rows) == (2, 3, 3 + len(faults))
    headlines = pl.read_parquet(tmp_path / "out.parquet").select("story_id", "headline").rows()
    assert headlines == [("1", "50% Left and 50% Center"), ("2", "100% Right")]


def test_a_cell_with_an_unquoted_comma_never_becomes_another_url(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("story_id,title,url\n1,Hello, left.example,https://right.example/\n")
    summary = score_table(tmp_path / "in.csv", tmp_path / "out.csv", Scorer(catalog), URLS)
    assert (summary.rejected, summary.stories) == (1, 0)


def test_the_summary_says_what_to_rate_next(catalog: Catalog, tmp_path: Path) -> None:
    hosts = [f"www.host{i}.example" for i in range(30) for _ in range(30 - i)]
    rows = [{"story_id": i, "url": f"https://{host}/{i}"} for i, host in enumerate(hosts)]
    source = written(tmp_path / "in.parquet", rows)
    summary = score_table(source, tmp_path / "out.parquet", Scorer(catalog), URLS)
    assert [(each.entry, each.entries) for each in summary.most_unknown] == [
        (f"host{i}.example", 30 - i) for i in range(20)
    ]
    assert summary.distinct_entries == 30


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"story,url\n1,a.example\n", "no column 'story_id'; it has: story, url"),
        ("in.csv", b"story_id,link\n1,a.example\n", r"no column of entries \(url, domain or name\)"),
        ("in.csv", b"", "in.csv: "),
        ("in.parquet", b"no parquet", "in.parquet: "),
        ("in.ndjson", b"nothing\n", "no line that is a JSON object"),
        ("in.xlsx", b"", "ends in .csv, .tsv, .parquet, .ndjson"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(
    catalog: Catalog, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        score_table(tmp_path / name, tmp_path / "out.csv", Scorer(catalog), Columns())


def test_the_command_scores_a_table_and_tells_of_rejected_rows(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("article,link\n7,https://www.reuters.com/x\n7,\n7,https://a.example/\n")
    given = ["--story-id", "article", "--url", "link"]
    run = CliRunner().invoke(main, ["bulk", str(tmp_path / "in.csv"), str(tmp_path / "out.ndjson"), *given])
    assert run.exit_code == 3, run.output
    assert "row 2: no entry" in run.stdout and "1  a.example" in run.stdout
    answer = json.loads((tmp_path / "out.ndjson").read_text())
    assert (answer["story_id"], answer["rated"], answer["unrated"], answer["level"]) == ("7", 1, 1, "too_few")
    run = CliRunner().invoke(
        main, ["bulk", str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), *given, "--json"]
    )
    assert json.loads(run.stdout)["rejected"] == 1
