"""``python -m service bulk`` scores a table of any size."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from service.cli.score import COUNTRY, JSON, TIES, load, override
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.errors import RequestError
from service.settings import without_extra

if TYPE_CHECKING:  # narwhals and polars are an optional extra
    from service.bulk.summary import Summary

PATH = click.Path(path_type=Path)

REJECTED = 3
"""Exit status when some rows were not counted."""


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=True, path_type=Path), metavar="IN")
@click.argument("target", type=PATH, metavar="OUT")
@click.option("--story-id", default="story_id", show_default=True, help="Column of the story's id.")
@click.option("--url", help="Column of article URLs.  [default: url, if there is one]")
@click.option("--domain", help="Column of domains.  [default: domain, if there is one]")
@click.option("--name", help="Column of outlets' names.  [default: name, if there is one]")
@click.option("--rater", "raters", multiple=True, help="Use only this rater. Repeat for several.")
@click.option(
    "--override", "overrides", multiple=True, metavar="DOMAIN=LABEL", help="Rate an outlet yourself."
)
@click.option("--count-by", type=click.Choice(["outlet", "entry"]), default="outlet", show_default=True)
@COUNTRY
@TIES
@click.option(
    "--entries", "entries_to", type=PATH, help="Write each entry with its verdict to this table too."
)
@click.option("--engine", type=click.Choice(["polars", "spark"]), default="polars", show_default=True)
@click.option("--master", default="local[*]", show_default=True, help="Spark's master.")
@JSON
def bulk(source: Path, target: Path, as_json: bool, engine: str, master: str, **given: Any) -> None:
    """Score the table IN, one row an entry in any order, into the table OUT, one row a story.

    File names end in .csv, .parquet or .ndjson. Rows that cannot be counted are reported, the first of them
    one by one. With --engine spark, OUT is a folder, and IN may be one.

    Exit status: 0 all rows counted, 1 fault in data or settings, 2 wrong use, 3 some rows rejected.
    """
    names = tuple(given.pop(part) for part in ("story_id", "url", "domain", "name"))
    entries_to = given.pop("entries_to")
    given["raters"] = given["raters"] or None
    given["overrides"] = dict(map(override, given["overrides"]))
    try:
        scorer = Scorer(load(), Options(**given))
    except RequestError as error:
        raise click.UsageError(error.detail) from error
    try:
        if engine == "spark":
            if entries_to is not None:
                raise click.UsageError("--entries needs --engine polars")
            summary = _on_spark(master, source, target, scorer, names)
        else:
            summary = _here(source, target, scorer, names, entries_to)
    except ImportError as error:
        raise click.ClickException(without_extra("bulk", error)) from error
    click.echo(msgspec.json.encode(summary) if as_json else report(summary))
    if summary.rejected:
        sys.exit(REJECTED)


def _here(
    source: Path, target: Path, scorer: Scorer, names: tuple[str, ...], entries_to: Path | None
) -> Summary:
    """Score with polars, with a progress bar on standard error."""
    from service.bulk.layout import Columns  # noqa: PLC0415
    from service.bulk.local import score_file  # noqa: PLC0415

    with click.progressbar(length=1, label="bulk", file=sys.stderr) as bar:

        def progress(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        return score_file(source, target, scorer, Columns(*names), entries_to=entries_to, progress=progress)


def _on_spark(master: str, source: Path, target: Path, scorer: Scorer, names: tuple[str, ...]) -> Summary:
    """Score with Spark, which shows its own progress."""
    from service.bulk.layout import Columns  # noqa: PLC0415
    from service.bulk.spark import score_folder, session  # noqa: PLC0415

    return score_folder(session(master), source, target, scorer, Columns(*names))


def report(summary: Summary) -> str:
    """Format the summary for people."""
    lines = [
        f"{summary.stories:,} stories, {summary.rows:,} rows, {summary.distinct_entries:,} distinct entries",
        f"{summary.entries:,} entries: "
        + ", ".join(f"{times:,} {status}" for status, times in summary.by_status.items()),
        f"{summary.duplicates:,} were duplicates within their story",
    ]
    if summary.rejected:
        lines.append(f"{summary.rejected:,} rows rejected:")
        lines += [f"  {times:>10,}  {reason}" for reason, times in summary.rejected_by_reason.items()]
        lines += [f"  row {each.row:,}: {each.reason}" for each in summary.first_rejected]
    if summary.most_unknown:
        lines.append("most frequent unknown outlets, to be rated next:")
        lines += [f"  {each.entries:>10,}  {each.entry}" for each in summary.most_unknown]
    return "\n".join(lines)
