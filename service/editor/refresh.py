"""Brings the data up to date with the raters' files of today.

MBFC's listing flaps: in its history of 2022 to 2026, 396 of 526 changes came back. So a change waits in
``pending.json`` until it is seen again ``SETTLE_DAYS`` later.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pandas as pd
from msgspec import Struct, structs

from service.core.bias import SIDES, VALUES, label_side, side_index
from service.core.errors import DataError
from service.core.outlets import FACT_FIELDS
from service.dataset import schema
from service.dataset.file_reader import MAX_SHOWN_ISSUES, raise_if_any, write_bytes
from service.dataset.rater_files import read_description
from service.dataset.tables import iter_rows, read_file, to_records, write_csv
from service.editor.diff import OUTLET_FIELD, Change, compare_tables
from service.editor.importers import IMPORTERS
from service.editor.importers.mbfc import read_listed
from service.editor.importers.published import (
    parse_factuality,
    read_decisions,
    read_moved,
    update_factuality,
)
from service.editor.rating_rows import (
    ImportInputs,
    RatingRow,
    carry_over,
    read_rating_rows,
    write_rating_rows,
)
from service.editor.release import release
from service.editor.validate import check_folder, find_oversights

SETTLE_DAYS = 14
# A rating that did not change keeps its date that long, else every look would be a version of its own.
MAX_DATE_AGE_DAYS = 30
MAX_SIDE_CHANGES = 0.02
BEST_KNOWN = 500
LABEL_SIDES: dict[str, str] = {label: label_side(label) for label in VALUES}
PENDING_FILE, SUMMARY_FILE = "pending.json", "summary.md"


class Pending(Struct, frozen=True):
    """A value that a rater has given since ``seen`` and that waits for a second look."""

    value: str
    seen: str


class Refresh(Struct, frozen=True):
    """A refresh before it is written: ``files`` by path in the data folder. ``alarms`` need an answer."""

    files: dict[str, bytes]
    written: list[str]
    pending: dict[str, Pending]
    alarms: list[str]
    summary: str


def prepare_refresh(folder: Path, state: Path, raters: Sequence[str], today: date) -> Refresh:
    """Import the files in ``state`` beside those in ``folder``, build and check, and write nothing there.

    Raise ``InvalidDataError`` when the data would have faults.
    """
    waiting = _read_pending(state / PENDING_FILE)
    pending = {key: change for key, change in waiting.items() if key.partition(" ")[0] not in raters}
    lines, alarms = [f"# Refresh of {today}", ""], []
    with TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(folder, Path(temporary) / "data", ignore=shutil.ignore_patterns(".*")))
        for rater in raters:
            waits, notes = _refresh_rater(copy, state / f"{rater}.json", rater, waiting, today)
            pending |= waits
            lines += [f"## {rater}", "", *(f"- {note}" for note in notes), ""]
            alarms += _find_side_changes(copy, folder, rater)
        release_notes = release(copy, today, reason=f"Read again on {today}")
        written = [line.replace(str(copy), str(folder)) for line in release_notes]
        raise_if_any(check_folder(copy, is_edited=False))
        known = {(issue.column, issue.found) for issue in find_oversights(folder)}
        seen = [issue for issue in find_oversights(copy) if (issue.column, issue.found) not in known]
        before, after = (read_file(path, schema.TABLE_FILE) for path in (folder, copy))
        alarms += _find_known_changes(before, after, folder)
        made, kept = _read_files(copy), _read_files(folder)
        files = {name: data for name, data in made.items() if kept.get(name) != data}
    lines += [*_describe(compare_tables(before, after)), ""]
    lines += [f"- for an editor: {issue.found}; {issue.expected}" for issue in seen[:MAX_SHOWN_ISSUES]]
    lines += ["", *(f"**{alarm}**" for alarm in alarms)]
    return Refresh(files, written, pending, alarms, "\n".join(lines).rstrip() + "\n")


def apply_refresh(found: Refresh, folder: Path, state: Path) -> Iterator[str]:
    """Write the files, what waits and the summary."""
    for name, data in found.files.items():
        write_bytes(folder / name, data)
    write_bytes(state / PENDING_FILE, msgspec.json.format(msgspec.json.encode(found.pending), indent=1))
    write_bytes(state / SUMMARY_FILE, found.summary.encode())
    yield from found.written
    yield f"{state / SUMMARY_FILE}: what happened"


def settle(
    kind: str,
    now: Mapping[str, str],
    before: Mapping[str, str],
    waiting: Mapping[str, Pending],
    today: date,
) -> tuple[dict[str, str], dict[str, Pending]]:
    """Separate changes of a ``kind`` seen twice, ``SETTLE_DAYS`` apart, from those that still wait.

    Return the first day of each settled change by domain, and what waits.
    """
    settled, waits = {}, {}
    for domain, value in now.items():
        if value != before.get(domain):
            key = f"{kind} {domain}"
            known = waiting.get(key)
            seen = known.seen if known and known.value == value else str(today)
            if date.fromisoformat(seen) <= today - timedelta(days=SETTLE_DAYS):
                settled[domain] = seen
            else:
                waits[key] = Pending(value, seen)
    return settled, waits


def _refresh_rater(
    folder: Path, file: Path, rater: str, waiting: Mapping[str, Pending], today: date
) -> tuple[dict[str, Pending], list[str]]:
    path, notes = folder / "raters" / f"{rater}.csv", list[str]()
    previous = {row.domain: row for _, row in read_rating_rows(path)}
    inputs = ImportInputs(
        (file,),
        as_of=str(today),
        decisions=read_decisions(folder, rater),
        previous=previous,
        warn=notes.append,
    )
    listed = {row.domain: carry_over(row, previous.get(row.domain)) for row in IMPORTERS[rater](inputs)}
    now, before = ({key: row.label for key, row in rows.items()} for rows in (listed, previous))
    settled, waits = settle(f"{rater} label", now, before, waiting, today)
    old = str(today - timedelta(days=MAX_DATE_AGE_DAYS))
    rows = dict(previous)
    for domain, row in listed.items():
        if domain in settled:
            rows[domain] = structs.replace(row, since=settled[domain])
        elif domain in previous and row.label == before[domain]:
            kept = previous[domain].as_of if previous[domain].as_of > old else row.as_of
            rows[domain] = structs.replace(row, as_of=kept)
    write_rating_rows(path, rows.values())
    changed = [previous[domain] for domain in settled if domain in previous]
    _add_history(folder, rater, changed, settled)
    if rater == "mbfc":
        waits |= _refresh_factuality(folder, file, rows, waiting, today)
    gone = [domain for domain, row in previous.items() if domain not in listed and not row.basis]
    notes += [
        f"{len(listed)} outlets listed, {len(changed)} with another label that has settled, "
        f"{len(settled) - len(changed)} new, {len(waits)} changes wait for a second look",
        *(f"{row.domain}: {row.label} → {rows[row.domain].label}" for row in changed),
        f"{len(gone)} outlets are no longer listed; they keep their last rating and its date",
    ]
    return waits, notes


def _refresh_factuality(
    folder: Path, file: Path, rows: Mapping[str, RatingRow], waiting: Mapping[str, Pending], today: date
) -> dict[str, Pending]:
    """Write MBFC's settled factuality of the outlets in ``rows`` into the facts. Return what waits."""
    listed = [outlet for outlet in read_listed(file) if outlet.domain in rows]
    facts = {row["domain"]: row for row in to_records(read_file(folder, schema.OUTLETS_FILE))}
    moved = read_moved(folder)
    now = {
        outlet.domain: value
        for outlet in listed
        # The listing may have a former host beside today's, whose word counts.
        if (value := parse_factuality(outlet.factuality))
        and outlet.domain not in moved
        and outlet.domain in facts
    }
    before = {domain: facts[domain]["factuality"] for domain in now}
    settled, waits = settle("mbfc factuality", now, before, waiting, today)
    update_factuality(folder / schema.OUTLETS_FILE, [outlet for outlet in listed if outlet.domain in settled])
    return waits


def _add_history(folder: Path, rater: str, rows: Sequence[RatingRow], until: Mapping[str, str]) -> None:
    if not rows:
        return
    moved, columns = read_moved(folder), schema.COLUMNS[schema.HISTORY_FILE]
    earlier = to_records(read_file(folder, schema.HISTORY_FILE))
    for row in rows:
        since, domain = row.since or row.as_of, moved.get(row.domain, row.domain)
        cells = (domain, rater, row.label, since, until[row.domain])
        earlier.append(dict(zip(columns, cells, strict=True)))
    earlier.sort(key=lambda row: (row["domain"], row["rater"], row["until"]))
    write_csv(folder / schema.HISTORY_FILE, columns, earlier)


def _find_side_changes(new: Path, old: Path, rater: str) -> list[str]:
    scale = read_description(old / "raters" / f"{rater}.json").scale

    def read_sides(folder: Path) -> dict[str, str]:
        rows = read_rating_rows(folder / "raters" / f"{rater}.csv")
        values = {row.domain: scale[row.label] for _, row in rows}
        return {domain: SIDES[side_index(value)] for domain, value in values.items() if value is not None}

    before, after = read_sides(old), read_sides(new)
    changed = sum(after.get(domain, side) != side for domain, side in before.items())
    share = changed / len(before) if before else 0
    if share <= MAX_SIDE_CHANGES:
        return []
    return [f"{changed} of {len(before)} outlets of {rater} change side ({share:.1%})"]


def _find_known_changes(before: pd.DataFrame, after: pd.DataFrame, folder: Path) -> list[str]:
    """Name the best-known outlets that change side or lose their rating."""
    known = {
        row.domain: sum(bool(getattr(row, rater)) for rater in schema.SHIPPED_RATERS)
        for row in iter_rows(before)
    }
    for row in iter_rows(read_file(folder, schema.LISTS_FILE)):
        if row.domain in known:
            known[row.domain] += sum(schema.REFERENCE_LISTS[name] for name in row.lists.split())
    best = sorted(known, key=lambda domain: (-known[domain], domain))[:BEST_KNOWN]
    old, new = (
        dict(zip(frame["domain"], frame["bias"].map(LABEL_SIDES).fillna(""), strict=True))
        for frame in (before, after)
    )
    moved = [domain for domain in best if old[domain] and old[domain] != new.get(domain)]
    return [
        f"{domain}, one of the best known, moves from {old[domain]} to {new.get(domain)}" for domain in moved
    ]


def _describe(found: Sequence[Change]) -> list[str]:
    count = Counter(field for _, field, _, _ in found)
    moved = [change for change in found if change[1] == "bias"]
    return [
        "## The table",
        "",
        f"- {count[OUTLET_FIELD]} outlets came or went, {len(moved)} have another consensus, "
        f"{sum(count[name] for name in FACT_FIELDS)} facts changed",
        *(f"- {domain}: {old or 'none'} → {new or 'none'}" for domain, _, old, new in moved[:50]),
    ]


def _read_files(folder: Path) -> dict[str, bytes]:
    paths = (*folder.rglob("*.csv"), *folder.rglob("*.json"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _read_pending(path: Path) -> dict[str, Pending]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Pending])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(f"{path} is not what the last refresh wrote ({error}); remove it") from error
