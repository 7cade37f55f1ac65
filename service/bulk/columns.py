"""The columns of a caller's table, and why a row of it may not count."""

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw
from msgspec import Struct

from service.core.errors import DataError

Frame = nw.LazyFrame[Any]  # of any kind; narwhals' eager frames have the same methods

# The fields of an entry, in the order in which they are tried.
FIELDS = ("url", "domain", "name")

# A row carries the index of its reason; 0 when nothing is wrong.
REJECT_REASONS = (
    "",
    "no story_id",
    "no entry",
    "not UTF-8",
    "not JSON",
    "a value of the wrong type",
    "not as many fields as the header",
    "a quote without its end",
)

# Columns that a reader of files adds: the number of the row (from 1), its file, and its fault.
ROW, FILE, FAULT = "_slantwise_row", "_slantwise_file", "_slantwise_fault"


class Columns(Struct, frozen=True):
    """Name of the column that holds each part of an entry. ``None``: the table has no such column."""

    story_id: str = "story_id"
    url: str | None = None
    domain: str | None = None
    name: str | None = None

    @property
    def entry(self) -> dict[str, str]:
        given = ((field, getattr(self, field)) for field in FIELDS)
        return {field: column for field, column in given if column is not None}

    @property
    def by_role(self) -> dict[str, str]:
        return {"story_id": self.story_id, **self.entry}

    def check_against(self, names: Iterable[str]) -> "Columns":
        """Return these columns, or those called as the fields are if none is named.

        Raises ``DataError`` for a column that is not there.
        """
        present = [name for name in names if name not in (ROW, FILE, FAULT)]
        columns = self
        if not self.entry:
            columns = Columns(self.story_id, *(field if field in present else None for field in FIELDS))
        missing = [name for name in columns.by_role.values() if name not in present]
        if missing or not columns.entry:
            wanted = f"column {missing[0]!r}" if missing else "column of entries (url, domain or name)"
            hint = "--delimiter" if len(present) == 1 else "--story-id" if self.story_id in missing else ""
            hint = f"; {hint} says which it is" if hint else ""
            raise DataError(f"the table has no {wanted}; it has: {', '.join(present)[:500]}{hint}")
        return columns


def normalize_rows(frame: Frame, columns: Columns) -> Frame:
    """Return the rows with their columns called as the fields are, and ``fault``.

    That is an index of ``REJECT_REASONS``. Raises ``DataError`` for a column that is missing, or that
    holds lists or bytes.
    """
    schema = frame.collect_schema()
    columns = columns.check_against(schema.names())
    for name in columns.by_role.values():
        if schema[name].is_nested() or schema[name] in (nw.Binary, nw.Object):
            raise DataError(f"column {name!r} holds {schema[name]} values; texts are wanted")
    # Ids are grouped and compared: categories are texts, and what is not a number is a gap.
    story, kind = nw.col(columns.story_id), schema[columns.story_id]
    story = story.cast(nw.String) if kind in (nw.Categorical, nw.Enum) else _skip_nan(story, kind)
    texts = (
        _skip_nan(nw.col(column), schema[column]).cast(nw.String).alias(field)
        for field, column in columns.entry.items()
    )
    own = {ROW: "row", FILE: "file", FAULT: "fault"}
    added = (nw.col(name).alias(role) for name, role in own.items() if name in schema.names())
    picked = frame.select(story.alias("story_id"), *texts, *added)
    empty = reduce(and_, (nw.col(field).is_null() for field in columns.entry))
    fault = nw.when(empty).then(nw.lit(2)).otherwise(nw.lit(0))
    fault = nw.when(nw.col("story_id").is_null()).then(nw.lit(1)).otherwise(fault)
    if FAULT in schema.names():
        fault = nw.when(nw.col("fault") > 0).then(nw.col("fault")).otherwise(fault)
    return picked.with_columns(fault.cast(nw.Int64).alias("fault"))


def _skip_nan(column: nw.Expr, kind: Any) -> nw.Expr:
    return nw.when(~column.is_nan()).then(column) if kind.is_float() else column
