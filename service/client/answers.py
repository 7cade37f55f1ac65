"""The API's answers as typed values.

Words such as ``status`` or ``label`` are plain text here, because a newer server may know more of them.
Fields that this client does not know are left out.
"""

from typing import Any

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One fault of a request: its place (JSON pointer, RFC 6901) and the correction."""

    pointer: str
    detail: str


class Problem(Struct, frozen=True):
    """A problem instead of an answer (RFC 9457)."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    request_id: str | None = None
    errors: tuple[Fault, ...] = ()


class BySide(Struct, frozen=True):
    """A whole number for each side, a count or a percentage."""

    left: int
    center: int
    right: int


class Counts(BySide, frozen=True):
    """Numbers of outlets by side. ``by_status`` counts every entry."""

    rated: int
    unrated: int
    total: int
    entries: int
    duplicates: int
    by_status: dict[str, int]


class RaterView(Struct, frozen=True):
    """The distribution by one rater alone, and the number of outlets it rates."""

    distribution: BySide | None
    rated: int


class SingleRater(Struct, frozen=True):
    """Outlets with a single rater, those near the center, and the percentages if these were Center."""

    rated: int
    near_center: int
    if_center: BySide | None


class Robustness(Struct, frozen=True):
    """Trust in the figure, with the reasons in words. Ranges are shares (0…1) by side."""

    level: str
    probability_leading: float | None
    reasons: tuple[str, ...]
    single_rater: SingleRater
    interval: dict[str, tuple[float, float]] | None
    bounds: dict[str, tuple[float, float]] | None
    by_rater: dict[str, RaterView]


class Rating(Struct, frozen=True):
    """One rater's judgement: its label, and the value on the scale (−3…+3)."""

    rater: str
    label: str
    value: float
    as_of: str | None


class Bias(Struct, frozen=True):
    """The raters' consensus on an outlet. ``spread`` is the highest minus the lowest value."""

    label: str
    side: str
    value: float
    spread: float
    ratings: tuple[Rating, ...]


class ScoredEntry(Struct, frozen=True, kw_only=True):
    """One entry of the sent list: its ``status``, and what is known about the outlet."""

    index: int
    input: str | dict[str, str]
    status: str
    domain: str | None = None
    name: str | None = None
    match: dict[str, Any] | None = None
    bias: Bias | None = None
    factuality: str | None = None
    country: str | None = None
    duplicate_of: int | None = None
    candidates: tuple[dict[str, str | None], ...] = ()
    more_candidates: int = 0
    hint: str | None = None


class Dataset(Struct, frozen=True):
    """Data and method behind an answer."""

    version: str
    sha256: str
    raters: tuple[str, ...]
    method: str
    commercial_use: bool


class Distribution(Struct, frozen=True, kw_only=True):
    """A percentage for each side of the rated outlets, how far to trust it, and the working."""

    headline: str | None
    sentence: str
    leading: tuple[str, ...]
    distribution: BySide | None
    counts: Counts
    shares: dict[str, dict[str, float] | None]
    spectrum: dict[str, int]
    mean: float | None
    robustness: Robustness
    outlets: tuple[ScoredEntry, ...] = ()
    notes: tuple[str, ...] = ()
    dataset: Dataset


class StoryResult(Struct, frozen=True, kw_only=True):
    """The answer to one story of a batch: a ``result`` with status 200, or a ``problem`` with its own."""

    id: str | None
    status: int
    result: Distribution | None = None
    problem: Problem | None = None
