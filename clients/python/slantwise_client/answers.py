"""The API's answers as typed values.

Words such as ``status`` or ``label`` are plain text here, because a newer server may know more of them.
Fields that this client does not know are left out.
"""

from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True)
class FieldError:
    """One fault of a request: its place (JSON pointer, RFC 6901) and the correction."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """A problem instead of an answer (RFC 9457)."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    request_id: str | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class BySide:
    """A whole number for each side, a count or a percentage."""

    left: int
    center: int
    right: int


@dataclass(frozen=True)
class Counts(BySide):
    """Numbers of outlets by side. ``by_status`` counts every entry."""

    rated: int
    unrated: int
    total: int
    entries: int
    duplicates: int
    by_status: dict[str, int]
    opinion: int


@dataclass(frozen=True)
class RaterView:
    """The distribution by one rater alone, and the number of outlets it rates."""

    distribution: BySide | None
    rated: int


@dataclass(frozen=True)
class SingleRater:
    """Outlets with a single rater, those near the center, and the percentages if these were Center."""

    rated: int
    near_center: int
    if_center: BySide | None


@dataclass(frozen=True)
class OwnersOnce:
    """The distribution with the outlets of one known owner on one side counted once, and how many fewer."""

    distribution: BySide | None
    merged: int


@dataclass(frozen=True)
class Robustness:
    """Trust in the figure, with the reasons in words. Ranges are shares (0…1) by side."""

    level: str
    probability_leading: float | None
    reasons: tuple[str, ...]
    single_rater: SingleRater
    interval: dict[str, tuple[float, float]] | None
    label_error: dict[str, tuple[float, float]] | None
    bounds: dict[str, tuple[float, float]] | None
    owners_once: OwnersOnce
    by_rater: dict[str, RaterView]


@dataclass(frozen=True)
class Rating:
    """One rater's judgement: its label, and the value on the scale (−3…+3)."""

    rater: str
    label: str
    value: float
    as_of: str | None
    url: str | None = None
    basis: str | None = None
    stale: bool = False


@dataclass(frozen=True)
class Bias:
    """The raters' consensus on an outlet. ``spread`` is the highest minus the lowest value."""

    label: str
    side: str
    value: float
    spread: float
    ratings: tuple[Rating, ...]
    evidence: str | None = None
    contested: bool = False


@dataclass(frozen=True, kw_only=True)
class ScoredEntry:
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
    section: str | None = None


@dataclass(frozen=True)
class Dataset:
    """Data and method behind an answer."""

    version: str
    sha256: str
    raters: tuple[str, ...]
    method: str
    commercial_use: bool | None
    about: str


@dataclass(frozen=True)
class Links:
    """Addresses of the answer below the service's: its page, if the list is short, and its bar."""

    page: str | None
    bar_svg: str
    bar_png: str


@dataclass(frozen=True, kw_only=True)
class Distribution:
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
    links: Links | None = None
    dataset: Dataset


@dataclass(frozen=True, kw_only=True)
class StoryResult:
    """The answer to one story of a batch: a ``result`` with status 200, or a ``problem`` with its own."""

    id: str | None
    status: int
    result: Distribution | None = None
    problem: Problem | None = None


def convert(kind: type[T], value: Any) -> T:
    """Convert a decoded JSON value to ``kind``. Raise ``ValueError`` when it has another shape."""
    try:
        return _convert(kind, value)  # type: ignore[no-any-return]  # by the fields' types
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def _convert(kind: Any, value: Any) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _convert(inside[0], value)
    if origin is tuple:
        return tuple(_convert(inside[0], item) for item in value)
    if origin is dict:
        return {name: _convert(inside[1], item) for name, item in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        present = (
            (name, field_kind) for name, field_kind, needed in _fields(kind) if needed or name in value
        )
        return kind(**{name: _convert(field_kind, value[name]) for name, field_kind in present})
    return value


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Return each field's name and type, and whether an answer must have it."""
    kinds = get_type_hints(kind)
    return tuple((field.name, kinds[field.name], field.default is MISSING) for field in fields(kind))
