"""``python -m service lookup`` describes one outlet in a terminal, without a server."""

import sys
from collections.abc import Iterator

import click

from service.cli.score import (
    COUNTRY_OPTION,
    EXIT_NO_FIGURE,
    TIES_OPTION,
    json_option,
    load_catalog,
    print_json,
    replace_invalid,
)
from service.cli.terminal import escape_control
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


@click.command()
@click.argument("outlet")
@COUNTRY_OPTION
@TIES_OPTION
@json_option("the answer of GET /v1/outlets/{domain}")
def lookup(outlet: str, country: str | None, ties: Ties, as_json: bool) -> None:
    """Show what is known about an outlet, and who says so.

    OUTLET is a domain, an article's URL or a name.

    Exit status: 0 found, 1 fault in data or settings, 2 wrong use, 3 not found or not one outlet.
    """
    catalog = load_catalog()
    match = resolve(catalog, replace_invalid(outlet), country, ties)
    if match.outlet is None:
        answer = resolve_with_candidates(catalog, replace_invalid(outlet)[:MAX_ENTRY_LENGTH], country)
        for line in explain_no_match(outlet, answer):
            click.echo(escape_control(line), err=True)
        sys.exit(EXIT_NO_FIGURE)
    detail = make_outlet_detail(match.outlet, catalog.raters)
    if as_json:
        print_json(detail)
    else:
        for line in describe_outlet(detail):
            click.echo(escape_control(line))


NO_MATCH = {
    "unknown": "not in the table",
    "ambiguous": "a name that several outlets bear",
    "platform": "a platform that carries others, not an outlet",
    "invalid": "neither an address nor a name",
}


def explain_no_match(entry: str, answer: Resolved) -> Iterator[str]:
    """Say why an entry is not one outlet, and which it may be, one a line."""
    hint = f"; this {answer.hint}" if answer.hint else ""
    yield f"{entry}: {NO_MATCH.get(answer.status, answer.status)}{hint}"
    if answer.candidates:
        yield "It may be:" if answer.status == "ambiguous" else "Did you mean:"
    for each in answer.candidates:
        yield f"  {each.domain}  {each.name}{f', {country_name(each.country)}' if each.country else ''}"
    if answer.more_candidates:
        yield f"  and {answer.more_candidates} more"


def describe_outlet(outlet: OutletDetail) -> Iterator[str]:
    """Describe an outlet in lines: its lean with each verdict behind it, and the known facts."""
    yield f"{outlet.name} ({outlet.domain})"
    if outlet.bias is None:
        yield "no rater says how it leans"
    else:
        yield f"{to_words(outlet.bias.label)} ({outlet.bias.value:+g} of -3…+3): {outlet.bias.agreement}"
        for each in outlet.bias.ratings:
            yield f"  {each.rater}: {each.label} ({each.value:+g}), {each.as_of}; {each.attribution}"
    for fact in FACT_FIELDS:
        if value := getattr(outlet, fact):
            yield f"{to_words(fact)}: {NAMED.get(fact, to_words)(value)}"


def to_words(code: str) -> str:
    """Return a value of the API as people write it: ``lean_left`` → ``lean left``. Names stay."""
    return code.replace("_", " ") if code.islower() else code


NAMED = {"country": country_name, "language": language_name}
