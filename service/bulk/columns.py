"""The columns of a caller's table, and what may be wrong with a row."""

from collections.abc import Iterable

from msgspec import Struct

from service.core.errors import DataError

FIELDS = ("url", "domain", "name")
"""The fields of an entry, in the order in which they are tried."""

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
"""Why a row is not counted; a row carries its place in this list, 0 when nothing is wrong."""

ROW, FILE, FAULT = "_slantwise_row", "_slantwise_file", "_slantwise_fault"
"""Columns that a reader of files adds: the number of the row (from 1), its file, and its fault."""


class Columns(Struct, frozen=True):
    """Name of the column that holds each part of an entry. ``None``: the table has no such column."""

    story_id: str = "story_id"
    url: str | None = None
    domain: str | None = None
    name: str | None = None

    @property
    def entry(self) -> dict[str, str]:
        """Field of an entry → the column that holds it."""
        given = ((field, getattr(self, field)) for field in FIELDS)
        return {field: column for field, column in given if column is not None}

    @property
    def by_role(self) -> dict[str, str]:
        """``story_id`` and each field of an entry → the column that holds it."""
        return {"story_id": self.story_id, **self.entry}

    def check_against(self, names: Iterable[str]) -> "Columns":
        """Return these columns, checked. With none named, those of ``names`` that are called as the fields
        are.

        Raises ``DataError`` for a column that is not there.
        """
        present = [name for name in names if name not in (ROW, FILE, FAULT)]
        columns = self
        if not self.entry:
            columns = Columns(self.story_id, *(field if field in present else None for field in FIELDS))
        missing = [name for name in (columns.story_id, *columns.entry.values()) if name not in present]
        if missing or not columns.entry:
            wanted = f"column {missing[0]!r}" if missing else "column of entries (url, domain or name)"
            raise DataError(f"the table has no {wanted}; it has: {', '.join(present)[:500]}")
        return columns
