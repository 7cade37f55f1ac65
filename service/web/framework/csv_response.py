"""Answers as CSV, for people whose next program is a spreadsheet. Nothing else writes it here."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.web.framework.bodies import JSON

CSV = "text/csv"
CSV_MEDIA = f"{CSV}; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run."""

Row = Sequence[object]


@lru_cache(maxsize=256)
def wants_csv(accepted: str) -> bool:
    """Tell whether a caller who sends this ``Accept`` would rather have CSV than JSON."""
    return parse_accept_header(accepted, MIMEAccept).best_match((JSON, CSV)) == CSV


def written(rows: Iterable[Row]) -> str:
    """Return rows as CSV (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def inert(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula. ``None`` is empty."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
