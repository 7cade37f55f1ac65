"""``python -m service data …``: what a data editor runs."""

from pathlib import Path

import click

from service.build import build
from service.raters import IMPORTERS
from service.raters.file import write_verdicts
from service.settings import SHIPPED_DATA
from service.vocabulary import TABLE_FILE

FOLDER = click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=SHIPPED_DATA,
    show_default="the shipped data",
    help="Folder with raters/, facts/ and the table.",
)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("data")
def data() -> None:
    """Import ratings, build and check the table, compare versions."""


@data.command("import")
@click.argument("rater", type=click.Choice(sorted(IMPORTERS)))
@click.argument("inputs", nargs=-1, required=True, type=FILE)
@click.option("--fill", multiple=True, type=FILE, help="Settles what INPUTS leave open; adds no outlet.")
@click.option("--as-of", default="", help="Date of inputs that carry none, as 2026-11-23.")
@click.option("--out", required=True, type=FILE, help="The rater file to write, a CSV.")
def import_(rater: str, inputs: tuple[Path, ...], fill: tuple[Path, ...], as_of: str, out: Path) -> None:
    """Turn what RATER publishes (INPUTS, newest first) into a rater file."""
    verdicts = IMPORTERS[rater](inputs, fill, as_of)
    write_verdicts(out, verdicts)
    click.echo(f"{out}: {len(verdicts)} outlets, {sum(bool(v.score) for v in verdicts)} with a lean")


@data.command("build")
@FOLDER
def build_(folder: Path) -> None:
    """Build the table from the rater files and facts."""
    text = build(folder)
    (folder / TABLE_FILE).write_text(text, encoding="utf-8", newline="")
    click.echo(f"{folder / TABLE_FILE}: {text.count(chr(10)) - 1} outlets")
