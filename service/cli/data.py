"""``python -m service data``: the commands of a data editor."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from msgspec import structs

from service.cli.score import load_catalog
from service.cli.terminal import print_lines
from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import MAX_SHOWN_ISSUES, DataIssue, InvalidDataError
from service.dataset.load import read_and_cache, write_snapshot
from service.dataset.schema import SHIPPED_RATERS, TABLE_COLUMNS, TABLE_FILE
from service.dataset.tables import iter_rows, read_csv
from service.editor.diff import OUTLET_FIELD, Change, compare_tables, count_steps
from service.editor.fetch import SOURCES, FetchedFile, fetch_all
from service.editor.importers import DESCRIPTIONS, IMPORTERS
from service.editor.importers.mbfc import read_listed
from service.editor.importers.published import read_decisions, update_factuality
from service.editor.name_agreement import compare_names, read_list
from service.editor.rating_rows import (
    ImportInputs,
    count_differences,
    merge_unchanged,
    read_rating_rows,
    write_description,
    write_rating_rows,
)
from service.editor.refresh import apply_refresh, prepare_refresh
from service.editor.release import compare_agreement, read_released, release
from service.editor.validate import check_folder
from service.settings import from_environment

FOLDER = click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: from_environment().data,
    show_default="SLANTWISE_DATA, or the shipped data",
    help="Folder with raters/, facts/ and the table.",
)
FILE = click.Path(dir_okay=False, path_type=Path)
RATERS = click.argument("raters", nargs=-1, type=click.Choice(sorted(SOURCES)))
INTO = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/fetched"),
    show_default=True,
    help="Folder that keeps what was fetched.",
)
URLS = click.option(
    "--url", "urls", multiple=True, metavar="RATER=URL", help="Fetch from another URL, such as a mirror."
)
MAX_SHOWN = 20
EXIT_FETCH_FAILED = 8


@click.group("data")
def data() -> None:
    """Import ratings, build and check the table, compare versions."""


@data.command("import")
@click.argument("rater", type=click.Choice(sorted(IMPORTERS)))
@click.argument("inputs", nargs=-1, required=True, type=FILE)
@click.option("--fill", multiple=True, type=FILE, help="File that completes INPUTS without adding outlets.")
@click.option("--as-of", default="", help="Date of inputs without one, such as 2026-11-23.")
@click.option("--facts", type=FILE, help="Facts file to update with the factuality in INPUTS (mbfc only).")
@click.option("--out", required=True, type=FILE, help="Rater file to write, a CSV.")
@FOLDER
def import_(
    *,
    rater: str,
    inputs: tuple[Path, ...],
    fill: tuple[Path, ...],
    as_of: str,
    facts: Path | None,
    out: Path,
    folder: Path,
) -> None:
    """Turn what RATER publishes (INPUTS, newest first) into a rater file.

    A missing description is written as JSON next to it. Check its terms before use.
    """
    names = _unique_names(folder / TABLE_FILE) if rater == "adfontes" else {}
    previous = {row.domain: row for _, row in read_rating_rows(out)} if out.exists() else {}
    decisions = read_decisions(folder, rater)
    found = IMPORTERS[rater](
        ImportInputs(inputs, fill, as_of, names, decisions, previous, partial(click.echo, err=True))
    )
    verdicts = merge_unchanged(previous, found)
    write_rating_rows(out, verdicts)
    described = out.with_suffix(".json")
    if not described.exists():
        write_description(described, structs.replace(DESCRIPTIONS[rater], id=out.stem))
        click.echo(f"{described}: written; check the rater and its terms")
    if facts:
        listed = [outlet for path in reversed(inputs) for outlet in read_listed(path)]
        click.echo(f"{facts}: {update_factuality(facts, listed, as_of)} outlets with a new factuality")
    scale = DESCRIPTIONS[rater].scale
    leaning = sum(scale[verdict.label] is not None for verdict in verdicts)
    click.echo(f"{out}: {len(verdicts)} outlets, {leaning} of them with a lean")
    if previous:
        click.echo(f"  {count_differences(previous, verdicts)}")


@data.command()
@click.option("--version", help="Version to write, such as 2026.12.0. By default a change raises it.")
@click.option("--reason", default="", help="Reason of the changes, which are then recorded in changes/.")
@click.option("--changelog", type=FILE, help="Changelog that gets a line for the changes.")
@FOLDER
def build(folder: Path, version: str | None, reason: str, changelog: Path | None) -> None:
    """Build the table from the rater files and facts. A change raises the version of the data.

    The record of changes has everything since the last version that git knows. --version names one that is
    not out yet, which then takes these changes too.
    """
    today = datetime.now(UTC).date()
    print_lines(release(folder, today, version=version, reason=reason, changelog=changelog))


@data.command()
@FOLDER
def check(folder: Path) -> None:
    """Check every file of the data, and print each fault with its file, line, column and correction.

    The rater files in SLANTWISE_RATER_FILES are checked too, as at the start of a server.
    """
    faults = check_folder(folder, _show_status) or _check_start(folder)
    _show_status("")
    shown = faults[:MAX_SHOWN_ISSUES]
    print_lines(map(str, shown))
    if faults:
        raise click.ClickException(f"{len(faults)} faults, the first {len(shown)} shown")
    click.echo(f"{folder}: no fault in {len(read_csv(folder / TABLE_FILE, TABLE_COLUMNS))} outlets")
    released = read_released(folder)
    before = released[TABLE_FILE] if released else b""
    print_lines(compare_agreement(before, (folder / TABLE_FILE).read_bytes()))


@data.command()
@FOLDER
def snapshot(folder: Path) -> None:
    """Keep the checked data beside its files, so that a start need not check them again.

    A snapshot serves the files, settings and version of the code that it was made of, and no others.
    """
    click.echo(f"{write_snapshot(structs.replace(from_environment(), data=str(folder)))}: written")


@data.command()
@click.argument("lists", nargs=-1, required=True, type=FILE, metavar="LIST...")
def agree(lists: tuple[Path, ...]) -> None:
    """Check that name and URL mean the same outlet in CSV files with the columns name and url.

    Rows whose URL belongs to an outlet are compared. Those with another outlet by name are shown.
    """
    catalog = load_catalog()
    for path in lists:
        click.echo(f"{path}:")
        print_lines(f"  {line}" for line in compare_names(catalog, read_list(path)).lines())


@data.command()
@RATERS
@INTO
@URLS
def fetch(raters: tuple[str, ...], into: Path, urls: tuple[str, ...]) -> None:
    """Fetch the public files of RATERS (all that have one) for `data import`.

    If the file of one rater cannot be fetched, the others still are. The exit status then is 8, plus 1 for
    mbfc, plus 2 for allsides.
    """
    fetched = fetch_all(_choose_urls(raters, urls), into)
    for file in fetched:
        size = "unchanged" if file.data is None else f"{len(file.data)} bytes, {file.outlets} outlets"
        click.echo(file.error or f"{into / file.rater}.json: {size}", err=bool(file.error))
    _exit_for(fetched)


@data.command()
@RATERS
@INTO
@URLS
@click.option("--accept", is_flag=True, help="Write even when many or well-known outlets change side.")
@FOLDER
def refresh(
    *, raters: tuple[str, ...], into: Path, urls: tuple[str, ...], accept: bool, folder: Path
) -> None:
    """Fetch RATERS (all with a public file), and bring the data up to date with what they say.

    A change counts when it is seen again at least 14 days later. The data is built and checked before
    anything is written. When over 2 % of a rater's outlets or one of the 500 best known would change side,
    nothing is written unless --accept is given or the question answered. INTO/summary.md says what happened.
    """
    fetched = fetch_all(_choose_urls(raters, urls), into)
    print_lines((file.error for file in fetched if file.error), err=True)
    ready = [file.rater for file in fetched if not file.error]
    found = prepare_refresh(folder, into, ready, datetime.now(UTC).date())
    click.echo(found.summary)
    if found.alarms and not accept and not (sys.stdin.isatty() and click.confirm("Write it all the same?")):
        raise click.ClickException("nothing was written; run it again with --accept if this is right")
    print_lines(apply_refresh(found, folder, into))
    _exit_for(fetched)


@data.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--all", "everything", is_flag=True, help="Show every change.")
def diff(old: Path, new: Path, *, everything: bool) -> None:
    """Show the outlets added, removed and moved between two tables, and by how much."""
    found = compare_tables(*(read_csv(path, TABLE_COLUMNS) for path in (old, new)))
    sections: dict[str, list[Change]] = {
        title: [] for title in ("moved", "ratings", "added", "removed", "facts")
    }
    for change in found:
        sections[_find_section(change)].append(change)
    sections["moved"].sort(key=lambda change: (-(count_steps(change) or 0), change))
    came_or_went = sum(count_steps(change) is None for change in sections["moved"])
    click.echo(
        f"{len(sections['added'])} added, {len(sections['removed'])} removed, {len(sections['moved'])} moved "
        f"({came_or_went} of them gained or lost their rating), {len(sections['facts'])} facts changed"
    )
    for title, changes in sections.items():
        shown = changes if everything else changes[:MAX_SHOWN]
        print_lines(("", title) if changes else ())
        print_lines(f"  {_format_change(change)}" for change in shown)
        if len(changes) > len(shown):
            click.echo(f"  … and {len(changes) - len(shown)} more (--all shows them)")


def _find_section(change: Change) -> str:
    _, field, before, _ = change
    if field == OUTLET_FIELD:
        return "removed" if before else "added"
    return "moved" if field == "bias" else "ratings" if field.startswith(SHIPPED_RATERS) else "facts"


def _choose_urls(raters: Sequence[str], urls: Sequence[str]) -> dict[str, str]:
    elsewhere = dict(url.partition("=")[::2] for url in urls)
    if unknown := elsewhere.keys() - SOURCES.keys():
        raise click.BadParameter(f"{min(unknown)!r} is not a rater with a public file", param_hint="--url")
    return {name: elsewhere.get(name, SOURCES[name]) for name in raters or SOURCES}


def _exit_for(fetched: Sequence[FetchedFile]) -> None:
    """End with a status that names the raters whose files could not be fetched."""
    failed = sum(2 ** list(SOURCES).index(file.rater) for file in fetched if file.error)
    if failed:
        raise click.exceptions.Exit(EXIT_FETCH_FAILED + failed)


def _check_start(folder: Path) -> Sequence[DataIssue]:
    """Return the faults that would stop a server with the settings of the environment."""
    try:
        read_and_cache(structs.replace(from_environment(), data=str(folder)))
    except InvalidDataError as error:
        return error.issues
    return ()


def _unique_names(table: Path) -> dict[str, str]:
    """Map normal names to domains, for names of a single outlet."""
    domains: dict[str, list[str]] = {}
    for row in iter_rows(read_csv(table, TABLE_COLUMNS)):
        domains.setdefault(normalize_name(row.name), []).append(row.domain)
    return {name: found[0] for name, found in domains.items() if len(found) == 1}


def _show_status(what: str) -> None:
    """Show progress on a terminal, in one line that the next replaces."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{f'checking {what} …' if what else ''}", nl=False, err=True)


def _format_change(change: Change) -> str:
    domain, column, old, new = change
    if column == OUTLET_FIELD:
        return domain
    far = count_steps(change) if column == "bias" else None
    return f"{domain}: {column} {old or 'none'} → {new or 'none'}{f' ({far} steps)' if far else ''}"
