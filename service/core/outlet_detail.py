"""Show one outlet in full, and the outlets that one entry means or may mean."""

from weakref import WeakKeyDictionary

from msgspec import UNSET, Struct, UnsetType

from service.core.bias import Label, Side, side_index
from service.core.outlets import FACTUALITY_RATER, Evidence, Outlet, Rater, Rating
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
    """Who judges the factual reporting, in the rater's own word, and since when."""

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
    """Where to turn when something is wrong: ``about`` is ``rating``, ``factuality`` or ``record``."""

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
    return OutletDetail(
        domain=outlet.domain,
        name=outlet.name,
        bias=describe_bias(outlet, raters),
        factuality=outlet.factuality,
        factuality_rating=describe_factuality(outlet),
        country=outlet.country,
        language=outlet.language,
        media_type=outlet.media_type,
        owner=outlet.owner,
        ownership=outlet.ownership,
        state_media=outlet.state_media,
        disambiguation=outlet.disambiguation,
        status=outlet.status,
        closed_on=outlet.closed_on,
        history=tuple(
            EarlierLabel(
                each.rater, each.label, raters[each.rater].scale.get(each.label), each.since, each.until
            )
            for each in outlet.history
            if each.until
        ),
        dispute=list_disputes(outlet, raters),
    )


def describe_factuality(outlet: Outlet) -> FactualityRating | None:
    """Return the rating of an outlet's factual reporting. ``None`` where nobody gives one."""
    if outlet.factuality is None:
        return None
    word = outlet.factuality.replace("_", " ").title()
    return FactualityRating(FACTUALITY_RATER, word, outlet.factuality_as_of)


def list_disputes(outlet: Outlet, raters: dict[str, Rater]) -> tuple[Dispute, ...]:
    """Return where to turn for each kind of fault in what is known of ``outlet``."""
    ratings = outlet.bias.ratings if outlet.bias else ()
    found = [make_dispute("rating", raters[rating.rater]) for rating in ratings]
    if outlet.factuality and FACTUALITY_RATER in raters:
        found.append(make_dispute("factuality", raters[FACTUALITY_RATER]))
    return (*found, RECORD_DISPUTE)


def make_dispute(about: str, rater: Rater) -> Dispute:
    """Return where to turn when a rater's own judgement is wrong."""
    why = f"{rater.name} decides on its own {about}. The next version of the data carries what it then says."
    return Dispute(about, rater.id, rater.name, rater.url, why)


def describe_bias(outlet: Outlet, raters: dict[str, Rater]) -> BiasDetail | None:
    """Return the bias of ``outlet`` with the holder and terms of each verdict."""
    bias = outlet.bias
    if bias is None:
        return None
    since = {each.rater: each.since for each in outlet.history if each.until is None}
    verdicts = tuple(
        describe_rating(rating, raters[rating.rater], since.get(rating.rater)) for rating in bias.ratings
    )
    agreement = describe_agreement(bias.spread, verdicts, raters)
    return BiasDetail(
        label=bias.label,
        side=bias.side,
        value=bias.value,
        spread=bias.spread,
        agreement=agreement,
        evidence=bias.evidence,
        contested=bias.contested is True,
        ratings=verdicts,
    )


def describe_rating(rating: Rating, rater: Rater, since: str | None) -> RatingDetail:
    """Return a rating with its rater's terms."""
    page = rating.url or None
    return RatingDetail(
        rater=rating.rater,
        label=rating.label,
        value=rating.value,
        as_of=rating.as_of,
        since=since,
        stale=rating.stale is True,
        basis=rating.basis or None,
        holder=rater.holder,
        licence=rater.licence,
        terms=rater.terms,
        commercial_use=rater.commercial_use,
        attribution=rater.attribution,
        url=page,
        link=page,
        rater_url=rater.url,
    )


def describe_agreement(spread: float, verdicts: tuple[RatingDetail, ...], raters: dict[str, Rater]) -> str:
    """Return how far the raters are apart, in words."""
    if len(verdicts) == 1:
        return f"only {raters[verdicts[0].rater].name} rates this outlet"
    if spread == 0:
        return "the raters agree"
    low, high = min(verdicts, key=lambda v: v.value), max(verdicts, key=lambda v: v.value)
    said = [f"{raters[each.rater].name} says {each.label}" for each in (low, high)]
    apart = f"{', '.join(said)}: {spread:g} of 6 steps apart"
    return apart if side_index(low.value) == side_index(high.value) else f"{apart}, on different sides"


MAX_ENTRY_LENGTH = 2048

# One for the catalog that is served; it goes when the catalog goes.
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
    current: Catalog, entry: str, country: str | None = None, ties: Ties = "never"
) -> Resolved:
    """Return what ``entry`` means. An unknown one comes with the outlets whose names look like it."""
    match = resolve(current, entry, country, ties)
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
    """Return the suggester of a catalog, made when it is first asked for."""
    made = SUGGESTERS.get(current)
    if made is None:
        made = SUGGESTERS[current] = Suggester(current)
    return made
