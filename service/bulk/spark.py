"""Tables on Spark, where one machine ends: the same pipeline on a session's own files."""

from pathlib import Path

import narwhals as nw
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as spark

from service.bulk.engines import kept, rows
from service.bulk.entries import Entries
from service.bulk.frame import answered, counted, prepared
from service.bulk.layout import FAULT, FAULTS, Columns
from service.bulk.summary import Summary, Totals, summary_of
from service.core.distribution import Scorer
from service.core.errors import DataError

CORRUPT = "_slantwise_corrupt"
FORMATS = {".csv": "csv", ".parquet": "parquet", ".ndjson": "json", ".jsonl": "json"}


def session(master: str) -> SparkSession:
    """A session on ``master``, such as ``local[2]``; or the one that runs already."""
    return SparkSession.builder.appName("slantwise bulk").master(master).getOrCreate()


def score_folder(
    spark_session: SparkSession, source: str | Path, target: str | Path, scorer: Scorer, columns: Columns
) -> Summary:
    """Score the table ``source`` into the folder ``target``; endings name the formats. Paths may be URLs.

    Spark's rows have no numbers, so that rejected ones are counted, not pointed out.
    """
    table = nw.from_native(read(spark_session, str(source), columns))
    entries = Entries(prepared(table, columns), scorer)
    sums = kept(counted(entries.coded(), entries.lookup))
    answered(sums).to_native().write.format(_format(str(target))).save(str(target))
    totals = rows(sums.select(nw.len().alias("n"), nw.col("entries").sum(), nw.col("duplicates").sum()))
    sums.to_native().unpersist()
    return summary_of(entries.lookup, entries.faults, Totals(*(int(figure or 0) for figure in totals[0])))


def read(spark_session: SparkSession, source: str, columns: Columns) -> DataFrame:
    """The table in ``source``; a line that Spark cannot read is a row with its fault."""
    kind = _format(source)
    reader = spark_session.read.format(kind).options(header=True, mode="PERMISSIVE")
    found = reader.load(source)
    if kind == "parquet":
        return found
    columns = columns.found_in(found.columns)
    wanted = found.columns if kind == "csv" else list(columns.by_part.values())
    schema = ", ".join(f"`{name}` string" for name in (*wanted, CORRUPT))
    lines = reader.options(columnNameOfCorruptRecord=CORRUPT, enforceSchema=True).schema(schema).load(source)
    fault = FAULTS.index("not JSON" if kind == "json" else "not as many fields as the header")
    broken = spark.when(spark.col(CORRUPT).isNotNull(), fault).otherwise(0).cast("bigint")
    return lines.select(*(spark.col(f"`{name}`") for name in columns.by_part.values()), broken.alias(FAULT))


def _format(path: str) -> str:
    suffix = Path(path).suffix
    if suffix not in FORMATS:
        raise DataError(f"{path}: the name of a table ends in {', '.join(FORMATS)}")
    return FORMATS[suffix]
