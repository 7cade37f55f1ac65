"""Entries → one answer: resolve each, count each outlet once, and say what the counts mean."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache, partial
from operator import attrgetter
from typing import get_args

from msgspec import UNSET, structs

from service.core.answer import (
    METHOD,
    STATUSES,
    Counts,
    DatasetUsed,
    Distribution,
    Options,
    ScoredEntry,
    Status,
)
from service.core.bias import LABELS, VALUES, Label, label_side
from service.core.errors import RequestError, escape_pointer
from service.core.figures import (
    Sums,
    Tally,
    Unit,
    compute_figures,
    merge_owners,
)
from service.core.outlets import FACTUALITY, OVERRIDE, Bias, Outlet, Rating, allow_commercial_use
from service.core.resolve import Catalog, EntryFields, Match, Place
from service.core.resolve.match import ANYWHERE, MatchStatus
from service.core.robustness import judge_robustness
from service.core.unused_options import UnusedOptions

Entry = str | EntryFields
# What can have no duplicate: two links to one platform are two sources.
NEVER_DUPLICATES: frozenset[MatchStatus] = frozenset(("platform", "invalid"))

DEFAULT_OPTIONS = Options()

# What every answer says of itself.
ABOUT = "Ratings are of outlets, not of single articles or authors."

# A path's segment that is an opinion section: raters judge those apart, and we have no rating of them.
is_opinion = re.compile(
    r"/(?:[Oo]pinions?|opinion-columns|op-?ed|editorials?|commentary|commentisfree|columnists?|meinung|kommentare?"
    r"|opini[oó]n|opini[aã]o|opinioni|opinie|tribunes?)(?=[/?#]|$)"
).search


class Scorer:
    """Score lists of entries with one catalog and one set of options. Many stories share one scorer."""

    def __init__(self, catalog: Catalog, options: Options = DEFAULT_OPTIONS) -> None:
        """Check the options against the catalog. Raise ``RequestError`` for a rater or domain it lacks."""
        self.catalog = catalog
        self.options = options
        place = Place(options.country, options.region) if options.country or options.region else ANYWHERE
        plainly = catalog.resolver.resolve
        is_plain = place is ANYWHERE and options.ties == "never"
        self.resolve: Callable[[Entry], Match] = (
            plainly if is_plain else partial(plainly, place=place, ties=options.ties)
        )
        self.never_duplicates: frozenset[MatchStatus] = (
            frozenset(get_args(MatchStatus)) if options.count_by == "entry" else NEVER_DUPLICATES
        )
        self.raters = select_raters(catalog, options.raters)
        self.names = tuple(catalog.raters[rater].name for rater in self.raters)
        self.overrides = parse_overrides(catalog, options.overrides)
        self.rated_by = catalog.rated_by(self.raters)
        self.too_low = find_lower_factuality(options.min_factuality)
        plain = not (self.overrides or self.too_low) and len(self.raters) == len(catalog.raters)
        self.get_outlet: Callable[[Match], Outlet | None] = attrgetter("outlet") if plain else self._rescored
        self.dataset = DatasetUsed(
            version=catalog.version,
            sha256=catalog.sha256,
            raters=self.raters,
            method=METHOD,
            commercial_use=allow_commercial_use(catalog.raters[rater] for rater in self.raters),
            about=ABOUT,
        )

    def score(self, entries: Sequence[Entry]) -> Distribution:
        """Return the distribution of ``entries``, which keep their order. Each ends in exactly one status."""
        scored = self.entries(entries)
        answer = self.distribution(scored)
        if not (self.overrides or self.too_low) and self.options.country is None:
            return answer
        watch = self.watch()
        watch.observe(scored)
        return watch.noted(answer)

    def watch(self) -> UnusedOptions:
        """Return a watch that finds the options without an effect."""
        plainly = partial(self.catalog.resolver.resolve, ties=self.options.ties)
        options = self.options
        watch = UnusedOptions(self.overrides, options.country, self.resolve, plainly)
        watch.min_factuality, watch.too_low = options.min_factuality, self.too_low
        return watch

    def distribution(self, scored: list[ScoredEntry], unit: Unit | None = None) -> Distribution:
        """Return the distribution of entries that have their status. ``unit`` may replace ``count_by``."""
        unit = unit or self.options.count_by
        by_status: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for entry in scored:
            by_status[entry.status] += 1
        units = [(entry.bias, entry.domain) for entry in scored if entry.status == "rated" and entry.bias]
        tally = Tally(self.raters, [bias for bias, _ in units])
        owners = self.catalog.owners
        owned = [(owners[domain], bias.side) for bias, domain in units if domain in owners]
        once, owner = merge_owners(tally.sides, owned) if len(owned) > 1 else (tally.sides, None)
        rated = outlets = squares = len(units)
        if unit == "entry":
            times = Counter(domain for _, domain in units).values()
            outlets, squares = len(times), sum(n * n for n in times)
        sums = Sums(
            tally.sides,
            sum(by_status.values()) - by_status["duplicate"] - rated,
            outlets,
            squares,
            tuple(tally.by_rater.items()),
            tally.single_rater_counts,
            once,
            owner,
        )
        return self.answer(sums, tally, by_status, scored, unit)

    def entries(self, entries: Sequence[Entry]) -> list[ScoredEntry]:
        """Return each entry with its status: a second one of an outlet is a duplicate unless entries count.

        One loop without calls of our own where an outlet is found, for this is where the time of a list goes.
        """
        resolve, outlet_of, never_duplicates = self.resolve, self.get_outlet, self.never_duplicates
        first: dict[str, int] = {}
        scored = []
        for index, entry in enumerate(entries):
            match = resolve(entry)
            seen = index if match.status in never_duplicates else first.setdefault(match.key, index)
            outlet = outlet_of(match)
            if outlet is None:
                scored.append(_score_without_outlet(index, entry, match, seen))
                continue
            bias = outlet.bias
            scored.append(
                ScoredEntry(
                    index,
                    entry,
                    "duplicate" if seen != index else "rated" if bias else "unrated",
                    outlet.domain,
                    outlet.name,
                    match.rule,
                    bias,
                    outlet.factuality,
                    outlet.country,
                    None if seen == index else seen,
                )
            )
            if is_opinion(entry if type(entry) is str else entry.url or ""):  # type: ignore[union-attr]
                scored[-1] = structs.replace(scored[-1], section="opinion")
            if match.candidates or match.hint:
                said = {"candidates": match.candidates, "more_candidates": match.more, "hint": match.hint}
                scored[-1] = structs.replace(scored[-1], **{name: one for name, one in said.items() if one})
        return scored

    def unit_key(self, match: Match) -> str:
        """Return what entries that count once between them have in common. Empty when each counts by
        itself.
        """
        return "" if match.status in self.never_duplicates else match.key

    def answer(
        self, sums: Sums, tally: Tally, by_status: dict[Status, int], scored: list[ScoredEntry], unit: Unit
    ) -> Distribution:
        """Return every published figure, from the sums alone."""
        sides, unrated, duplicates = sums.sides, sums.unrated, by_status["duplicate"]
        figures = compute_figures(sides, unrated, sums.outlets, unit)
        rated = sum(sides)
        return Distribution(
            headline=figures.headline,
            sentence=figures.sentence,
            leading=figures.leading,
            distribution=figures.distribution,
            counts=Counts(
                left=sides[0],
                center=sides[1],
                right=sides[2],
                rated=rated,
                unrated=unrated,
                total=rated + unrated,
                entries=rated + unrated + duplicates,
                duplicates=duplicates,
                by_status=by_status,
                opinion=sum(1 for entry in scored if entry.section),
            ),
            shares=figures.shares,
            spectrum=tally.spectrum,
            mean=tally.mean,
            robustness=judge_robustness(sums, self.names, unit),
            outlets=scored if self.options.detail == "full" else UNSET,
            dataset=self.dataset,
        )

    def _rescored(self, match: Match) -> Outlet | None:
        """Return the outlet an entry means, rated as the options ask. A caller may rate a domain we do not
        have.
        """
        if match.key in self.overrides:
            outlet = match.outlet or Outlet(match.key, match.key)
            return structs.replace(outlet, bias=self.overrides[match.key])
        if match.outlet and match.outlet.factuality in self.too_low:
            return structs.replace(match.outlet, bias=None)
        return self.rated_by(match.outlet) if match.outlet else None


def find_lower_factuality(least: str | None) -> tuple[str, ...]:
    """Return the classes of factuality below ``least``. Raise ``RequestError`` for one that there is not."""
    if least is None:
        return ()
    if least not in FACTUALITY:
        raise RequestError("/min_factuality", f"{least[:80]!r} is not one of {', '.join(FACTUALITY)}")
    return FACTUALITY[FACTUALITY.index(least) + 1 :]


def _score_without_outlet(index: int, entry: Entry, match: Match, seen: int) -> ScoredEntry:
    return ScoredEntry(
        index,
        entry,
        "duplicate" if seen != index else match.status,  # type: ignore[arg-type]  # never "found"
        duplicate_of=None if seen == index else seen,
        candidates=match.candidates,
        more_candidates=match.more or UNSET,
        hint=match.hint or UNSET,
    )


def score(catalog: Catalog, entries: Sequence[Entry], options: Options = DEFAULT_OPTIONS) -> Distribution:
    """Return the distribution of one story's ``entries``. Raise ``RequestError`` for options that cannot be
    met.
    """
    scorer = default_scorer(catalog) if options == DEFAULT_OPTIONS else Scorer(catalog, options)
    return scorer.score(entries)


@lru_cache(maxsize=2)
def default_scorer(catalog: Catalog) -> Scorer:
    """Return the scorer of a catalog for all who ask for nothing special."""
    return Scorer(catalog)


def select_raters(catalog: Catalog, asked: Sequence[str] | None) -> tuple[str, ...]:
    """Return the enabled raters that are asked for, in the catalog's order."""
    if asked is None:
        return tuple(catalog.raters)
    asked = [rater.lower() if rater not in catalog.raters else rater for rater in asked]
    for index, rater in enumerate(asked):
        if rater not in catalog.raters:
            enabled = ", ".join(catalog.raters)
            raise RequestError(
                f"/raters/{index}", f"no rater {rater[:80]!r} is enabled here; enabled: {enabled}"
            )
    if not asked:
        raise RequestError("/raters", f"at least one rater is needed; enabled: {', '.join(catalog.raters)}")
    return tuple(rater for rater in catalog.raters if rater in asked)


def parse_overrides(catalog: Catalog, overrides: Mapping[str, str | None]) -> dict[str, Bias | None]:
    """Return each overridden domain → the bias that wins over its raters, ``None`` to leave it out."""
    chosen: dict[str, Bias | None] = {}
    for text, label in overrides.items():
        pointer = "/overrides" + escape_pointer(text)
        match = catalog.resolver.resolve(EntryFields(domain=text))
        if match.status not in ("found", "unknown"):
            raise RequestError(pointer, "not the domain of an outlet; a domain looks like reuters.com")
        if label is not None and (not isinstance(label, str) or label not in VALUES):
            near = get_close_matches(str(label)[:80].lower().replace(" ", "_"), LABELS, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise RequestError(
                pointer, f"{str(label)[:80]!r} is not a label; {meant}labels: {', '.join(LABELS)}, or null"
            )
        bias = None if label is None else _make_override(label)
        if chosen.setdefault(match.key, bias) != bias:
            raise RequestError(pointer, f"{match.key} is overridden twice, with different labels")
    return chosen


def _make_override(label: Label) -> Bias:
    value = float(VALUES[label])
    return Bias(label, label_side(label), value, 0.0, (Rating(OVERRIDE, label, value),))
