"""Say which options of a request changed nothing in its answer."""

from collections.abc import Callable, Iterable, Sequence

from service.core.answer import ScoredEntry
from service.core.resolve.match import Match, Ref

MOST_NAMED = 10
"""Overrides without an effect that are named. The rest is a number."""
BY_HOST = ("url", "domain", "host_alias")


def on_overrides(overrides: Iterable[str], scored: Sequence[ScoredEntry]) -> list[str]:
    """Return a note on each override of a domain that no entry is."""
    there = {entry.domain for entry in scored}
    unused = [domain for domain in overrides if domain not in there]
    notes = [f"the override of {one} had no effect: no entry is that outlet" for one in unused[:MOST_NAMED]]
    more = len(unused) - len(notes)
    return [*notes, f"{more} more overrides had no effect"] if more else notes


def on_country(
    country: str,
    scored: Sequence[ScoredEntry],
    with_it: Callable[[str | Ref], Match],
    without: Callable[[str | Ref], Match],
) -> list[str]:
    """Return a note when every entry means the same without the country. A host always does."""
    for entry in scored:
        if entry.match is None or entry.match.by not in BY_HOST:
            asked, plain = with_it(entry.input), without(entry.input)
            if (asked.key, asked.candidates) != (plain.key, plain.candidates):
                return []
    return [f"the country {country} had no effect: no entry is a name that it settles"]
