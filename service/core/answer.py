"""The records an answer is made of: frozen, in the order and under the names the API shows."""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import UNSET, Struct, UnsetType, field

from service.core.bias import Label, Side
from service.core.figures import BySide, Shares, Unit
from service.core.outlets import Bias
from service.core.resolve.match import Candidate, EntryFields, MatchedBy, Ties
from service.core.robustness import Robustness

# Version of the rules; it changes when the same outlets and ratings would give another answer.
METHOD = "3"

Status = Literal["rated", "unrated", "unknown", "ambiguous", "platform", "invalid", "duplicate"]
STATUSES: tuple[Status, ...] = get_args(Status)


DetailLevel = Literal["full", "summary"]


class Options(Struct, frozen=True):
    """Options of the scoring.

    ``raters`` is a subset of those enabled. ``overrides``: domain → label, or ``None`` to leave the outlet
    out. ``country`` (ISO 3166-1 alpha-2) and ``region`` settle names that fit several outlets.
    ``ties`` may take the best known of them. Outlets below ``min_factuality`` count as unrated.
    """

    raters: tuple[str, ...] | None = None
    overrides: Mapping[str, str | None] = field(default_factory=dict)
    count_by: Unit = "outlet"
    detail: DetailLevel = "full"
    country: str | None = None
    ties: Ties = "never"
    region: str | None = None
    min_factuality: str | None = None


class ScoredEntry(Struct, frozen=True, gc=False):
    """One line of the caller's list: exactly one ``status``, and what is known of the outlet.

    ``candidates`` are outlets that go by the name, the best known first. ``more_candidates`` counts the rest.
    ``hint`` is said of an entry that looks like several.
    """

    index: int
    input: str | EntryFields
    status: Status
    domain: str | None = None
    name: str | None = None
    match: MatchedBy | None = None
    bias: Bias | None = None
    factuality: str | None = None
    country: str | None = None
    duplicate_of: int | None = None
    candidates: tuple[Candidate, ...] = ()
    more_candidates: int | UnsetType = UNSET
    hint: str | UnsetType = UNSET
    section: Literal["opinion"] | UnsetType = UNSET


class Counts(Struct, frozen=True, gc=False):
    """``total`` = rated + unrated. ``entries`` = total + duplicates. ``by_status`` tallies every entry.

    ``opinion`` counts the entries whose path is an opinion section's.
    """

    left: int
    center: int
    right: int
    rated: int
    unrated: int
    total: int
    entries: int
    duplicates: int
    by_status: dict[Status, int]
    opinion: int = 0


class DatasetUsed(Struct, frozen=True):
    """The data and method behind the answer, and whether all its raters allow commercial use.

    ``commercial_use`` is ``None`` where one of them has not said, and none forbids it. ``about`` says what
    ratings are of.
    """

    version: str
    sha256: str
    raters: tuple[str, ...]
    method: str
    commercial_use: bool | None
    about: str


class Links(Struct, frozen=True):
    """Addresses of this answer. ``page`` is ``None`` where the list is too long for one."""

    page: str | None
    bar_svg: str
    bar_png: str


class Distribution(Struct, frozen=True, kw_only=True):
    """A percentage for each side of the rated outlets, how far to trust it, and the working.

    ``notes`` names options that had no effect, and outlets that one leaves out.
    """

    headline: str | None
    sentence: str
    leading: tuple[Side, ...]
    distribution: BySide | None
    counts: Counts
    shares: Shares
    spectrum: dict[Label, int]
    mean: float | None
    robustness: Robustness
    outlets: list[ScoredEntry] | UnsetType = UNSET
    notes: tuple[str, ...] | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    dataset: DatasetUsed
