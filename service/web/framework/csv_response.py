"""Answers as CSV, for people whose next program is a spreadsheet. Nothing else writes it here."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.web.middleware.request_body import JSON_TYPE

CSV_TYPE = "text/csv"
CSV_CONTENT_TYPE = f"{CSV_TYPE}; charset=utf-8"
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run."""

Row = Sequence[object]


@lru_cache(maxsize=256)
def prefers_csv(accepted: str) -> bool:
    """Tell whether a caller who sends this ``Accept`` would rather have CSV than JSON."""
    return parse_accept_header(accepted, MIMEAccept).best_match((JSON_TYPE, CSV_TYPE)) == CSV_TYPE


def to_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([escape_formula(cell) for cell in row] for row in rows)
    return out.getvalue()


def escape_formula(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula. ``None`` is empty."""
    if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES):
        return f"'{cell}"
    return cell
