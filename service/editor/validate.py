"""Checks a whole data folder: each file, and the files against each other."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
from msgspec import structs

from service.core.outlets import Rater
from service.dataset.aliases import check_aliases, check_shared_names
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes
from service.dataset.rater_files import check_description, check_ratings, read_description
from service.dataset.schema import (
    ALIAS_COLUMNS,
    ALIASES_FILE,
    APART_COLUMNS,
    CHANGE_COLUMNS,
    CHANGES_FOLDER,
    CLOSED_COLUMNS,
    DISAMBIGUATION_COLUMNS,
    EXCLUDED_COLUMNS,
    LIST_COLUMNS,
    LISTS_FILE,
    MOVED_COLUMNS,
    OUTLET_COLUMNS,
    OWNERSHIP_COLUMNS,
    RATER_COLUMNS,
    SHARED_NAME_COLUMNS,
    SHIPPED_RATERS,
    STATE_MEDIA_COLUMNS,
    TABLE_COLUMNS,
    TABLE_FILE,
)
from service.dataset.suffixes import check_public_suffix, check_shared_host
from service.dataset.tables import (
    check_cells,
    check_changes,
    check_each,
    check_keys,
    check_table,
    iter_rows,
    read_csv,
)
from service.editor.build import build_table
from service.editor.lint import lint_table
from service.editor.release import find_changed_files

FACT_FILES = {
    "outlets": OUTLET_COLUMNS,
    "ownership": OWNERSHIP_COLUMNS,
    "state_media": STATE_MEDIA_COLUMNS,
    "disambiguation": DISAMBIGUATION_COLUMNS,
    "closed": CLOSED_COLUMNS,
}
KEY_FILES = {"excluded": EXCLUDED_COLUMNS, "moved": MOVED_COLUMNS}
APART_FILE = "facts/apart.csv"
SHARED_NAMES_FILE = "facts/shared_names.csv"
RATER_NAMES = tuple((f"raters/{rater}.csv", "name") for rater in SHIPPED_RATERS)
RATER_DOMAINS = tuple((f"raters/{rater}.csv", "domain") for rater in SHIPPED_RATERS)
# Where a column of the table comes from: files, with the column there.
SOURCES = {
    "domain": (("facts/outlets.csv", "domain"), *RATER_DOMAINS),
    "name": (("facts/outlets.csv", "name"), *RATER_NAMES),
    **{column: (("facts/outlets.csv", column),) for column in OUTLET_COLUMNS[2:]},
    **{f"{rater}_as_of": ((f"raters/{rater}.csv", "as_of"),) for rater in SHIPPED_RATERS},
    "owner": (("facts/ownership.csv", "owner"),),
    "ownership": (("facts/ownership.csv", "ownership"),),
    "state_media": (("facts/state_media.csv", "state_media"),),
    "disambiguation": (("facts/disambiguation.csv", "disambiguation"),),
    "closed_on": (("facts/closed.csv", "closed_on"),),
}
CURE = 'run `make data REASON="why"`, which records what changed in a new version'
BUILD_HINT = "run `python -m service data build`"


def check_folder(
    folder: Path, progress: Callable[[str], None] = lambda _: None, *, is_edited: bool = True
) -> list[DataIssue]:
    """Return all faults of a data folder. ``progress`` is called with each part that is checked.

    What an editor should look at is a fault too, if somebody edits the folder.
    """
    faults: list[DataIssue] = []
    progress("rater files")
    raters = {name: each for name in SHIPPED_RATERS if (each := _read_rater(folder, name, faults))}
    progress(TABLE_FILE)
    table = _read_rows(folder / TABLE_FILE, TABLE_COLUMNS, faults)
    if len(raters) == len(SHIPPED_RATERS):
        faults += check_table(table, raters, str(folder / TABLE_FILE))
    for check_host in (check_shared_host, check_public_suffix):
        faults += check_each(table, ("domain",), check_host, str(folder / TABLE_FILE))
    progress("aliases and facts")
    aliases = folder / ALIASES_FILE
    named = _read_rows(aliases, ALIAS_COLUMNS, faults)
    faults += check_aliases(named, table, str(aliases))
    names = _read_optional(folder / SHARED_NAMES_FILE, SHARED_NAME_COLUMNS, faults)
    faults += check_shared_names(names, named, str(folder / SHARED_NAMES_FILE))
    lists = _read_optional(folder / LISTS_FILE, LIST_COLUMNS, faults)
    faults += [*check_keys(lists, str(folder / LISTS_FILE)), *check_cells(lists, str(folder / LISTS_FILE))]
    faults += _check_facts(folder / "facts", table["domain"], faults)
    if is_edited:
        faults += find_oversights(folder, table)
    for path in sorted((folder / CHANGES_FOLDER).glob("*.csv")):
        faults += check_changes(_read_rows(path, CHANGE_COLUMNS, faults), str(path))
    progress("the table against its sources")
    return [_locate(fault, table, folder) for fault in faults] or _check_rebuild(folder)


def find_oversights(folder: Path, table: pd.DataFrame | None = None) -> list[DataIssue]:
    """Find what an editor should look at. Raise ``InvalidDataError`` for a file with a fault."""
    table = read_csv(folder / TABLE_FILE, TABLE_COLUMNS) if table is None else table
    faults: list[DataIssue] = []
    apart = _read_optional(folder / APART_FILE, APART_COLUMNS, faults)
    ratings = _read_optional(folder / "raters" / "mbfc.csv", RATER_COLUMNS, faults)
    pages = dict(zip(ratings["domain"], ratings["url"], strict=True))
    return [*faults, *lint_table(table, apart, pages, str(folder / TABLE_FILE), str(folder / APART_FILE))]


def _locate(fault: DataIssue, table: pd.DataFrame, folder: Path) -> DataIssue:
    """Name the file that an editor may edit, where a fault in the table comes from there."""
    if fault.file != str(folder / TABLE_FILE) or fault.line not in table.index:
        return fault
    domain, cell = table.at[fault.line, "domain"], table.at[fault.line, fault.column]
    for name, column in SOURCES.get(fault.column, ()):
        path = folder / name
        if path.exists():
            source = pd.read_csv(path, dtype=str, keep_default_na=False)
            lines = source.index[(source["domain"] == domain) & (source[column] == cell)]
            if len(lines):
                return structs.replace(fault, file=str(path), line=int(lines[0]) + 2, column=column)
    return fault


def _read_rater(folder: Path, name: str, faults: list[DataIssue]) -> Rater | None:
    """Read a shipped rater's description, and add its faults and those of its verdicts to ``faults``."""
    path = folder / "raters" / f"{name}.json"
    try:
        rater = read_description(path)
    except InvalidDataError as error:
        faults += error.issues
        return None
    verdicts = path.with_suffix(".csv")
    faults += check_description(rater, str(path), name)
    faults += check_ratings(_read_rows(verdicts, RATER_COLUMNS, faults), rater, str(verdicts))
    return rater


def _read_rows(path: Path, columns: Sequence[str], faults: list[DataIssue]) -> pd.DataFrame:
    """Read the rows of a file, and add its faults to ``faults``."""
    try:
        return read_csv(path, columns)
    except InvalidDataError as error:
        faults += error.issues
        return pd.DataFrame(columns=list(columns), dtype=object)


def _read_optional(path: Path, columns: Sequence[str], faults: list[DataIssue]) -> pd.DataFrame:
    """Read the rows of a file that may be absent."""
    return _read_rows(path, columns, faults) if path.exists() else pd.DataFrame(columns=list(columns))


def _check_facts(folder: Path, domains: "pd.Series[str]", faults: list[DataIssue]) -> list[DataIssue]:
    found: list[DataIssue] = []
    for name, columns in (FACT_FILES | KEY_FILES).items():
        path = folder / f"{name}.csv"
        frame = _read_optional(path, columns, faults)
        found += [*check_keys(frame, str(path)), *check_cells(frame, str(path))]
        if name in FACT_FILES or name == "moved":
            found += _check_listed(frame, "to" if name == "moved" else "domain", domains, path)
    return found


def _check_listed(
    frame: pd.DataFrame, column: str, domains: "pd.Series[str]", path: Path
) -> Iterator[DataIssue]:
    expected = f"a domain in {TABLE_FILE} ({BUILD_HINT} if it is new)"
    for row in iter_rows(frame[~frame[column].isin(domains)]):
        found = f"{getattr(row, column)!r} is not in the table"
        yield DataIssue(str(path), row.Index, column, found, expected)


def _check_rebuild(folder: Path) -> list[DataIssue]:
    """Return where the table differs from its sources, or else the faults of the package."""
    path = folder / TABLE_FILE
    found, built = decode_text(read_bytes(path), str(path)).split("\n"), build_table(folder).split("\n")
    pairs = enumerate(zip(found, built, strict=False), 1)
    line = next((number for number, (have, want) in pairs if have != want), min(len(found), len(built)))
    if found != built:
        want = built[line - 1][:120] if line <= len(built) else "no further line"
        return [
            DataIssue(
                str(path), line, "row", "the table does not match its sources", f"{BUILD_HINT}: {want!r}"
            )
        ]
    return _check_package(folder)


def _check_package(folder: Path) -> list[DataIssue]:
    path = folder / "datapackage.json"
    try:
        resources = json.loads(read_bytes(path))["resources"]
        named = {each["path"] for each in resources}
    except (ValueError, KeyError, TypeError) as error:
        return [
            DataIssue(
                str(path), 1, "json", f"this is not a data package ({error})", "see specs.frictionlessdata.io"
            )
        ]
    files = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.csv")))
    return [
        *(
            DataIssue(str(path), 1, "resources", f"{file} is not described", "a resource for each CSV file")
            for file in files
            if file not in named and not file.startswith(f"{CHANGES_FOLDER}/")
        ),
        *(
            DataIssue(str(folder / name), 1, "file", "it has changed since the version was written", CURE)
            for name in find_changed_files(folder)
        ),
    ]
