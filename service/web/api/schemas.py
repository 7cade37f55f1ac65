"""The types of requests. Those of answers stand with the code that makes them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field, structs

from service.core.answer import CountUnit, DetailLevel, Options
from service.core.bias import LABELS
from service.core.countries import find_country_code
from service.core.coverage import cover
from service.core.coverage.models import Coverage
from service.core.coverage.story import Story
from service.core.figures import BySide
from service.core.resolve import EntryFields, Ties
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import CountryCode
from service.web.api.feed_formats import Ignored, SentArticle, ignored_in
from service.web.framework.endpoint import LIMIT_KEY

LabelOrNull = Annotated[str | None, Meta(extra_json_schema={"enum": [*LABELS, None]})]
"""Checked by the core, whose error names the domain; the decoder knows only that some value is wrong."""

RaterId = Annotated[
    str,
    Meta(
        pattern="^[^,]*$",
        description="One rater's id; for several, repeat it: raters=allsides&raters=mbfc, or a list in JSON.",
    ),
]

Raters = Annotated[
    tuple[RaterId, ...],
    Meta(min_length=1, description="Use only these raters, by id.", examples=[["allsides", "mbfc"]]),
]

Overrides = Annotated[
    Mapping[str, LabelOrNull],
    Meta(
        description="Your own ratings, by domain, in place of the raters'. `null` leaves an outlet unrated.",
        examples=[{"example.com": "lean_left"}],
        extra_json_schema={LIMIT_KEY: "max_outlets"},
    ),
]
CountBy = Annotated[
    CountUnit,
    Meta(
        description="`outlet` counts an outlet once, however often it is listed; `entry` counts each entry."
    ),
]
Detail = Annotated[DetailLevel, Meta(description="`summary` leaves out the details of each entry.")]

TiesOption = Annotated[
    Ties,
    Meta(
        description=(
            "`never` leaves a name that several outlets share ambiguous; "
            "`best_known` takes the best known of them."
        )
    ),
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
"""What covers a story."""


def normalize_country(country: str | None) -> str | None:
    """Return a country's code in capital letters, as the table has it."""
    return find_country_code(country) or country.upper() if country else None


class QueryOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options of scoring in a query string: a list repeats its name, and overrides have no place."""

    raters: Raters | None = None
    count_by: CountBy = "outlet"
    detail: Detail = "full"
    country: CountryCode | None = None
    ties: TiesOption = "never"

    def options(self) -> Options:
        """Return the same as the core knows it."""
        country = self.country and normalize_country(self.country)
        return Options(self.raters, {}, self.count_by, self.detail, country, self.ties)


class DistributionOptions(QueryOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options of scoring. Every field may be left out."""

    overrides: Overrides = field(default_factory=dict)

    # Repeated with the overrides, because calling the other method would add a call to every request.
    def options(self) -> Options:
        """Return the same as the core knows it."""
        country = self.country and normalize_country(self.country)
        return Options(self.raters, self.overrides, self.count_by, self.detail, country, self.ties)


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


PoolCount = Annotated[int, Meta(ge=0, le=1_000_000, examples=[40])]


class Pool(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of outlets on each side that a caller's app usually draws on."""

    left: PoolCount
    center: PoolCount
    right: PoolCount


Baseline = Annotated[
    tuple[str | EntryFields, ...], Meta(min_length=1, extra_json_schema={LIMIT_KEY: "max_outlets"})
]


WRAPPING = {"total_results": "totalResults", "total_articles": "totalArticles"}


class CoverageRequest(
    DistributionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True, rename=WRAPPING
):
    """A story and its articles, or the answer of a news API as it came.

    ``baseline``: the caller's usual outlets, or how many there are a side. ``none`` asks for no verdict on a
    coverage gap.
    """

    articles: Annotated[
        tuple[SentArticle, ...],
        Meta(
            min_length=1,
            examples=[[{"url": "https://www.reuters.com/world/", "title": "A headline"}]],
            extra_json_schema={LIMIT_KEY: "max_outlets"},
        ),
    ]
    story: Annotated[Story, Meta(examples=[{"title": "A bridge opens", "points": ["It is open"]}])] | None = (
        None
    )
    baseline: Baseline | Pool | Literal["none"] | None = None

    # NewsAPI and GNews put these around their articles.
    status: Ignored = None
    information: Ignored = None
    total_results: Ignored = None
    total_articles: Ignored = None

    def panel(self, catalog: Catalog) -> Coverage:
        """Return the whole panel of the story."""
        articles = [each.read() for each in self.articles]
        panel = cover(catalog, self.story, articles, self.options(), self.pool())
        return structs.replace(panel, ignored=ignored_in((self, *self.articles)))

    def pool(self) -> tuple[str | EntryFields, ...] | BySide | Literal["none"] | None:
        """Return the baseline as the core knows it."""
        pool = self.baseline
        return BySide(pool.left, pool.center, pool.right) if isinstance(pool, Pool) else pool
