"""Tables on Spark, where one machine ends: the same pipeline on a session's own files.

Executors resolve entries where the rows are, and make the figures of each part of the stories. What is
shuffled in between is stories and whole numbers. The driver sees the summary alone.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import polars as pl
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as spark

from service.bulk.columns import FAULT, FIELDS, REJECT_REASONS, Columns, Frame, normalize_rows
from service.bulk.entry_coding import EntryCoder
from service.bulk.paths import COMPRESSIONS, require_format
from service.bulk.pipeline import ANSWER_TYPES, make_units, sum_by_story, to_figures
from service.bulk.summary import MAX_UNKNOWN, Summary, summarize
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

CORRUPT_COLUMN = "_slantwise_corrupt"
SPARK_FORMATS = {"csv": "csv", "parquet": "parquet", "ndjson": "json"}
SQL_TYPES = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string"}

# Rows that are handed to Python at a time.
ARROW_BATCH_ROWS = "100000"

# Keys of what no outlet is known for: from here on, a hash of its text. The lowest bit: it is ambiguous.
HASHED = 2**62

Batches = Iterator["pa.RecordBatch"]


def get_session(
    master: str | None = None, conf: Mapping[str, str] | None = None, partitions: int | None = None
) -> SparkSession:
    """Return a session on ``master``, such as ``local[2]``. Or the one that runs already."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # executors here need what is installed here
    builder = SparkSession.builder.appName("slantwise bulk").config(map=dict(conf or {}))
    if partitions:
        builder = builder.config("spark.sql.shuffle.partitions", str(partitions))
    return (builder.master(master) if master else builder).getOrCreate()


def score_folder(
    spark_session: SparkSession,
    source: str | Path,
    target: str | Path,
    scorer: Scorer,
    columns: Columns,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Summary:
    """Score the table ``source`` into the folder ``target``. Endings name the formats. Paths may be URLs.

    Spark's rows have no numbers, so that rejected ones are counted, not pointed out. Raises ``DataError`` for
    a table that is not there, and for a folder that is there already.
    """
    form = require_format(str(target))
    _check_paths(spark_session, str(source), str(target))
    table = read_table(spark_session, str(source), columns, delimiter=delimiter, encoding=encoding)
    keyed = add_keys(nw.from_native(table), scorer, columns).persist()
    counted = [spark.count("*").alias("stories"), spark.sum("duplicates").alias("duplicates")]
    totals = Observation()
    writer = score_stories(keyed, scorer).observe(totals, *counted).write.format(SPARK_FORMATS[form.kind])
    if form.kind != "parquet":
        writer = writer.options(header=True, sep=form.delimiter, compression=COMPRESSIONS[form.packed])
    writer.save(str(target))
    summary = _summarize(keyed, totals.get, scorer)
    keyed.unpersist()
    return summary


def score_spark_frame(frame: Frame, scorer: Scorer, columns: Columns) -> tuple[DataFrame, dict[int, int]]:
    """One row a story, and the number of rows with each fault."""
    keyed = add_keys(frame, scorer, columns).persist()
    bad = keyed.where("key < 0").groupBy("key").count()
    return score_stories(keyed, scorer), {-key: times for key, times in bad.collect()}


def read_table(
    spark_session: SparkSession,
    source: str,
    columns: Columns,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> DataFrame:
    """Return the table in ``source``. A line that Spark cannot read is a row with its fault."""
    form = require_format(source)
    reader = spark_session.read.format(SPARK_FORMATS[form.kind]).options(header=True, mode="PERMISSIVE")
    reader = reader.options(sep=delimiter or form.delimiter, encoding=encoding or "UTF-8")
    found = reader.load(source)
    if form.kind == "parquet":
        return found
    columns = columns.check_against(found.columns)
    wanted = found.columns if form.kind == "csv" else list(columns.by_role.values())
    schema = ", ".join(f"`{name}` string" for name in (*wanted, CORRUPT_COLUMN))
    lines = (
        reader.options(columnNameOfCorruptRecord=CORRUPT_COLUMN, enforceSchema=True)
        .schema(schema)
        .load(source)
    )
    fault = REJECT_REASONS.index("not JSON" if form.kind == "ndjson" else "not as many fields as the header")
    broken = spark.when(spark.col(CORRUPT_COLUMN).isNotNull(), fault).otherwise(0).cast("bigint")
    return lines.select(*(spark.col(f"`{name}`") for name in columns.by_role.values()), broken.alias(FAULT))


def add_keys(frame: Frame, scorer: Scorer, columns: Columns) -> DataFrame:
    """Resolve the rows on the executors, into keys.

    The key of a fault is below zero. A row with a ``text`` tells what the key of an unknown entry means.
    """
    native: DataFrame = normalize_rows(frame, columns).to_native()
    native.sparkSession.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ARROW_BATCH_ROWS)
    kind = native.schema["story_id"].dataType.simpleString()
    resolve = make_resolver(scorer)
    return native.mapInArrow(resolve, f"story_id {kind}, key bigint, text string")


def make_resolver(scorer: Scorer) -> Callable[[Batches], Batches]:
    """Return the function that executors map over batches of rows. Spark sends it the catalog once."""
    catalog, options = scorer.catalog, scorer.options
    data = tuple(catalog.outlets.values()), catalog.aliases, tuple(catalog.raters.values())
    namesakes = catalog.namesakes

    def resolve(batches: Batches) -> Batches:
        coder, hashes = None, np.zeros(0, np.int64)
        for batch in batches:
            rows = pl.DataFrame(batch)
            if coder is None:
                fields = [field for field in FIELDS if field in rows.columns]
                coder = EntryCoder(fields, Scorer(Catalog(*data, namesakes=namesakes), options))
            coded = coder.encode_rows(rows.lazy()).collect()
            # Executors number unknown entries as they meet them, so they agree on hashes only.
            new = coder.unknown()[len(hashes) :]
            hashes = np.append(hashes, np.array([_hash(*row) for row in new.rows()], np.int64))
            key = coded["key"].to_numpy().astype(np.int64)
            beyond = key >= coder.first_unknown
            key[beyond] = hashes[key[beyond] - coder.first_unknown]
            told = new.select("text").with_columns(pl.Series("key", hashes[len(hashes) - len(new) :]))
            keyed = coded.select("story_id", pl.Series("key", key))
            yield from pl.concat([keyed, told], how="diagonal").to_arrow().to_batches()

    return resolve


def _hash(_: int, text: str, ambiguous: bool) -> int:  # a row of EntryCoder.unknown
    digest = blake2b(text.encode(), digest_size=7).digest()
    return HASHED | int.from_bytes(digest) << 1 | ambiguous


def score_stories(keyed: DataFrame, scorer: Scorer) -> DataFrame:
    """One row a story. Rows are shuffled once, as numbers, and executors score parts as one machine does."""
    units = make_units(scorer).drop("key", "status", "outlet", "side", "label", "value")
    kinds = {name: SQL_TYPES[kind] for name, kind in ANSWER_TYPES.items()}
    columns = {"story_id": dict(keyed.dtypes)["story_id"], **kinds}
    rows = keyed.where("key >= 0 AND text IS NULL").select("story_id", "key").repartition("story_id")

    def score(batches: Batches) -> Batches:
        if parts := [pl.DataFrame(batch) for batch in batches]:
            yield from to_figures(sum_by_story(pl.concat(parts).lazy(), units)).to_arrow().to_batches()

    return rows.mapInArrow(score, ", ".join(f"`{name}` {kind}" for name, kind in columns.items()))


def _summarize(keyed: DataFrame, totals: Mapping[str, int | None], scorer: Scorer) -> Summary:
    """Add up what became of the rows. Only a line a unit and the most frequent unknown ones come here."""
    units = make_units(scorer)
    times = spark.count(spark.when(spark.isnull("text"), 1))
    keys = keyed.groupBy("key").agg(times.alias("n"), spark.max("text").alias("text"))
    key = spark.col("key")
    kind = spark.when(key < HASHED, key).otherwise(key % 2 + len(units) - 1)
    kinds = keys.groupBy(kind).agg(spark.sum("n"), spark.count("*")).collect()
    unknown = keys.where("text IS NOT NULL AND key % 2 = 0")
    most = unknown.orderBy(spark.desc("n"), "text").limit(MAX_UNKNOWN).collect()
    return summarize(
        stories=totals["stories"] or 0,
        duplicates=totals["duplicates"] or 0,
        kinds=[tuple(row) for row in kinds],
        units=units,
        unknown=[(row["text"], row["n"]) for row in most],
        rejected=[],
    )


def _check_paths(spark_session: SparkSession, source: str, target: str) -> None:
    """Refuse a table that is not there, and a folder that is, as the file system of each address says."""
    if spark_session._jvm is None:
        return  # a remote session has no file systems to ask
    paths = spark_session._jvm.org.apache.hadoop.fs.Path
    conf = spark_session._jsc.hadoopConfiguration()
    try:
        found = [paths(path).getFileSystem(conf).globStatus(paths(path)) for path in (source, target)]
    except Exception as error:
        raise DataError(str(error).split(":", 2)[-1].strip().splitlines()[0]) from error
    if not found[0]:
        raise DataError(f"{source}: no such file or folder")
    if found[1]:
        raise DataError(f"{target}: is there already; name another folder")
