"""Checks a whole data folder: each file, and the files against each other."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from msgspec import structs

from service.core.outlets import Rater
from service.dataset import schema
from service.dataset.aliases import check_aliases, check_shared_names
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes
from service.dataset.rater_files import check_description, check_ratings, read_description
from service.dataset.suffixes import check_public_suffix, check_shared_host
from service.dataset.tables import (
    check_cells,
    check_changes,
    check_each,
    check_keys,
    check_table,
    iter_rows,
    read_csv,
    read_file,
)
from service.editor.build import build_table
from service.editor.lint import lint_table
from service.editor.release import find_changed_files

T = TypeVar("T")

# Files of facts, with the column whose domains must be in the table.
FACT_FILES = {
    **{f"facts/{name}.csv": "domain" for name in ("outlets", "ownership", "state_media")},
    **{f"facts/{name}.csv": "domain" for name in ("disambiguation", "closed")},
    "facts/moved.csv": "to",
    "facts/excluded.csv": None,
}
APART_FILE, SHARED_NAMES_FILE = "facts/apart.csv", "facts/shared_names.csv"
CURE = 'run `make data REASON="why"`, which records what changed in a new version'
BUILD_HINT = "run `python -m service data build`"


class FaultCollector:
    """Reads the files of a data folder, and keeps the faults of those that cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[DataIssue] = []

    def collect(self, read: Callable[..., T], *given: Any) -> T | None:
        try:
            return read(*given)
        except InvalidDataError as error:
            self.faults.extend(error.issues)
            return None

    def read(self, name: str) -> tuple[pd.DataFrame, str]:
        """Return the rows of a file, none where it has a fault, and its path."""
        frame = self.collect(read_file, self.folder, name)
        return pd.DataFrame(columns=schema.COLUMNS[name]) if frame is None else frame, str(self.folder / name)


def check_folder(
    folder: Path, progress: Callable[[str], None] = lambda _: None, *, is_edited: bool = True
) -> list[DataIssue]:
    """Return all faults of a data folder. ``progress`` is called with each part that is checked.

    What an editor should look at is a fault too, if somebody edits the folder.
    """
    files = FaultCollector(folder)
    progress("rater files")
    raters = _check_raters(files)
    progress(schema.TABLE_FILE)
    table, path = files.read(schema.TABLE_FILE)
    if len(raters) == len(schema.SHIPPED_RATERS):
        files.faults += check_table(table, raters, path)
    for check_host in (check_shared_host, check_public_suffix):
        files.faults += check_each(table, ("domain",), check_host, path)
    progress("aliases and facts")
    _check_facts(files, table)
    if is_edited and not files.faults:
        files.faults += find_oversights(folder)
    progress("the table against its sources")
    return [_locate(fault, table, folder) for fault in files.faults] or _check_rebuild(folder)


def _check_raters(files: FaultCollector) -> dict[str, Rater]:
    """Check the files of the shipped raters. Return the raters whose description can be read."""
    raters = {}
    for name in schema.SHIPPED_RATERS:
        ratings, path = files.read(f"raters/{name}.csv")
        described = files.folder / f"raters/{name}.json"
        if rater := files.collect(read_description, described):
            raters[name] = rater
            files.faults += check_description(rater, str(described), name)
            files.faults += check_ratings(ratings, rater, path)
    return raters


def _check_facts(files: FaultCollector, table: pd.DataFrame) -> None:
    aliases, path = files.read(schema.ALIASES_FILE)
    files.faults += check_aliases(aliases, table, path)
    names, path = files.read(SHARED_NAMES_FILE)
    files.faults += check_shared_names(names, aliases, path)
    for name in (schema.LISTS_FILE, *FACT_FILES):
        frame, path = files.read(name)
        files.faults += [*check_keys(frame, path), *check_cells(frame, path)]
        if column := FACT_FILES.get(name):
            files.faults += _check_listed(frame, column, table["domain"], path)
    for file in sorted((files.folder / schema.CHANGES_FOLDER).glob("*.csv")):
        if (changes := files.collect(read_csv, file, schema.CHANGE_COLUMNS)) is not None:
            files.faults += check_changes(changes, str(file))


def find_oversights(folder: Path) -> list[DataIssue]:
    """Find what an editor should look at. Raise ``InvalidDataError`` for a file with a fault."""
    table, apart = read_file(folder, schema.TABLE_FILE), read_file(folder, APART_FILE)
    ratings = read_file(folder, "raters/mbfc.csv")
    pages = dict(zip(ratings["domain"], ratings["url"], strict=True))
    return lint_table(table, apart, pages, str(folder / schema.TABLE_FILE), str(folder / APART_FILE))


def _locate(fault: DataIssue, table: pd.DataFrame, folder: Path) -> DataIssue:
    """Name the file that an editor may edit, where a fault in the table comes from there."""
    if fault.file != str(folder / schema.TABLE_FILE) or fault.line not in table.index:
        return fault
    domain, cell = table.at[fault.line, "domain"], table.at[fault.line, fault.column]
    for name, columns in schema.COLUMNS.items():
        rater = name.removeprefix("raters/").removesuffix(".csv")
        column = "as_of" if fault.column == f"{rater}_as_of" else fault.column
        if name != schema.TABLE_FILE and {"domain", column} <= set(columns):
            with suppress(InvalidDataError):
                source = read_file(folder, name)
                lines = source.index[(source["domain"] == domain) & (source[column] == cell)]
                if len(lines):
                    return structs.replace(fault, file=str(folder / name), line=int(lines[0]), column=column)
    return fault


def _check_listed(
    frame: pd.DataFrame, column: str, domains: "pd.Series[str]", path: str
) -> Iterator[DataIssue]:
    expected = f"a domain in {schema.TABLE_FILE} ({BUILD_HINT} if it is new)"
    for row in iter_rows(frame[~frame[column].isin(domains)]):
        found = f"{getattr(row, column)!r} is not in the table"
        yield DataIssue(path, row.Index, column, found, expected)


def _check_rebuild(folder: Path) -> list[DataIssue]:
    """Return where the table differs from its sources, or else the faults of the package."""
    path = folder / schema.TABLE_FILE
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
        named = {resource["path"] for resource in resources}
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
            if file not in named and not file.startswith(f"{schema.CHANGES_FOLDER}/")
        ),
        *(
            DataIssue(str(folder / name), 1, "file", "it has changed since the version was written", CURE)
            for name in find_changed_files(folder)
        ),
    ]
