"""Compares two versions of the data."""

import pandas as pd

from service.core.bias import VALUES
from service.dataset.schema import OPTIONAL_COLUMNS, TABLE_COLUMNS

# Domain, field, old cell, new cell.
Change = tuple[str, str, str, str]
# The field of a change that adds or removes an outlet. The cell is its name.
OUTLET_FIELD = "outlet"


def compare_tables(old: pd.DataFrame, new: pd.DataFrame) -> list[Change]:
    """List the outlets that came or went, then the cells that differ, column by column."""
    before, after = old.set_index("domain"), new.set_index("domain")
    changes = compare_rows(old, new, OUTLET_FIELD, "domain", "name", only_keys=True)
    both = before.index.intersection(after.index).sort_values()
    for column in TABLE_COLUMNS[1:]:
        if column in OPTIONAL_COLUMNS and not (before[column] != "").any():
            continue  # the older table did not have the column
        left, right = before.loc[both, column], after.loc[both, column]
        differ = left != right
        cells = zip(both[differ], left[differ], right[differ], strict=True)
        changes += [(domain, column, here, there) for domain, here, there in cells]
    return changes


def compare_rows(
    old: pd.DataFrame, new: pd.DataFrame, field: str, key: str, cell: str, *, only_keys: bool = False
) -> list[Change]:
    """Compare two files as sets of rows: a row that came or went is a change of ``field``.

    With ``only_keys`` a row whose key is in both has not changed.
    """
    before, after = (set(frame[[key, cell]].itertuples(index=False, name=None)) for frame in (old, new))
    gone = [(domain, field, text, "") for domain, text in before - after]
    came = [(domain, field, "", text) for domain, text in after - before]
    kept = set(old[key]) & set(new[key]) if only_keys else set()
    return sorted(change for change in (*gone, *came) if change[0] not in kept)


def count_steps(change: Change) -> int | None:
    """Count the steps (of seven) that a consensus moved. Return ``None`` when a rating came or went."""
    _, _, old, new = change
    return abs(VALUES[new] - VALUES[old]) if old in VALUES and new in VALUES else None
