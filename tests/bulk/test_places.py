"""Tables wherever they lie: nothing is destroyed, and every place is read alike."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import requests
from click.testing import CliRunner, Result

from service.bulk import local as files
from service.bulk import summary
from service.bulk.columns import Columns
from service.bulk.local import score_table
from service.bulk.paths import check_not_overwritten, parse_source, parse_target
from service.bulk.summary import Meter, format_progress, show_progress
from service.cli import main
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from tests.helpers import ROOT
from tests.helpers.serving import free_port, stop, wait_until_up

ROWS = [
    {"story_id": str(i % 5), "url": f"https://{host}/{i}"} for i in range(60) for host in ("left.example",)
]
TABLE = pl.DataFrame(ROWS)
COLUMNS = Columns()
MOTO = ROOT / "build/moto/bin/moto_server"


def command(*given: str | Path, input_: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["bulk", *map(str, given)], input=input_)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.parquet"
    TABLE.write_parquet(path)
    return path


def test_a_table_is_never_written_over_itself(source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    (tmp_path / "link.parquet").symlink_to(source)
    os.link(source, tmp_path / "hard.parquet")
    for out in (source, tmp_path / "link.parquet", tmp_path / "hard.parquet", f"file://{source}"):
        for given in ([source, out], [source, tmp_path / "out.csv", "--entries", out]):
            result = command(*given)
            assert result.exit_code == 1 and "the table that is read" in result.output
    same = command(source, tmp_path / "out.csv", "--entries", tmp_path / "out.csv")
    assert same.exit_code == 1 and "two tables" in same.output
    within = command(tmp_path, tmp_path / "out.parquet")
    assert within.exit_code == 1 and "lies in" in within.output
    assert source.read_bytes() == before and not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("nowhere.csv", "out.csv"), "nowhere.csv: no such file or folder"),
        (("IN", "nowhere/out.csv"), "the folder nowhere does not exist"),
        (("ftp://host/in.csv", "out.csv"), "ftp:// is not supported; file, s3"),
        (("hdfs://host/in.csv", "out.csv"), "hdfs:// needs --engine spark"),
        (("IN", "https://host/out.csv"), "https:// can be read, not written"),
        (("IN", "out.xlsx"), "the name of a table ends in .csv"),
        (("-", "out.csv"), "say its format with --from"),
        (("IN", "out.csv", "--engine", "spark", "--spark-conf", "a"), "--spark-conf a: KEY=VALUE is wanted"),
        (("IN", "out.csv", "--resume"), "--resume needs a folder OUT"),
        (("IN", "out.csv", "--partitions", "3"), "--partitions needs --engine spark"),
        (("IN.csv", "out.csv", "--encoding", "klingon"), "encoding 'klingon' is not known; utf-8, utf-16"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(source: Path, given: tuple[str, ...], message: str) -> None:
    table = source.with_name("in.csv")
    table.touch()
    places = {"IN": str(source), "IN.csv": str(table)}
    result = command(*(places.get(part, part) for part in given))
    assert message in result.output
    assert result.output.splitlines()[-1].startswith("Error: ") and result.exit_code in {1, 2}


def test_a_killed_run_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old\n")
    os.mkfifo(tmp_path / "slow.ndjson")
    work = [sys.executable, "-m", "service", "bulk", tmp_path / "slow.ndjson", tmp_path / "out.csv"]
    process = subprocess.Popen(work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    writer = (tmp_path / "slow.ndjson").open("wb", buffering=0)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".slantwise-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.glob(".slantwise-*"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    writer.close()
    assert (tmp_path / "out.csv").read_text() == "old\n"
    (tmp_path / "in.ndjson").write_text(json.dumps(ROWS[0]) + "\n")
    assert command(tmp_path / "in.ndjson", tmp_path / "out.csv").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.ndjson", "out.csv", "slow.ndjson"]
    assert (tmp_path / "out.csv").read_text().startswith("story_id,left")


def test_a_folder_of_parts_goes_on_where_a_run_was_broken_off(
    catalog: Catalog, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PART_ROWS", 10)
    out, scorer, scored = f"{tmp_path}/out/", Scorer(catalog), files._Run._score
    done: list[str] = []

    def breaking(own: Any, part: str, *given: Any) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(part)
        return scored(own, part, *given)

    monkeypatch.setattr(files._Run, "_score", breaking)
    with pytest.raises(KeyboardInterrupt):
        score_table(source, out, scorer, COLUMNS)
    with pytest.raises(DataError, match="not empty"):
        score_table(source, out, scorer, COLUMNS)
    again: list[str] = []
    monkeypatch.setattr(
        files._Run, "_score", lambda own, part, *given: again.append(part) or scored(own, part, *given)
    )
    monkeypatch.setattr(files._Run, "_set_aside", None)
    summary = score_table(source, out, scorer, COLUMNS, resume=True)
    assert len(done) == 2 and again and not set(done) & set(again)
    assert (summary.stories, summary.entries) == (5, 60)
    parts = pl.read_parquet(f"{tmp_path}/out/*.parquet").sort("story_id")
    assert parts["story_id"].to_list() == [*"01234"] and parts["entries"].sum() == 60
    again.clear()
    assert score_table(source, out, scorer, COLUMNS, resume=True) == summary and not again, (
        "a whole folder is not scored again"
    )
    assert not list((tmp_path / "out").glob(".slantwise-*"))


def test_another_job_does_not_go_on_with_a_folder(
    catalog: Catalog, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Any, *given: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(files._Run, "_score", broken)
        score_table(source, f"{tmp_path}/out/", Scorer(catalog), COLUMNS)
    TABLE.head(7).write_parquet(source)
    with pytest.raises(DataError, match="begun with another input"):
        score_table(source, f"{tmp_path}/out/", Scorer(catalog), COLUMNS, resume=True)


def text(ending: str) -> bytes:
    if "ndjson" in ending:
        return "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    tab = "\t" if "tsv" in ending else ","
    return "".join(
        f"{a}{tab}{b}\n" for a, b in [("story_id", "url"), *((r["story_id"], r["url"]) for r in ROWS)]
    ).encode()


@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "ndjson"])
def test_text_is_read_and_written_packed_or_not(
    catalog: Catalog, tmp_path: Path, ending: str, packed: str
) -> None:
    path = tmp_path / f"in.{ending}{packed}"
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstd}[packed]
    path.write_bytes(pack(text(ending)))
    out = tmp_path / f"out.{ending}{packed}"
    assert score_table(path, out, Scorer(catalog), COLUMNS).entries == 60
    again = (
        pl.scan_ndjson(out)
        if ending == "ndjson"
        else pl.scan_csv(out, separator="\t" if ending == "tsv" else ",")
    )
    assert again.collect()["entries"].sum() == 60


def zstd(content: bytes) -> bytes:
    """Packed by polars: Python has no such module yet."""
    lines = pl.DataFrame({"line": content.decode().splitlines()})
    path = Path(os.environ["PYTEST_CURRENT_TEST"].split("[")[0].rpartition(":")[2])
    lines.lazy().sink_csv(
        path,
        include_header=False,
        compression="zstd",
        check_extension=False,
        separator="\0",
        quote_style="never",
    )
    packed = path.read_bytes()
    path.unlink()
    return packed


def test_a_broken_line_in_packed_text_is_a_rejected_row(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "in.ndjson.zst").write_bytes(zstd(text("ndjson") + b'{"story_id": \n'))
    summary = score_table(tmp_path / "in.ndjson.zst", tmp_path / "out.csv", Scorer(catalog), COLUMNS)
    assert (summary.entries, summary.rejected_by_reason) == (60, {"not JSON": 1})
    assert summary.first_rejected[0].row == 61


def test_folders_and_patterns_are_one_table_whose_rows_are_numbered_by_file(
    catalog: Catalog, tmp_path: Path
) -> None:
    for day in (1, 2):
        (tmp_path / f"in/day={day}").mkdir(parents=True)
        (tmp_path / f"in/day={day}/a.csv").write_bytes(b"story_id,url\n1,https://left.example/\n2,\n")
    (tmp_path / "in/_SUCCESS").touch()
    for given in (tmp_path / "in", f"{tmp_path}/in/*/a.csv", f"file://{tmp_path}/in/**/*.csv"):
        summary = score_table(given, tmp_path / "out.csv", Scorer(catalog), COLUMNS)
        assert [(Path(str(each.file)).parent.name, each.row) for each in summary.first_rejected] == [
            ("day=1", 2),
            ("day=2", 2),
        ]
        assert summary.rows == 4
    (tmp_path / "in/more.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="several formats"):
        parse_source(tmp_path / "in")


def test_files_with_their_columns_in_another_order_are_one_table(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("story_id,url\n1,https://left.example/\n")
    (tmp_path / "b.csv").write_text("url,story_id\nhttps://right.example/,1\n")
    score_table(f"{tmp_path}/?.csv", tmp_path / "out.parquet", Scorer(catalog), COLUMNS)
    assert pl.read_parquet(tmp_path / "out.parquet").select("left", "right").row(0) == (1, 1)


def test_streams_in_and_out(tmp_path: Path) -> None:
    result = command(
        "-", "-", "--from", "csv", "--to", "ndjson", input_=b"story_id,url\n1,https://www.reuters.com/\n"
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["center"] == 1
    assert result.stderr.splitlines()[-1] == "done: stories=1 rows=1 entries=1 rejected=0"


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"\xef\xbb\xbfstory_id,url\n1,https://left.example/\n", {}),
        ("story_id,url\n1,https://left.example/\n".encode("utf-16"), {}),
        (
            "story_id;url\n1;https://left.example/\n".encode("latin-1"),
            {"delimiter": ";", "encoding": "latin-1"},
        ),
    ],
    ids=["BOM", "UTF-16", "semicolons"],
)
def test_text_in_other_forms_is_read(catalog: Catalog, tmp_path: Path, content: bytes, options: Any) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    summary = score_table(tmp_path / "in.csv", tmp_path / "out.parquet", Scorer(catalog), COLUMNS, **options)
    assert summary.by_status == {"rated": 1}


def test_a_column_that_only_a_late_line_of_ndjson_has_is_seen(catalog: Catalog, tmp_path: Path) -> None:
    lines = [{"story_id": i, "title": "a"} for i in range(3)] + [{"story_id": 9, "name": "Left"}]
    (tmp_path / "in.ndjson").write_text("\ufeff" + "".join(json.dumps(line) + "\n" for line in lines))
    summary = score_table(tmp_path / "in.ndjson", tmp_path / "out.csv", Scorer(catalog), COLUMNS)
    assert (summary.entries, summary.rejected_by_reason) == (1, {"no entry": 3})


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An S3 server on this machine, with an empty bucket."""
    assert MOTO.exists(), "run: make bucket"
    port = free_port()
    server = subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL)
    keys = {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }
    with pytest.MonkeyPatch.context() as patch:
        for key, value in keys.items():
            patch.setenv(key, value)
        wait_until_up(port)
        put("", b"")
        yield "s3://archive"
    stop(server)


def put(name: str, content: bytes) -> None:
    """Put an object into the bucket, or make the bucket."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/archive{'/' if name else ''}{name}"
    requests.put(url, data=content, headers={"Authorization": SIGNED}, timeout=10).raise_for_status()


SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.slow
def test_a_bucket_is_read_and_written(catalog: Catalog, tmp_path: Path, bucket: str) -> None:
    put("in/a.csv.gz", gzip.compress(text("csv")))
    put("in/b.ndjson", text("ndjson") + b"no json\n")
    scorer = Scorer(catalog)
    for name, rejected in (("in/a.csv.gz", 0), ("in/b.ndjson", 1)):
        summary = score_table(f"{bucket}/{name}", f"{bucket}/out/{name[3]}.parquet", scorer, COLUMNS)
        assert (summary.entries, summary.rejected) == (60, rejected)
    score_table(f"{bucket}/in/*.csv.gz", tmp_path / "out.parquet", scorer, COLUMNS)
    local = pl.read_parquet(tmp_path / "out.parquet")
    for name in "ab":
        assert pl.read_parquet(f"{bucket}/out/{name}.parquet").equals(local)
    with pytest.raises(DataError, match="the table that is read"):
        check_not_overwritten(parse_source(f"{bucket}/in/a.csv"), parse_target(f"{bucket}/in/a.csv"))
    with pytest.raises(DataError, match=r"^s3://archive/none.csv: .*404"):
        score_table(f"{bucket}/none.csv", tmp_path / "out.parquet", scorer, COLUMNS)


def test_progress_is_told_line_by_line_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    meter, out = Meter(), io.StringIO()
    meter.passed += 1_000_000
    assert format_progress(meter, 2) == "bulk: 2 s, 1,000,000 rows passed, 500,000 a second"
    meter.whole = 2_000_000
    assert format_progress(meter, 2).endswith("50 %, about 2 s left")
    monkeypatch.setattr(summary, "LINE_INTERVAL", 0.01)
    with show_progress(meter, out):
        time.sleep(0.1)
    assert "rows passed" in out.getvalue().splitlines()[0] and "\r" not in out.getvalue()
