"""``python -m service score`` answers in a terminal, without a server."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args

import click

from service.cli.terminal import format_bar, print_json, print_lines, use_color
from service.core.answer import DetailLevel, Distribution, Options
from service.core.distribution import DEFAULT_OPTIONS
from service.core.distribution import score as score_entries
from service.core.figures import Unit
from service.core.resolve import Ties, resolve
from service.core.resolve.catalog import Catalog
from service.core.robustness import describe_robustness
from service.core.text_report import iter_lines
from service.settings import from_environment

F = TypeVar("F", bound=Callable[..., Any])
# A valid question without an answer: nothing is rated, or there is no such outlet.
EXIT_NO_FIGURE = 3

# Each line of standard input may be looked up.
MAX_INPUT_CHARS = 2**20
MAX_INPUT_LINES = 20_000


def json_option(content: str) -> Callable[[F], F]:
    return click.option("--json", "as_json", is_flag=True, help=f"Print {content} as JSON.")


def choice_option(name: str, values: Any, help_text: str) -> Callable[[F], F]:
    """Return an option whose values and default are those of the API."""
    default = getattr(DEFAULT_OPTIONS, name)
    flag, choice = f"--{name.replace('_', '-')}", click.Choice(get_args(values))
    return click.option(flag, type=choice, default=default, show_default=True, help=help_text)


COUNTRY_OPTION = click.option(
    "--country",
    help="ISO 3166-1 alpha-2 code that settles a name shared by several outlets.",
    callback=lambda _context, _option, code: code and code.upper(),
)
REGION_OPTION = click.option("--region", help="Town, or state of the US, that settles such a name.")
TIES_OPTION = choice_option("ties", Ties, "When a shared name means the best known of its outlets.")
COUNT_BY_OPTION = choice_option("count_by", Unit, "Count each outlet once, or every entry.")
DETAIL_OPTION = choice_option("detail", DetailLevel, "Whether the sources are listed.")
RATERS_OPTION = click.option(
    "--rater", "raters", multiple=True, help="Use only this rater. Repeat for several."
)
OVERRIDES_OPTION = click.option(
    "--override", "overrides", multiple=True, metavar="DOMAIN=LABEL", help="Rate an outlet yourself."
)


@click.command()
@click.argument("entries", nargs=-1)
@RATERS_OPTION
@OVERRIDES_OPTION
@COUNT_BY_OPTION
@DETAIL_OPTION
@COUNTRY_OPTION
@REGION_OPTION
@TIES_OPTION
@json_option("the answer of POST /v1/distribution")
def score(entries: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show how the outlets that cover a story lean.

    ENTRIES are domains, article URLs or names of outlets. "-", or none with a pipe, reads any text:
    a list, JSON, a table, or a whole page out of which the outlets are picked.

    Exit status: 0 there is a figure, 1 fault in data or settings, 2 wrong use, 3 no outlet is rated.
    """
    catalog = load_catalog()
    answer = score_entries(catalog, read_entries(catalog, entries), make_options(**options))
    if as_json:
        print_json(answer)
    else:
        print_answer(answer)
    if answer.distribution is None:
        sys.exit(EXIT_NO_FIGURE)


def make_options(*, raters: Sequence[str], overrides: Sequence[str], **others: Any) -> Options:
    return Options(tuple(raters) or None, dict(map(parse_override, overrides)), **others)


def parse_override(text: str) -> tuple[str, str | None]:
    """Split ``domain=label``. The label ``none`` leaves the outlet out."""
    domain, _, label = text.partition("=")
    return domain, None if label == "none" else label


def load_catalog() -> Catalog:
    from service.dataset.load import load  # noqa: PLC0415  # pandas comes with it: help and completion need not wait

    return load(from_environment())


def read_entries(catalog: Catalog, arguments: Sequence[str]) -> list[str]:
    """Return the caller's list: the arguments, where "-" stands for the text of standard input."""
    if not arguments and not sys.stdin.isatty():
        arguments = ("-",)
    entries: list[str] = []
    for argument in map(replace_invalid, arguments):
        entries += parse_stdin(catalog) if argument == "-" else parse_argument(catalog, argument)
    entries = [entry for entry in entries if entry.strip()]
    if not entries:
        raise click.UsageError("no entries: give domains, URLs or names, or pipe in a list or a page")
    return entries


def parse_argument(catalog: Catalog, text: str) -> list[str]:
    """Split an argument: "a.example, b.example" is two entries. Refuse the name of a file."""
    is_known = resolve(catalog, text).outlet is not None
    if is_known and not any(mark in text for mark in ",;|\t\n"):
        return [text]
    if not is_known and os.path.isfile(text):  # noqa: PTH113  # any text may come
        raise click.UsageError(f"{text} is a file; did you mean: slantwise score < {shlex.quote(text)}")
    from service.core.paste.line_parser import split_list  # noqa: PLC0415  # a tenth of a second for few

    return split_list(catalog, text)


def parse_stdin(catalog: Catalog) -> Sequence[str]:
    """Return the entries of standard input. Refuse more than a story's list or page can have."""
    text = sys.stdin.read(MAX_INPUT_CHARS + 1)
    lines, excess = text.count("\n") + 1, ""
    if len(text) > MAX_INPUT_CHARS:
        excess = f"more than {MAX_INPUT_CHARS:,} characters"
    elif lines > MAX_INPUT_LINES:
        excess = f"{lines:,} lines, more than {MAX_INPUT_LINES:,}"
    if excess:
        raise click.UsageError(f"standard input has {excess}; 'slantwise bulk' scores tables of any size")
    from service.core import paste  # noqa: PLC0415  # a tenth of a second for few

    pasted = paste.read(catalog, replace_invalid(text))
    if pasted.left_out:
        click.echo(f"read as a {pasted.form}: {pasted.left_out} of {pasted.lines} lines left out", err=True)
    return pasted.entries


def replace_invalid(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def print_answer(answer: Distribution) -> None:
    """Print the bar, the sentence and the sources by side."""
    if answer.distribution is not None and answer.robustness.level != "too_few":
        click.echo(format_bar(answer.distribution, colour=use_color()))
    print_lines(
        (
            answer.sentence,
            describe_robustness(answer.robustness),
            *(f"note: {note}" for note in answer.notes or ()),
            answer.dataset.about,
            *iter_lines(answer.outlets or (), rest="--json lists all"),
        )
    )
