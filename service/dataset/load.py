"""Data files → one checked snapshot. Nothing here runs during a request.

A server runs this module as a program (``python -m service.dataset.load``): reading and checking then hold up
no process that serves, neither at start nor at reload.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from service.core.errors import DataError
from service.core.outlets import Alias, Outlet, Rater, Rating, combine
from service.core.resolve.catalog import Catalog
from service.dataset.checks import check_aliases, check_lists, check_table
from service.dataset.columns import (
    ALIASES,
    ALIASES_FILE,
    LISTS,
    LISTS_FILE,
    REFERENCE_LISTS,
    SHIPPED,
    TABLE,
    TABLE_FILE,
)
from service.dataset.csvfile import Fault, FaultyDataError, Row
from service.dataset.deployer import Own, enabled, own_raters, weighted
from service.dataset.files import Files
from service.dataset.snapshot import Snapshot, catalog_of, pack
from service.settings import Settings

PACKAGE, RATERS = "datapackage.json", "raters"
FACTS = ("factuality", "country", "language", "media_type", "owner", "ownership", "state_media")


class Package(msgspec.Struct):
    """What the description of the data says of its version."""

    version: str
    created: str


def load(settings: Settings) -> Catalog:
    """The catalog that ``settings`` describe; raises ``DataError`` when a file cannot be served as it is."""
    return catalog_of(read(settings))


def read(settings: Settings) -> Snapshot:
    """The data that ``settings`` describe; raises ``DataError`` with every fault of the first bad file."""
    files, folder = Files(), Path(settings.data)
    package = package_of(files, folder / PACKAGE)
    shipped = shipped_raters(files, folder / RATERS)
    table, aliases = read_tables(files, folder, shipped)
    named = times_named(files, folder / LISTS_FILE, aliases)
    own = own_raters(files, settings.rater_files, shipped, aliases)
    known = {**shipped, **{each.rater.id: each.rater for each in own}}
    raters = weighted(enabled(known, settings.raters), settings.weights)
    return Snapshot(
        version=package.version,
        created=package.created,
        sha256=files.fingerprint(also=settings.weights),
        files=files.sha256,
        raters=tuple(raters.values()),
        outlets=list(outlets_of(table, own, raters, named)),
        aliases=aliases,
    )


def package_of(files: Files, path: Path) -> Package:
    """The version of the data; raises ``FaultyDataError``."""
    try:
        return msgspec.json.decode(files.read(path), type=Package)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FaultyDataError(
            [Fault(str(path), 1, "json", str(error), "a Frictionless Data Package")]
        ) from error


def shipped_raters(files: Files, folder: Path) -> dict[str, Rater]:
    """Descriptions of the raters that have columns in the table, by id; raises ``FaultyDataError``."""
    found = {rater.id: rater for _, rater in files.raters(folder)}
    for name in SHIPPED:
        if name not in found:
            path = str(folder / f"{name}.json")
            raise FaultyDataError([Fault(path, 1, "file", "there is none", "the rater's description")])
    return {name: rater for name, rater in found.items() if name in SHIPPED}


def read_tables(files: Files, folder: Path, shipped: Mapping[str, Rater]) -> tuple[list[Row], list[Alias]]:
    """The rows of the table, and the aliases; raises ``FaultyDataError``."""
    path = folder / TABLE_FILE
    table = files.rows(path, TABLE, lambda rows: check_table(rows, shipped, str(path)))
    domains = {row.cells["domain"] for row in table}
    beside = folder / ALIASES_FILE
    rows = files.rows(beside, ALIASES, lambda rows: check_aliases(rows, domains, str(beside)))
    return table, [
        msgspec.convert({**row.cells, "domain": row.cells["domain"] or None}, Alias) for row in rows
    ]


def times_named(files: Files, path: Path, aliases: Iterable[Alias]) -> dict[str, int]:
    """Count, for each outlet, the reference lists that name one of its hosts; a folder may lack the file."""
    if not path.exists():
        return {}
    outlet_at = {alias.alias: alias.domain for alias in aliases if alias.kind in ("host", "shortener")}
    lists: dict[str, set[str]] = {}
    for row in files.rows(path, LISTS, lambda rows: check_lists(rows, str(path))):
        domain = outlet_at.get(row.cells["domain"]) or row.cells["domain"]
        lists.setdefault(domain, set()).update(row.cells["lists"].split())
    return {domain: sum(REFERENCE_LISTS[name] for name in names) for domain, names in lists.items()}


def outlets_of(
    table: Iterable[Row], own: Sequence[Own], raters: Mapping[str, Rater], named: Mapping[str, int]
) -> Iterator[Outlet]:
    """Every outlet of the table with the ratings of ``raters``, then those that only a deployer rates."""
    for row in table:
        domain = row.cells["domain"]
        ratings = [*shipped_ratings(row.cells, raters), *own_ratings(domain, own)]
        facts = {fact: row.cells[fact] or None for fact in FACTS}
        lists = named.get(domain, 0)
        yield Outlet(domain, row.cells["name"], combine(ratings, raters), **facts, lists=lists)
    listed = {row.cells["domain"] for row in table}
    names = {domain: name for each in reversed(own) for domain, name in each.names.items()}
    for domain in sorted(names.keys() - listed):
        yield Outlet(domain, names[domain], combine(own_ratings(domain, own), raters))


def shipped_ratings(cells: Mapping[str, str], raters: Mapping[str, Rater]) -> Iterator[Rating]:
    """The verdicts in one row of the table."""
    for name, rater in raters.items():
        if text := cells.get(name, ""):
            value = float(text)
            yield Rating(name, native(rater, value), value, cells[f"{name}_as_of"])


def own_ratings(domain: str, own: Iterable[Own]) -> list[Rating]:
    """The verdicts that a deployer's rater files have on one outlet."""
    return [each.ratings[domain] for each in own if domain in each.ratings]


def native(rater: Rater, value: float) -> str:
    """The rater's own word for a value on our scale."""
    return next((label for label, at in rater.scale.items() if at == value), f"{value:+g}")


def main() -> None:
    """Settings as JSON on standard input → the snapshot on standard output, or faults on standard error."""
    try:
        sys.stdout.buffer.write(pack(read(msgspec.json.decode(sys.stdin.buffer.read(), type=Settings))))
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
