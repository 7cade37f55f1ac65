"""``/v1/dataset``: which data answers here, who stands behind it, and under which terms."""

from collections.abc import Mapping
from functools import lru_cache

from flask import Blueprint
from msgspec import Struct

from service.core.answer import METHOD
from service.core.outlets import Rater, Rating, allow_commercial_use
from service.core.resolve.catalog import Catalog
from service.web.framework.endpoint import endpoint, get_catalog

blueprint = Blueprint("dataset", __name__)


class RaterDetail(Struct, frozen=True, kw_only=True):
    """An enabled rater: its terms, its weight in the consensus, its number of verdicts and their dates."""

    id: str
    name: str
    holder: str
    licence: str | None
    terms: str
    commercial_use: bool | None
    attribution: str
    url: str
    weight: float
    count: int
    oldest: str | None
    newest: str | None


class DatasetDetail(Struct, frozen=True, kw_only=True):
    """The data in use. ``sha256`` is one fingerprint over all ``files``, each with its own.
    ``created`` is the day of the version. ``commercial_use`` is false when a rater forbids it, else ``None``
    when one has not said.
    """

    version: str
    created: str | None
    sha256: str
    method: str
    rows: int
    rated: int
    commercial_use: bool | None
    raters: tuple[RaterDetail, ...]
    files: Mapping[str, str]


@endpoint(blueprint, "/v1/dataset", answer=DatasetDetail, tag="outlets")
def get_dataset() -> DatasetDetail:
    """Version, fingerprints, size, and each rater with its terms."""
    return describe_dataset(get_catalog())


@lru_cache(maxsize=2)
def describe_dataset(current: Catalog) -> DatasetDetail:
    """Return what ``current`` says of itself. Counted once, for a catalog never changes."""
    biases = [outlet.bias for outlet in current.outlets.values() if outlet.bias]
    ratings: dict[str, list[Rating]] = {rater: [] for rater in current.raters}
    for bias in biases:
        for rating in bias.ratings:
            ratings[rating.rater].append(rating)
    return DatasetDetail(
        version=current.version,
        created=current.created or None,
        sha256=current.sha256,
        method=METHOD,
        rows=len(current.outlets),
        rated=len(biases),
        commercial_use=allow_commercial_use(current.raters.values()),
        raters=tuple(describe_rater(rater, ratings[rater.id]) for rater in current.raters.values()),
        files=current.files,
    )


def describe_rater(rater: Rater, ratings: list[Rating]) -> RaterDetail:
    """Return a rater's terms and the dates of its verdicts."""
    dates = [rating.as_of for rating in ratings if rating.as_of]
    return RaterDetail(
        id=rater.id,
        name=rater.name,
        holder=rater.holder,
        licence=rater.licence,
        terms=rater.terms,
        commercial_use=rater.commercial_use,
        attribution=rater.attribution,
        url=rater.url,
        weight=rater.weight,
        count=len(ratings),
        oldest=min(dates, default=None),
        newest=max(dates, default=None),
    )
