"""Outlets and the ratings they carry: frozen records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import force_setattr

from service.core.bias import Label, Side, consensus, label_for, label_side, side_index

AliasKind = Literal["name", "host", "platform", "shortener", "ambiguous", "account"]

Evidence = Literal["agree", "one_rater", "one_center", "opposed"]

# Every ``factuality`` in the table is this rater's word.
FACTUALITY_RATER = "mbfc"

# Best first; other facts have no order of their own and go by frequency.
FACTUALITY = ("very_high", "high", "mostly_factual", "mixed", "low", "very_low")

StateMedia = Literal[
    "state_controlled", "state_captured", "state_funded_independent", "government", "disputed"
]
# Fields of an outlet besides its name and ratings.
FACT_FIELDS = ("factuality", "country", "language", "media_type", "owner", "ownership", "state_media")

# Every published fraction and mean is rounded alike, so that comparisons between them hold.
DECIMALS = 4

# Stands where a rater's id would: the caller's own label, which wins over every rater.
OVERRIDE = "override"


class Rating(Struct, frozen=True, gc=False):
    """One rater's judgement of one outlet: its own word, the value on our scale (−3…+3), when, and where.

    ``basis`` says how the verdict is known to be about this outlet where the rater lists it otherwise.
    ``stale`` marks a verdict that was older than two years on the day of the data's version.
    """

    rater: str
    label: str
    value: float
    as_of: str | None = None
    url: str | UnsetType = UNSET
    basis: str | UnsetType = UNSET
    stale: bool | UnsetType = UNSET


class Bias(Struct, frozen=True):
    """The consensus of the enabled raters about an outlet. ``spread`` is highest minus lowest value.

    ``evidence``: the raters ``agree`` on the side, there is ``one_rater``, some say the center and the others
    one side (``one_center``), or they are ``opposed``, which is also ``contested``. A caller's own label has
    none.
    """

    label: Label
    side: Side
    value: float
    spread: float
    ratings: tuple[Rating, ...]
    evidence: Evidence | None = None
    contested: bool | UnsetType = UNSET


class LabelPeriod(Struct, frozen=True, gc=False):
    """The period in which a rater gave an outlet one label. ``until`` is ``None`` for today's label.

    ``since`` is the first day on which it was seen, or "before" and the day on which the record starts.
    """

    rater: str
    label: str
    since: str | None = None
    until: str | None = None


class Outlet(Struct, frozen=True, gc=False):
    """A news organisation under the domain it is listed by. ``None`` means not known.

    ``lists`` counts the reference lists that name it, short ones twice. ``disambiguation`` tells it from
    others of its name. ``status`` is ``closed`` where it has closed, ``None`` where nobody looked.
    """

    domain: str
    name: str
    bias: Bias | None = None
    factuality: str | None = None
    country: str | None = None
    language: str | None = None
    media_type: str | None = None
    owner: str | None = None
    ownership: str | None = None
    state_media: str | None = None
    factuality_as_of: str | None = None
    lists: int = 0
    disambiguation: str | None = None
    status: str | None = None
    closed_on: str | None = None
    history: tuple[LabelPeriod, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with what tells it from others of that name, as in ``Pravda (Slovakia)``."""
        return f"{self.name} ({self.disambiguation})" if self.disambiguation else self.name

    @property
    def known(self) -> int:
        """Count its raters and the reference lists that name it: how well it is known."""
        return self.lists + (len(self.bias.ratings) if self.bias else 0)


class Rater(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rater, and the terms under which its ratings may be used and shown.

    ``licence`` and ``commercial_use`` are ``None`` where the holder has not said; ``terms`` then says what
    is known.
    """

    id: str
    name: str
    holder: str
    licence: str | None
    commercial_use: bool | None
    attribution: str
    url: str
    scale: dict[str, float | None]
    weight: float = 1.0
    terms: str = ""


def allow_commercial_use(raters: Iterable[Rater]) -> bool | None:
    """Combine terms: a rater that forbids commercial use decides, then one that is silent."""
    allowed = {rater.commercial_use for rater in raters}
    return False if False in allowed else None if None in allowed else True


class Change(Struct, frozen=True, gc=False):
    """One cell that differs between two versions of the data. Empty means there was nothing."""

    version: str
    domain: str
    field: str
    before: str
    after: str
    reason: str


class Alias(Struct, frozen=True, gc=False):
    """Another name or host of an outlet, or a host that belongs to none (platform, general shortener)."""

    alias: str
    kind: AliasKind
    domain: str | None = None


class Namesake(Struct, frozen=True, gc=False):
    """A name as a public list gives it, with the host or host/path of its bearer, whether listed here or not.

    ``place`` is a country or a state (ISO 3166: ``GB``, ``US-MA``), or empty.
    """

    name: str
    host: str
    place: str
    list: str
    date: str


def combine_ratings(ratings: Sequence[Rating], raters: Mapping[str, Rater]) -> Bias | None:
    """Return the consensus of ``ratings`` by the enabled ``raters``. ``None`` when none of them rates it."""
    kept = tuple(rating for rating in ratings if rating.rater in raters)
    if not kept:
        return None
    values = [rating.value for rating in kept]
    value = consensus(values, [raters[rating.rater].weight for rating in kept])
    label = label_for(value)
    spread, evidence = max(values) - min(values), weigh_evidence(values)
    contested = True if evidence == "opposed" else UNSET
    value, spread = round(value, DECIMALS), round(spread, DECIMALS)
    return Bias(label, label_side(label), value, spread, kept, evidence, contested)


def average_biases(biases: Sequence[Bias]) -> Bias:
    """Return the mean of several outlets' biases: of the consensus, and of each rater's values."""
    value = consensus([bias.value for bias in biases])
    by_rater: dict[str, list[float]] = {}
    for bias in biases:
        for rating in bias.ratings:
            by_rater.setdefault(rating.rater, []).append(rating.value)
    ratings = [Rating(rater, "mean", consensus(values)) for rater, values in by_rater.items()]
    label = label_for(value)
    return Bias(label, label_side(label), round(value, DECIMALS), 0.0, tuple(ratings))


def weigh_evidence(values: Sequence[float]) -> Evidence:
    """Classify how far the raters' values (−3…+3) agree on one side."""
    if len(values) == 1:
        return "one_rater"
    sides = {side_index(value) for value in values}
    return "agree" if len(sides) == 1 else "opposed" if {0, 2} <= sides else "one_center"


def share_values(outlets: Iterable[Outlet]) -> None:
    """Make equal values in the records of ``outlets`` one object each.

    Decoding makes a copy for each record, so that an answer is read from all over the memory. Shared ones
    stay in the processor's cache: a list that was never seen takes 4 % less time, from body to answer.
    """
    kept: dict[object, object] = {}

    def share(record: Struct, *fields: str) -> None:
        for field in fields:
            value = getattr(record, field)
            force_setattr(record, field, kept.setdefault(value, value))

    for outlet in outlets:
        share(outlet, "factuality", "country")
        if outlet.bias:
            share(outlet.bias, "value", "spread")
            for rating in outlet.bias.ratings:
                share(rating, "rater", "label", "value", "as_of")
