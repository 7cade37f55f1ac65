"""Who was first and who was last: the moments of a story, side by side."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from service.core.bias import SIDES, Side


class Moment(Struct, frozen=True):
    """When an article appeared (UTC), and its index in the request."""

    published_at: datetime
    index: int


class Span(Struct, frozen=True):
    """The first and the last article, and how many have a date that counts."""

    first: Moment
    last: Moment
    dated: int


class Timeline(Struct, frozen=True):
    """Spans of all articles and of each tab; ``None`` where no date counts.

    ``undated`` articles have no date, ``flagged`` ones a date that cannot be right; neither counts.
    """

    all: Span | None
    left: Span | None
    center: Span | None
    right: Span | None
    unrated: Span | None
    undated: int
    flagged: int


def timeline(moments: Iterable[tuple[Moment, Side | None]], undated: int, flagged: int) -> Timeline:
    """The spans of ``moments``, each with the side of its article."""
    placed = list(moments)
    left, center, right, unrated = (
        _span([moment for moment, at in placed if at == side]) for side in (*SIDES, None)
    )
    return Timeline(_span([moment for moment, _ in placed]), left, center, right, unrated, undated, flagged)


def _span(moments: list[Moment]) -> Span | None:
    if not moments:
        return None
    ordered = sorted(moments, key=lambda moment: (moment.published_at, moment.index))
    latest = max(moments, key=lambda moment: (moment.published_at, -moment.index))
    return Span(ordered[0], latest, len(moments))
