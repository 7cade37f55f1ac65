"""The tools for an assistant, each with its types, its work and the sentence of its answer."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from service.core.answer import Distribution
from service.core.coverage.answer import Coverage
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.lookup import LONGEST_ENTRY, OutletDetail, Resolved, detail_of, resolved
from service.core.resolve import Ref, resolve
from service.core.resolve.catalog import Catalog
from service.core.robustness import verdict_of
from service.web.api.requests import Country, CoverageRequest, DistributionRequest, TiesOption
from service.web.openapi.schemas import require_what_is_sent, structs_in

Answered = tuple[str, Any]
"""A sentence, and the value behind it."""


class Lookup(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry as people write it."""

    entry: Annotated[
        str, Meta(max_length=LONGEST_ENTRY, description="A domain, an article's URL or an outlet's name")
    ]
    country: Country | None = None
    ties: TiesOption = "never"


class Tool(NamedTuple):
    """One tool: the types it takes and answers, and the work between."""

    name: str
    title: str
    description: str
    takes: Any
    answers: Any
    work: Callable[[Catalog, Any], Answered]


def distribution(catalog: Catalog, asked: DistributionRequest) -> Answered:
    """Score a list of outlets, in a sentence with the number of rated outlets."""
    answer = score(catalog, asked.outlets, asked.options())
    return sentence_of(answer), answer


def coverage(catalog: Catalog, asked: CoverageRequest) -> Answered:
    """Return the panel of a story, with the same sentence."""
    panel = asked.panel(catalog)
    return sentence_of(panel.bias), panel


def meaning(catalog: Catalog, asked: Lookup) -> Answered:
    """Say what an entry means, or why it means no single outlet."""
    answer = resolved(catalog, asked.entry, asked.country, asked.ties)
    if answer.domain:
        return f"The entry means {answer.name} ({answer.domain}).", answer
    if answer.hint:
        return f"The entry {answer.hint}.", answer
    several = ", ".join(f"{each.name} ({each.domain})" for each in answer.candidates)
    return f"The entry is {answer.status}.{f' It may mean {several}.' if several else ''}", answer


def outlet(catalog: Catalog, asked: Lookup) -> Answered:
    """Describe one outlet, with who says so."""
    found = resolve(catalog, asked.entry, asked.country, asked.ties).outlet
    if found is None:
        raise RequestError("/entry", "this does not mean one outlet of the table; the resolve tool says why")
    detail = detail_of(found, catalog.raters)
    lean = f"{detail.bias.label} ({detail.bias.agreement})" if detail.bias else "not rated"
    return f"{detail.name} ({detail.domain}): {lean}.", detail


def sentence_of(answer: Distribution) -> str:
    """Return the sentence, how far to trust it, and the entries not counted."""
    missing = [entry.input for entry in answer.outlets or () if entry.status not in ("rated", "duplicate")]
    named = ", ".join(
        str(each.name or each.domain or each.url) if isinstance(each, Ref) else each for each in missing
    )
    trust = verdict_of(answer.robustness)
    return " ".join(
        [answer.sentence, f"{trust[0].upper()}{trust[1:]}.", f"Not rated: {named}." if named else ""]
    ).strip()


TOOLS = (
    Tool(
        "distribution",
        "Bias distribution of a list of outlets",
        "How the outlets that cover a story lean: percentage left, center and right of the rated ones, how "
        "far to trust it, and each outlet's ratings. Quote the whole sentence: it says how many were rated.",
        DistributionRequest,
        Distribution,
        distribution,
    ),
    Tool(
        "coverage",
        "Coverage panel of a story",
        "A story's articles in, as feeds and news APIs give them, and the whole panel out: bias, factuality, "
        "ownership and country distributions, reprints counted once, coverage gaps, timeline.",
        CoverageRequest,
        Coverage,
        coverage,
    ),
    Tool(
        "resolve",
        "What an entry means",
        "Which outlet a domain, article URL or name means, with candidates when a name fits several or none.",
        Lookup,
        Resolved,
        meaning,
    ),
    Tool(
        "outlet",
        "What is known about an outlet",
        "Each rater's verdict on an outlet with its date and terms, then factuality, country and owner.",
        Lookup,
        OutletDetail,
        outlet,
    ),
)


def schema_of(kind: Any, *, sent: bool) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``kind`` as an object, of an answer when ``sent``."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    if sent:
        for struct in structs_in(kind):
            require_what_is_sent(struct, parts[struct.__name__])
    own = parts.pop(root["$ref"].removeprefix("#/$defs/"))
    return {**own, "$defs": parts}
