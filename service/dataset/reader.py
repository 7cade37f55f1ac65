"""Read the data files with pandas into one checked snapshot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pandas as pd
from msgspec import UNSET

from service.core.bias import label_for
from service.core.outlets import (
    FACT_FIELDS,
    Alias,
    Bias,
    Change,
    LabelPeriod,
    Namesake,
    Outlet,
    Rater,
    Rating,
    combine_ratings,
)
from service.dataset import schema
from service.dataset.aliases import check_aliases
from service.dataset.file_reader import DataIssue, FileReader, InvalidDataError, decode_text, raise_if_any
from service.dataset.rater_files import (
    RaterRatings,
    apply_weights,
    check_ratings,
    is_stale,
    read_own_raters,
    read_raters,
    select_raters,
    stale_before,
    to_ratings,
)
from service.dataset.schema import check_date
from service.dataset.snapshot import Snapshot
from service.dataset.suffixes import check_shared_host
from service.dataset.tables import (
    check_cells,
    check_changes,
    check_each,
    check_history,
    check_keys,
    check_table,
    iter_rows,
    parse_csv,
)
from service.settings import Settings

PACKAGE_FILE, RATERS_FOLDER = "datapackage.json", "raters"


class Package(msgspec.Struct):
    """The version of the data, as its description gives it."""

    version: str
    created: str


def read_snapshot(settings: Settings, files: FileReader) -> Snapshot:
    """Read and check the data that ``settings`` name. Raise ``DataError`` with the faults of a bad file."""
    folder = Path(settings.data)
    package = read_package(files, folder / PACKAGE_FILE)
    shipped = read_shipped_raters(files, folder / RATERS_FOLDER)
    table = read_table(files, folder / schema.TABLE_FILE, shipped)
    aliases = read_aliases(files, folder / schema.ALIASES_FILE, table)
    hosts = {alias.alias: alias.domain for alias in aliases if alias.kind in ("host", "platform")}
    rated = []
    for rater in shipped.values():
        # A folder may have the table without the rater files.
        rows, path = read_optional(files, folder, f"{RATERS_FOLDER}/{rater.id}.csv")
        raise_if_any(check_ratings(rows, rater, path))
        listed = to_ratings(rows, rater, hosts, package.created)
        rated.append(match_table_ratings(table, listed, package.created))
    own = read_own_raters(files, settings.rater_files, shipped, hosts, package.created)
    rated += own
    lists = count_reference_lists(files, folder, aliases)
    known = {**shipped, **{each.rater.id: each.rater for each in own}}
    history = read_history(files, folder, shipped)
    raters = apply_weights(select_raters(known, settings.raters), settings.weights)
    return Snapshot(
        version=package.version,
        created=package.created,
        sha256=files.fingerprint(settings.weights),
        files=files.sha256,
        raters=tuple(raters.values()),
        outlets=list(build_outlets(table, rated, raters, lists, history)),
        aliases=aliases,
        changes=read_changes(files, folder / schema.CHANGES_FOLDER),
        namesakes=read_namesakes(files, folder),
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
    found = {rater.id: rater for _, rater in read_raters(files, folder)}
    for name in schema.SHIPPED_RATERS:
        if name not in found:
            path = str(folder / f"{name}.json")
            raise InvalidDataError(
                [DataIssue(path, 1, "file", "the file is missing", "the rater's description")]
            )
    return {name: rater for name, rater in found.items() if name in schema.SHIPPED_RATERS}


def read_table(files: FileReader, path: Path, shipped: Mapping[str, Rater]) -> pd.DataFrame:
    table = parse_csv(files.read(path), str(path), schema.TABLE_COLUMNS)
    hosts = check_each(table, ("domain",), check_shared_host, str(path))
    raise_if_any(sorted([*check_table(table, shipped, str(path)), *hosts]))
    return table


def read_aliases(files: FileReader, path: Path, table: pd.DataFrame) -> list[Alias]:
    frame = parse_csv(files.read(path), str(path), schema.COLUMNS[schema.ALIASES_FILE])
    raise_if_any(check_aliases(frame, table, str(path)))
    return [Alias(row.alias, row.kind, row.domain or None) for row in iter_rows(frame)]


def match_table_ratings(table: pd.DataFrame, listed: RaterRatings, created: str) -> RaterRatings:
    """Return a shipped rater's ratings of the outlets in ``table``.

    The table decides value and date. The rater file (``listed``) adds the rater's own label. A rating that
    the file lacks, as in a table edited by hand, gets our label.
    """
    rater, oldest = listed.rater, stale_before(created)
    found = RaterRatings(rater, {}, {}, listed.since)
    rated = table[table[rater.id] != ""]
    for _, domain, text, as_of in iter_rows(rated[["domain", rater.id, f"{rater.id}_as_of"]]):
        rating, value = listed.ratings.get(domain), float(text)
        if rating is None or (rating.value, rating.as_of) != (value, as_of):
            rating = Rating(rater.id, label_for(value), value, as_of, stale=is_stale(as_of, oldest) or UNSET)
        found.ratings[domain] = rating
    return found


def read_optional(files: FileReader, folder: Path, name: str) -> tuple[pd.DataFrame, str]:
    """Read a file that a folder may lack, and return it with its path."""
    path, columns = folder / name, schema.COLUMNS[name]
    if path not in files.paths:
        return pd.DataFrame(columns=columns), str(path)
    return parse_csv(files.read(path), str(path), columns), str(path)


def count_reference_lists(files: FileReader, folder: Path, aliases: Iterable[Alias]) -> dict[str, int]:
    """Count, for each outlet, the reference lists with one of its hosts."""
    frame, path = read_optional(files, folder, schema.LISTS_FILE)
    raise_if_any(sorted([*check_keys(frame, path), *check_cells(frame, path)]))
    outlet_at = {alias.alias: alias.domain for alias in aliases if alias.kind in ("host", "shortener")}
    lists: dict[str, set[str]] = {}
    for _, host, names in iter_rows(frame):
        lists.setdefault(outlet_at.get(host) or host, set()).update(names.split())
    return {domain: sum(schema.REFERENCE_LISTS[name] for name in names) for domain, names in lists.items()}


def build_outlets(
    table: pd.DataFrame,
    rated: Sequence[RaterRatings],
    raters: Mapping[str, Rater],
    lists: Mapping[str, int],
    history: Mapping[str, Sequence[LabelPeriod]],
) -> Iterator[Outlet]:
    """Yield each outlet of the table with its ratings by ``raters``, then those rated only by a deployer."""

    def combine(domain: str) -> Bias | None:
        ratings = [each.ratings[domain] for each in rated if domain in each.ratings]
        return combine_ratings(ratings, raters)

    def find_periods(domain: str) -> tuple[LabelPeriod, ...]:
        current = [
            LabelPeriod(each.rater.id, rating.label, each.since.get(domain) or None)
            for each in rated
            if (rating := each.ratings.get(domain))
        ]
        return tuple(period for period in (*history.get(domain, ()), *current) if period.rater in raters)

    facts = [*FACT_FIELDS, "factuality_as_of", "disambiguation", "status", "closed_on"]
    for _, domain, name, *cells in iter_rows(table[["domain", "name", *facts]]):
        known = {fact: cell or None for fact, cell in zip(facts, cells, strict=True)}
        periods = find_periods(domain)
        yield Outlet(domain, name, combine(domain), **known, lists=lists.get(domain, 0), history=periods)
    names = {domain: name for each in reversed(rated) for domain, name in each.names.items()}
    for domain in sorted(names.keys() - set(table["domain"])):
        yield Outlet(domain, names[domain], combine(domain))


def read_history(
    files: FileReader, folder: Path, raters: Mapping[str, Rater]
) -> dict[str, list[LabelPeriod]]:
    """Return the earlier labels of each outlet, oldest first."""
    frame, path = read_optional(files, folder, schema.HISTORY_FILE)
    raise_if_any(check_history(frame, raters, path))
    found: dict[str, list[LabelPeriod]] = {}
    for _, domain, rater, label, since, until in iter_rows(frame):
        found.setdefault(domain, []).append(LabelPeriod(rater, label, since or None, until))
    return found


def read_namesakes(files: FileReader, folder: Path) -> list[Namesake]:
    """Return who else bears a name."""
    frame, path = read_optional(files, folder, schema.NAMESAKES_FILE)
    raise_if_any(sorted(check_cells(frame, path)))
    return [Namesake(*cells) for _, *cells in iter_rows(frame)]


def read_changes(files: FileReader, folder: Path) -> list[Change]:
    """Read the changes between versions. The folder may be absent."""
    changes = []
    for path in files.find(folder, ".csv"):
        frame = parse_csv(files.read(path), str(path), schema.CHANGE_COLUMNS)
        raise_if_any(check_changes(frame, str(path)))
        changes += [Change(*cells) for _, *cells in iter_rows(frame)]
    # Each reason has a file, and a reader wants an outlet's changes together.
    versions = {each.version: tuple(map(int, each.version.split("."))) for each in changes}
    return sorted(changes, key=lambda each: (versions[each.version], each.domain, each.field))
