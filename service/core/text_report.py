"""List an answer's sources by side, one line each, as a terminal and an assistant show them."""

from collections.abc import Iterator, Sequence

from service.core.answer import ScoredEntry
from service.core.bias import SIDES
from service.core.resolve.match import EntryFields

GROUPS = ("left", "center", "right", "unrated", "duplicate")
GROUP_TITLES = {"left": "Left", "center": "Center", "right": "Right", "unrated": "Not rated"}

# Sources of a side that get a line; the others are counted.
MAX_LISTED = 50

# Outlets with one name that a line shows, the best known first.
MAX_CANDIDATES = 5

# Characters of an entry that are shown.
MAX_ENTRY_CHARS = 80


def entry_group(entry: ScoredEntry) -> str:
    if entry.status == "rated" and entry.bias:
        return entry.bias.side
    return "duplicate" if entry.status == "duplicate" else "unrated"


def sort_key(entry: ScoredEntry) -> tuple[int, float, int]:
    """Sort by side, then by value from left to right, then in the caller's order."""
    group = entry_group(entry)
    value = entry.bias.value if entry.bias and group in SIDES else 0.0
    return GROUPS.index(group), value, entry.index


def group_entries(entries: Sequence[ScoredEntry]) -> dict[str, list[ScoredEntry]]:
    """Group the sources by side, from left to right, and those not rated; duplicates go."""
    groups: dict[str, list[ScoredEntry]] = {group: [] for group in GROUP_TITLES}
    for entry in sorted(entries, key=sort_key):
        if entry.status != "duplicate":
            groups[entry_group(entry)].append(entry)
    return groups


def iter_lines(entries: Sequence[ScoredEntry], rest: str, *, with_links: bool = False) -> Iterator[str]:
    """List the sources under their side. ``rest`` says where to find those that get no line.

    ``with_links`` adds the raters' pages about each outlet.
    """
    for group, members in group_entries(entries).items():
        if members:
            yield f"{GROUP_TITLES[group]} ({len(members)})"
        for entry in members[:MAX_LISTED]:
            said = _format_ratings(entry, with_links=with_links) if group in SIDES else explain_status(entry)
            yield f"  {format_entry(entry)}: {said}"
        if len(members) > MAX_LISTED:
            yield f"  and {len(members) - MAX_LISTED} more ({rest})"


def format_entry(entry: ScoredEntry) -> str:
    """Return the outlet's name with its domain, or the entry as it came where no outlet is meant."""
    if entry.domain and entry.name:
        return f"{entry.name} ({entry.domain})" if entry.name != entry.domain else entry.domain
    given = entry.input
    text = (given.name or given.domain or given.url or "") if isinstance(given, EntryFields) else given
    line = " ".join(text.split())
    return line if len(line) <= MAX_ENTRY_CHARS else line[: MAX_ENTRY_CHARS - 1] + "…"


def explain_status(entry: ScoredEntry) -> str:
    if entry.hint:
        return f"{entry.status}: {entry.hint}"
    if entry.candidates:
        shown = ", ".join(candidate.domain for candidate in entry.candidates[:MAX_CANDIDATES])
        more = len(entry.candidates) - MAX_CANDIDATES + (entry.more_candidates or 0)
        return f"ambiguous: {shown}{f' and {more} more' if more > 0 else ''}"
    return entry.status


def _format_ratings(entry: ScoredEntry, *, with_links: bool) -> str:
    bias = entry.bias
    if bias is None:
        return entry.status
    words = ", ".join(
        f"{rating.rater} {rating.label}{f' {rating.url}' if with_links and rating.url else ''}"
        for rating in bias.ratings
    )
    return f"{bias.label.replace('_', ' ')} ({words})"
