"""Makes a new version of the data, and records its changes."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from service.dataset.file_reader import raise_if_any, write_bytes
from service.dataset.schema import CHANGE_COLUMNS, TABLE_FILE
from service.dataset.tables import check_changes, parse_csv, read_csv, to_csv, to_records
from service.editor.diff import Change, Difference

PACKAGE = "datapackage.json"
OUTLET_FIELD = "outlet"
"""The field of a change that adds or removes an outlet. The cell is its name."""


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


def raise_version(folder: Path, today: date, version: str | None = None) -> str:
    """Write the next version (or the given one) and its day into the package, and return it."""
    path = folder / PACKAGE
    package = json.loads(path.read_bytes())
    package["version"] = version or next_version(package["version"], today)
    package["created"] = f"{today}T00:00:00Z"
    write_bytes(path, (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode())
    return str(package["version"])


def write_table(folder: Path, text: str, today: date, version: str | None = None) -> str | None:
    """Write the table. If that changes an existing one, raise the version and return it."""
    path = folder / TABLE_FILE
    before = path.read_bytes() if path.exists() else None
    write_bytes(path, text.encode())
    if version is None and before in (None, text.encode()):
        return None
    return raise_version(folder, today, version)


def record_changes(
    path: Path, difference: Difference, version: str, reasons: Mapping[str, str], reason: str
) -> int:
    """Write ``found`` as the changes of ``version``, and return their number.

    ``reasons`` has the reason of an outlet's changes by its domain, ``reason`` that of all others. Earlier
    records of the same version are replaced. Raise ``FaultyDataError`` when the record has a fault.
    """
    before = to_records(read_csv(path, CHANGE_COLUMNS)) if path.exists() else []
    kept = [row for row in before if row["version"] != version]
    new = [
        dict(zip(CHANGE_COLUMNS, (version, *change, reasons.get(change[0], reason)), strict=True))
        for change in sorted(iter_changes(difference))
    ]
    data = to_csv(CHANGE_COLUMNS, [*kept, *new]).encode()
    raise_if_any(check_changes(parse_csv(data, str(path), CHANGE_COLUMNS), str(path)))
    write_bytes(path, data)
    return len(new)


def iter_changes(found: Difference) -> Iterator[Change]:
    """Yield every change of a difference: cells, and outlets that came or went."""
    yield from ((domain, OUTLET_FIELD, "", name) for domain, name in found.added.items())
    yield from ((domain, OUTLET_FIELD, name, "") for domain, name in found.removed.items())
    yield from (*found.moved, *found.ratings, *found.facts)
