"""Date a story's articles: the first and the last of each side."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.coverage.dates import EARLIEST, LATEST

Flag = Literal["future", "ancient", "unreadable", "no_zone"]

# Without ``as_of``: how far from the middle of its story a date may lie without a flag.
MAX_STORY_LENGTH = timedelta(days=366)


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
