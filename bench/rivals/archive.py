"""An archive's stories counted by hand, as one would without the service.

    python -m bench.rivals.archive duckdb|duckdb-ids|polars|polars-ids|pandas IN OUT

Hosts by a regular expression, joined with the table, distinct outlets counted by side. Who knows that texts
are slow to compare makes numbers of the hosts first (``-ids``).
"""

import sys

RATINGS = "data/outlet_ratings.csv"
HOST = r"^https?://(?:www\.)?([^/?#]+)"
SQL = f"""
COPY (
  WITH hosts AS (
    SELECT story_id, regexp_extract(url, '{HOST}', 1) AS host FROM '{{source}}'
  ), outlets AS (
    SELECT DISTINCT story_id, host, r.bias FROM hosts LEFT JOIN '{RATINGS}' r ON host = r.domain
  )
  SELECT story_id,
    count(*) FILTER (bias LIKE '%left') AS "left", count(*) FILTER (bias = 'center') AS center,
    count(*) FILTER (bias LIKE '%right') AS "right", count(*) FILTER (bias IS NULL OR bias = '') AS unrated
  FROM outlets GROUP BY story_id
) TO '{{target}}' (FORMAT parquet)
"""

IDS_SQL = f"""
CREATE TEMP TABLE entries AS SELECT story_id, regexp_extract(url, '{HOST}', 1) AS host FROM '{{source}}';
CREATE TYPE host AS ENUM (SELECT DISTINCT host FROM entries);
CREATE TEMP TABLE sides AS SELECT r.domain::host AS host, r.bias FROM '{RATINGS}' r
  WHERE r.domain IN (SELECT unnest(enum_range(NULL::host))::varchar);
COPY (
  WITH outlets AS (SELECT DISTINCT story_id, host::host AS host FROM entries)
  SELECT story_id,
    count(*) FILTER (bias LIKE '%left') AS "left", count(*) FILTER (bias = 'center') AS center,
    count(*) FILTER (bias LIKE '%right') AS "right", count(*) FILTER (bias IS NULL OR bias = '') AS unrated
  FROM outlets LEFT JOIN sides USING (host) GROUP BY story_id
) TO '{{target}}' (FORMAT parquet)
"""


def with_duckdb(source: str, target: str, sql: str = SQL) -> None:
    import duckdb  # noqa: PLC0415  # a process loads one of the three

    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(sql.format(source=source, target=target))


def with_duckdb_ids(source: str, target: str) -> None:
    with_duckdb(source, target, IDS_SQL)


def with_polars(source: str, target: str, *, ids: bool = False) -> None:
    import polars as pl  # noqa: PLC0415  # a process loads one of the three

    hosts = pl.Categorical(pl.Categories("hosts"))
    host, domain, bias = pl.col("url").str.extract(HOST, 1), pl.col("domain"), pl.col("bias").fill_null("")
    if ids:
        host, domain = (text.cast(hosts).to_physical() for text in (host, domain))
    (
        pl.scan_parquet(source)
        .select("story_id", host=host)
        .unique()
        .join(pl.scan_csv(RATINGS).select("bias", host=domain), on="host", how="left")
        .group_by("story_id")
        .agg(
            left=bias.str.ends_with("left").sum(),
            center=(bias == "center").sum(),
            right=bias.str.ends_with("right").sum(),
            unrated=(bias == "").sum(),
        )
        .sink_parquet(target)
    )


def with_polars_ids(source: str, target: str) -> None:
    with_polars(source, target, ids=True)


def with_pandas(source: str, target: str) -> None:
    import pandas as pd  # noqa: PLC0415  # a process loads one of the three

    rows = pd.read_parquet(source)
    rows["host"] = rows.pop("url").str.extract(HOST, expand=False)
    ratings = pd.read_csv(RATINGS, usecols=["domain", "bias"])
    outlets = rows.drop_duplicates().merge(ratings, left_on="host", right_on="domain", how="left")
    bias = outlets["bias"].fillna("")
    sides = outlets[["story_id"]].assign(
        left=bias.str.endswith("left"),
        center=bias == "center",
        right=bias.str.endswith("right"),
        unrated=bias == "",
    )
    sides.groupby("story_id").sum().reset_index().to_parquet(target)


if __name__ == "__main__":
    library, *paths = sys.argv[1:]
    globals()[f"with_{library.replace('-', '_')}"](*paths)
