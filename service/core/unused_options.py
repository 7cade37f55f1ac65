"""Say which options of a request changed nothing in its answer."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from service.core.answer import Distribution, ScoredEntry
from service.core.resolve.match import EntryFields, Match

# Overrides without an effect that are named. The rest is a number.
MAX_NAMED = 10
HOST_RULES = ("url", "domain", "host_alias")
ResolveFunc = Callable[[str | EntryFields], Match]


class UnusedOptions:
    """The overrides and the country of a request that have changed nothing so far."""

    def __init__(
        self, overrides: Iterable[str], country: str | None, with_it: ResolveFunc, without: ResolveFunc
    ) -> None:
        self.unused = dict.fromkeys(overrides)
        self.country = country
        self.with_it = with_it
        self.without = without

    def observe(self, scored: Sequence[ScoredEntry]) -> None:
        """Take in entries that were scored with the options."""
        if self.unused:
            for entry in scored:
                self.unused.pop(entry.domain or "", None)
        if self.country and any(map(self.country_matters, scored)):
            self.country = None

    def country_matters(self, entry: ScoredEntry) -> bool:
        """Tell whether an entry means something else without the country. A host never does."""
        if entry.match is not None and entry.match.by in HOST_RULES:
            return False
        asked, plain = self.with_it(entry.input), self.without(entry.input)
        return (asked.key, asked.candidates) != (plain.key, plain.candidates)

    def notes(self) -> tuple[str, ...]:
        """Return a sentence on each option without an effect."""
        unused = list(self.unused)
        notes = [
            f"the override of {one} had no effect: no entry is that outlet" for one in unused[:MAX_NAMED]
        ]
        if more := len(unused) - len(notes):
            notes.append(f"{more} more {'override' if more == 1 else 'overrides'} had no effect")
        if self.country:
            notes.append(f"the country {self.country} had no effect: no entry is a name that it settles")
        return tuple(notes)

    def noted(self, answer: Distribution) -> Distribution:
        """Return an answer with the notes, if there are any."""
        notes = self.notes()
        return structs.replace(answer, notes=notes) if notes else answer
