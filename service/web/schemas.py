"""What requests may say; what answers look like is beside the code that makes them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from service.core.answer import Options
from service.core.bias import LABELS
from service.core.resolve import Ref

LabelOrNull = Annotated[str | None, Meta(extra_json_schema={"enum": [*LABELS, None]})]
"""Checked by the core, whose error names the domain; the decoder knows only that some value is wrong."""

Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code")]


Entries = Annotated[tuple[str | Ref, ...], Meta(min_length=1)]
"""What covers a story. How many there may be is a setting, which the view checks."""


class DistributionOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to score; every field may be left out."""

    raters: tuple[str, ...] | None = None
    overrides: Mapping[str, LabelOrNull] = field(default_factory=dict)
    count_by: Literal["outlet", "entry"] = "outlet"
    detail: Literal["full", "summary"] = "full"
    country: Country | None = None

    def options(self) -> Options:
        """The same as the core knows it."""
        return Options(self.raters, self.overrides, self.count_by, self.detail, self.country)


class DistributionRequest(DistributionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The outlets that cover one story."""

    outlets: Entries


class QueryOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to score, in a query string: a list repeats its name, and overrides have no place."""

    raters: tuple[str, ...] | None = None
    count_by: Literal["outlet", "entry"] = "outlet"
    detail: Literal["full", "summary"] = "full"
    country: Country | None = None

    def options(self) -> Options:
        """The same as the core knows it."""
        return Options(self.raters, {}, self.count_by, self.detail, self.country)


class DistributionQuery(QueryOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A short list in a query string: ``?outlet=a&outlet=b``."""

    outlet: Annotated[tuple[str, ...], Meta(min_length=1)]
