"""One outlet in full, and the outlets that an entry means or may mean."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import UNSET, Struct, UnsetType

from service.core.bias import Label, Side, side_index
from service.core.outlets import FACTUALITY_RATER, Bias, Evidence, Outlet, Rater, Rating
from service.core.resolve import Ties, resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import MatchedBy, MatchStatus
from service.core.resolve.suggest import Suggester, Suggestion, to_suggestions


class RatingDetail(Struct, frozen=True, kw_only=True):
    """One rater's judgement in its own word, and the terms under which it may be shown.

    ``url`` is the rater's page about this outlet, ``None`` where it is not known (``link`` says the same).
    ``basis`` says how the verdict is known to be about this outlet where the rater lists it otherwise.
    ``as_of`` is the day on which the rater's listing was read. ``since`` is the first day on which this label
    was seen ("before" and the first day of the record, where it is older). ``stale`` marks a verdict that was
    older than two years on the day of the data's version.
    """

    rater: str
    label: str
    value: float
    as_of: str | None
    since: str | None
    stale: bool
    basis: str | None
    holder: str
    licence: str | None
    terms: str
    commercial_use: bool | None
    attribution: str
    url: str | None
    link: str | None
    rater_url: str


class BiasDetail(Struct, frozen=True):
    """The consensus, each verdict behind it, and how far the raters are apart in words."""

    label: Label
    side: Side
    value: float
    spread: float
    agreement: str
    evidence: Evidence | None
    contested: bool
    ratings: tuple[RatingDetail, ...]


class FactualityRating(Struct, frozen=True):
    """The rater of the factual reporting, its own word for it, and the date."""

    rater: str
    label: str
    as_of: str | None


class EarlierLabel(Struct, frozen=True):
    """A label that a rater no longer gives. ``until`` is the first day on which another one was seen."""

    rater: str
    label: str
    value: float | None
    since: str | None
    until: str | None


class Dispute(Struct, frozen=True):
    """The place to report an error: ``about`` is ``rating``, ``factuality`` or ``record``."""

    about: str
    rater: str | None
    turn_to: str
    url: str | None
    why: str


class OutletDetail(Struct, frozen=True, kw_only=True):
    """Everything the table knows of one outlet. ``None`` means not known."""

    domain: str
    name: str
    bias: BiasDetail | None
    factuality: str | None
    factuality_rating: FactualityRating | None
    country: str | None
    language: str | None
    media_type: str | None
    owner: str | None
    ownership: str | None
    state_media: str | None
    disambiguation: str | None
    status: str | None
    closed_on: str | None
    history: tuple[EarlierLabel, ...]
    dispute: tuple[Dispute, ...]


RECORD_DISPUTE = Dispute(
    about="record",
    rater=None,
    turn_to="the operator of this service",
    url=None,
    why=(
        "A name, host, owner or other fact is wrong, or a verdict is not what its rater says. Name the "
        "domain, what it should say, and the address and date of the source."
    ),
)


def make_outlet_detail(outlet: Outlet, raters: dict[str, Rater]) -> OutletDetail:
    """Return everything known of ``outlet``, with the terms of each of its raters."""
    factuality = None
    if outlet.factuality:
        word = outlet.factuality.replace("_", " ").title()
        factuality = FactualityRating(FACTUALITY_RATER, word, outlet.factuality_as_of)
    history = tuple(
        EarlierLabel(past.rater, past.label, raters[past.rater].scale.get(past.label), past.since, past.until)
        for past in outlet.history
        if past.until
    )
    own = {
        "bias": _describe_bias(outlet, raters),
        "factuality_rating": factuality,
        "history": history,
        "dispute": tuple(_list_disputes(outlet, raters)),
    }
    return OutletDetail(**{**_shared_fields(outlet, OutletDetail), **own})


def _shared_fields(record: Struct, kind: type[Struct]) -> dict[str, Any]:
    """Return the fields of ``record`` that a record of ``kind`` has too."""
    names = set(record.__struct_fields__) & set(kind.__struct_fields__)
    return {name: getattr(record, name) for name in names}


def _list_disputes(outlet: Outlet, raters: dict[str, Rater]) -> Iterator[Dispute]:
    judged = [("rating", raters[rating.rater]) for rating in (outlet.bias.ratings if outlet.bias else ())]
    if outlet.factuality and FACTUALITY_RATER in raters:
        judged.append(("factuality", raters[FACTUALITY_RATER]))
    for about, rater in judged:
        why = f"{rater.name} decides on its own {about}."
        why += " The next version of the data carries what it then says."
        yield Dispute(about, rater.id, rater.name, rater.url, why)
    yield RECORD_DISPUTE


def _describe_bias(outlet: Outlet, raters: dict[str, Rater]) -> BiasDetail | None:
    bias = outlet.bias
    if bias is None:
        return None
    since = {period.rater: period.since for period in outlet.history if period.until is None}
    own = {
        "agreement": _describe_agreement(bias, raters),
        "contested": bias.contested is True,
        "ratings": tuple(
            _describe_rating(rating, raters[rating.rater], since.get(rating.rater)) for rating in bias.ratings
        ),
    }
    return BiasDetail(**{**_shared_fields(bias, BiasDetail), **own})


def _describe_rating(rating: Rating, rater: Rater, since: str | None) -> RatingDetail:
    page = rating.url or None
    own = {
        "since": since,
        "stale": rating.stale is True,
        "basis": rating.basis or None,
        "url": page,
        "link": page,
        "rater_url": rater.url,
    }
    terms, verdict = _shared_fields(rater, RatingDetail), _shared_fields(rating, RatingDetail)
    return RatingDetail(**{**terms, **verdict, **own})


def _describe_agreement(bias: Bias, raters: dict[str, Rater]) -> str:
    if len(bias.ratings) == 1:
        return f"only {raters[bias.ratings[0].rater].name} rates this outlet"
    if bias.spread == 0:
        return "the raters agree"
    low, high = (choose(bias.ratings, key=lambda rating: rating.value) for choose in (min, max))
    said = ", ".join(f"{raters[rating.rater].name} says {rating.label}" for rating in (low, high))
    apart = f"{said}: {bias.spread:g} of 6 steps apart"
    return apart if side_index(low.value) == side_index(high.value) else f"{apart}, on different sides"


MAX_ENTRY_LENGTH = 2048

# Made when a catalog is first asked, for indexing its names takes a while; it goes when the catalog goes.
SUGGESTERS: WeakKeyDictionary[Catalog, Suggester] = WeakKeyDictionary()


class Resolved(Struct, frozen=True):
    """The outlet an entry means. ``candidates`` share an ambiguous name, or have one like an unknown name.

    ``more_candidates`` counts those beyond these. ``hint`` is said of an entry that looks like several.
    """

    input: str
    status: MatchStatus
    domain: str | None
    name: str | None
    country: str | None
    match: MatchedBy | None
    candidates: list[Suggestion]
    more_candidates: int | UnsetType = UNSET
    hint: str | UnsetType = UNSET


def resolve_with_candidates(
    current: Catalog,
    entry: str,
    country: str | None = None,
    ties: Ties = "never",
    region: str | None = None,
) -> Resolved:
    """Resolve ``entry``. An unknown one comes with the outlets whose names look like it."""
    match = resolve(current, entry, country, ties, region)
    outlet = match.outlet
    is_named = any(candidate.listed is False for candidate in match.candidates)
    unknown = match.status == "unknown" and not match.hint and not is_named
    return Resolved(
        input=entry,
        status=match.status,
        domain=outlet.domain if outlet else None,
        name=outlet.name if outlet else None,
        country=outlet.country if outlet else None,
        match=match.rule,
        candidates=get_suggester(current).like(entry) if unknown else to_suggestions(match),
        more_candidates=match.more or UNSET,
        hint=match.hint or UNSET,
    )


def get_suggester(current: Catalog) -> Suggester:
    made = SUGGESTERS.get(current)
    if made is None:
        made = SUGGESTERS[current] = Suggester(current)
    return made
