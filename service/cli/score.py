"""``python -m service score`` answers in a terminal, without a server."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args

import click
import msgspec

from service.cli.terminal import escape_control, format_bar, use_color
from service.core.answer import CountUnit, DetailLevel, Distribution, Options
from service.core.distribution import DEFAULT_OPTIONS
from service.core.distribution import score as distribution_of
from service.core.errors import RequestError
from service.core.resolve import Ties, resolve
from service.core.resolve.catalog import Catalog
from service.core.robustness import describe_robustness
from service.core.text_report import iter_lines
from service.settings import from_environment

F = TypeVar("F", bound=Callable[..., Any])
# Exit status of a valid question without an answer: nothing rated, or no such outlet.
EXIT_NO_FIGURE = 3

MAX_INPUT_CHARS = 2**20
# Characters and lines of standard input that are read: each line may be looked up.
MAX_INPUT_LINES = 20_000


def json_option(what: str) -> Callable[[F], F]:
    return click.option("--json", "as_json", is_flag=True, help=f"Print {what} as JSON.")


COUNTRY_OPTION = click.option(
    "--country",
    help="ISO 3166-1 alpha-2 code, to choose between outlets with one name.",
    callback=lambda _context, _option, code: code and code.upper(),
)

# Values and defaults are the core's.
TIES_OPTION = click.option(
    "--ties",
    type=click.Choice(get_args(Ties)),
    default=DEFAULT_OPTIONS.ties,
    show_default=True,
    help="When a name shared by several outlets means the best known of them.",
)
RATERS_OPTION = click.option(
    "--rater", "raters", multiple=True, help="Use only this rater. Repeat for several."
)
OVERRIDES_OPTION = click.option(
    "--override", "overrides", multiple=True, metavar="DOMAIN=LABEL", help="Rate an outlet yourself."
)
COUNT_BY_OPTION = click.option(
    "--count-by", type=click.Choice(get_args(CountUnit)), default=DEFAULT_OPTIONS.count_by, show_default=True
)
DETAIL_OPTION = click.option(
    "--detail", type=click.Choice(get_args(DetailLevel)), default=DEFAULT_OPTIONS.detail, show_default=True
)


@click.command()
@click.argument("entries", nargs=-1)
@RATERS_OPTION
@OVERRIDES_OPTION
@COUNT_BY_OPTION
@DETAIL_OPTION
@COUNTRY_OPTION
@TIES_OPTION
@json_option("the answer of POST /v1/distribution")
def score(entries: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show how the outlets that cover a story lean.

    ENTRIES are domains, article URLs or names of outlets. "-", or none with a pipe, reads any text:
    a list, JSON, a table, or a whole page out of which the outlets are picked.

    Exit status: 0 there is a figure, 1 fault in data or settings, 2 wrong use, 3 no outlet is rated.
    """
    current = load_catalog()
    try:
        given = read_entries(current, entries)
        answer = distribution_of(current, given, make_options(**options))
    except RequestError as error:
        raise click.UsageError(error.detail) from error
    print_answer(answer, as_json=as_json)
    if answer.distribution is None:
        sys.exit(EXIT_NO_FIGURE)


def make_options(*, raters: Sequence[str], overrides: Sequence[str], **others: Any) -> Options:
    return Options(tuple(raters) or None, dict(map(parse_override, overrides)), **others)


def load_catalog() -> Catalog:
    """Load the catalog of the settings."""
    from service.dataset.load import load  # noqa: PLC0415  # pandas comes with it: help and completion need not wait

    try:
        return load(from_environment())
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def read_entries(catalog: Catalog, arguments: Sequence[str]) -> list[str]:
    """Return the caller's list: the arguments, where "-" stands for the text of standard input."""
    if not arguments and not sys.stdin.isatty():
        arguments = ("-",)
    given: list[str] = []
    for argument in arguments:
        given += (
            parse_stdin(catalog, replace_invalid(read_stdin()))
            if argument == "-"
            else read_argument(catalog, replace_invalid(argument))
        )
    given = [entry for entry in given if entry.strip()]
    if not given:
        raise click.UsageError("no entries: give domains, URLs or names, or pipe in a list or a page")
    return given


def read_argument(catalog: Catalog, text: str) -> list[str]:
    """Return the entries of one argument: "a.example, b.example" is two. Refuse the name of a file."""
    known = resolve(catalog, text).outlet is not None
    if known and not any(mark in text for mark in ",;|\t\n"):
        return [text]
    if not known and os.path.isfile(text):  # noqa: PTH113  # any text may come
        raise click.UsageError(f"{text} is a file; did you mean: slantwise score < {shlex.quote(text)}")
    from service.core.paste.line_parser import split_list  # noqa: PLC0415  # a tenth of a second for few

    return split_list(catalog, text)


def read_stdin() -> str:
    """Read standard input. Refuse more than a story's list or page can have."""
    text = sys.stdin.read(MAX_INPUT_CHARS + 1)
    lines = text.count("\n") + 1
    too_much = (
        f"more than {MAX_INPUT_CHARS:,} characters"
        if len(text) > MAX_INPUT_CHARS
        else f"{lines:,} lines, and {MAX_INPUT_LINES:,} are read"
        if lines > MAX_INPUT_LINES
        else ""
    )
    if too_much:
        raise click.UsageError(f"standard input has {too_much}; 'slantwise bulk' scores tables of any size")
    return text


def parse_stdin(catalog: Catalog, text: str) -> Sequence[str]:
    """Return the entries of a text. What a page says besides is counted on standard error."""
    from service.core import paste  # noqa: PLC0415  # a tenth of a second for few

    read = paste.read(catalog, text)
    if read.left_out:
        click.echo(f"read as a {read.form}: {read.left_out} of {read.lines} lines left out", err=True)
    return read.entries


def replace_invalid(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def parse_override(text: str) -> tuple[str, str | None]:
    """Split ``domain=label``. The label ``none`` leaves the outlet out."""
    domain, _, label = text.partition("=")
    return domain, None if label == "none" else label


def print_answer(answer: Distribution, *, as_json: bool) -> None:
    """Print the answer as the API sends it, or as a bar, its sentence and the sources by side."""
    if as_json:
        print_json(answer)
        return
    if answer.distribution is not None and answer.robustness.level != "too_few":
        click.echo(format_bar(answer.distribution, colour=use_color()))
    click.echo(answer.sentence)
    click.echo(describe_robustness(answer.robustness))
    for note in answer.notes or ():
        click.echo(escape_control(f"note: {note}"))
    click.echo(answer.dataset.about)
    for line in iter_lines(answer.outlets or (), rest="--json lists all"):
        click.echo(escape_control(line))


def print_json(value: object) -> None:
    click.echo(msgspec.json.encode(value))
