"""Read the dates of a story's articles, flag those that cannot be right, and find the first and last."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from dateutil.parser import isoparser
from msgspec import Struct

from service.core.bias import SIDES, Side

Flag = Literal["future", "ancient", "unreadable", "no_zone"]

# Without ``as_of``: how far from the middle of its story a date may lie without a flag.
MAX_STORY_LENGTH = timedelta(days=366)
# The web is no older, and these rules will have been replaced by then.
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

MAX_DATE_LENGTH = 40

# A day and a time with a blank for the T, or before the zone: RFC 3339 allows it, SQL and news APIs write it.
SPACED = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ] ?((?:[01]\d|2[0-3]):\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?"
    r"(Z|[+-]\d\d:?(?:\d\d)?)?(?: ?(?:UTC|GMT))?",
    re.ASCII,
)
RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} (?:\d\d)?\d\d "
    r"\d\d:\d\d(?::\d\d)?(?P<zone> (?:GMT|UTC?|Z|[ECMP][SD]T|[+-]\d{4}))?",
    re.ASCII | re.IGNORECASE,
)
# As search engines print them: 02/11/2026, 11:40 AM, +0000 UTC; Feb 11, 2026.
PRINTED = (
    (
        "%m/%d/%Y, %I:%M %p, %z",
        re.compile(r"(\d\d/\d\d/\d{4}, \d\d:\d\d [AP]M, [+-]\d{4})(?: UTC)?", re.ASCII),
    ),
    ("%b %d, %Y", re.compile(r"([A-Z][a-z]{2} \d{1,2}, \d{4})", re.ASCII)),
    ("%B %d, %Y", re.compile(r"([A-Z][a-z]{3,8} \d{1,2}, \d{4})", re.ASCII)),
)
# A date without marks, as archives and GDELT write UTC.
UTC_DIGITS = re.compile(r"\d{14}", re.ASCII)
WHOLE_DAY = re.compile(r"\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d|\d{3})", re.ASCII)

NUMBER = re.compile(r"\d{9,13}(\.\d{1,9})?", re.ASCII)
# Parts of a second in which a number counts from 1970. No moment is between 1990 and 2040 in both.
UNIX_UNITS = (1, 1000)

_parse_iso = isoparser(sep="T").isoparse


def parse_date(given: str | float) -> datetime:
    """Return the moment in UTC that ``given`` names, without a zone where it names none.

    A text is ISO 8601, RFC 822, 14 digits or a date as search engines print it. A number, or a text of one,
    counts the seconds since 1970, or their thousandths. Raises ``ValueError``.
    """
    try:
        moment = from_unix_time(given) if isinstance(given, int | float) else parse_text(given.strip())
        return moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a date and time such as 2026-11-18T09:30:00Z") from None


def parse_text(text: str) -> datetime:
    """Return the moment of a text, without a zone where it has none."""
    if len(text) > MAX_DATE_LENGTH:
        raise ValueError
    if found := SPACED.fullmatch(text):
        day, time, zone = found.groups()
        named = zone or ("+00:00" if text[-3:] in ("UTC", "GMT") else "")
        return datetime.fromisoformat(f"{day}T{time}{named}")
    if found := RFC_822.fullmatch(text):
        moment = parsedate_to_datetime(text)
        # The zone -0000 says that the time is UTC, and the sender somewhere else.
        return moment if moment.tzinfo or not found["zone"] else moment.replace(tzinfo=UTC)
    if UTC_DIGITS.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if NUMBER.fullmatch(text):
        return from_unix_time(float(text))
    for form, printed in PRINTED:
        if found := printed.fullmatch(text):
            return datetime.strptime(found[1], form)
    if not WHOLE_DAY.match(text):
        raise ValueError
    return _parse_iso(text)


def from_unix_time(number: float) -> datetime:
    """Return the moment of a number in the first unit that makes it plausible."""
    for unit in UNIX_UNITS:
        if EARLIEST.timestamp() <= number / unit < LATEST.timestamp():
            return datetime.fromtimestamp(number / unit, UTC)
    if isinstance(number, int) and UTC_DIGITS.fullmatch(str(number)):
        return parse_text(str(number))
    raise ValueError


def flag_dates(dates: Sequence[datetime | None], as_of: datetime | None = None) -> list[Flag | None]:
    """Flag each date that cannot be right. A flagged date is kept but counts for no figure."""
    possible = sorted(date for date in dates if date and EARLIEST <= date < LATEST)
    middle = possible[(len(possible) - 1) // 2] if possible else EARLIEST
    first = max(EARLIEST, max(EARLIEST, as_of or middle) - MAX_STORY_LENGTH)
    last = as_of or middle + MAX_STORY_LENGTH
    return [_flag_date(date, first, last) if date else None for date in dates]


def _flag_date(date: datetime, first: datetime, last: datetime) -> Flag | None:
    return "ancient" if date < first else "future" if date > last or date >= LATEST else None


class Moment(Struct, frozen=True):
    """The time an article appeared (UTC), and its index in the request."""

    published_at: datetime
    index: int


class Span(Struct, frozen=True):
    """First and last article, and how many have a date that counts."""

    first: Moment
    last: Moment
    dated: int


class Timeline(Struct, frozen=True):
    """Spans of all articles and of each tab. ``None`` where no date counts.

    ``undated`` articles have no date, ``flagged`` ones a date that cannot be right or read. Neither counts.
    """

    all: Span | None
    left: Span | None
    center: Span | None
    right: Span | None
    unrated: Span | None
    undated: int
    flagged: int


def make_timeline(moments: Iterable[tuple[Moment, Side | None]], undated: int, flagged: int) -> Timeline:
    """Return the spans of ``moments``, each with the side of its article."""
    placed = list(moments)
    left, center, right, unrated = (
        _make_span([moment for moment, at in placed if at == side]) for side in (*SIDES, None)
    )
    return Timeline(
        _make_span([moment for moment, _ in placed]), left, center, right, unrated, undated, flagged
    )


def _make_span(moments: list[Moment]) -> Span | None:
    if not moments:
        return None
    ordered = sorted(moments, key=lambda moment: (moment.published_at, moment.index))
    latest = max(moments, key=lambda moment: (moment.published_at, -moment.index))
    return Span(ordered[0], latest, len(moments))
