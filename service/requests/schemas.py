"""The types of requests. Those of answers stand with the code that makes them."""

from collections.abc import Mapping, Sized
from functools import cache
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct, field, structs

from service.core.answer import DetailLevel, Options
from service.core.bias import LABELS
from service.core.countries import find_country_code
from service.core.errors import RequestError
from service.core.figures import Unit
from service.core.resolve import EntryFields, Ties
from service.core.resolve.match import CountryCode, Region
from service.settings import Settings

# In a field's schema: the setting that is its `maxItems` or `maxProperties`.
LIMIT_KEY = "x-limit"

# Checked by the core, whose error names the domain: the decoder knows only that some value is wrong.
LabelOrNull = Annotated[Any, Meta(extra_json_schema={"enum": [*LABELS, None]})]
RATER_TEXT = "One rater's id; for several, repeat it: raters=allsides&raters=mbfc, or a list in JSON."
RaterId = Annotated[str, Meta(pattern="^[^,]*$", description=RATER_TEXT)]
Raters = Annotated[
    tuple[RaterId, ...],
    Meta(min_length=1, description="Use only these raters, by id.", examples=[["allsides", "mbfc"]]),
]
OVERRIDES_TEXT = "Your own ratings, by domain, in place of the raters'. `null` leaves an outlet unrated."
Overrides = Annotated[
    Mapping[str, LabelOrNull],
    Meta(
        description=OVERRIDES_TEXT,
        examples=[{"example.com": "lean_left"}],
        extra_json_schema={LIMIT_KEY: "max_outlets"},
    ),
]
COUNT_BY_TEXT = "`outlet` counts an outlet once, however often it is listed; `entry` counts each entry."
CountBy = Annotated[Unit, Meta(description=COUNT_BY_TEXT)]
Detail = Annotated[DetailLevel, Meta(description="`summary` leaves out the details of each entry.")]
TIES_TEXT = (
    "`never` leaves a name that several outlets share ambiguous; `best_known` takes the best known of them."
)
TiesOption = Annotated[Ties, Meta(description=TIES_TEXT)]
FACTUALITY_TEXT = "Outlets below this factuality count as unrated, as `notes` says. Not known is not below."
MinFactuality = Annotated[
    Literal["very_high", "high", "mostly_factual", "mixed", "low", "very_low"],
    Meta(description=FACTUALITY_TEXT),
]
EntryText = Annotated[str, Meta(examples=["reuters.com"])]
Entries = Annotated[
    tuple[EntryText | EntryFields, ...],
    Meta(
        min_length=1,
        description="Domains, article URLs or outlet names, as messy as they come; or records of them.",
        examples=[["reuters.com", "BBC News"]],
        extra_json_schema={LIMIT_KEY: "max_outlets"},
    ),
]


def normalize_country(country: str | None) -> str | None:
    return find_country_code(country) or country.upper() if country else None


class QueryOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options of scoring in a query string: a list repeats its name, and overrides have no place."""

    raters: Raters | None = None
    count_by: CountBy = "outlet"
    detail: Detail = "full"
    country: CountryCode | None = None
    region: Region | None = None
    ties: TiesOption = "never"
    min_factuality: MinFactuality | None = None

    def options(self) -> Options:
        """Convert to the options of the core."""
        return Options(
            self.raters,
            # A query has none.
            getattr(self, "overrides", {}),
            self.count_by,
            self.detail,
            normalize_country(self.country) if self.country else None,
            self.ties,
            self.region,
            self.min_factuality,
        )


class DistributionOptions(QueryOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options of scoring. Every field may be left out."""

    overrides: Overrides = field(default_factory=dict)


class DistributionRequest(DistributionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A story's outlets, and the options of scoring."""

    outlets: Entries


class DistributionQuery(QueryOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A short list in a query string: ``?outlet=a&outlet=b``."""

    outlet: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="A domain, article URL or outlet name; repeat it for a list.",
            examples=[["reuters.com"]],
            extra_json_schema={LIMIT_KEY: "max_outlets"},
        ),
    ]


@cache
def find_limits(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Return (field, setting) for each field with a configurable limit."""
    return tuple((each.name, limit) for each in structs.fields(kind) if (limit := find_limit(each.type)))


def find_limit(kind: Any) -> str | None:
    for part in get_args(kind):
        noted = part.extra_json_schema if isinstance(part, Meta) else None
        if found := (noted or {}).get(LIMIT_KEY) or find_limit(part):
            return str(found)
    return None


def check_limits(request: Struct, settings: Settings) -> None:
    """Raise ``RequestError`` for a field that holds more than its setting allows."""
    for name, setting in find_limits(type(request)):
        given = getattr(request, name)
        if isinstance(given, tuple | dict):
            check_length(given, f"/{name}", getattr(settings, setting))


def check_length(value: Sized, pointer: str, allowed: int) -> None:
    """Raise ``RequestError`` for more entries than are allowed."""
    if len(value) > allowed:
        what = pointer[1:] if pointer in ("/stories", "/overrides") else "entries"
        raise RequestError(pointer, f"{len(value)} {what} given, {allowed} allowed")
