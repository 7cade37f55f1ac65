"""Bulk scoring on a local Spark session gives the answers of the API. Needs Java."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.bulk import score_frame
from service.bulk.layout import Columns
from service.bulk.spark import score_folder
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.resolve.catalog import Catalog
from tests.bulk.test_frame import expected, made, scored
from tests.bulk.test_local import BROKEN

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
    }
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield session
    session.stop()


def test_a_spark_frame_is_answered_as_by_the_api(spark: Any, catalog: Catalog) -> None:
    frame = spark.createDataFrame([tuple(row.values()) for row in ROWS], "story_id long, url string")
    assert scored(score_frame(frame, catalog)) == expected(catalog, ROWS, Options())


def test_a_broken_file_is_scored_and_its_bad_lines_are_counted(
    spark: Any, catalog: Catalog, tmp_path: Path
) -> None:
    name = "in.ndjson"
    (tmp_path / name).write_bytes(BROKEN[name][0])
    columns = Columns(url="url")
    summary = score_folder(spark, tmp_path / name, tmp_path / "out.parquet", Scorer(catalog), columns)
    assert summary.rows == summary.entries + summary.rejected == 9
    assert summary.stories == 2 and summary.rejected_by_reason["not JSON"] >= 1
