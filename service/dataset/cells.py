"""What may stand in one cell: the cell in, what is wrong with it out; ``None`` when nothing is."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from service.core.resolve.hosts import bare, host_of

Wrong = tuple[str, str]
"""What is wrong, and what would be right."""

LONGEST_CELL = 500
FORMULA = ("=", "+", "-", "@")
JOINERS = dict.fromkeys((0x200C, 0x200D), "")
"""Marks without ink that Persian and Indian scripts need between letters."""
MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
FIGURE = re.compile(rf"[\d\s./,:%+-]+|\d+e\d+|{MONTH}[ -]?\d+|\d+[ -]{MONTH}|true|false", re.IGNORECASE)
"""Names that a spreadsheet shows as something else."""
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@lru_cache(maxsize=2**16)  # rater files name the table's outlets again
def domain_fault(domain: str) -> Wrong | None:
    """A host in its one form."""
    host = host_of(domain) if domain.isascii() else None
    if host is None or "/" in domain:
        return f"{domain[:80]!r} is no host", "a domain such as reuters.com (punycode for other scripts)"
    if domain != bare(host):
        return f"{domain[:80]!r} is not in its one form", f"{bare(host)!r}"
    return None


def text_fault(text: str) -> Wrong | None:
    """Text that is safe to show, and to open in a spreadsheet."""
    if not text.translate(JOINERS).isprintable() or "\ufffd" in text:
        return "there is a control or replacement character", "plain text in one encoding"
    if text != text.strip():
        return "there is space around the text", f"{text.strip()[:80]!r}"
    if text.startswith(FORMULA):
        return (
            f"{text[:40]!r} is a formula to a spreadsheet",
            "text that starts with a letter, digit or quote",
        )
    if len(text) > LONGEST_CELL:
        return f"the text has {len(text)} characters", f"at most {LONGEST_CELL}"
    return None


def name_fault(name: str) -> Wrong | None:
    """A name that every program shows as it is."""
    if not name:
        return "there is no name", "give one"
    if FIGURE.fullmatch(name):
        return f"{name!r} is a number or a date to a spreadsheet", "words, such as '1945 (magazine)'"
    return None


def number_fault(text: str) -> Wrong | None:
    """A plain decimal number."""
    if re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,6})?", text):
        return None
    return f"{text[:40]!r} is no number", "a number such as -1.5"


def value_fault(text: str, *, values: Collection[str]) -> Wrong | None:
    """One of a rater's ``values``, or nothing."""
    if not text or text in values:
        return None
    shown = sorted(values, key=float)
    return f"{text[:40]!r} is no value on this rater's scale", f"one of {', '.join(shown)}, or nothing"


def dated_fault(as_of: str, value: str) -> Wrong | None:
    """A date for each verdict, and none without one."""
    if bool(value) != bool(as_of):
        return ("a verdict without a date", "its date") if value else ("a date without a verdict", "nothing")
    return date_fault(as_of) if as_of else None


def undated_fault(as_of: str, value: str) -> Wrong | None:
    """A date for what may be dated; none without it."""
    if as_of and not value:
        return "a date without a factuality", "nothing"
    return date_fault(as_of) if as_of else None


def date_fault(text: str) -> Wrong | None:
    """A day, a month or a year that exists."""
    try:
        if DATE.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 10 :] * (len(text) < 10)):
            return None
    except ValueError:
        pass
    return f"{text[:40]!r} is no date", "2026-08-19, 2026-08 or 2026"


def link_fault(text: str) -> Wrong | None:
    """A web address."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname and " " not in text
    except ValueError:
        fine = False
    return None if fine else (f"{text[:80]!r} is no link", "https://…")


def pair_fault(ownership: str, owner: str) -> Wrong | None:
    """Owner and kind of owner, or neither."""
    if bool(owner) == bool(ownership):
        return None
    return "owner and ownership do not come together", "fill in both or neither"
