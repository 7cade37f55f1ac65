"""The request of a story's panel: our options, beside articles in any shape."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, structs
from rapidfuzz.distance import OSA

from service.core.coverage import cover
from service.core.coverage.models import Coverage, Story
from service.core.errors import RequestError, escape_pointer
from service.core.figures import BySide
from service.core.payload import read_payload
from service.core.resolve import EntryFields, resolve
from service.core.resolve.catalog import Catalog
from service.requests.schemas import LIMIT_KEY, DistributionOptions
from service.requests.validation_errors import normalize_field, to_request_error

PoolCount = Annotated[int, Meta(ge=0, le=1_000_000, examples=[40])]


class Pool(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of outlets on each side that a caller's app usually draws on."""

    left: PoolCount
    center: PoolCount
    right: PoolCount


Baseline = Annotated[
    tuple[str | EntryFields, ...], Meta(min_length=1, extra_json_schema={LIMIT_KEY: "max_outlets"})
]


class CoverageOptions(DistributionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options of a story's panel. Every field may be left out.

    ``baseline``: the caller's usual outlets, or how many there are a side. ``none`` asks for no verdict on a
    coverage gap.
    """

    story: Annotated[Story, Meta(examples=[{"title": "A bridge opens", "points": ["It is open"]}])] | None = (
        None
    )
    baseline: Baseline | Pool | Literal["none"] | None = None

    def cover(self, catalog: Catalog, articles: Any, limit: int) -> Coverage:
        """Return the panel of the articles in a JSON value of any shape."""
        payload = read_payload(articles, partial(resolve, catalog), limit)
        pool = self.baseline
        usual = BySide(pool.left, pool.center, pool.right) if isinstance(pool, Pool) else pool
        panel = cover(catalog, self.story, payload.articles, self.options(), usual)
        found = structs.replace(panel.articles, skipped=payload.skipped)
        return structs.replace(panel, articles=found, ignored=payload.ignored)


class SentArticle(Struct, frozen=True, kw_only=True):
    """One article. It needs a ``url`` or a ``source``. Feeds' own names of these fields are read too."""

    url: Annotated[str, Meta(description="The article's address.")] | None = None
    source: (
        Annotated[
            str | dict[str, Any], Meta(description="The outlet's name or domain, or an object with them.")
        ]
        | None
    ) = None
    title: Annotated[str, Meta(description="The headline.")] | None = None
    excerpt: Annotated[str, Meta(description="The first words of the text, or a summary.")] | None = None
    published_at: (
        Annotated[
            str | float,
            Meta(
                description=(
                    "ISO 8601, RFC 822, 14 digits of UTC, or seconds since 1970. Without a zone it is UTC, "
                    "and flagged `no_zone`. Any other value is flagged `unreadable`."
                )
            ),
        ]
        | None
    ) = None
    language: Annotated[str, Meta(description="Carried through.")] | None = None
    country: (
        Annotated[str, Meta(description="A code or an English name. It settles the name of the source.")]
        | None
    ) = None


class CoverageRequest(CoverageOptions, frozen=True, forbid_unknown_fields=False, kw_only=True):
    """A story and its articles, or the answer of a news API, a feed reader or a scraper as it came.

    The articles are the first list of objects that reads like articles, wherever it lies. An article is taken
    if it has an address or a source under any name that feeds use. Other fields are named in ``ignored``.
    """

    articles: Annotated[
        tuple[SentArticle, ...],
        Meta(
            description="The articles of the story, where no other field holds them.",
            examples=[[{"url": "https://www.reuters.com/world/", "title": "A headline"}]],
            extra_json_schema={LIMIT_KEY: "max_outlets"},
        ),
    ] = ()


T = TypeVar("T", bound=CoverageOptions)
# What each option is in JSON: a slip is told from a field of somebody else's by its kind of value.
OPTION_TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("count_by", "detail", "country", "ties", "min_factuality"), (str,)),
    **dict.fromkeys(("overrides", "story"), (dict,)),
    "raters": (list,),
    "baseline": (list, dict),
}


def split_options(body: Any, kind: type[T]) -> tuple[T, Any]:
    """Split a body into options and the rest. Raise ``RequestError`` for a wrong or misspelled option."""
    given: dict[str, Any] = {}
    if isinstance(body, dict):
        given = {name: body[name] for name in kind.__struct_fields__ if name in body}
        body = {name: value for name, value in body.items() if name not in given}
        reject_slips(body.items(), given)
    try:
        return msgspec.convert(given, kind), body
    except msgspec.ValidationError as error:
        raise to_request_error(error, kind) from error


def reject_slips(fields: Iterable[tuple[str, Any]], given: Mapping[str, Any]) -> None:
    """Raise ``RequestError`` for a field that is one letter away from an option."""
    for name, value in islice(fields, MAX_COMPARED):
        if len(name) > MAX_OPTION_LENGTH:
            continue
        key = normalize_field(name)
        for option, types in OPTION_TYPES.items():
            near = OSA.distance(key, normalize_field(option), score_cutoff=1) <= 1
            if near and option not in given and isinstance(value, types):
                raise RequestError(escape_pointer(name), f"unknown field `{name}`; did you mean `{option}`?")


# Fields of a body that are compared with our options: no service has as many at the top.
MAX_COMPARED = 200
MAX_OPTION_LENGTH = 1 + max(map(len, OPTION_TYPES))
