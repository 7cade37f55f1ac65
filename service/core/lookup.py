"""What is known of one outlet, and what one entry means or may mean."""

from weakref import WeakKeyDictionary

from msgspec import UNSET, Struct, UnsetType

from service.core.bias import Label, Side, side_index
from service.core.outlets import Outlet, Rater, Rating
from service.core.resolve import Ties, resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import Found, MatchedBy
from service.core.resolve.suggest import Suggester, Suggestion, candidates_of


class Verdict(Struct, frozen=True):
    """One rater's judgement and the terms under which it may be shown; ``link``: to it, or to the rater."""

    rater: str
    label: str
    value: float
    as_of: str | None
    holder: str
    licence: str
    commercial_use: bool
    attribution: str
    link: str


class BiasDetail(Struct, frozen=True):
    """The consensus, each verdict behind it, and how far the raters are apart in words."""

    label: Label
    side: Side
    value: float
    spread: float
    agreement: str
    ratings: tuple[Verdict, ...]


class OutletDetail(Struct, frozen=True):
    """Everything the table knows of one outlet; ``None`` means not known."""

    domain: str
    name: str
    bias: BiasDetail | None
    factuality: str | None
    country: str | None
    language: str | None
    media_type: str | None
    owner: str | None
    ownership: str | None
    state_media: str | None


def detail_of(outlet: Outlet, raters: dict[str, Rater]) -> OutletDetail:
    """Everything that is known of ``outlet``, with the terms of each of its raters."""
    return OutletDetail(
        outlet.domain,
        outlet.name,
        bias_of(outlet, raters),
        outlet.factuality,
        outlet.country,
        outlet.language,
        outlet.media_type,
        outlet.owner,
        outlet.ownership,
        outlet.state_media,
    )


def bias_of(outlet: Outlet, raters: dict[str, Rater]) -> BiasDetail | None:
    """The bias of ``outlet`` with the holder and terms of each verdict."""
    bias = outlet.bias
    if bias is None:
        return None
    verdicts = tuple(verdict_of(rating, raters[rating.rater]) for rating in bias.ratings)
    agreement = agreement_of(bias.spread, verdicts)
    return BiasDetail(bias.label, bias.side, bias.value, bias.spread, agreement, verdicts)


def verdict_of(rating: Rating, rater: Rater) -> Verdict:
    """A rating with its rater's terms."""
    return Verdict(
        rating.rater,
        rating.label,
        rating.value,
        rating.as_of,
        rater.holder,
        rater.licence,
        rater.commercial_use,
        rater.attribution,
        rating.url or rater.url,
    )


def agreement_of(spread: float, verdicts: tuple[Verdict, ...]) -> str:
    """How far the raters are apart, in words."""
    if len(verdicts) == 1:
        return f"only {verdicts[0].rater} rates this outlet"
    if spread == 0:
        return "the raters agree"
    low, high = min(verdicts, key=lambda v: v.value), max(verdicts, key=lambda v: v.value)
    apart = f"{low.rater} says {low.label}, {high.rater} says {high.label}: {spread:g} of 6 steps apart"
    return apart if side_index(low.value) == side_index(high.value) else f"{apart}, on different sides"


LONGEST_ENTRY = 2048

SUGGESTERS: WeakKeyDictionary[Catalog, Suggester] = WeakKeyDictionary()
"""One for the catalog that is served; it goes when the catalog goes."""


class Resolved(Struct, frozen=True):
    """What an entry means. ``candidates`` bear an ambiguous name, or have a name like an unknown one.

    ``more_candidates`` counts the bearers beyond these; ``hint`` is said of an entry that looks like several.
    """

    input: str
    status: Found
    domain: str | None
    name: str | None
    country: str | None
    match: MatchedBy | None
    candidates: list[Suggestion]
    more_candidates: int | UnsetType = UNSET
    hint: str | UnsetType = UNSET


def resolved(current: Catalog, entry: str, country: str | None = None, ties: Ties = "never") -> Resolved:
    """What ``entry`` means in a catalog; an unknown one with the outlets whose names look like it."""
    match = resolve(current, entry, country, ties)
    outlet = match.outlet
    unknown = match.status == "unknown" and match.hint is None
    return Resolved(
        input=entry,
        status=match.status,
        domain=outlet.domain if outlet else None,
        name=outlet.name if outlet else None,
        country=outlet.country if outlet else None,
        match=match.how,
        candidates=suggester(current).like(entry) if unknown else candidates_of(match),
        more_candidates=match.more or UNSET,
        hint=match.hint or UNSET,
    )


def suggester(current: Catalog) -> Suggester:
    """The suggester of a catalog, made when it is first asked for."""
    made = SUGGESTERS.get(current)
    if made is None:
        made = SUGGESTERS[current] = Suggester(current)
    return made
