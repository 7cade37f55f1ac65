"""``/v1/dataset``: which data answers here, who stands behind it, and under which terms."""

from collections.abc import Mapping
from functools import lru_cache

from flask import Blueprint
from msgspec import Struct, structs

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
    """Return version, fingerprints and size of the data, and each rater with its terms."""
    return describe_dataset(get_catalog())


@lru_cache(maxsize=2)
def describe_dataset(catalog: Catalog) -> DatasetDetail:
    """Describe a catalog. Cached, for a catalog never changes."""
    biases = [outlet.bias for outlet in catalog.outlets.values() if outlet.bias]
    ratings: dict[str, list[Rating]] = {rater: [] for rater in catalog.raters}
    for bias in biases:
        for rating in bias.ratings:
            ratings[rating.rater].append(rating)
    return DatasetDetail(
        version=catalog.version,
        created=catalog.created or None,
        sha256=catalog.sha256,
        method=METHOD,
        rows=len(catalog.outlets),
        rated=len(biases),
        commercial_use=allow_commercial_use(catalog.raters.values()),
        raters=tuple(describe_rater(rater, ratings[rater.id]) for rater in catalog.raters.values()),
        files=catalog.files,
    )


def describe_rater(rater: Rater, ratings: list[Rating]) -> RaterDetail:
    """Return a rater's terms and the dates of its verdicts."""
    terms = {
        name: value for name, value in structs.asdict(rater).items() if name in RaterDetail.__struct_fields__
    }
    dates = [rating.as_of for rating in ratings if rating.as_of]
    oldest, newest = min(dates, default=None), max(dates, default=None)
    return RaterDetail(**terms, count=len(ratings), oldest=oldest, newest=newest)
