"""List an answer's sources by side, one line each, as a terminal and an assistant show them."""

from collections.abc import Iterator, Sequence

from service.core.answer import ScoredEntry
from service.core.bias import SIDES
from service.core.resolve.match import EntryFields

GROUPS = ("left", "center", "right", "unrated", "duplicate")
TITLES = {"left": "Left", "center": "Center", "right": "Right", "unrated": "Not rated"}

MOST_LISTED = 50
"""Sources of a side that get a line; the others are counted."""

MOST_CANDIDATES = 5
"""Outlets with one name that a line shows, the best known first."""

LONGEST_SHOWN = 80
"""Characters of an entry that are shown."""


def group_of(entry: ScoredEntry) -> str:
    """Return the tab that an entry stands under."""
    if entry.status == "rated" and entry.bias:
        return entry.bias.side
    return "duplicate" if entry.status == "duplicate" else "unrated"


def place_of(entry: ScoredEntry) -> tuple[int, float, int]:
    """Return what rows are sorted by: the side, the value from left to right, the caller's order."""
    group = group_of(entry)
    value = entry.bias.value if entry.bias and group in SIDES else 0.0
    return GROUPS.index(group), value, entry.index


def grouped(entries: Sequence[ScoredEntry]) -> dict[str, list[ScoredEntry]]:
    """Return the sources of each side and those not rated, from left to right, without duplicates."""
    groups: dict[str, list[ScoredEntry]] = {group: [] for group in TITLES}
    for entry in sorted(entries, key=place_of):
        if entry.status != "duplicate":
            groups[group_of(entry)].append(entry)
    return groups


def lines_of(entries: Sequence[ScoredEntry], rest: str) -> Iterator[str]:
    """List the sources under the side they are on. ``rest`` says where those are that get no line."""
    for group, members in grouped(entries).items():
        if members:
            yield f"{TITLES[group]} ({len(members)})"
        for entry in members[:MOST_LISTED]:
            yield f"  {called(entry)}: {_verdicts(entry) if group in SIDES else why(entry)}"
        if len(members) > MOST_LISTED:
            yield f"  and {len(members) - MOST_LISTED} more ({rest})"


def called(entry: ScoredEntry) -> str:
    """Return the outlet's name with its domain, or the entry as it came where no outlet is meant."""
    if entry.domain and entry.name:
        return f"{entry.name} ({entry.domain})" if entry.name != entry.domain else entry.domain
    given = entry.input
    text = (given.name or given.domain or given.url or "") if isinstance(given, EntryFields) else given
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def why(entry: ScoredEntry) -> str:
    """Say why an entry is not rated."""
    if entry.hint:
        return f"{entry.status}: {entry.hint}"
    if entry.candidates:
        shown = ", ".join(candidate.domain for candidate in entry.candidates[:MOST_CANDIDATES])
        more = len(entry.candidates) - MOST_CANDIDATES + (entry.more_candidates or 0)
        return f"ambiguous: {shown}{f' and {more} more' if more > 0 else ''}"
    return entry.status


def _verdicts(entry: ScoredEntry) -> str:
    """Return the consensus of a rated outlet with the word of each rater behind it."""
    bias = entry.bias
    if bias is None:
        return entry.status
    words = ", ".join(f"{rating.rater} {rating.label}" for rating in bias.ratings)
    return f"{bias.label.replace('_', ' ')} ({words})"
