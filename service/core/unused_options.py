"""Say which options of a request changed nothing in its answer, and which outlets one leaves out."""

from collections.abc import Callable, Container, Iterable, Sequence

from msgspec import structs

from service.core.answer import Distribution, Options, ScoredEntry
from service.core.resolve.match import EntryFields, Match

# Overrides without an effect that are named. The rest is a number.
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
        """Take in entries that were scored with the options."""
        if self.unused:
            for entry in scored:
                self.unused.pop(entry.domain or "", None)
        if self.too_low:
            unrated = (entry for entry in scored if entry.bias is None and entry.factuality in self.too_low)
            self.left_out |= dict.fromkeys(entry.domain or "" for entry in unrated)
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
        if self.min_factuality:
            notes.append(self.factuality_note())
        return tuple(notes)

    def factuality_note(self) -> str:
        """Say which outlets count as unrated because of their factuality."""
        if not self.left_out:
            return f"min_factuality had no effect: no outlet is below {self.min_factuality}"
        more = len(self.left_out) - MAX_NAMED
        named = ", ".join([*self.left_out][:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"below {self.min_factuality} in factuality, and counted as unrated: {named}"

    def noted(self, answer: Distribution) -> Distribution:
        notes = self.notes()
        return structs.replace(answer, notes=notes) if notes else answer
