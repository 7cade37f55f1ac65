"""Builds the table from rater files and facts: one row an outlet, the same bytes for the same input."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from service.core.bias import consensus, label_for
from service.dataset import schema
from service.dataset.file_reader import raise_if_any
from service.dataset.rater_files import check_description, check_ratings, read_description
from service.dataset.tables import check_cells, check_keys, read_file, to_csv

# A name with a note behind it, as in "Pravda (Slovakia)".
BRACKETED_NOTE = re.compile(r"^(?P<name>.*\S) [(\[](?P<note>[^()\[\]]+)[)\]]$")


def build_table(data: Path) -> str:
    """Build the text of ``outlet_ratings.csv`` from the rater files and facts in ``data``.

    Raise ``InvalidDataError`` when one of these files has a fault.
    """
    excluded = set(_read_facts(data, "excluded").index)
    moved = _read_facts(data, "moved")["to"]
    table = _read_facts(data, "outlets").join(_read_facts(data, "disambiguation"), how="left")
    for rater in schema.SHIPPED_RATERS:
        table = _join_ratings(table, _read_ratings(data, rater, moved, excluded), rater)
    facts: Any = [
        _read_facts(data, "ownership")[["owner", "ownership"]],
        _read_facts(data, "state_media")[["state_media"]],
        _read_facts(data, "closed")[["closed_on"]].assign(status="closed"),
    ]
    table = table.join(facts, how="left").fillna("")
    table["bias"] = [
        _consensus_label(values) for values in table[list(schema.SHIPPED_RATERS)].itertuples(index=False)
    ]
    # An outlet that no file names any more was dropped by its rater, and goes.
    table = table[~table.index.isin(excluded) & (table["name"] != "")].sort_index()
    records: list[Any] = table.reset_index(names="domain")[list(schema.TABLE_COLUMNS)].to_dict("records")
    return to_csv(schema.TABLE_COLUMNS, records)


def _read_facts(data: Path, name: str) -> pd.DataFrame:
    """Read one file of facts, indexed by domain."""
    frame, path = read_file(data, f"facts/{name}.csv"), str(data / f"facts/{name}.csv")
    raise_if_any([*check_keys(frame, path), *check_cells(frame, path)])
    return frame.set_index("domain")


def _read_ratings(data: Path, rater: str, moved: "pd.Series[Any]", excluded: set[str]) -> pd.DataFrame:
    """Return a rater's values by today's domain of each outlet.

    A verdict under that domain comes before one under a former domain.
    """
    path = data / f"raters/{rater}.csv"
    description = read_description(path.with_suffix(".json"))
    frame = read_file(data, f"raters/{rater}.csv")
    raise_if_any(check_description(description, str(path.with_suffix(".json")), rater))
    raise_if_any(check_ratings(frame, description, str(path)))
    former = frame["domain"]
    today = former.map(moved).fillna(former)
    superseded = (today != former) & today.isin(former)
    frame["domain"] = today
    # What a rater notes behind a name is no part of it.
    frame[["listed", "note"]] = frame["name"].str.extract(BRACKETED_NOTE)
    frame["listed"] = frame["listed"].fillna(frame["name"])
    value = frame["label"].map(description.scale).astype(float)
    frame[rater] = value.map("{:g}".format).where(value.notna(), "")
    frame[f"{rater}_as_of"] = frame["as_of"].where(value.notna(), "")
    kept = frame[~former.isin(excluded) & ~superseded]
    return kept.set_index("domain")[["listed", "note", rater, f"{rater}_as_of"]]


def _join_ratings(table: pd.DataFrame, ratings: pd.DataFrame, rater: str) -> pd.DataFrame:
    """Add one rater's columns to ``table``. A name from the facts is kept."""
    joined = table.join(ratings, how="outer").fillna("")
    is_named = joined["name"] != ""
    joined["name"] = joined["name"].where(is_named, joined["listed"])
    joined["disambiguation"] = joined["disambiguation"].where(is_named, joined["note"])
    return joined.drop(columns=["listed", "note"])


def _consensus_label(values: tuple[str, ...]) -> str:
    """Return the consensus label of the shipped raters that give a value."""
    given = [float(value) for value in values if value]
    return label_for(consensus(given)) if given else ""
