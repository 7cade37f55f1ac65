"""Makes a new version of the data, and records its changes.

Every change has a file of its own below ``changes/``, so that two editors never write into the same one.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from service.core.agreement import krippendorff_alpha
from service.dataset.file_reader import raise_if_any, write_bytes
from service.dataset.schema import (
    ALIAS_COLUMNS,
    ALIASES_FILE,
    CHANGE_COLUMNS,
    CHANGES_FOLDER,
    HISTORY_FILE,
    LIST_COLUMNS,
    LISTS_FILE,
    NAMESAKE_COLUMNS,
    NAMESAKES_FILE,
    SHIPPED_RATERS,
    TABLE_COLUMNS,
    TABLE_FILE,
)
from service.dataset.tables import check_changes, parse_csv, to_csv
from service.editor.build import build_table
from service.editor.diff import Change, Difference, compare_frames, compare_rows

PACKAGE = "datapackage.json"
# A new state of one rater moved Krippendorff's alpha by .009. What moves it by more is looked at.
MAX_AGREEMENT_LOSS = 0.01
# Outlets that several raters must rate before their agreement says anything.
MIN_COMPARED = 30
# The field of a change that adds or removes an outlet. The cell is its name.
OUTLET_FIELD = "outlet"
# What a server reads: a change in any of these changes answers.
SERVED_FILES = (
    TABLE_FILE,
    ALIASES_FILE,
    LISTS_FILE,
    HISTORY_FILE,
    NAMESAKES_FILE,
    *(f"raters/{rater}.{ending}" for rater in SHIPPED_RATERS for ending in ("csv", "json")),
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
    reasons: Mapping[str, str] | None = None,
    changelog: Path | None = None,
) -> Iterator[str]:
    """Build the table, raise the version if an answer changes, record why, and say what was written."""
    here = read_served(folder)
    before = read_released(folder) or here
    text = build_table(folder)
    write_bytes(folder / TABLE_FILE, text.encode())
    yield f"{folder / TABLE_FILE}: {len(text.splitlines()) - 1} outlets"
    yield from compare_agreement(before[TABLE_FILE], text.encode())
    if not before[TABLE_FILE] and version is None:  # a first table has nothing to be compared with
        return
    raised = raise_version(folder, before, today, version)
    if raised is None:
        return
    if reason and before[TABLE_FILE] and (changes := list_changes(before, read_served(folder))):
        path = record_changes(folder, changes, raised, reason, reasons)
        yield f"{path}: {len(changes)} changes"
        if changelog:
            add_changelog_line(changelog, raised, f"- {reason} ({len(changes)} changes).\n")
    yield f"{folder / PACKAGE}: version {raised}"


def compare_agreement(before: bytes, after: bytes) -> Iterator[str]:
    """Say how far the raters of a table agree, and whether that is clearly less than before."""
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
    table = parse_csv(text, TABLE_FILE, TABLE_COLUMNS)[list(SHIPPED_RATERS)]
    both = table[(table != "").sum(axis=1) > 1]
    if len(both) < MIN_COMPARED:
        return None
    return krippendorff_alpha(
        [[float(value) for value in row if value] for row in both.itertuples(index=False)]
    )


def list_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """List what differs between the served files of two versions."""

    def read(files: Mapping[str, bytes], name: str, columns: Sequence[str]) -> pd.DataFrame:
        return parse_csv(files[name], name, columns) if files[name] else pd.DataFrame(columns=list(columns))

    def compare(name: str, columns: Sequence[str], field: str, key: str, cell: str) -> list[Change]:
        old, new = (read(files, name, columns) for files in (before, after))
        for frame in (old, new):  # a bearer of a name may be a section of a host
            frame[key] = frame[key].str.partition("/")[0] if len(frame) else frame[key]
        return compare_rows(old, new, field, key, cell)

    table = compare_frames(read(before, TABLE_FILE, TABLE_COLUMNS), read(after, TABLE_FILE, TABLE_COLUMNS))
    return [
        *iter_changes(table),
        *compare(ALIASES_FILE, ALIAS_COLUMNS, "alias", "domain", "alias"),
        *compare(LISTS_FILE, LIST_COLUMNS, "reference_lists", "domain", "lists"),
        *compare(NAMESAKES_FILE, NAMESAKE_COLUMNS, "namesake", "host", "name"),
    ]


def read_version(folder: Path) -> str:
    """Return the version of the data in ``folder``."""
    return str(json.loads((folder / PACKAGE).read_bytes())["version"])


def write_version(folder: Path, version: str, today: date) -> None:
    """Write a version and its day into the package."""
    path = folder / PACKAGE
    package = json.loads(path.read_bytes()) | {"version": version, "created": f"{today}T00:00:00Z"}
    write_bytes(path, (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode())


def read_released(folder: Path) -> dict[str, bytes] | None:
    """Return the package and the served files as of the last version, or ``None`` where git does not know."""
    commit = _run_git(folder, "log", "-1", "--format=%H", "--", PACKAGE).decode().strip()
    names = (PACKAGE, *SERVED_FILES)
    return {name: _run_git(folder, "show", f"{commit}:./{name}") for name in names} if commit else None


def read_served(folder: Path) -> dict[str, bytes]:
    """Return the package and the served files in ``folder``, empty where one is absent."""
    paths = {name: folder / name for name in (PACKAGE, *SERVED_FILES)}
    return {name: path.read_bytes() if path.exists() else b"" for name, path in paths.items()}


def _run_git(folder: Path, *arguments: str) -> bytes:
    try:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603 - no caller's words
    except FileNotFoundError:
        return b""


def raise_version(
    folder: Path, before: Mapping[str, bytes], today: date, version: str | None = None
) -> str | None:
    """Raise the version once if a served file differs from ``before``, or write ``version``.

    Return the version of the changes, ``None`` where there are none.
    """
    after = read_served(folder)
    if version is None and all(before.get(name) == after[name] for name in SERVED_FILES):
        return None
    last = str(json.loads(before[PACKAGE])["version"])
    current = read_version(folder)
    if version is None and current != last:  # raised by an earlier build of the same change
        return current
    version = version or next_version(last, today)
    write_version(folder, version, today)
    return version


def record_changes(
    folder: Path,
    changes: Sequence[Change],
    version: str,
    reason: str,
    reasons: Mapping[str, str] | None = None,
) -> Path:
    """Write ``changes`` of ``version`` into a file of their own, and return its path.

    ``reasons`` has the reason of an outlet's changes by its domain, ``reason`` that of all others. The same
    reason in the same version replaces its file. Raise ``InvalidDataError`` when the record has a fault.
    """
    name = f"{version}-{hashlib.sha256(reason.encode()).hexdigest()[:8]}.csv"
    path = folder / CHANGES_FOLDER / name
    rows = [
        dict(zip(CHANGE_COLUMNS, (version, *change, (reasons or {}).get(change[0], reason)), strict=True))
        for change in sorted(changes)
    ]
    data = to_csv(CHANGE_COLUMNS, rows).encode()
    raise_if_any(check_changes(parse_csv(data, str(path), CHANGE_COLUMNS), str(path)))
    write_bytes(path, data)
    return path


def iter_changes(difference: Difference) -> Iterator[Change]:
    """Yield every change of a difference: cells, and outlets that came or went."""
    yield from ((domain, OUTLET_FIELD, "", name) for domain, name in difference.added.items())
    yield from ((domain, OUTLET_FIELD, name, "") for domain, name in difference.removed.items())
    yield from (*difference.moved, *difference.ratings, *difference.facts)


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
