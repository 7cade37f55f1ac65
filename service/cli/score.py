"""``python -m service score`` answers in a terminal, without a server."""

import sys
from collections.abc import Sequence
from typing import Any, get_args

import click
import msgspec

from service.cli.terminal import bar, coloured, safe
from service.core import paste
from service.core.answer import Counting, Distribution, Options, Richness
from service.core.distribution import DEFAULTS
from service.core.distribution import score as distribution_of
from service.core.errors import RequestError
from service.core.resolve import Ties
from service.core.resolve.catalog import Catalog
from service.core.robustness import verdict_of
from service.core.text_report import lines_of
from service.settings import from_environment

NO_FIGURE = 3
"""Exit status of a valid question without an answer: nothing rated, or no such outlet."""

LONGEST_INPUT = 2**20
MOST_LINES = 20_000
"""Characters and lines of standard input that are read: each line may be looked up."""

JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer of the API as JSON.")
COUNTRY = click.option(
    "--country",
    help="ISO 3166-1 alpha-2 code, to choose between outlets with one name.",
    callback=lambda _context, _option, code: code and code.upper(),
)

# Values and defaults are the core's.
TIES = click.option(
    "--ties",
    type=click.Choice(get_args(Ties)),
    default=DEFAULTS.ties,
    show_default=True,
    help="When a name shared by several outlets means the best known of them.",
)
RATERS = click.option("--rater", "raters", multiple=True, help="Use only this rater. Repeat for several.")
OVERRIDES = click.option(
    "--override", "overrides", multiple=True, metavar="DOMAIN=LABEL", help="Rate an outlet yourself."
)
COUNT_BY = click.option(
    "--count-by", type=click.Choice(get_args(Counting)), default=DEFAULTS.count_by, show_default=True
)
DETAIL = click.option(
    "--detail", type=click.Choice(get_args(Richness)), default=DEFAULTS.detail, show_default=True
)


@click.command()
@click.argument("entries", nargs=-1)
@RATERS
@OVERRIDES
@COUNT_BY
@DETAIL
@COUNTRY
@TIES
@JSON
def score(entries: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show how the outlets that cover a story lean.

    ENTRIES are domains, article URLs or names of outlets. "-", or none with a pipe, reads any text:
    a list, JSON, a table, or a whole page out of which the outlets are picked.

    Exit status: 0 there is a figure, 1 fault in data or settings, 2 wrong use, 3 no outlet is rated.
    """
    current = load()
    try:
        given = entries_of(current, entries)
        answer = distribution_of(current, given, options_of(**options))
    except RequestError as error:
        raise click.UsageError(error.detail) from error
    show(answer, as_json=as_json)
    if answer.distribution is None:
        sys.exit(NO_FIGURE)


def options_of(*, raters: Sequence[str], overrides: Sequence[str], **others: Any) -> Options:
    """Return the options of the command line as the core knows them."""
    return Options(tuple(raters) or None, dict(map(override, overrides)), **others)


def load() -> Catalog:
    """Load the catalog of the settings."""
    from service.dataset.load import load  # noqa: PLC0415  # pandas comes with it: help and completion need not wait

    try:
        return load(from_environment())
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def entries_of(catalog: Catalog, arguments: Sequence[str]) -> list[str]:
    """Return the caller's list: the arguments, where "-" stands for the text of standard input."""
    if not arguments and not sys.stdin.isatty():
        arguments = ("-",)
    given: list[str] = []
    for argument in arguments:
        given += pasted(catalog, clean(piped())) if argument == "-" else [clean(argument)]
    given = [entry for entry in given if entry.strip()]
    if not given:
        raise click.UsageError("no entries: give domains, URLs or names, or pipe in a list or a page")
    return given


def piped() -> str:
    """Read standard input. Refuse more than a story's list or page can have."""
    text = sys.stdin.read(LONGEST_INPUT + 1)
    lines = text.count("\n") + 1
    too_much = (
        f"more than {LONGEST_INPUT:,} characters"
        if len(text) > LONGEST_INPUT
        else f"{lines:,} lines, and {MOST_LINES:,} are read"
        if lines > MOST_LINES
        else ""
    )
    if too_much:
        raise click.UsageError(f"standard input has {too_much}; 'slantwise bulk' scores tables of any size")
    return text


def pasted(catalog: Catalog, text: str) -> Sequence[str]:
    """Return the entries of a text. What a page says besides is counted on standard error."""
    read = paste.read(catalog, text)
    if read.left_out:
        click.echo(f"read as a {read.form}: {read.left_out} of {read.lines} lines left out", err=True)
    return read.entries


def clean(text: str) -> str:
    """Replace what is not UTF-8 in an argument of the shell by question marks."""
    return text.encode("utf-8", "replace").decode()


def override(text: str) -> tuple[str, str | None]:
    """Split ``domain=label``. The label ``none`` leaves the outlet out."""
    domain, _, label = text.partition("=")
    return domain, None if label == "none" else label


def show(answer: Distribution, *, as_json: bool) -> None:
    """Print the answer as the API sends it, or as a bar, its sentence and the sources by side."""
    if as_json:
        print_json(answer)
        return
    if answer.distribution is not None and answer.robustness.level != "too_few":
        click.echo(bar(answer.distribution, colour=coloured()))
    click.echo(answer.sentence)
    click.echo(verdict_of(answer.robustness))
    for note in answer.notes or ():
        click.echo(safe(f"note: {note}"))
    for line in lines_of(answer.outlets or (), rest="--json lists all"):
        click.echo(safe(line))


def print_json(value: object) -> None:
    """Print ``value`` as the API sends it."""
    click.echo(msgspec.json.encode(value))
