"""Order the entries of an answer for the page: rows, steps of the spectrum, and marks while typing."""

from msgspec import Struct

from service.core.answer import ScoredEntry
from service.core.bias import LABELS
from service.core.outlet_detail import get_suggester
from service.core.resolve.catalog import Catalog
from service.web.svg import printable

MAX_MARKS = 200
"""Entries that get their mark while they are typed."""

MAX_SUGGESTED = 12
"""Unknown entries for which like names are looked for; each takes a few milliseconds."""

MAX_FIXES = 3


class EntryMark(Struct, frozen=True):
    """One entry as it stands in the box, what became of it, and what could stand there instead."""

    entry: str
    status: str
    fixes: tuple[tuple[str, str], ...] = ()


def group_by_step(units: list[ScoredEntry]) -> dict[str, list[ScoredEntry]]:
    """Return the rated entries under the step of the spectrum that each stands on."""
    steps: dict[str, list[ScoredEntry]] = {label: [] for label in LABELS}
    for entry in units:
        if entry.status == "rated" and entry.bias:
            steps[entry.bias.label].append(entry)
    return steps


def make_marks(current: Catalog, scored: list[ScoredEntry]) -> list[EntryMark]:
    """Return what became of each entry, with what could be meant instead, for the first that need it.

    Entries that can be mended stand first, since a long list shows only its beginning.
    """
    marks, asked = [], 0
    for entry in scored[:MAX_MARKS]:
        text = entry.input if isinstance(entry.input, str) else entry.input.name or ""
        fixes: tuple[tuple[str, str], ...] = ()
        if entry.candidates:
            fixes = tuple((each.domain, f"use {each.domain}") for each in entry.candidates[:MAX_FIXES])
        elif entry.status == "unknown" and asked < MAX_SUGGESTED:
            asked += 1
            alike = get_suggester(current).like(text)[:MAX_FIXES]
            fixes = tuple((each.domain, f"did you mean {printable(each.name)}?") for each in alike)
        marks.append(EntryMark(text, entry.status, fixes))
    return sorted(marks, key=lambda mark: not mark.fixes)
