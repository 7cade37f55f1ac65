"""Tables on Spark, where one machine ends: the same pipeline on a session's own files.

Executors resolve entries where the rows are, and make the figures of each part of the stories. What is
shuffled in between is stories and whole numbers. The driver sees the summary alone.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as spark

from service.bulk.columns import FAULT, FIELDS, REJECT_REASONS, Columns
from service.bulk.dataframe_adapters import Frame
from service.bulk.entry_coding import EntryCoder, join_units
from service.bulk.paths import COMPRESSIONS, require_format
from service.bulk.pipeline import ANSWER_TYPES, normalize_rows, sum_by_story, to_figures
from service.bulk.summary import MAX_UNKNOWN, Summary, Totals, summarize
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import Match

CORRUPT_COLUMN = "_slantwise_corrupt"
SPARK_FORMATS = {"csv": "csv", "parquet": "parquet", "ndjson": "json"}
SQL_TYPES = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string"}

# Rows that an executor resolves together.
ARROW_BATCH_ROWS = "100000"

BatchMapper = Callable[[Iterator[Any]], Iterator[Any]]  # of Arrow's record batches


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
    totals = Observation()
    stories = add_figures(keyed, scorer).observe(
        totals,
        spark.count("*").alias("stories"),
        spark.sum("entries").alias("entries"),
        spark.sum("duplicates").alias("duplicates"),
    )
    writer = stories.write.format(SPARK_FORMATS[form.kind])
    if form.kind != "parquet":
        writer = writer.options(header=True, sep=form.delimiter, compression=COMPRESSIONS[form.packed])
    writer.save(str(target))
    summary = _summarize(keyed, Totals(**{name: n or 0 for name, n in totals.get.items()}))
    keyed.unpersist()
    return summary


def score_spark_frame(frame: Frame, scorer: Scorer, columns: Columns) -> tuple[DataFrame, dict[int, int]]:
    """Return a frame with one row a story, and the number of rows with each fault."""
    keyed = add_keys(frame, scorer, columns).persist()
    bad = keyed.where("key < 0").groupBy("key").count()
    return add_figures(keyed, scorer), {-key: times for key, times in bad.collect()}


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
    """Resolve rows on the executors: ``story_id``, ``key``, ``status``, and ``text`` of what is unknown.

    A key is a hash that all executors agree on. That of a fault is the fault, below zero.
    """
    native: DataFrame = normalize_rows(frame, columns).to_native()
    native.sparkSession.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ARROW_BATCH_ROWS)
    kind = native.schema["story_id"].dataType.simpleString()
    schema = f"story_id {kind}, key bigint, status string, text string"
    return native.mapInArrow(make_resolver(scorer), schema)


def add_figures(keyed: DataFrame, scorer: Scorer) -> DataFrame:
    """Turn rows with keys into one row of the answer's figures a story, on the executors."""
    # Stories and keys are shuffled once, so that a part holds all rows of its stories.
    rows = keyed.where("key >= 0").select("story_id", "key").repartition("story_id")
    kinds = {"story_id": dict(keyed.dtypes)["story_id"]}
    kinds |= {name: SQL_TYPES[kind] for name, kind in ANSWER_TYPES.items()}
    schema = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
    return rows.mapInArrow(make_summarizer(scorer), schema)


def make_resolver(scorer: Scorer) -> BatchMapper:
    """Return what an executor does with batches of rows. Spark sends it the data of the catalog once."""
    catalog, options = scorer.catalog, scorer.options
    data = tuple(catalog.outlets.values()), catalog.aliases, tuple(catalog.raters.values())
    namesakes = catalog.namesakes

    def resolve(batches: Iterator[Any]) -> Iterator[Any]:
        coder: EntryCoder | None = None
        for batch in batches:
            rows = pl.DataFrame(batch)
            if coder is None:
                fields = [field for field in FIELDS if field in rows.columns]
                coder = EntryCoder(fields, Scorer(Catalog(*data, namesakes=namesakes), options))
            coded = coder.encode_rows(rows.lazy()).collect().lazy()
            keyed = join_units(coded, coder.units()).join(coder.unknown().lazy(), on="key", how="left")
            key = pl.when(pl.col("key") < 0).then(pl.col("key").cast(pl.Int64)).otherwise(_hash_unit())
            keyed = keyed.with_columns(pl.coalesce("text", "unit").alias("unit")).with_columns(key)
            yield from keyed.select("story_id", "key", "status", "text").collect().to_arrow().to_batches()

    return resolve


def make_summarizer(scorer: Scorer) -> BatchMapper:
    """Return what an executor does with all rows of some stories."""
    coder = EntryCoder([], scorer)
    for domain in (*scorer.catalog.outlets, *scorer.overrides):
        known = scorer.catalog.outlets.get(domain)
        coder.add_match(Match("found" if known else "unknown", domain, known))
    rated = coder.units().filter(pl.col("status") == "rated").with_columns(_hash_unit())

    def summarize_stories(batches: Iterator[Any]) -> Iterator[Any]:
        rows = [pl.DataFrame(batch) for batch in batches if batch.num_rows]
        if rows:
            table = pl.concat(rows)
            units = table.select(pl.col("key").unique().sort()).join(rated, on="key", how="left")
            alone = (pl.col("key") % 2).alias("alone")
            units = units.with_columns(alone, pl.col("owner").fill_null(-1)).fill_null(0)
            numbered = table.with_columns(pl.col("key").rank("dense") - 1)
            yield from to_figures(sum_by_story(numbered.lazy(), units)).to_arrow().to_batches()

    return summarize_stories


def _hash_unit() -> pl.Expr:
    """Return the key of a unit for all executors. Its lowest bit says that each entry counts by itself."""
    # Polars hashes alike wherever its version is the same.
    digest = pl.concat_str("status", "unit", separator=" ").hash() // 4
    return (digest.cast(pl.Int64) * 2 + pl.col("alone")).alias("key")


def _summarize(keyed: DataFrame, totals: Totals) -> Summary:
    """Add up what became of the rows. Only a line a status and the most frequent unknown ones come here."""
    keys = keyed.groupBy("key", "status", "text").count()
    by_kind = keys.groupBy("status", spark.least("key", spark.lit(0)).alias("fault"))
    kinds = by_kind.agg(spark.sum("count").alias("times"), spark.count("*").alias("distinct")).collect()
    most = keys.where("text IS NOT NULL").orderBy(spark.desc("count"), "text").limit(MAX_UNKNOWN).collect()
    return summarize(
        totals,
        by_status={kind["status"]: kind["times"] for kind in kinds if not kind["fault"]},
        faults={-kind["fault"]: kind["times"] for kind in kinds if kind["fault"]},
        distinct_entries=sum(kind["distinct"] for kind in kinds if not kind["fault"]),
        unknown=[(row["text"], row["count"]) for row in most],
        rejected=[],
    )


def _check_paths(spark_session: SparkSession, source: str, target: str) -> None:
    """Refuse a table that is not there, and a folder that is, as the file system of each address says."""
    if spark_session._jvm is None:
        return  # a remote session has no file systems to ask
    paths = spark_session._jvm.org.apache.hadoop.fs.Path
    conf = spark_session._jsc.hadoopConfiguration()
    try:
        found = [paths(each).getFileSystem(conf).globStatus(paths(each)) for each in (source, target)]
    except Exception as error:
        raise DataError(str(error).split(":", 2)[-1].strip().splitlines()[0]) from error
    if not found[0]:
        raise DataError(f"{source}: no such file or folder")
    if found[1]:
        raise DataError(f"{target}: is there already; name another folder")
