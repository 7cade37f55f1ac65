"""``/v1/outlets``: what is known of an outlet, and who says so."""

from flask import Blueprint
from msgspec import Struct
from werkzeug.exceptions import NotFound

from service.core.bias import Label, Side, side_index
from service.core.outlets import Outlet, Rater, Rating
from service.core.resolve import Ref, resolve
from service.web.routes import Example, catalog, endpoint

blueprint = Blueprint("outlets", __name__)


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


@endpoint(
    blueprint,
    "/v1/outlets/<domain>",
    answer=OutletDetail,
    problems=(404,),
    tag="outlets",
    examples=(
        Example("By domain", path={"domain": "reuters.com"}),
        Example("A domain we do not have", path={"domain": "nobody.example"}, status=404),
    ),
)
def get_outlet(domain: str) -> OutletDetail:
    """One outlet, found by its domain or by another host of it."""
    current = catalog()
    outlet = resolve(current, Ref(domain=domain)).outlet
    if outlet is None:
        raise NotFound(f"no outlet is listed under {domain[:253]!r}")
    return detail_of(outlet, current.raters)


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
