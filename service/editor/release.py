"""Makes a new version of the data, and records its changes.

Every change has a file of its own below ``changes/``, so that two editors never write into the same one.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from service.core.agreement import krippendorff_alpha
from service.dataset import schema
from service.dataset.file_reader import raise_if_any, write_bytes
from service.dataset.tables import check_changes, parse_csv, read_csv, to_records, write_csv
from service.editor.build import build_table
from service.editor.diff import Change, compare_rows, compare_tables

PACKAGE = "datapackage.json"
# A new state of one rater moved Krippendorff's alpha by .009. What moves it by more is looked at.
MAX_AGREEMENT_LOSS = 0.01
# Outlets that several raters must rate before their agreement says anything.
MIN_COMPARED = 30
UNKNOWN_REASON = "No reason was given"
NEWLINE = b"\n"
# Files whose rows come and go: field of the change, key and cell.
COMPARED_ROWS = {
    schema.ALIASES_FILE: ("alias", "domain", "alias"),
    schema.LISTS_FILE: ("reference_lists", "domain", "lists"),
    schema.NAMESAKES_FILE: ("namesake", "host", "name"),
}
# What a server reads: a change in any of these changes answers.
SERVED_FILES = (
    *schema.REQUIRED_FILES,
    *(schema.LISTS_FILE, schema.HISTORY_FILE, schema.NAMESAKES_FILE),
    *(f"raters/{rater}.json" for rater in schema.SHIPPED_RATERS),
)


def next_version(version: str, today: date) -> str:
    """Return the version after ``version``.

    >>> next_version("2026.11.0", date(2026, 12, 24)), next_version("2026.12.0", date(2026, 12, 24))
    ('2026.12.0', '2026.12.1')
    >>> next_version("2026.12.3", date(2026, 11, 30))
    '2026.12.4'
    """
    year, month, number = (int(part) for part in version.split("."))
    if (today.year, today.month) > (year, month):
        return f"{today.year}.{today.month:02}.0"
    return f"{year}.{month:02}.{number + 1}"


def release(
    folder: Path,
    today: date,
    *,
    version: str | None = None,
    reason: str = "",
    changelog: Path | None = None,
) -> Iterator[str]:
    """Build the table, and if an answer changes, make a version and record why. Say what was written.

    The version rises, unless an earlier build of the same change raised it, or ``version`` names one that is
    not out yet.
    """
    here = read_served(folder)
    current = read_version(here)
    before = read_released(folder) or here
    text = build_table(folder).encode()
    write_bytes(folder / schema.TABLE_FILE, text)
    yield f"{folder / schema.TABLE_FILE}: {text.count(NEWLINE) - 1} outlets"
    yield from compare_agreement(before[schema.TABLE_FILE], text)
    if version is None and not find_changed_files(folder):
        return
    is_first = not before[schema.TABLE_FILE]
    if version is None:
        last = read_version(before)
        version = current if is_first or current != last else next_version(last, today)
    released = read_released(folder, version)
    if not is_first and (changes := list_changes(released or here, read_served(folder))):
        why = reason or UNKNOWN_REASON
        count = record_changes(folder, version, changes, why, is_complete=released is not None)
        yield f"{folder / schema.CHANGES_FOLDER}: {count} changes recorded"
        if changelog and reason and count:
            add_changelog_line(changelog, version, f"- {reason} ({count} changes).\n")
    write_version(folder, version, today)
    if not is_first or version != current:
        yield f"{folder / PACKAGE}: version {version}"


def compare_agreement(before: bytes, after: bytes) -> Iterator[str]:
    """Describe the agreement of a table's raters, and warn if it has clearly dropped."""
    old, new = (measure_table_agreement(text) for text in (before, after))
    if new is None:
        return
    yield f"agreement of the raters (Krippendorff's alpha): {new:.3f}"
    if old is not None and old - new > MAX_AGREEMENT_LOSS:
        yield (
            f"the raters agree less than before (alpha {old:.3f}): look for a shifted scale, a wrong column "
            "or ratings of other outlets"
        )


def measure_table_agreement(text: bytes) -> float | None:
    if not text:
        return None
    table = parse_csv(text, schema.TABLE_FILE, schema.TABLE_COLUMNS)[list(schema.SHIPPED_RATERS)]
    both = table[(table != "").sum(axis=1) > 1]
    if len(both) < MIN_COMPARED:
        return None
    return krippendorff_alpha(
        [[float(value) for value in row if value] for row in both.itertuples(index=False)]
    )


def list_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """List what differs between the served files of two versions."""

    def read_both(name: str) -> list[pd.DataFrame]:
        columns = schema.COLUMNS[name]
        empty = ",".join(columns).encode()
        return [parse_csv(files[name] or empty, name, columns) for files in (before, after)]

    changes = compare_tables(*read_both(schema.TABLE_FILE))
    for name, (field, key, cell) in COMPARED_ROWS.items():
        old, new = read_both(name)
        for frame in (old, new):  # a bearer of a name may be a section of a host
            frame[key] = frame[key].str.replace("/.*", "", regex=True)
        changes += compare_rows(old, new, field, key, cell)
    return changes


def write_version(folder: Path, version: str, today: date) -> None:
    """Write a version, its day and the hashes of what it serves into the package."""
    package = json.loads(_read_package(folder)) | {"version": version, "created": f"{today}T00:00:00Z"}
    for resource in package["resources"]:
        if resource["path"] in SERVED_FILES and (folder / resource["path"]).exists():
            resource["hash"] = _hash(folder / resource["path"])
    write_bytes(folder / PACKAGE, (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode())


def find_changed_files(folder: Path) -> list[str]:
    """Return the served files that are not those of the version in the package."""
    resources = json.loads(_read_package(folder))["resources"]
    hashes = {resource["path"]: resource.get("hash") for resource in resources}
    paths = {name: folder / name for name in SERVED_FILES}
    return [name for name, path in paths.items() if path.exists() and hashes.get(name) != _hash(path)]


def read_released(folder: Path, other_than: str = "") -> dict[str, bytes] | None:
    """Return the package and the served files as of the last version, or ``None`` where git does not know.

    A version that is being made, ``other_than``, is not the last.
    """
    for commit in _run_git(folder, "log", "--format=%H", "--", PACKAGE).decode().split():
        found = {PACKAGE: _run_git(folder, "show", f"{commit}:./{PACKAGE}")}
        if found[PACKAGE] and read_version(found) != other_than:
            return found | {name: _run_git(folder, "show", f"{commit}:./{name}") for name in SERVED_FILES}
    return None


def read_version(files: Mapping[str, bytes]) -> str:
    return str(json.loads(files[PACKAGE])["version"])


def read_served(folder: Path) -> dict[str, bytes]:
    """Return the package and the served files in ``folder``, empty where one is absent."""
    paths = {name: folder / name for name in (PACKAGE, *SERVED_FILES)}
    return {name: path.read_bytes() if path.exists() else b"" for name, path in paths.items()}


def _read_package(folder: Path) -> bytes:
    return (folder / PACKAGE).read_bytes()


def _hash(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _run_git(folder: Path, *arguments: str) -> bytes:
    try:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603 - no caller's words
    except FileNotFoundError:
        return b""


def record_changes(
    folder: Path, version: str, changes: Iterable[Change], reason: str, *, is_complete: bool
) -> int:
    """Write ``changes`` of ``version`` that no file has yet into the file of ``reason``. Count them.

    What is recorded and not among them is dropped if they are all changes since the version before. Raise
    ``InvalidDataError`` when the record has a fault.
    """
    name = f"{version}-{hashlib.sha256(reason.encode()).hexdigest()[:8]}.csv"
    path, added = folder / schema.CHANGES_FOLDER / name, set(changes)
    files: dict[Path, list[tuple[str, ...]]] = {path: []}
    for file in (folder / schema.CHANGES_FOLDER).glob(f"{version}*.csv"):
        recorded = read_csv(file, schema.CHANGE_COLUMNS).itertuples(index=False, name=None)
        files[file] = [row for row in recorded if row[1:-1] in added or not is_complete]
        added.difference_update(row[1:-1] for row in files[file])
    files[path] += [(version, *change, reason) for change in added]
    for file, rows in files.items():
        frame = pd.DataFrame(sorted(rows), columns=schema.CHANGE_COLUMNS)
        raise_if_any(check_changes(frame, str(file)))
        if rows:
            write_csv(file, schema.CHANGE_COLUMNS, to_records(frame))
        else:
            file.unlink(missing_ok=True)
    return len(added)


def add_changelog_line(path: Path, version: str, line: str) -> None:
    """Add a line below the heading of ``version``, which is made first of all data versions if it is new."""
    text = path.read_text(encoding="utf-8")
    heading, start = f"### [{version}]\n", text.index("\n## Data\n") + len("\n## Data\n")
    if line in text[start:]:
        return
    if heading not in text[start:]:
        text = f"{text[:start]}\n{heading}{text[start:]}"
    cut = text.index(heading, start) + len(heading)
    rest = text[cut:].lstrip("\n")
    text = f"{text[:cut]}\n{line}{rest if rest.startswith('- ') else chr(10) + rest}"
    write_bytes(path, text.encode())
