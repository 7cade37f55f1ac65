"""What the Python client answers with: the API's answers, as typed values.

Words such as ``status`` or ``label`` are plain text here: a newer server may know more of them, and fields
that this client does not know are left out.
"""

from typing import Any

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One thing wrong with a request: where (JSON pointer, RFC 6901), and what would be right."""

    pointer: str
    detail: str


class Problem(Struct, frozen=True):
    """Why there is no answer (RFC 9457)."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    request_id: str | None = None
    errors: tuple[Fault, ...] = ()


class BySide(Struct, frozen=True):
    """A whole number for each side: a count, or a percentage."""

    left: int
    center: int
    right: int


class Counts(BySide, frozen=True):
    """How many outlets stand where; ``by_status`` tallies every entry."""

    rated: int
    unrated: int
    total: int
    entries: int
    duplicates: int
    by_status: dict[str, int]


class RaterView(Struct, frozen=True):
    """The distribution with one rater alone, and how many outlets that rater rates."""

    distribution: BySide | None
    rated: int


class SingleRater(Struct, frozen=True):
    """Outlets that one rater alone rates, those near the center, and the percentages if these were Center."""

    rated: int
    near_center: int
    if_center: BySide | None


class Robustness(Struct, frozen=True):
    """How far to trust the figure, with the reasons in words; ranges are shares (0…1) by side."""

    level: str
    probability_leading: float | None
    reasons: tuple[str, ...]
    single_rater: SingleRater
    interval: dict[str, tuple[float, float]] | None
    bounds: dict[str, tuple[float, float]] | None
    by_rater: dict[str, RaterView]


class Rating(Struct, frozen=True):
    """One rater's judgement: its own word, and the value on the scale (−3…+3)."""

    rater: str
    label: str
    value: float
    as_of: str | None


class Bias(Struct, frozen=True):
    """Where the raters together put an outlet; ``spread`` is highest minus lowest value."""

    label: str
    side: str
    value: float
    spread: float
    ratings: tuple[Rating, ...]


class ScoredEntry(Struct, frozen=True, kw_only=True):
    """One entry of the list that was sent: exactly one ``status``, and what is known of the outlet."""

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
    """Which data and method made the answer."""

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
    dataset: Dataset


class StoryResult(Struct, frozen=True, kw_only=True):
    """The answer to one story of a batch: a ``result`` with status 200, or a ``problem`` with its own."""

    id: str | None
    status: int
    result: Distribution | None = None
    problem: Problem | None = None
