"""``python -m service lookup`` describes one outlet in a terminal, without a server."""

import sys
from collections.abc import Iterator

import click

from service.cli.score import (
    COUNTRY_OPTION,
    EXIT_NO_FIGURE,
    REGION_OPTION,
    TIES_OPTION,
    json_option,
    load_catalog,
    replace_invalid,
)
from service.cli.terminal import print_json, print_lines
from service.core.outlet_detail import (
    MAX_ENTRY_LENGTH,
    OutletDetail,
    Resolved,
    make_outlet_detail,
    resolve_with_candidates,
)
from service.core.outlets import FACT_FIELDS
from service.core.resolve import Ties, resolve
from service.web.i18n import country_name, language_name

NO_MATCH = {
    "unknown": "not in the table",
    "ambiguous": "a name that several outlets share",
    "platform": "a platform that carries others, not an outlet",
    "invalid": "neither an address nor a name",
}
TRANSLATED_FACTS = {"country": country_name, "language": language_name}


@click.command()
@click.argument("outlet")
@COUNTRY_OPTION
@REGION_OPTION
@TIES_OPTION
@json_option("the answer of GET /v1/outlets/{domain}")
def lookup(outlet: str, country: str | None, region: str | None, ties: Ties, as_json: bool) -> None:
    """Show what is known about an outlet, and who says so.

    OUTLET is a domain, an article's URL or a name.

    Exit status: 0 found, 1 fault in data or settings, 2 wrong use, 3 not found or not one outlet.
    """
    catalog, entry = load_catalog(), replace_invalid(outlet)
    found = resolve(catalog, entry, country, ties, region).outlet
    if found is None:
        answer = resolve_with_candidates(catalog, entry[:MAX_ENTRY_LENGTH], country, region=region)
        print_lines(explain_no_match(entry, answer), err=True)
        sys.exit(EXIT_NO_FIGURE)
    detail = make_outlet_detail(found, catalog.raters)
    if as_json:
        print_json(detail)
    else:
        print_lines(describe_outlet(detail))


def explain_no_match(entry: str, answer: Resolved) -> Iterator[str]:
    """Explain why an entry is not one outlet, and list those it may mean."""
    hint = f"; this {answer.hint}" if answer.hint else ""
    yield f"{entry}: {NO_MATCH.get(answer.status, answer.status)}{hint}"
    if answer.candidates:
        yield "It may be:" if answer.status == "ambiguous" else "Did you mean:"
    for candidate in answer.candidates:
        country = f", {country_name(candidate.country)}" if candidate.country else ""
        yield f"  {candidate.domain}  {candidate.name}{country}"
    if answer.more_candidates:
        yield f"  and {answer.more_candidates} more"


def describe_outlet(outlet: OutletDetail) -> Iterator[str]:
    """Describe an outlet in lines: its lean with each verdict behind it, and the known facts."""
    yield f"{outlet.name} ({outlet.domain})"
    if outlet.bias is None:
        yield "no rater says how it leans"
    else:
        yield f"{to_words(outlet.bias.label)} ({outlet.bias.value:+g} of -3…+3): {outlet.bias.agreement}"
        for rating in outlet.bias.ratings:
            verdict = f"{rating.label} ({rating.value:+g}), {rating.as_of}"
            yield f"  {rating.rater}: {verdict}; {rating.attribution}"
    for fact in FACT_FIELDS:
        if value := getattr(outlet, fact):
            yield f"{to_words(fact)}: {TRANSLATED_FACTS.get(fact, to_words)(value)}"


def to_words(code: str) -> str:
    """Write a value of the API as people do: ``lean_left`` → ``lean left``. Names stay."""
    return code.replace("_", " ") if code.islower() else code
