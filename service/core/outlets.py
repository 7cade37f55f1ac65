"""Outlets and the ratings they carry: frozen records."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from service.core.bias import Label, Side, consensus, label_for, side_index, side_of

AliasKind = Literal["name", "host", "platform", "shortener", "ambiguous"]

DECIMALS = 4
"""Every published fraction and mean is rounded alike, so that comparisons between them hold."""


class Rating(Struct, frozen=True, gc=False):
    """One rater's judgement of one outlet: its own word, the value on our scale (−3…+3), when, and where."""

    rater: str
    label: str
    value: float
    as_of: str | None = None
    url: str | UnsetType = UNSET


class Bias(Struct, frozen=True, dict=True):
    """Where the enabled raters together put an outlet; ``spread`` is highest minus lowest value."""

    label: Label
    side: Side
    value: float
    spread: float
    ratings: tuple[Rating, ...]

    @cached_property
    def votes(self) -> tuple[tuple[str, int], ...]:
        """Each rater's id with the position of its side in ``SIDES``; not part of an answer."""
        return tuple((rating.rater, side_index(rating.value)) for rating in self.ratings)


class Outlet(Struct, frozen=True, gc=False):
    """A news organisation under the domain it is listed by; ``None`` means not known.

    ``lists`` counts the reference lists that name it, short ones twice.
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
    lists: int = 0

    @property
    def known(self) -> int:
        """Count its raters and the reference lists that name it: how well it is known."""
        return self.lists + (len(self.bias.ratings) if self.bias else 0)


class Rater(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who rates, and the terms under which the ratings may be used and shown."""

    id: str
    name: str
    holder: str
    licence: str
    commercial_use: bool
    attribution: str
    url: str
    scale: dict[str, float | None]
    weight: float = 1.0


class Alias(Struct, frozen=True, gc=False):
    """Another name or host of an outlet, or a host that is no outlet (platform, general shortener)."""

    alias: str
    kind: AliasKind
    domain: str | None = None


def combine(ratings: Sequence[Rating], raters: Mapping[str, Rater]) -> Bias | None:
    """The consensus of ``ratings`` by the enabled ``raters``; ``None`` when none of them rates it."""
    kept = tuple(rating for rating in ratings if rating.rater in raters)
    if not kept:
        return None
    values = [rating.value for rating in kept]
    value = consensus(values, [raters[rating.rater].weight for rating in kept])
    label = label_for(value)
    spread = max(values) - min(values)
    return Bias(label, side_of(label), round(value, DECIMALS), round(spread, DECIMALS), kept)
