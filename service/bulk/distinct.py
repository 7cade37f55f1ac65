"""Distinct entries → what each adds to its story. The core decides. This keeps its verdicts as columns."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct

from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.core.figures import Tally
from service.core.outlets import DECIMALS, Outlet
from service.core.resolve import path_matters
from service.core.resolve.hosts import EDGES, host_of
from service.core.resolve.match import Match, Ref

TEN_THOUSANDTHS = 10**DECIMALS
"""Bias values are added up as whole numbers of this size, so that their order does not matter."""

SINGLE = ("single_rater", "single_left", "single_center", "single_right")
"""Columns of what one rater alone rates: all of it, and what is near the center by side."""

LONGEST_SITE = 300

Entry = tuple[str, ...]
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


class Verdict(Struct, frozen=True):
    """What an entry is, beside the others of its story."""

    status: str
    outlet: Outlet | None = None


class Lookup:
    """Every distinct entry with the key of the unit it counts for. What a unit is and adds. What was seen."""

    def __init__(self, scorer: Scorer, fields: Sequence[str]) -> None:
        self.scorer = scorer
        self.fields = tuple(fields)
        self.keys: dict[Entry, int] = {}
        self.verdicts: list[Verdict] = []
        self.effects: list[Effect] = []
        self.units: list[str] = []
        self.statuses: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._units: dict[str | tuple[str, str, Effect], int] = {}
        self._shorts: dict[Meaning, str] = {}
        self._sites: dict[str, bool] = {}

    def add(self, entry: Entry, times: int) -> None:
        """Resolve an entry that occurs ``times``."""
        match = self._match(entry)
        if "url" in self.fields:
            self.short(entry[self.fields.index("url")])
        outlet = self.scorer.outlet_of(match)
        status = match.status if outlet is None else "rated" if outlet.bias else "unrated"
        self.keys[entry] = self._key(self.scorer.unit_of(match), Verdict(status, outlet))
        self.statuses[status] += times
        if status == "unknown":
            self.unknown[match.key] += times

    def is_site(self, text: str) -> bool:
        """Tell whether ``text``, cut from URLs before their path, means the same whatever the path was."""
        if (known := self._sites.get(text)) is None:
            known = self._sites[text] = self._is_site(text)
        return known

    def short(self, url: str) -> str:
        """Return the first URL seen that means what ``url`` means."""
        if not url:
            return url
        match = self.scorer.resolve(Ref(url=url))
        outlet = match.outlet.domain if match.outlet else ""
        via = match.how.via if match.how else None
        return self._shorts.setdefault((match.status, match.key, outlet, via), url)

    def entry_table(self, entries: Collection[Entry]) -> dict[str, list[Any]]:
        """Return different ``entries``, which are resolved, each with its key."""
        columns = zip(*entries, strict=True) if entries else ([] for _ in self.fields)
        table: dict[str, list[Any]] = {
            field: list(texts) for field, texts in zip(self.fields, columns, strict=True)
        }
        return {**table, "key": [self.keys[entry] for entry in entries]}

    def effect_table(self) -> dict[str, list[int]]:
        """Return what a unit of each key adds to its story."""
        flat = ([e.each, *e.sides, *e.single, e.values] for e in self.effects)
        names = ["each", *SIDES, *SINGLE, "values"]
        columns = zip(*flat, strict=True) if self.effects else ([] for _ in names)
        table = {name: list(column) for name, column in zip(names, columns, strict=True)}
        return {"key": list(range(len(self.effects))), **table}

    def verdict_table(self) -> dict[str, list[Any]]:
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

    def _is_site(self, text: str) -> bool:
        host = host_of("https://" + text)
        if text != text.strip(EDGES) or len(text) > LONGEST_SITE:
            return False
        return host is not None and host == host_of(text) and not path_matters(self.scorer.catalog, host)

    def _match(self, entry: Entry) -> Match:
        given = {field: text for field, text in zip(self.fields, entry, strict=True) if text}
        return self.scorer.resolve(Ref(**given))

    def _key(self, unit: str, verdict: Verdict) -> int:
        """Return the number of a unit. Entries that each count by themselves share one when they are
        alike.
        """
        effect = self.effect(verdict.outlet, each=not unit)
        domain = verdict.outlet.domain if verdict.outlet else ""
        key = self._units.setdefault(unit or (verdict.status, domain, effect), len(self.effects))
        if key == len(self.effects):
            self.effects.append(effect)
            self.verdicts.append(verdict)
            self.units.append(unit)
        return key

    def effect(self, outlet: Outlet | None, *, each: bool) -> Effect:
        """Say what a unit of ``outlet`` adds to its story."""
        tally = Tally(self.scorer.raters, [outlet.bias] if outlet and outlet.bias else [])
        values = round(tally.total * TEN_THOUSANDTHS)
        return Effect(int(each), tally.sides, tally.single, values)
