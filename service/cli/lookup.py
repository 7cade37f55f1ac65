"""``python -m service lookup``: what is known of one outlet, in a terminal, without a server."""

import sys
from collections.abc import Iterator

import click

from service.cli.score import COUNTRY, JSON, NO_FIGURE, clean, load, print_json
from service.cli.terminal import safe
from service.core.lookup import LONGEST_ENTRY, OutletDetail, detail_of, resolved
from service.core.outlets import FACTS
from service.core.resolve import resolve


@click.command()
@click.argument("outlet")
@COUNTRY
@JSON
def lookup(outlet: str, country: str | None, as_json: bool) -> None:
    """Show what is known of an outlet, and who says so.

    OUTLET is a domain, an article's URL or a name.

    Exit status: 0 found, 1 fault in data or settings, 2 wrong use, 3 not found or not one outlet.
    """
    catalog = load()
    match = resolve(catalog, clean(outlet), country)
    if match.outlet is None:
        candidates = resolved(catalog, clean(outlet)[:LONGEST_ENTRY], country).candidates
        several = ", ".join(f"{each.name} ({each.domain})" for each in candidates)
        click.echo(
            safe(f"{outlet}: {match.status}" + (f"; it may be {several}" if several else "")), err=True
        )
        sys.exit(NO_FIGURE)
    detail = detail_of(match.outlet, catalog.raters)
    if as_json:
        print_json(detail)
    else:
        for line in described(detail):
            click.echo(safe(line))


def described(outlet: OutletDetail) -> Iterator[str]:
    """An outlet in lines: its lean with each verdict behind it, and the facts that are known."""
    yield f"{outlet.name} ({outlet.domain})"
    if outlet.bias is None:
        yield "no rater says how it leans"
    else:
        yield f"{outlet.bias.label} ({outlet.bias.value:+g} of -3…+3): {outlet.bias.agreement}"
        for each in outlet.bias.ratings:
            yield f"  {each.rater}: {each.label} ({each.value:+g}), {each.as_of}; {each.attribution}"
    for fact in FACTS:
        if value := getattr(outlet, fact):
            yield f"{fact.replace('_', ' ')}: {value}"
