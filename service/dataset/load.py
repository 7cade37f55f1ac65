"""Reads data files into one checked snapshot. Nothing here runs during a request.

A server runs this module as a program (``python -m service.dataset.load``), so that reading and checking hold
up none of its processes, neither at start nor at reload.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import UNSET

from service.core.bias import label_for
from service.core.errors import DataError
from service.core.outlets import FACT_FIELDS, Alias, Change, Outlet, Rater, Rating, combine_ratings
from service.core.resolve.catalog import Catalog
from service.dataset.aliases import check_aliases, to_aliases
from service.dataset.cells import check_date
from service.dataset.checks import check_changes, check_lists, check_table
from service.dataset.csvfile import DataIssue, InvalidDataError, Row, UnreadableFileError, decode_text
from service.dataset.deployer import apply_weights, read_own_raters, select_raters
from service.dataset.file_reader import FileReader
from service.dataset.schema import (
    ALIAS_COLUMNS,
    ALIASES_FILE,
    CHANGE_COLUMNS,
    CHANGES_FILE,
    LIST_COLUMNS,
    LISTS_FILE,
    REFERENCE_LISTS,
    SHIPPED_RATERS,
    TABLE_COLUMNS,
    TABLE_FILE,
)
from service.dataset.snapshot import Snapshot, build_catalog, encode_snapshot, gc_paused
from service.dataset.suffixes import check_hosts
from service.dataset.verdicts import (
    HostAliases,
    RaterRatings,
    is_stale,
    read_rater_file,
    stale_before,
    to_ratings,
)
from service.settings import Settings

PACKAGE_FILE, RATERS_FOLDER = "datapackage.json", "raters"


class Package(msgspec.Struct):
    """The version of the data, as its description gives it."""

    version: str
    created: str


def load(settings: Settings) -> Catalog:
    """Load the catalog of ``settings``. Raise ``DataError`` when a file has a fault."""
    with gc_paused():
        return build_catalog(read_snapshot(settings))


def read_snapshot(settings: Settings) -> Snapshot:
    """Return the data of ``settings``. Raise ``DataError`` with the faults of the first bad file."""
    folder = Path(settings.data)
    files = FileReader(
        {Path(settings.rater_files): "rater_files", folder: "data", folder / RATERS_FOLDER: RATERS_FOLDER}
    )
    package = read_package(files, folder / PACKAGE_FILE)
    shipped = read_shipped_raters(files, folder / RATERS_FOLDER)
    table, aliases = read_tables(files, folder, shipped)
    hosts = {each.alias: each.domain for each in aliases if each.kind in ("host", "platform")}
    listed = [
        match_table_ratings(
            table, rater, read_rater_rows(files, folder / RATERS_FOLDER, rater), hosts, package.created
        )
        for rater in shipped.values()
    ]
    own = read_own_raters(files, settings.rater_files, shipped, hosts, package.created)
    named = count_reference_lists(files, folder / LISTS_FILE, aliases)
    known = {**shipped, **{each.rater.id: each.rater for each in own}}
    raters = apply_weights(select_raters(known, settings.raters), settings.weights)
    return Snapshot(
        version=package.version,
        created=package.created,
        sha256=files.fingerprint(also=settings.weights),
        files=files.sha256,
        raters=tuple(raters.values()),
        outlets=list(build_outlets(table, [*listed, *own], raters, named)),
        aliases=aliases,
        changes=read_changes(files, folder / CHANGES_FILE),
    )


def read_package(files: FileReader, path: Path) -> Package:
    """Read the version of the data. Raise ``InvalidDataError`` when the file does not give it."""
    try:
        package = msgspec.json.decode(decode_text(files.read(path), str(path)), type=Package)
    except msgspec.DecodeError as error:
        raise InvalidDataError(
            [DataIssue(str(path), 1, "json", str(error), "a Frictionless Data Package")]
        ) from error
    if problem := check_date(package.created[:10]):
        raise InvalidDataError([DataIssue(str(path), 1, "created", *problem)])
    return package


def read_shipped_raters(files: FileReader, folder: Path) -> dict[str, Rater]:
    """Read the raters with columns in the table, by id. Raise ``InvalidDataError`` when one is missing."""
    found = {rater.id: rater for _, rater in files.raters(folder)}
    for name in SHIPPED_RATERS:
        if name not in found:
            path = str(folder / f"{name}.json")
            raise InvalidDataError(
                [DataIssue(path, 1, "file", "the file is missing", "the rater's description")]
            )
    return {name: rater for name, rater in found.items() if name in SHIPPED_RATERS}


def read_tables(
    files: FileReader, folder: Path, shipped: Mapping[str, Rater]
) -> tuple[list[Row], list[Alias]]:
    """Return the rows of the table, and the aliases. Raise ``InvalidDataError`` for a bad file."""
    path, beside = folder / TABLE_FILE, folder / ALIASES_FILE

    def faults(rows: Sequence[Row]) -> list[DataIssue]:
        return sorted([*check_table(rows, shipped, str(path)), *check_hosts(rows, str(path))])

    table = files.rows(path, TABLE_COLUMNS, faults)
    rows = files.rows(beside, ALIAS_COLUMNS, lambda rows: check_aliases(rows, table, str(beside)))
    return table, to_aliases(rows)


def read_rater_rows(files: FileReader, folder: Path, rater: Rater) -> list[Row]:
    """Return the rows of a shipped rater's file, or none when the folder has only the table."""
    path = folder / f"{rater.id}.csv"
    return read_rater_file(files, path, rater) if path.exists() else []


def match_table_ratings(
    table: Sequence[Row], rater: Rater, rows: Sequence[Row], hosts: HostAliases, created: str
) -> RaterRatings:
    """Return the verdicts of a shipped rater on the outlets of ``table``.

    The table decides value and date. The rater file (``rows``) adds the rater's own label. A verdict that the
    file lacks, as in a table edited by hand, gets our label.
    """
    listed, oldest = to_ratings(rows, rater, hosts, created), stale_before(created)
    found = RaterRatings(rater, {}, {})
    for row in table:
        domain, text, as_of = row.cells["domain"], row.cells[rater.id], row.cells[f"{rater.id}_as_of"]
        if text:
            rating = listed.ratings.get(domain)
            if rating is None or (rating.value, rating.as_of) != (float(text), as_of):
                stale = is_stale(as_of, oldest) or UNSET
                rating = Rating(rater.id, label_for(float(text)), float(text), as_of, stale=stale)
            found.ratings[domain] = rating
    return found


def count_reference_lists(files: FileReader, path: Path, aliases: Iterable[Alias]) -> dict[str, int]:
    """Count, for each outlet, the reference lists with one of its hosts. The file may be absent."""
    if not path.exists():
        return {}
    outlet_at = {alias.alias: alias.domain for alias in aliases if alias.kind in ("host", "shortener")}
    lists: dict[str, set[str]] = {}
    for row in files.rows(path, LIST_COLUMNS, lambda rows: check_lists(rows, str(path))):
        domain = outlet_at.get(row.cells["domain"]) or row.cells["domain"]
        lists.setdefault(domain, set()).update(row.cells["lists"].split())
    return {domain: sum(REFERENCE_LISTS[name] for name in names) for domain, names in lists.items()}


def build_outlets(
    table: Iterable[Row],
    verdicts: Sequence[RaterRatings],
    raters: Mapping[str, Rater],
    named: Mapping[str, int],
) -> Iterator[Outlet]:
    """Yield each outlet of the table with its ratings by ``raters``, then those rated only by a deployer."""
    listed = set()
    for row in table:
        domain = row.cells["domain"]
        listed.add(domain)
        facts = {fact: row.cells[fact] or None for fact in (*FACT_FIELDS, "factuality_as_of")}
        bias, lists = combine_ratings(collect_ratings(domain, verdicts), raters), named.get(domain, 0)
        yield Outlet(domain, row.cells["name"], bias, **facts, lists=lists)
    names = {domain: name for each in reversed(verdicts) for domain, name in each.names.items()}
    for domain in sorted(names.keys() - listed):
        yield Outlet(domain, names[domain], combine_ratings(collect_ratings(domain, verdicts), raters))


def collect_ratings(domain: str, verdicts: Iterable[RaterRatings]) -> list[Rating]:
    """Return the verdicts on one outlet, in the order of the raters."""
    return [each.ratings[domain] for each in verdicts if domain in each.ratings]


def read_changes(files: FileReader, path: Path) -> list[Change]:
    """Return the changes between versions. The file may be absent."""
    if not path.exists():
        return []
    rows = files.rows(path, CHANGE_COLUMNS, lambda rows: check_changes(rows, str(path)))
    return [Change(**row.cells) for row in rows]


def main() -> None:
    """Read settings as JSON from stdin, and write the snapshot to stdout, or faults to stderr.

    The status tells files that cannot be read now (75) from data with faults (1).
    """
    try:
        with gc_paused():
            sys.stdout.buffer.write(
                encode_snapshot(read_snapshot(msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)))
            )
    except UnreadableFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(os.EX_TEMPFAIL)
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
