"""Checks a whole data folder: each file, and the files against each other."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from service.core.outlets import Rater
from service.dataset.aliases import check_aliases, check_shared_names
from service.dataset.checks import (
    check_cells,
    check_changes,
    check_description,
    check_domains,
    check_lists,
    check_table,
    check_verdicts,
)
from service.dataset.csvfile import Fault, FaultyDataError, Row, decode, read_bytes, read_rows
from service.dataset.rater_files import read_description
from service.dataset.schema import (
    ALIASES,
    ALIASES_FILE,
    APART,
    CHANGES,
    CHANGES_FILE,
    EXCLUDED,
    LISTS,
    LISTS_FILE,
    MOVED,
    OUTLETS,
    OWNERSHIP,
    SHARED_NAMES,
    SHIPPED,
    STATE_MEDIA,
    TABLE,
    TABLE_FILE,
    VERDICTS,
)
from service.dataset.suffixes import check_hosts, shared, unreal
from service.editor.build import build_table
from service.editor.spelling import check_names
from service.editor.twins import check_twins

FACTS = {"outlets": OUTLETS, "ownership": OWNERSHIP, "state_media": STATE_MEDIA}
KEYS = {"excluded": EXCLUDED, "moved": MOVED}
APART_FILE = "facts/apart.csv"
SHARED_NAMES_FILE = "facts/shared_names.csv"
BUILD = "run `python -m service data build`"


def check(folder: Path, progress: Callable[[str], None] = lambda _: None) -> list[Fault]:
    """Return all faults of a data folder. ``progress`` is called with each part that is checked."""
    faults: list[Fault] = []
    progress("rater files")
    raters = {name: each for name in SHIPPED if (each := _rater(folder, name, faults))}
    progress(TABLE_FILE)
    table = _rows(folder / TABLE_FILE, TABLE, faults)
    if len(raters) == len(SHIPPED):
        faults += check_table(table, raters, str(folder / TABLE_FILE))
    for judge in (shared, unreal):
        faults += check_hosts(table, str(folder / TABLE_FILE), judge)
    domains = {row.cells["domain"] for row in table}
    progress("aliases and facts")
    aliases = folder / ALIASES_FILE
    named = _rows(aliases, ALIASES, faults)
    faults += check_aliases(named, table, str(aliases))
    names = _optional(folder / SHARED_NAMES_FILE, SHARED_NAMES, faults)
    faults += check_shared_names(names, named, str(folder / SHARED_NAMES_FILE))
    faults += check_lists(_optional(folder / LISTS_FILE, LISTS, faults), str(folder / LISTS_FILE))
    faults += _facts(folder / "facts", domains, faults)
    apart = _optional(folder / APART_FILE, APART, faults)
    faults += check_twins(table, apart, str(folder / TABLE_FILE), str(folder / APART_FILE))
    faults += check_names(table, str(folder / TABLE_FILE))
    faults += check_changes(_optional(folder / CHANGES_FILE, CHANGES, faults), str(folder / CHANGES_FILE))
    progress("the table against its sources")
    return faults or _rebuilt(folder)


def _rater(folder: Path, name: str, faults: list[Fault]) -> Rater | None:
    """Read a shipped rater's description, and add its faults and those of its verdicts to ``faults``."""
    path = folder / "raters" / f"{name}.json"
    try:
        rater = read_description(path)
    except FaultyDataError as error:
        faults += error.faults
        return None
    verdicts = path.with_suffix(".csv")
    faults += check_description(rater, str(path), name)
    faults += check_verdicts(_rows(verdicts, VERDICTS, faults), rater, str(verdicts))
    return rater


def _rows(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[Row]:
    """Read the rows of a file, and add its faults to ``faults``."""
    try:
        return read_rows(path, columns)
    except FaultyDataError as error:
        faults += error.faults
        return []


def _optional(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[Row]:
    """Read the rows of a file that may be absent."""
    return _rows(path, columns, faults) if path.exists() else []


def _facts(folder: Path, domains: set[str], faults: list[Fault]) -> list[Fault]:
    found: list[Fault] = []
    for name, columns in FACTS.items():
        path = folder / f"{name}.csv"
        rows = _rows(path, columns, faults)
        found += [*check_domains(rows, str(path)), *check_cells(rows, columns[1:], str(path))]
        found += _unknown(rows, "domain", domains, path)
    for name, columns in KEYS.items():
        path = folder / f"{name}.csv"
        rows = _rows(path, columns, faults)
        found += [*check_domains(rows, str(path)), *check_cells(rows, columns[1:], str(path))]
        if name == "moved":
            found += _unknown(rows, "to", domains, path)
    return found


def _unknown(rows: Sequence[Row], column: str, domains: set[str], path: Path) -> list[Fault]:
    right = f"a domain in {TABLE_FILE} ({BUILD} if it is new)"
    return [
        Fault(str(path), row.line, column, f"{row.cells[column]!r} is not in the table", right)
        for row in rows
        if row.cells[column] not in domains
    ]


def _rebuilt(folder: Path) -> list[Fault]:
    """Return where the table differs from its sources, or else the faults of the package."""
    path = folder / TABLE_FILE
    found, built = decode(read_bytes(path), str(path)).split("\n"), build_table(folder).split("\n")
    pairs = enumerate(zip(found, built, strict=False), 1)
    line = next((number for number, (have, want) in pairs if have != want), min(len(found), len(built)))
    if found != built:
        want = built[line - 1][:120] if line <= len(built) else "no further line"
        return [Fault(str(path), line, "row", "the table does not match its sources", f"{BUILD}: {want!r}")]
    return _package(folder)


def _package(folder: Path) -> list[Fault]:
    path = folder / "datapackage.json"
    try:
        resources = json.loads(read_bytes(path))["resources"]
        named = {each["path"] for each in resources}
    except (ValueError, KeyError, TypeError) as error:
        return [
            Fault(
                str(path), 1, "json", f"this is not a data package ({error})", "see specs.frictionlessdata.io"
            )
        ]
    files = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.csv")))
    return [
        Fault(str(path), 1, "resources", f"{file} is not described", "a resource for each CSV file")
        for file in files
        if file not in named
    ]
