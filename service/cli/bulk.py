"""``python -m service bulk`` scores a table of any size."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from service.cli.score import (
    COUNT_BY_OPTION,
    COUNTRY_OPTION,
    OVERRIDES_OPTION,
    RATERS_OPTION,
    TIES_OPTION,
    json_option,
    load_catalog,
    make_options,
)
from service.cli.terminal import escape_control
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.errors import RequestError
from service.settings import without_extra

if TYPE_CHECKING:  # narwhals and polars are an optional extra
    from service.bulk.summary import Summary


EXIT_REJECTED = 3

# Options that say where tables lie and what scores them. The others are the API's.
IO_OPTIONS = (
    *("entries_to", "form", "to", "delimiter", "encoding", "resume"),
    *("engine", "master", "spark_conf", "partitions"),
)
OPTION_NAMES = {"entries_to": "entries", "form": "from"}


@click.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option("--story-id", default="story_id", show_default=True, help="Column of the story's id.")
@click.option("--url", help="Column of article URLs.  [default: url, if there is one]")
@click.option("--domain", help="Column of domains.  [default: domain, if there is one]")
@click.option("--name", help="Column of outlets' names.  [default: name, if there is one]")
@RATERS_OPTION
@OVERRIDES_OPTION
@COUNT_BY_OPTION
@COUNTRY_OPTION
@TIES_OPTION
@click.option("--entries", "entries_to", help="Write each entry, and what it means, to this table too.")
@click.option(
    "--from", "form", metavar="FORMAT", help="Format of IN where no ending says it: csv, ndjson.gz …"
)
@click.option("--to", "to", metavar="FORMAT", help="Format of OUT where no ending says it.")
@click.option("--delimiter", help="What stands between the cells of IN.  [default: , or a tab for .tsv]")
@click.option("--encoding", help="Encoding of IN.  [default: utf-8, or utf-16 if its mark is there]")
@click.option("--resume", is_flag=True, help="Go on with a folder OUT that another run has begun.")
@click.option("--engine", type=click.Choice(["polars", "spark"]), default="polars", show_default=True)
@click.option("--master", help="Spark's master.  [default: local[*], or what spark-defaults.conf says]")
@click.option("--spark-conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark; may be repeated.")
@click.option("--partitions", type=click.IntRange(1), help="Parts into which Spark shuffles.")
@json_option("the summary")
def bulk(source: str, target: str, as_json: bool, **given: Any) -> None:
    """Score the table IN, one row an entry in any order, into the table OUT, one row a story.

    The names end in .csv, .tsv, .parquet, .ndjson or .jsonl, text also in .gz or .zst after that. IN may be a
    folder, a pattern ("day=*/*.parquet"), an address (s3://, gs://, az://, file://) or "-". OUT may be an
    address, "-", or a folder (with a slash at its end), which gets a file for each part and can be resumed.
    Rows that cannot be counted are reported, and the first of them pointed out.

    The last line is "done: stories=… rows=… entries=… rejected=…", or begins with "Error: ".

    Exit status: 0 all rows counted, 1 fault in data or settings, 2 wrong use, 3 some rows rejected.
    """
    io = {name: given.pop(name) for name in IO_OPTIONS}
    columns = [given.pop(part) for part in ("story_id", "url", "domain", "name")]
    check_options(target, io)
    try:
        summary = _run(source, target, make_options(**given), columns, io)
    except RequestError as error:
        raise click.UsageError(error.detail) from error
    except ImportError as error:
        raise click.ClickException(without_extra("bulk", error)) from error
    click.echo(msgspec.json.encode(summary) if as_json else format_summary(summary), err=target == "-")
    if summary.rejected:
        sys.exit(EXIT_REJECTED)


def check_options(target: str, io: dict[str, Any]) -> None:
    """Refuse options that do not go together."""
    spark = io["engine"] == "spark"
    for option in ("entries_to", "form", "to", "resume") if spark else ("master", "spark_conf", "partitions"):
        if io[option]:
            name = OPTION_NAMES.get(option, option).replace("_", "-")
            raise click.UsageError(f"--{name} needs --engine {'polars' if spark else 'spark'}")
    if io["resume"] and not (target.endswith("/") or Path(target).is_dir()):
        raise click.UsageError("--resume needs a folder OUT, such as stories/")
    if io["delimiter"] and len(io["delimiter"].encode()) != 1:
        raise click.UsageError(f"--delimiter {io['delimiter']!r}: one ASCII character is wanted")


def _run(source: str, target: str, options: Options, columns: list[Any], io: dict[str, Any]) -> Summary:
    from service.bulk.columns import Columns  # noqa: PLC0415  # an optional extra

    if io["engine"] == "spark":
        from service.bulk.spark import get_session, score_folder  # noqa: PLC0415  # an optional extra

        # Spark shows its own progress.
        spark = get_session(io["master"], dict(map(parse_setting, io["spark_conf"])), io["partitions"])
        text = {name: io[name] for name in ("delimiter", "encoding")}
        return score_folder(spark, source, target, Scorer(load_catalog(), options), Columns(*columns), **text)
    from service.bulk.local import score_table  # noqa: PLC0415  # an optional extra
    from service.bulk.summary import Meter, show_progress  # noqa: PLC0415  # an optional extra

    places = {name: io[name] for name in ("entries_to", "form", "to", "delimiter", "encoding", "resume")}
    scorer, meter = Scorer(load_catalog(), options), Meter()
    with show_progress(meter, sys.stderr):
        return score_table(source, target, scorer, Columns(*columns), **places, meter=meter)


def parse_setting(text: str) -> tuple[str, str]:
    """Read ``KEY=VALUE``."""
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise click.UsageError(f"--spark-conf {text}: KEY=VALUE is wanted")
    return key, value


def count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def format_summary(summary: Summary) -> str:
    """Format the summary for people."""
    lines = [
        f"{count(summary.stories, 'story', 'stories')}, {count(summary.rows, 'row')}, "
        f"{count(summary.distinct_entries, 'distinct entry', 'distinct entries')}",
        f"{count(summary.entries, 'entry', 'entries')}: "
        + ", ".join(f"{times:,} {status}" for status, times in summary.by_status.items()),
        f"{summary.duplicates:,} were duplicates within their story",
    ]
    if summary.rejected:
        lines.append(f"{summary.rejected:,} rows rejected:")
        lines += [f"  {times:>10,}  {reason}" for reason, times in summary.rejected_by_reason.items()]
        lines += [
            f"  {f'{escape_control(row.file)}, ' if row.file else ''}row {row.row:,}: {row.reason}"
            for row in summary.first_rejected
        ]
    if summary.most_unknown:
        lines.append("most frequent unknown outlets, to be rated next:")
        lines += [
            f"  {outlet.entries:>10,}  {escape_control(outlet.entry)}" for outlet in summary.most_unknown
        ]
    totals = ("stories", "rows", "entries", "rejected")
    lines.append("done: " + " ".join(f"{name}={getattr(summary, name)}" for name in totals))
    return "\n".join(lines)
