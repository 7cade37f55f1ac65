"""Notes on options that changed nothing in an answer, and on outlets that ``min_factuality`` leaves out."""

from collections.abc import Callable, Container, Iterable, Sequence

from msgspec import structs

from service.core.answer import Distribution, Options, ScoredEntry
from service.core.resolve.match import EntryFields, Match

# Overrides without an effect, and outlets left out, that are named. The rest is a number.
MAX_NAMED = 10
HOST_RULES = ("url", "domain", "host_alias")
ResolveFunc = Callable[[str | EntryFields], Match]


class UnusedOptions:
    """The overrides and the country of a request that have changed nothing so far."""

    def __init__(
        self,
        options: Options,
        overrides: Iterable[str],
        too_low: Container[str | None],
        with_it: ResolveFunc,
        without: ResolveFunc,
    ) -> None:
        self.unused = dict.fromkeys(overrides)
        self.country = options.country
        self.min_factuality = options.min_factuality
        self.too_low = too_low
        self.with_it = with_it
        self.without = without
        self.left_out: dict[str, None] = {}

    def observe(self, scored: Sequence[ScoredEntry]) -> None:
        """Strike out the options that these entries, scored with them, needed."""
        for entry in scored:
            self.unused.pop(entry.domain or "", None)
            if entry.bias is None and entry.factuality in self.too_low:
                self.left_out[entry.domain or ""] = None
        if self.country and any(map(self.country_matters, scored)):
            self.country = None

    def country_matters(self, entry: ScoredEntry) -> bool:
        """Return True if an entry means something else without the country. A host never does."""
        if entry.match is not None and entry.match.by in HOST_RULES:
            return False
        asked, plain = self.with_it(entry.input), self.without(entry.input)
        return (asked.key, asked.candidates) != (plain.key, plain.candidates)

    def attach_notes(self, answer: Distribution) -> Distribution:
        unused = list(self.unused)
        notes = [
            f"the override of {domain} had no effect: no entry is that outlet"
            for domain in unused[:MAX_NAMED]
        ]
        if more := len(unused) - len(notes):
            notes.append(f"{more} more {'override' if more == 1 else 'overrides'} had no effect")
        if self.country:
            notes.append(f"the country {self.country} had no effect: no entry is a name that it settles")
        if self.min_factuality and not self.left_out:
            notes.append(f"min_factuality had no effect: no outlet is below {self.min_factuality}")
        elif self.min_factuality:
            more = len(self.left_out) - MAX_NAMED
            named = ", ".join([*self.left_out][:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
            notes.append(f"below {self.min_factuality} in factuality, and counted as unrated: {named}")
        return structs.replace(answer, notes=tuple(notes)) if notes else answer
