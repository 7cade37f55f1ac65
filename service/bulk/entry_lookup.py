"""Distinct entries → what each adds to its story. The core decides. This keeps its verdicts as columns."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from service.core.distribution import Scorer
from service.core.figures import Tally
from service.core.outlets import DECIMALS, Outlet
from service.core.resolve import needs_path
from service.core.resolve.hosts import STRIPPED_CHARS, find_host
from service.core.resolve.match import EntryFields, Match

VALUE_SCALE = 10**DECIMALS
"""Bias values are added up as whole numbers of this size, so that their order does not matter."""

SINGLE_COLUMNS = ("single_rater", "single_left", "single_center", "single_right")
"""Columns of what one rater alone rates: all of it, and what is near the center by side."""

MAX_HEAD_LENGTH = 300

EntryTexts = tuple[str, ...]
"""The text of each field that the table has; an empty one where a row says nothing."""


Meaning = tuple[str, str, str, str | None]
"""Status, key, outlet, and what stood between: all that an entry's other fields may turn on."""


class Effect(Struct, frozen=True):
    """What one unit adds to the sums of its story: nothing, if it is not rated.

    ``each`` is 1 when every entry is a unit by itself, 0 when all entries with one key are one unit.
    """

    each: int
    sides: tuple[int, ...]
    single: tuple[int, ...]
    values: int


class ResolvedUnit(Struct, frozen=True):
    """What an entry is, beside the others of its story. ``unknown`` is what the catalog lacks."""

    status: str
    outlet: Outlet | None = None
    unknown: str = ""


class EntryLookup:
    """Every distinct entry with the key of the unit it counts for. What a unit is and adds."""

    def __init__(self, scorer: Scorer, fields: Sequence[str]) -> None:
        self.scorer = scorer
        self.fields = tuple(fields)
        self.keys: dict[EntryTexts, int] = {}
        self.verdicts: list[ResolvedUnit] = []
        self.effects: list[Effect] = []
        self.units: list[str] = []
        self._units: dict[str | tuple[str, str, str, Effect], int] = {}
        self._shorts: dict[Meaning, str] = {}

    def find_key(self, entry: EntryTexts) -> int:
        """Return the key of the unit an entry counts for. An entry is resolved when it is first met."""
        if (key := self.keys.get(entry)) is None:
            given = {field: text for field, text in zip(self.fields, entry, strict=True) if text}
            match = self.scorer.resolve(EntryFields(**given))
            if "url" in given:
                self.short(given["url"], match if len(given) == 1 else None)
            outlet = self.scorer.get_outlet(match)
            status = match.status if outlet is None else "rated" if outlet.bias else "unrated"
            verdict = ResolvedUnit(status, outlet, match.key if status == "unknown" else "")
            key = self.keys[entry] = self._key(self.scorer.unit_key(match), verdict)
        return key

    def is_plain_host(self, text: str) -> bool:
        """Tell whether ``text``, cut from URLs before their path, means the same whatever the path was."""
        host = find_host("https://" + text)
        if text != text.strip(STRIPPED_CHARS) or len(text) > MAX_HEAD_LENGTH:
            return False
        return host is not None and host == find_host(text) and not needs_path(self.scorer.catalog, host)

    def short(self, url: str, match: Match | None = None) -> str:
        """Return the first URL seen that means what ``url`` means. ``match`` saves resolving it."""
        match = match or self.scorer.resolve(EntryFields(url=url))
        outlet = match.outlet.domain if match.outlet else ""
        via = match.how.via if match.how else None
        return self._shorts.setdefault((match.status, match.key, outlet, via), url)

    def statuses(self, times: Sequence[int]) -> Counter[str]:
        """Tally by status the entries of units that occur so many ``times``."""
        tally: Counter[str] = Counter()
        for verdict, n in zip(self.verdicts, times, strict=True):
            tally[verdict.status] += n
        return tally

    def unknown(self, times: Sequence[int]) -> Counter[str]:
        """Tally what the catalog lacks."""
        tally: Counter[str] = Counter()
        for verdict, n in zip(self.verdicts, times, strict=True):
            if verdict.status == "unknown":
                tally[verdict.unknown] += n
        return tally

    def unit_table(self) -> dict[str, list[Any]]:
        """Return what the entries of each key are."""
        outlets = [verdict.outlet for verdict in self.verdicts]
        biases = [outlet.bias if outlet else None for outlet in outlets]
        return {
            "key": list(range(len(self.effects))),
            "each": [effect.each for effect in self.effects],
            "status": [verdict.status for verdict in self.verdicts],
            "outlet": [outlet.domain if outlet else None for outlet in outlets],
            "side": [bias.side if bias else None for bias in biases],
            "label": [bias.label if bias else None for bias in biases],
            "value": [bias.value if bias else None for bias in biases],
        }

    def effect(self, outlet: Outlet | None, *, each: bool) -> Effect:
        """Say what a unit of ``outlet`` adds to its story."""
        tally = Tally(self.scorer.raters, [outlet.bias] if outlet and outlet.bias else [])
        values = round(tally.total * VALUE_SCALE)
        return Effect(int(each), tally.sides, tally.single, values)

    def _key(self, unit: str, verdict: ResolvedUnit) -> int:
        """Return the number of a unit. Entries that each count by themselves share one when they are
        alike.
        """
        effect = self.effect(verdict.outlet, each=not unit)
        domain = verdict.outlet.domain if verdict.outlet else ""
        alike = verdict.status, domain, verdict.unknown, effect
        key = self._units.setdefault(unit or alike, len(self.effects))
        if key == len(self.effects):
            self.effects.append(effect)
            self.verdicts.append(verdict)
            self.units.append(unit)
        return key
