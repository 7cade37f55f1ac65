"""Outlets, the ratings they carry, and the catalog that finds them.

A catalog is built once, at start-up or reload, and never changes afterwards: a request reads plain
dictionaries and frozen records only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, structs

from service.core.bias import Label, Side, consensus, label_for, side_index, side_of
from service.core.errors import DataError
from service.core.index import HostIndex, NameIndex

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
    """A news organisation under the domain it is listed by; ``None`` means not known."""

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


class Catalog:
    """Every outlet, found by host or by name, with the raters and version it was built from."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        aliases: Iterable[Alias] = (),
        raters: Iterable[Rater] = (),
        *,
        version: str = "0",
        sha256: str = "",
        created: str = "",
        files: Mapping[str, str] | None = None,
    ) -> None:
        self.outlets: dict[str, Outlet] = {outlet.domain: outlet for outlet in outlets}
        self.aliases: tuple[Alias, ...] = tuple(aliases)
        self.raters: dict[str, Rater] = {rater.id: rater for rater in raters}
        self.version = version
        self.sha256 = sha256
        for alias in self.aliases:
            if alias.domain and alias.domain not in self.outlets:
                raise DataError(f"alias {alias.alias!r}: {alias.domain} is not an outlet of the table")
        self.created = created
        self.files = dict(files or {})
        self.hosts = HostIndex(self.outlets, self.aliases)
        self.names = NameIndex(self.outlets, self.aliases)
        self._sides: dict[tuple[str, ...], tuple[int, int, int]] = {}

    def rated_by(self, raters: Sequence[str]) -> Callable[[Outlet], Outlet]:
        """A function that gives an outlet as these raters alone, of those enabled, would rate it."""
        chosen = {name: self.raters[name] for name in raters}
        if chosen == self.raters:
            return lambda outlet: outlet

        def rescored(outlet: Outlet) -> Outlet:
            ratings = outlet.bias.ratings if outlet.bias else ()
            return structs.replace(outlet, bias=combine(ratings, chosen))

        return rescored

    def sides_by(self, raters: tuple[str, ...]) -> tuple[int, int, int]:
        """How many outlets these raters put left, center and right; counted once, then remembered."""
        if raters not in self._sides:
            rescored = self.rated_by(raters)
            counts = Counter(bias.side for outlet in self.outlets.values() if (bias := rescored(outlet).bias))
            self._sides[raters] = (counts["left"], counts["center"], counts["right"])
        return self._sides[raters]
