"""Compares two versions of the data."""

from pathlib import Path

import pandas as pd
from msgspec import Struct

from service.core.bias import VALUES
from service.dataset.schema import OPTIONAL_COLUMNS, SHIPPED_RATERS, TABLE_COLUMNS
from service.dataset.tables import read_csv

Change = tuple[str, str, str, str]
"""Domain, column, old cell, new cell."""


class Difference(Struct, frozen=True):
    """Differences between two tables. ``moved`` has the longest moves first.

    ``added`` and ``removed`` map an outlet's domain to its name.
    """

    added: dict[str, str]
    removed: dict[str, str]
    moved: tuple[Change, ...]
    ratings: tuple[Change, ...]
    facts: tuple[Change, ...]


def compare_tables(old: Path, new: Path) -> Difference:
    """Compare two tables. Raise ``InvalidDataError`` when one cannot be read."""
    return compare_frames(read_csv(old, TABLE_COLUMNS), read_csv(new, TABLE_COLUMNS))


def compare_frames(old: pd.DataFrame, new: pd.DataFrame) -> Difference:
    before, after = old.set_index("domain"), new.set_index("domain")
    both = before.index.intersection(after.index).sort_values()
    left, right = before.loc[both], after.loc[both]
    changes = {column: _compare_columns(left[column], right[column]) for column in TABLE_COLUMNS[1:]}
    facts = [name for name in changes if name != "bias" and name not in RATING_COLUMNS]
    return Difference(
        added=_names_missing_in(after, before),
        removed=_names_missing_in(before, after),
        moved=tuple(sorted(changes["bias"], key=lambda change: (-(count_steps(change) or 0), change))),
        ratings=tuple(change for name in RATING_COLUMNS for change in changes[name]),
        facts=tuple(change for name in facts for change in changes[name]),
    )


RATING_COLUMNS = tuple(f"{rater}{end}" for rater in SHIPPED_RATERS for end in ("", "_as_of"))


def count_steps(change: Change) -> int | None:
    """Count the steps (of seven) that a consensus moved. Return ``None`` when a rating came or went."""
    _, _, old, new = change
    return abs(VALUES[new] - VALUES[old]) if old in VALUES and new in VALUES else None


def compare_rows(old: pd.DataFrame, new: pd.DataFrame, field: str, key: str, cell: str) -> list[Change]:
    """Compare two files as sets of rows: a row that came or went is a change of ``field``."""
    before, after = (set(frame[[key, cell]].itertuples(index=False, name=None)) for frame in (old, new))
    gone = [(domain, field, text, "") for domain, text in before - after]
    return sorted([*gone, *((domain, field, "", text) for domain, text in after - before)])


def _names_missing_in(here: pd.DataFrame, there: pd.DataFrame) -> dict[str, str]:
    """Return domain → name of the outlets that are ``here`` and not ``there``."""
    return {domain: here["name"][domain] for domain in here.index.difference(there.index)}


def _compare_columns(old: "pd.Series[str]", new: "pd.Series[str]") -> list[Change]:
    if old.name in OPTIONAL_COLUMNS and not (old != "").any():  # the older table did not have the column
        return []
    differ = old != new
    pairs = zip(old.index[differ], old[differ], new[differ], strict=True)
    return [(domain, str(old.name), before, after) for domain, before, after in pairs]
