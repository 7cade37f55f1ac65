"""Read the dates that feeds and news APIs give their articles."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dateutil.parser import isoparser

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
"""The web is no older, and these rules will have been replaced by then."""

MAX_DATE_LENGTH = 40

ISO = re.compile(r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
RFC_822 = re.compile(
    r"([A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} (\d\d)?\d\d "
    r"\d\d:\d\d(:\d\d)? (GMT|UTC?|Z|[ECMP][SD]T|[+-]\d{4})",
    re.ASCII | re.IGNORECASE,
)
UTC_DIGITS = re.compile(r"\d{14}", re.ASCII)
"""A date without marks, as archives and GDELT write UTC."""

NUMBER = re.compile(r"\d{9,13}(\.\d{1,9})?", re.ASCII)
UNIX_UNITS = (1, 1000)
"""Parts of a second in which a number counts from 1970. No moment is between 1990 and 2040 in both."""

_parse_iso = isoparser(sep="T").isoparse


def parse_date(given: str | float) -> datetime:
    """Return the moment in UTC that ``given`` names. Raise ``ValueError`` where it names none, or no zone.

    A text is ISO 8601, RFC 822 or 14 digits. A number, or a text of one, counts the seconds since 1970, or
    their thousandths.
    """
    try:
        moment = from_unix_time(given) if isinstance(given, int | float) else parse_text(given)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a date and time with a zone, such as 2026-11-18T09:30:00Z") from None


def parse_text(text: str) -> datetime:
    """Return the moment of a text, without a zone where it has none."""
    if len(text) > MAX_DATE_LENGTH:
        raise ValueError
    if ISO.fullmatch(text):
        return datetime.fromisoformat(text)
    if RFC_822.fullmatch(text):
        moment = parsedate_to_datetime(text)
        # The zone -0000 says that the time is UTC, and the sender somewhere else.
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if UTC_DIGITS.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return from_unix_time(float(text)) if NUMBER.fullmatch(text) else _parse_iso(text)


def from_unix_time(number: float) -> datetime:
    """Return the moment of a number in the first unit that makes it plausible."""
    for unit in UNIX_UNITS:
        if EARLIEST.timestamp() <= number / unit < LATEST.timestamp():
            return datetime.fromtimestamp(number / unit, UTC)
    raise ValueError
