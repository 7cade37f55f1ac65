"""The tools for an assistant, each with its types, its work and the text of its answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct, structs

from service.core.answer import DetailLevel, Distribution
from service.core.distribution import score
from service.core.outlet_detail import MAX_ENTRY_LENGTH, make_outlet_detail, resolve_with_candidates
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import CountryCode, Region
from service.mcp.brief import (
    panel_lines,
    source_lines,
    summarize_coverage,
    summarize_distribution,
    trust_sentence,
)
from service.requests.coverage import CoverageOptions, CoverageRequest, split_options
from service.requests.schemas import DistributionRequest, TiesOption, check_length, normalize_country

Arguments = Mapping[str, Any]
# A text to read, and the values behind it.
ToolResult = tuple[str, Any]

# An assistant reads every word it is sent, so it is sent few unless it asks.
Detail = Annotated[
    DetailLevel,
    Meta(description="`summary`: the figures, and one line a source. `full`: the whole answer of the API."),
]


class DistributionArguments(DistributionRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A story's outlets, and the options of scoring."""

    detail: Detail = "summary"


class CoverageArguments(CoverageRequest, frozen=True, forbid_unknown_fields=False, kw_only=True):
    """A story and its articles, and the options of scoring."""

    detail: Detail = "summary"


class LookupArguments(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry as people write it."""

    entry: Annotated[
        str,
        Meta(max_length=MAX_ENTRY_LENGTH, description="A domain, an article's URL or an outlet's name"),
    ]
    country: CountryCode | None = None
    region: Region | None = None
    ties: TiesOption = "never"


class Tool(NamedTuple):
    """One tool: the type it takes, and its work on the arguments with at most so many entries."""

    name: str
    title: str
    description: str
    takes: Any
    work: Callable[[Catalog, Arguments, int], ToolResult]


def answer_distribution(catalog: Catalog, arguments: Arguments, limit: int) -> ToolResult:
    """Score a list of outlets, in a sentence with the number of rated outlets, and list them by side."""
    asked = msgspec.convert(arguments, DistributionArguments)
    check_length(asked.outlets, "/outlets", limit)
    answer = score(catalog, asked.outlets, structs.replace(asked.options(), detail="full"))
    text = report(answer, [answer.dataset.about], catalog)
    return text, answer if asked.detail == "full" else summarize_distribution(answer)


def answer_coverage(catalog: Catalog, arguments: Arguments, limit: int) -> ToolResult:
    """Return the panel of a story, with the same sentence and list."""
    asked, articles = split_options({"detail": "summary", **arguments}, CoverageOptions)
    panel = structs.replace(asked, detail="full").cover(catalog, articles, limit)
    text = report(panel.bias, panel_lines(panel), catalog)
    return text, panel if asked.detail == "full" else summarize_coverage(panel)


def report(answer: Distribution, about: Iterable[str], catalog: Catalog) -> str:
    """Return the sentence of an answer, notes, lines about it, and a line a source."""
    notes = (f"Note: {note}." for note in answer.notes or ())
    raters = {rater.id: rater.name for rater in catalog.raters.values()}
    sources = source_lines(answer.outlets or [], raters)
    return "\n".join((trust_sentence(answer), *notes, *about, *sources))


def answer_resolve(catalog: Catalog, arguments: Arguments, _: int = 1) -> ToolResult:
    """Return the outlet that an entry means, or why it means no single one."""
    asked = msgspec.convert(arguments, LookupArguments)
    country = normalize_country(asked.country)
    answer = resolve_with_candidates(catalog, asked.entry, country, asked.ties, asked.region)
    if answer.domain:
        return f"The entry means {answer.name} ({answer.domain}).", answer
    if answer.hint:
        return f"The entry {answer.hint}.", answer
    candidates = ", ".join(f"{outlet.name} ({outlet.domain})" for outlet in answer.candidates)
    more = f" and {answer.more_candidates} more" if answer.more_candidates else ""
    return f"The entry is {answer.status}.{f' It may mean {candidates}{more}.' if candidates else ''}", answer


def answer_outlet(catalog: Catalog, arguments: Arguments, _: int = 1) -> ToolResult:
    """Describe one outlet, with who says so, or say which outlets the entry may mean."""
    asked = msgspec.convert(arguments, LookupArguments)
    country = normalize_country(asked.country)
    found = resolve(catalog, asked.entry, country, asked.ties, asked.region).outlet
    if found is None:
        return answer_resolve(catalog, arguments)
    detail = make_outlet_detail(found, catalog.raters)
    lean = f"{detail.bias.label} ({detail.bias.agreement})" if detail.bias else "not rated"
    return f"{detail.name} ({detail.domain}): {lean}.", detail


TOOLS = (
    Tool(
        "distribution",
        "Bias distribution of a list of outlets",
        "How the outlets that cover a story lean: percentage left, center and right of the rated ones, how "
        "far to trust it, and what its raters say of each source. Quote the whole sentence: it says how many "
        "were rated.",
        DistributionArguments,
        answer_distribution,
    ),
    Tool(
        "coverage",
        "Coverage panel of a story",
        "How independently a claim or story is reported: its articles in, as feeds and news APIs give them, "
        "and the whole panel out. Reprints and newsrooms counted once, bias, factuality, ownership and "
        "country distributions, coverage gaps, timeline, and one line a source.",
        CoverageArguments,
        answer_coverage,
    ),
    Tool(
        "resolve",
        "What an entry means",
        "Which outlet a domain, article URL or name means, with candidates when a name fits several or none.",
        LookupArguments,
        answer_resolve,
    ),
    Tool(
        "outlet",
        "What is known about an outlet",
        "Each rater's verdict on an outlet with its date and terms, then factuality, country and owner. "
        "A name that fits several outlets or none is answered with candidates.",
        LookupArguments,
        answer_outlet,
    ),
)
