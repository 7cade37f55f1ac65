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

from service.bulk.columns import FAULT, FAULTS, FIELDS, Columns
from service.bulk.dataframe_adapters import Frame
from service.bulk.entry_lookup import Lookup
from service.bulk.executors import APART, figures, resolver
from service.bulk.paths import ENDINGS, Format, format_of
from service.bulk.pipeline import ADDED, KINDS, prepared
from service.bulk.summary import MOST_UNKNOWN, Summary, Totals, Unknown
from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.match import Match

CORRUPT = "_slantwise_corrupt"
READERS = {"csv": "csv", "parquet": "parquet", "ndjson": "json"}
SQL = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string"}
PACKINGS = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}

ROWS_AT_A_TIME = "100000"
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
    form = _format(str(target))
    _check_places(spark_session, str(source), str(target))
    table = read(spark_session, str(source), columns, delimiter=delimiter, encoding=encoding)
    pairs = paired(nw.from_native(table), scorer, columns).persist()
    sums = _sums(pairs, scorer).persist()
    writer = figured(sums).write.format(READERS[form.kind])
    if form.kind != "parquet":
        writer = writer.options(header=True, sep=form.delimiter, compression=PACKINGS[form.packed])
    writer.save(str(target))
    summary = _summary(pairs, sums)
    sums.unpersist()
    pairs.unpersist()
    return summary


def scored(frame: Frame, scorer: Scorer, columns: Columns) -> tuple[DataFrame, dict[int, int]]:
    """One row a story, and the number of rows with each fault."""
    pairs = paired(frame, scorer, columns).persist()
    return figured(_sums(pairs, scorer)), _faults(pairs)


def read(
    spark_session: SparkSession,
    source: str,
    columns: Columns,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> DataFrame:
    """Return the table in ``source``. A line that Spark cannot read is a row with its fault."""
    form = _format(source)
    reader = spark_session.read.format(READERS[form.kind]).options(header=True, mode="PERMISSIVE")
    reader = reader.options(sep=delimiter or form.delimiter, encoding=encoding or "UTF-8")
    found = reader.load(source)
    if form.kind == "parquet":
        return found
    columns = columns.found_in(found.columns)
    wanted = found.columns if form.kind == "csv" else list(columns.by_part.values())
    schema = ", ".join(f"`{name}` string" for name in (*wanted, CORRUPT))
    lines = reader.options(columnNameOfCorruptRecord=CORRUPT, enforceSchema=True).schema(schema).load(source)
    fault = FAULTS.index("not JSON" if form.kind == "ndjson" else "not as many fields as the header")
    broken = spark.when(spark.col(CORRUPT).isNotNull(), fault).otherwise(0).cast("bigint")
    return lines.select(*(spark.col(f"`{name}`") for name in columns.by_part.values()), broken.alias(FAULT))


def paired(frame: Frame, scorer: Scorer, columns: Columns) -> DataFrame:
    """One row for each unit of a story, resolved on the executors. Rows with a fault have no story."""
    native: DataFrame = prepared(frame, columns).to_native()
    native.sparkSession.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS_AT_A_TIME)
    kind = native.schema["story_id"].dataType.simpleString()
    units = native.mapInArrow(
        resolver(scorer.catalog, scorer.options), f"story_id {kind}, key string, entries bigint"
    )
    return units.groupBy("story_id", "key").agg(spark.sum("entries").alias("entries"))


def figured(sums: DataFrame) -> DataFrame:
    """Turn one row of sums a story into one of the answer's figures, on the executors."""
    kinds = {name: SQL[kind] for name, kind in KINDS.items()}
    columns = {"story_id": dict(sums.dtypes)["story_id"], **kinds}
    return sums.mapInArrow(figures, ", ".join(f"`{name}` {kind}" for name, kind in columns.items()))


def _sums(pairs: DataFrame, scorer: Scorer) -> DataFrame:
    """Return one row a story with the sums over its units."""
    units = pairs.where("story_id IS NOT NULL").join(_effects(pairs.sparkSession, scorer), "key", "left")
    each = spark.split("key", APART)[1].cast("bigint")
    total = each * (spark.col("entries") - 1) + 1
    times = total if scorer.options.count_by == "entry" else spark.lit(1)
    added = [spark.sum(spark.coalesce(spark.col(name), spark.lit(0)) * times).alias(name) for name in ADDED]
    own = [spark.sum("entries").alias("entries"), spark.sum(total).alias("total")]
    rated = reduce(add, map(spark.col, SIDES))
    sums = units.groupBy("story_id").agg(*added, *own).withColumn("rated", rated)
    return sums.withColumns(
        {
            "unrated": spark.col("total") - spark.col("rated"),
            "duplicates": spark.col("entries") - spark.col("total"),
        }
    )


def _effects(spark_session: SparkSession, scorer: Scorer) -> DataFrame:
    """Return what each rated unit adds to its story. All others add nothing. It is as long as the catalog."""
    lookup = Lookup(scorer, FIELDS)
    listed = scorer.catalog.outlets
    rows = []
    for domain in {**listed, **scorer.overrides}:
        known = listed.get(domain)
        outlet = scorer.outlet_of(Match("found" if known else "unknown", domain, known))
        effect = lookup.effect(outlet, each=False)
        own = (*effect.sides, *effect.single, effect.values)
        rows += [(APART.join(("rated", each, domain)), *own) for each in "01"] if any(own) else []
    schema = ", ".join(["key string", *(f"`{name}` bigint" for name in ADDED)])
    return spark_session.createDataFrame(rows, schema).hint("broadcast")


def _summary(pairs: DataFrame, sums: DataFrame) -> Summary:
    """Add up what became of the rows. Only a line a status and the most frequent unknown ones come here."""
    seen = pairs.where("story_id IS NOT NULL").groupBy("key").agg(spark.sum("entries").alias("entries"))
    status = spark.split("key", APART)[0].alias("status")
    tally = seen.groupBy(status).agg(spark.sum("entries").alias("n"), spark.count("*").alias("units"))
    found = sorted(tally.collect(), key=lambda row: -row["n"])
    most = seen.where(status == "unknown").orderBy(spark.desc("entries"), "key").limit(MOST_UNKNOWN)
    totals = sums.agg(spark.count("*"), spark.sum("entries"), spark.sum("duplicates")).collect()[0]
    stories = Totals(*(int(figure or 0) for figure in totals))
    faults = _faults(pairs)
    return Summary(
        stories=stories.stories,
        rows=stories.entries + sum(faults.values()),
        entries=stories.entries,
        duplicates=stories.duplicates,
        rejected=sum(faults.values()),
        rejected_by_reason={FAULTS[fault]: times for fault, times in sorted(faults.items())},
        by_status={row["status"]: int(row["n"]) for row in found},
        distinct_entries=sum(int(row["units"]) for row in found),
        most_unknown=[Unknown(row["key"].split(APART)[2], int(row["entries"])) for row in most.collect()],
        first_rejected=[],
    )


def _faults(pairs: DataFrame) -> dict[int, int]:
    bad = pairs.where("story_id IS NULL").groupBy("key").agg(spark.sum("entries"))
    return {int(key): int(times) for key, times in bad.collect()}


def _format(path: str) -> Format:
    form = format_of(path)
    if form is None:
        raise DataError(f"{path}: the name of a table ends in {ENDINGS}")
    return form


def _check_places(spark_session: SparkSession, source: str, target: str) -> None:
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
