"""An archive's stories counted by hand, as one would without the service.

    python -m bench.rivals.archive duckdb|polars|pandas IN OUT

Hosts by a regular expression, joined with the table, distinct outlets counted by side.
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


def with_duckdb(source: str, target: str) -> None:
    import duckdb  # noqa: PLC0415  # a process loads one of the three

    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(SQL.format(source=source, target=target))


def with_polars(source: str, target: str) -> None:
    import polars as pl  # noqa: PLC0415  # a process loads one of the three

    bias = pl.col("bias").fill_null("")
    (
        pl.scan_parquet(source)
        .select("story_id", host=pl.col("url").str.extract(HOST, 1))
        .unique()
        .join(pl.scan_csv(RATINGS).select("domain", "bias"), left_on="host", right_on="domain", how="left")
        .group_by("story_id")
        .agg(
            left=bias.str.ends_with("left").sum(),
            center=(bias == "center").sum(),
            right=bias.str.ends_with("right").sum(),
            unrated=(bias == "").sum(),
        )
        .sink_parquet(target)
    )


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
    {"duckdb": with_duckdb, "polars": with_polars, "pandas": with_pandas}[sys.argv[1]](*sys.argv[2:])
