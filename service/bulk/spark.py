"""Tables on Spark, where one machine ends: the same pipeline on a session's own files.

Entries are resolved where the rows are: each executor has the catalog, and hands on units. Figures are made
there too. The driver sees the summary alone.
"""

import os
import sys
from collections.abc import Mapping
from functools import reduce
from operator import add
from pathlib import Path

import narwhals as nw
import polars as pl
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as spark

from service.bulk.columns import FAULT, FIELDS, REJECT_REASONS, Columns
from service.bulk.dataframe_adapters import Frame
from service.bulk.entry_lookup import EntryLookup
from service.bulk.executors import KEY_SEPARATOR, compute_figures, make_resolver
from service.bulk.paths import ENDINGS, Format, parse_format
from service.bulk.pipeline import ANSWER_TYPES, SUMMED_COLUMNS, normalize_rows
from service.bulk.summary import MAX_UNKNOWN, Summary, Totals, Unknown
from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.match import Match

CORRUPT_COLUMN = "_slantwise_corrupt"
SPARK_FORMATS = {"csv": "csv", "parquet": "parquet", "ndjson": "json"}
SQL_TYPES = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string"}
COMPRESSIONS = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}

ARROW_BATCH_ROWS = "100000"
"""Rows that an executor resolves together: the more, the fewer hosts are looked up again."""


def session(
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
    form = _require_format(str(target))
    _check_paths(spark_session, str(source), str(target))
    table = read_table(spark_session, str(source), columns, delimiter=delimiter, encoding=encoding)
    pairs = resolve_units(nw.from_native(table), scorer, columns).persist()
    sums = _sum_by_story(pairs, scorer).persist()
    writer = add_figures(sums).write.format(SPARK_FORMATS[form.kind])
    if form.kind != "parquet":
        writer = writer.options(header=True, sep=form.delimiter, compression=COMPRESSIONS[form.packed])
    writer.save(str(target))
    summary = _summarize(pairs, sums)
    sums.unpersist()
    pairs.unpersist()
    return summary


def score_spark(frame: Frame, scorer: Scorer, columns: Columns) -> tuple[DataFrame, dict[int, int]]:
    """One row a story, and the number of rows with each fault."""
    pairs = resolve_units(frame, scorer, columns).persist()
    return add_figures(_sum_by_story(pairs, scorer)), _count_faults(pairs)


def read_table(
    spark_session: SparkSession,
    source: str,
    columns: Columns,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> DataFrame:
    """Return the table in ``source``. A line that Spark cannot read is a row with its fault."""
    form = _require_format(source)
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


def resolve_units(frame: Frame, scorer: Scorer, columns: Columns) -> DataFrame:
    """One row for each unit of a story, resolved on the executors. Rows with a fault have no story."""
    native: DataFrame = normalize_rows(frame, columns).to_native()
    native.sparkSession.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ARROW_BATCH_ROWS)
    kind = native.schema["story_id"].dataType.simpleString()
    units = native.mapInArrow(
        make_resolver(scorer.catalog, scorer.options), f"story_id {kind}, key string, entries bigint"
    )
    return units.groupBy("story_id", "key").agg(spark.sum("entries").alias("entries"))


def add_figures(sums: DataFrame) -> DataFrame:
    """Turn one row of sums a story into one of the answer's figures, on the executors."""
    kinds = {name: SQL_TYPES[kind] for name, kind in ANSWER_TYPES.items()}
    columns = {"story_id": dict(sums.dtypes)["story_id"], **kinds}
    return sums.mapInArrow(compute_figures, ", ".join(f"`{name}` {kind}" for name, kind in columns.items()))


def _sum_by_story(pairs: DataFrame, scorer: Scorer) -> DataFrame:
    """Return one row a story with the sums over its units."""
    units = pairs.where("story_id IS NOT NULL").join(
        _effects_table(pairs.sparkSession, scorer), "key", "left"
    )
    each = spark.split("key", KEY_SEPARATOR)[1].cast("bigint")
    total = each * (spark.col("entries") - 1) + 1
    times = total if scorer.options.count_by == "entry" else spark.lit(1)
    added = [
        spark.sum(spark.coalesce(spark.col(name), spark.lit(0)) * times).alias(name)
        for name in SUMMED_COLUMNS
    ]
    own = [spark.sum("entries").alias("entries"), spark.sum(total).alias("total")]
    rated = reduce(add, map(spark.col, SIDES))
    sums = units.groupBy("story_id").agg(*added, *own).withColumn("rated", rated)
    return sums.withColumns(
        {
            "unrated": spark.col("total") - spark.col("rated"),
            "duplicates": spark.col("entries") - spark.col("total"),
        }
    )


def _effects_table(spark_session: SparkSession, scorer: Scorer) -> DataFrame:
    """Return what each rated unit adds to its story. All others add nothing. It is as long as the catalog."""
    lookup = EntryLookup(scorer, FIELDS)
    listed = scorer.catalog.outlets
    rows = []
    for domain in {**listed, **scorer.overrides}:
        known = listed.get(domain)
        outlet = scorer.get_outlet(Match("found" if known else "unknown", domain, known))
        effect = lookup.effect(outlet, each=False)
        own = (*effect.sides, *effect.single, effect.values)
        rows += [(KEY_SEPARATOR.join(("rated", each, domain)), *own) for each in "01"] if any(own) else []
    schema = ", ".join(["key string", *(f"`{name}` bigint" for name in SUMMED_COLUMNS)])
    return spark_session.createDataFrame(rows, schema).hint("broadcast")


def _summarize(pairs: DataFrame, sums: DataFrame) -> Summary:
    """Add up what became of the rows. Only a line a status and the most frequent unknown ones come here."""
    seen = pairs.where("story_id IS NOT NULL").groupBy("key").agg(spark.sum("entries").alias("entries"))
    status = spark.split("key", KEY_SEPARATOR)[0].alias("status")
    tally = seen.groupBy(status).agg(spark.sum("entries").alias("n"), spark.count("*").alias("units"))
    found = sorted(tally.collect(), key=lambda row: -row["n"])
    most = seen.where(status == "unknown").orderBy(spark.desc("entries"), "key").limit(MAX_UNKNOWN)
    totals = sums.agg(spark.count("*"), spark.sum("entries"), spark.sum("duplicates")).collect()[0]
    stories = Totals(*(int(figure or 0) for figure in totals))
    faults = _count_faults(pairs)
    return Summary(
        stories=stories.stories,
        rows=stories.entries + sum(faults.values()),
        entries=stories.entries,
        duplicates=stories.duplicates,
        rejected=sum(faults.values()),
        rejected_by_reason={REJECT_REASONS[fault]: times for fault, times in sorted(faults.items())},
        by_status={row["status"]: int(row["n"]) for row in found},
        distinct_entries=sum(int(row["units"]) for row in found),
        most_unknown=[
            Unknown(row["key"].split(KEY_SEPARATOR)[2], int(row["entries"])) for row in most.collect()
        ],
        first_rejected=[],
    )


def _count_faults(pairs: DataFrame) -> dict[int, int]:
    bad = pairs.where("story_id IS NULL").groupBy("key").agg(spark.sum("entries"))
    return {int(key): int(times) for key, times in bad.collect()}


def _require_format(path: str) -> Format:
    form = parse_format(path)
    if form is None:
        raise DataError(f"{path}: the name of a table ends in {ENDINGS}")
    return form


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
