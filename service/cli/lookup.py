"""``python -m service lookup`` describes one outlet in a terminal, without a server."""

import sys
from collections.abc import Iterator

import click

from service.cli.score import (
    COUNTRY_OPTION,
    EXIT_NO_FIGURE,
    JSON_OPTION,
    TIES_OPTION,
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


@click.command()
@click.argument("outlet")
@COUNTRY_OPTION
@TIES_OPTION
@JSON_OPTION
def lookup(outlet: str, country: str | None, ties: Ties, as_json: bool) -> None:
    """Show what is known about an outlet, and who says so.

    OUTLET is a domain, an article's URL or a name.

    Exit status: 0 found, 1 fault in data or settings, 2 wrong use, 3 not found or not one outlet.
    """
    catalog = load_catalog()
    match = resolve(catalog, replace_invalid(outlet), country, ties)
    if match.outlet is None:
        click.echo(
            escape_control(
                f"{outlet}: "
                f"{explain_no_match(resolve_with_candidates(catalog, clean_entry(outlet), country))}"
            ),
            err=True,
        )
        sys.exit(EXIT_NO_FIGURE)
    detail = make_outlet_detail(match.outlet, catalog.raters)
    if as_json:
        print_json(detail)
    else:
        for line in describe_outlet(detail):
            click.echo(escape_control(line))


def clean_entry(text: str) -> str:
    return replace_invalid(text)[:MAX_ENTRY_LENGTH]


def explain_no_match(answer: Resolved) -> str:
    """Say why an entry is not one outlet, and which it may be."""
    several = ", ".join(f"{each.name} ({each.domain})" for each in answer.candidates)
    more = f" and {answer.more_candidates} more" if answer.more_candidates else ""
    said = (answer.status, answer.hint or None, f"it may be {several}{more}" if several else None)
    return "; ".join(filter(None, said))


def describe_outlet(outlet: OutletDetail) -> Iterator[str]:
    """Describe an outlet in lines: its lean with each verdict behind it, and the known facts."""
    yield f"{outlet.name} ({outlet.domain})"
    if outlet.bias is None:
        yield "no rater says how it leans"
    else:
        yield f"{outlet.bias.label} ({outlet.bias.value:+g} of -3…+3): {outlet.bias.agreement}"
        for each in outlet.bias.ratings:
            yield f"  {each.rater}: {each.label} ({each.value:+g}), {each.as_of}; {each.attribution}"
    for fact in FACT_FIELDS:
        if value := getattr(outlet, fact):
            yield f"{fact.replace('_', ' ')}: {value}"
