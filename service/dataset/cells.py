"""Checks of single cells: each takes a cell and returns its fault, or ``None``."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from service.core.resolve.hosts import find_host, strip_www

Problem = tuple[str, str]
"""A fault, and the correction."""

MAX_CELL_LENGTH = 500
FORMULA_PREFIXES = ("=", "+", "-", "@")
ZERO_WIDTH_JOINERS = dict.fromkeys((0x200C, 0x200D), "")
"""Marks without ink that Persian and Indian scripts need between letters."""
MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
NUMBER_OR_DATE = re.compile(
    rf"[\d\s./,:%+-]+|\d+e\d+|{MONTH}[ -]?\d+|\d+[ -]{MONTH}|true|false", re.IGNORECASE
)
"""Names that a spreadsheet shows as something else."""
DATE_PATTERN = re.compile(r"\d{4}(-\d{2}){0,2}")


@lru_cache(maxsize=2**16)  # rater files name the table's outlets again
def check_domain(domain: str) -> Problem | None:
    """Check for a host in canonical form."""
    host = find_host(domain) if domain.isascii() else None
    if host is None or "/" in domain:
        return f"{domain[:80]!r} is not a host", "a domain such as reuters.com (punycode for other scripts)"
    if domain != strip_www(host):
        return f"{domain[:80]!r} is not in canonical form", f"{strip_www(host)!r}"
    return None


def check_text(text: str) -> Problem | None:
    """Check for text that is safe to show, and to open in a spreadsheet."""
    if not text.translate(ZERO_WIDTH_JOINERS).isprintable() or "\ufffd" in text:
        return "the text has a control or replacement character", "plain text in one encoding"
    if text != text.strip():
        return "the text starts or ends with a space", f"{text.strip()[:80]!r}"
    if text.startswith(FORMULA_PREFIXES):
        return (
            f"a spreadsheet reads {text[:40]!r} as a formula",
            "text that starts with a letter, digit or quote",
        )
    if len(text) > MAX_CELL_LENGTH:
        return f"the text has {len(text)} characters", f"at most {MAX_CELL_LENGTH}"
    return None


def check_name(name: str) -> Problem | None:
    """Check for a name that every program shows unchanged."""
    if not name:
        return "the name is empty", "the outlet's name"
    if NUMBER_OR_DATE.fullmatch(name):
        return f"a spreadsheet reads {name!r} as a number or a date", "words, such as '1945 (magazine)'"
    return None


def check_number(text: str) -> Problem | None:
    """Check for a plain decimal number."""
    if re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,6})?", text):
        return None
    return f"{text[:40]!r} is not a number", "a number such as -1.5"


def check_value(text: str, *, values: Collection[str]) -> Problem | None:
    """Check for one of a rater's ``values``, or an empty cell."""
    if not text or text in values:
        return None
    shown = sorted(values, key=float)
    return f"{text[:40]!r} is not on this rater's scale", f"one of {', '.join(shown)}, or an empty cell"


def check_rating_date(as_of: str, value: str) -> Problem | None:
    """Check for a date with every verdict, and for none without a verdict."""
    if bool(value) != bool(as_of):
        if value:
            return "the verdict has no date", "a date such as 2026-08-19, 2026-08 or 2026"
        return "there is a date but no verdict", "an empty cell, or the verdict"
    return check_date(as_of) if as_of else None


def check_factuality_date(as_of: str, value: str) -> Problem | None:
    """Check that a date comes with a factuality. A factuality may lack a date."""
    if as_of and not value:
        return "there is a date but no factuality", "an empty cell, or the factuality"
    return check_date(as_of) if as_of else None


def check_date(text: str) -> Problem | None:
    """Check for a day, a month or a year that exists."""
    try:
        if DATE_PATTERN.fullmatch(text) and date.fromisoformat(
            text + "-01-01"[len(text) - 10 :] * (len(text) < 10)
        ):
            return None
    except ValueError:
        pass
    return f"{text[:40]!r} is not a date", "a date such as 2026-08-19, 2026-08 or 2026"


def check_url(text: str) -> Problem | None:
    """Check for a web address."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname and " " not in text
    except ValueError:
        fine = False
    return None if fine else (f"{text[:80]!r} is not a link", "a link that starts with https://")


def check_owner_pair(ownership: str, owner: str) -> Problem | None:
    """Check that owner and kind of owner are both given, or neither."""
    if bool(owner) == bool(ownership):
        return None
    return "only one of owner and ownership is given", "fill in both or neither"
