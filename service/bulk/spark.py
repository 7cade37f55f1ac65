"""Tables on Spark, where one machine ends: the same pipeline on a session's own files.

Entries are resolved where the rows are: each executor has the catalog, and hands on stories and keys as
numbers. Figures are made there too. The driver sees the summary alone.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from hashlib import blake2b
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import narwhals as nw
import numpy as np
import polars as pl
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as spark

from service.bulk.columns import FAULT, FIELDS, REJECT_REASONS, Columns
from service.bulk.dataframe_adapters import Frame
from service.bulk.entry_coding import UNKNOWN, EntryCoder
from service.bulk.paths import ENDINGS, Format, parse_format
from service.bulk.pipeline import (
    ANSWER_TYPES,
    ONCE_COLUMNS,
    normalize_rows,
    summed_columns,
    to_figures,
    to_summed,
)
from service.bulk.summary import MAX_UNKNOWN, Summary, Totals, summarize
from service.core.answer import Options
from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import Match, MatchStatus

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

CORRUPT_COLUMN = "_slantwise_corrupt"
SPARK_FORMATS = {"csv": "csv", "parquet": "parquet", "ndjson": "json"}
SQL_TYPES = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string"}
COMPRESSIONS = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}

# Rows that an executor resolves together: the more, the fewer rows are shuffled.
ARROW_BATCH_ROWS = "100000"

# A key is twice the number of an outlet. Keys without an outlet begin here: 56 bits of a hash of what was
# said, and the status. The lowest bit says that each entry counts by itself.
HASHED = 2**62
STATUSES = get_args(MatchStatus)


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
    form = _require_format(str(target))
    _check_paths(spark_session, str(source), str(target))
    table = read_table(spark_session, str(source), columns, delimiter=delimiter, encoding=encoding)
    keyed = add_keys(nw.from_native(table), scorer, columns).persist()
    totals = Observation()
    sums = sum_by_story(keyed, scorer).observe(
        totals,
        spark.count("*").alias("stories"),
        spark.sum("entries").alias("entries"),
        spark.sum("duplicates").alias("duplicates"),
    )
    writer = add_figures(sums).write.format(SPARK_FORMATS[form.kind])
    if form.kind != "parquet":
        writer = writer.options(header=True, sep=form.delimiter, compression=COMPRESSIONS[form.packed])
    writer.save(str(target))
    summary = _summarize(keyed, Totals(**{name: n or 0 for name, n in totals.get.items()}), scorer)
    keyed.unpersist()
    return summary


def score_spark_frame(frame: Frame, scorer: Scorer, columns: Columns) -> tuple[DataFrame, dict[int, int]]:
    """One row a story, and the number of rows with each fault."""
    keyed = add_keys(frame, scorer, columns).persist()
    bad = keyed.where("key < 0").groupBy("key").agg(spark.sum("entries"))
    return add_figures(sum_by_story(keyed, scorer)), {-key: times for key, times in bad.collect()}


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


def add_keys(frame: Frame, scorer: Scorer, columns: Columns) -> DataFrame:
    """Resolve rows on the executors, into the number of entries of each story and key.

    The key of a fault is below zero. A row with a ``text`` tells what an unknown key means.
    """
    native: DataFrame = normalize_rows(frame, columns).to_native()
    native.sparkSession.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ARROW_BATCH_ROWS)
    kind = native.schema["story_id"].dataType.simpleString()
    schema = f"story_id {kind}, key bigint, entries bigint, text string"
    return native.mapInArrow(make_resolver(scorer.catalog, scorer.options), schema)


def sum_by_story(keyed: DataFrame, scorer: Scorer) -> DataFrame:
    """Return one row a story with the sums over its units."""
    # Rows are shuffled once, as numbers: both groups are of one story.
    rows = keyed.where("key >= 0 AND text IS NULL").repartition("story_id")
    summed = list(summed_columns(len(scorer.raters)))
    units = rows.groupBy("story_id", "key").agg(spark.sum("entries").alias("entries"))
    units = units.join(_added_table(keyed.sparkSession, scorer), "key", "left").fillna(0, summed)
    total = (spark.col("key") % 2) * (spark.col("entries") - 1) + 1
    is_rated = reduce(add, map(spark.col, SIDES))
    added = [spark.sum(spark.col(name) * total).alias(name) for name in summed]
    own = [spark.sum("entries").alias("entries"), spark.sum(total).alias("total")]
    own += [spark.sum(is_rated).alias("outlets"), spark.sum(is_rated * total * total).alias("squares")]
    once = []
    for side, name in zip(SIDES, ONCE_COLUMNS, strict=True):
        owned = spark.when(spark.col(side) * spark.isnotnull("owner").cast("int") > 0, spark.col("owner"))
        alone = spark.sum(spark.when(owned.isNull(), spark.col(side) * total).otherwise(0))
        once.append((alone + spark.size(spark.collect_set(owned))).cast("bigint").alias(name))
    sums = units.groupBy("story_id").agg(*added, *own, *once).withColumn("rated", is_rated)
    unrated, duplicates = (spark.col(a) - spark.col(b) for a, b in (("total", "rated"), ("entries", "total")))
    return sums.withColumns({"unrated": unrated, "duplicates": duplicates})


def add_figures(sums: DataFrame) -> DataFrame:
    """Turn one row of sums a story into one of the answer's figures, on the executors."""
    kinds = {name: SQL_TYPES[kind] for name, kind in ANSWER_TYPES.items()}
    columns = {"story_id": dict(sums.dtypes)["story_id"], **kinds}
    return sums.mapInArrow(compute_figures, ", ".join(f"`{name}` {kind}" for name, kind in columns.items()))


def make_resolver(catalog: Catalog, options: Options) -> Any:
    """Return what an executor does with batches of rows. Spark sends it the data of the catalog once."""
    data = tuple(catalog.outlets.values()), catalog.aliases, tuple(catalog.raters.values())
    namesakes = catalog.namesakes

    def resolve(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        coder: _GlobalCoder | None = None
        for batch in batches:
            rows = pl.DataFrame(batch)
            if coder is None:
                fields = [field for field in FIELDS if field in rows.columns]
                coder = _GlobalCoder(fields, Scorer(Catalog(*data, namesakes=namesakes), options))
            yield from coder.encode(rows).to_arrow().to_batches()

    return resolve


def compute_figures(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    for batch in batches:
        if batch.num_rows:
            yield from to_figures(pl.DataFrame(batch)).to_arrow().to_batches()


class _GlobalCoder:
    """Keys that are the same on all executors. Each entry is resolved once, in whatever batch it comes."""

    def __init__(self, fields: Sequence[str], scorer: Scorer) -> None:
        self.coder = EntryCoder(fields, scorer)
        self.outlets = _number_outlets(scorer)
        self.units, self.unknown = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def encode(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the entries of each story and key, and the text of each unknown key that is new here."""
        coded = self.coder.encode_rows(rows.lazy()).group_by("story_id", "key").len("entries").collect()
        units = self.coder.units().select("status", "outlet", "each", "unit")
        texts = self.coder.unknown()["text"][len(self.unknown) :]
        each = units["each"][-1]
        made = [self._make_key(*unit) for unit in units[len(self.units) : -1].rows()]
        self.units = np.append(self.units, np.array(made, np.int64))
        new = np.array([_hash_key("unknown", each, text) for text in texts], np.int64)
        self.unknown = np.append(self.unknown, new)
        key = coded["key"].to_numpy().astype(np.int64)
        listed, beyond = (key >= 0) & (key < UNKNOWN), key >= UNKNOWN
        key[listed] = self.units[key[listed]]
        key[beyond] = self.unknown[key[beyond] - UNKNOWN]
        none = pl.Series([None], dtype=rows.schema["story_id"]).extend_constant(None, len(new))[: len(new)]
        told = pl.DataFrame(
            {"story_id": none, "key": new, "entries": np.zeros(len(new), np.int64), "text": texts}
        )
        counted = coded.select("story_id", pl.Series("key", key), pl.col("entries").cast(pl.Int64))
        return pl.concat([counted.with_columns(pl.lit(None, pl.String).alias("text")), told])

    def _make_key(self, status: str, outlet: str | None, each: int, unit: str) -> int:
        return 2 * self.outlets[outlet] + each if outlet else _hash_key(status, each, unit)


def _hash_key(status: str, each: int, text: str) -> int:
    digest = blake2b(text.encode(), digest_size=7).digest()
    return HASHED | int.from_bytes(digest) << 4 | STATUSES.index(status) << 1 | each


def _number_outlets(scorer: Scorer) -> dict[str, int]:
    domains = dict.fromkeys((*scorer.catalog.outlets, *scorer.overrides))
    return {domain: number for number, domain in enumerate(domains)}


def _added_table(spark_session: SparkSession, scorer: Scorer) -> DataFrame:
    """Return what each rated unit adds to its story. All others add nothing. It is as long as the catalog."""
    rows: list[tuple[int | None, ...]] = []
    owners = {owner: number for number, owner in enumerate(scorer.catalog.owners.values())}
    for domain, number in _number_outlets(scorer).items():
        known = scorer.catalog.outlets.get(domain)
        outlet = scorer.get_outlet(Match("found" if known else "unknown", domain, known))
        if outlet and outlet.bias:
            own = owners.get(scorer.catalog.owners.get(domain, ""))
            rows += [(2 * number + each, own, *to_summed(scorer, outlet.bias)) for each in (0, 1)]
    names = ("key", "owner", *summed_columns(len(scorer.raters)))
    schema = ", ".join(f"`{name}` bigint" for name in names)
    return spark_session.createDataFrame(rows, schema).hint("broadcast")


def _summarize(keyed: DataFrame, totals: Totals, scorer: Scorer) -> Summary:
    """Add up what became of the rows. Only a line a status and the most frequent unknown ones come here."""
    keys = keyed.groupBy("key").agg(spark.sum("entries").alias("n"), spark.max("text").alias("text"))
    rated = _added_table(keyed.sparkSession, scorer).select("key", spark.lit(1).alias("rated"))
    key, status = spark.col("key"), spark.shiftright("key", 1) % 8 + 2
    kind = (
        spark.when(key < 0, key).when(key >= HASHED, status).otherwise(spark.coalesce("rated", spark.lit(0)))
    )
    kinds = keys.join(rated, "key", "left").groupBy(kind).agg(spark.sum("n"), spark.count("*")).collect()
    most = keys.where("text IS NOT NULL").orderBy(spark.desc("n"), "text").limit(MAX_UNKNOWN).collect()
    return summarize(
        totals,
        by_status={("unrated", "rated", *STATUSES)[kind]: int(n) for kind, n, _ in kinds if kind >= 0},
        faults={-kind: int(n) for kind, n, _ in kinds if kind < 0},
        distinct_entries=sum(distinct for kind, _, distinct in kinds if kind >= 0),
        unknown=[(row["text"], int(row["n"])) for row in most],
        rejected=[],
    )


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
