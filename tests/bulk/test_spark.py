"""Bulk scoring on a local Spark session gives the answers of the API. Needs Java."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from service.bulk import RejectedRowsWarning, score_frame
from service.bulk.columns import Columns
from service.bulk.spark import make_resolver, score_folder
from service.cli import main
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from tests.bulk.test_frame import expected, made, scored
from tests.bulk.test_local import BROKEN, written

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

ROWS = made(("url",), stories=12)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """The smallest session there is."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  # slow to import

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # Little is computed, so code is not made fast before it runs.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
    }
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(count_by="entry"),
        Options(raters=("two",), overrides={"nowhere.example": "far_left", "left.example": None}),
    ],
    ids=["plain", "entries count", "overrides"],
)
def test_a_spark_frame_is_answered_as_by_the_api(spark: Any, catalog: Catalog, options: Options) -> None:
    frame = spark.createDataFrame([tuple(row.values()) for row in ROWS], "story_id long, url string")
    assert scored(score_frame(frame, catalog, options=options)) == expected(catalog, ROWS, options)


def test_rows_that_are_not_scored_are_told_of(spark: Any, catalog: Catalog) -> None:
    rows = [(1, "left.example", None), (None, "left.example", None), (1, None, None), (1, None, "Left")]
    frame = spark.createDataFrame(rows, "story_id long, domain string, name string")
    with pytest.warns(RejectedRowsWarning, match=r"2 rows .*1 no story_id, 1 no entry"):
        answer = scored(score_frame(frame, catalog))
    assert answer[1][:8] == (1, 0, 0, 1, 0, 1, 2, 1)


def test_the_driver_is_handed_the_summary_alone(
    spark: Any, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark.sql.classic.dataframe import DataFrame  # noqa: PLC0415  # slow to import

    collected: list[int] = []
    collect = DataFrame.collect
    monkeypatch.setattr(DataFrame, "collect", lambda own: collected.append(len(got := collect(own))) or got)
    monkeypatch.setattr(DataFrame, "toArrow", lambda own: pytest.fail("a table comes to the driver"))
    rows = [{"story_id": i % 7, "url": f"https://host{i}.example/"} for i in range(500)]
    source = written(tmp_path / "in.parquet", rows)
    summary = score_folder(spark, source, tmp_path / "out.parquet", Scorer(catalog), Columns())
    assert (summary.distinct_entries, summary.by_status) == (500, {"unknown": 500})
    assert len(summary.most_unknown) == 20 and max(collected) <= 20


def test_executors_agree_on_keys(catalog: Catalog) -> None:
    urls = [f"https://{host}/{i}" for i in range(4) for host in ("left.example", "nowhere.example")]
    rows = pa.table({"story_id": [1] * 8, "url": urls, "fault": pa.array([0] * 8, pa.int64())})

    def keys(batches: list[Any]) -> set[tuple[int, str | None]]:
        keyed = [row for batch in make_resolver(Scorer(catalog))(iter(batches)) for row in batch.to_pylist()]
        assert {row["key"] for row in keyed if row["text"]} < {row["key"] for row in keyed if row["story_id"]}
        return {(row["key"], row["text"]) for row in keyed}

    found = keys(rows.to_batches(max_chunksize=2))
    assert found == keys(rows.slice(3).to_batches())
    assert {text for _, text in found} == {None, "nowhere.example"} and len({key for key, _ in found}) == 2


def test_what_cannot_be_done_on_spark_is_said_in_one_line(
    spark: Any, catalog: Catalog, tmp_path: Path
) -> None:
    source = written(tmp_path / "in.parquet", ROWS)
    (tmp_path / "out.parquet").mkdir()
    for given, target, message in (
        (source, tmp_path / "out.parquet", "out.parquet: is there already"),
        (source, source, "is there already"),
        (tmp_path / "none.csv", tmp_path / "a.csv", "none.csv: no such file"),
        ("nope://x/in.csv", tmp_path / "a.csv", "nope"),
    ):
        with pytest.raises(DataError, match=message) as error:
            score_folder(spark, given, target, Scorer(catalog), Columns())
        assert "\n" not in str(error.value)


def test_a_broken_file_is_scored_and_its_bad_lines_are_counted(
    spark: Any, catalog: Catalog, tmp_path: Path
) -> None:
    name = "in.ndjson"
    (tmp_path / name).write_bytes(BROKEN[name][0])
    columns = Columns(url="url")
    summary = score_folder(spark, tmp_path / name, tmp_path / "out.parquet", Scorer(catalog), columns)
    assert summary.rows == summary.entries + summary.rejected == 9
    assert summary.stories == 2 and summary.rejected_by_reason["not JSON"] >= 1


def test_the_command_hands_spark_its_settings(spark: Any, tmp_path: Path) -> None:
    source = written(tmp_path / "in.parquet", [{"story_id": 7, "url": "https://www.reuters.com/x"}])
    given = ["--engine", "spark", "--partitions", "3", "--spark-conf", "spark.sql.adaptive.enabled=false"]
    command = ["bulk", str(source), str(tmp_path / "out.parquet"), *given]
    before = {
        key: spark.conf.get(key) for key in ("spark.sql.shuffle.partitions", "spark.sql.adaptive.enabled")
    }
    try:
        run = CliRunner().invoke(main, command)
        assert run.exit_code == 0, run.output
        assert [spark.conf.get(key) for key in before] == ["3", "false"]
        assert run.stdout.splitlines()[-1] == "done: stories=1 rows=1 entries=1 rejected=0"
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)
