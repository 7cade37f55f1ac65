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
from service.core.figures import Unit, compute_figures, mean_value, merge_owners, tally_biases
from service.core.outlets import (
    FACTUALITY,
    OVERRIDE,
    Bias,
    Outlet,
    Rating,
    allow_commercial_use,
    combine_ratings,
)
from service.core.resolve import Catalog, EntryFields, Match, Place
from service.core.resolve.match import ANYWHERE, MatchStatus
from service.core.robustness import Sums, judge_robustness
from service.core.unused_options import UnusedOptions

Entry = str | EntryFields
# What can have no duplicate: two links to one platform are two sources.
NEVER_DUPLICATES: frozenset[MatchStatus] = frozenset(("platform", "invalid"))

# Stands for the outlet of an entry that means none.
NO_OUTLET = Outlet(None, None)  # type: ignore[arg-type]

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
        self.resolve: Callable[[Entry], Match] = catalog.resolver.resolve
        if options.country or options.region or options.ties != "never":
            place = Place(options.country, options.region) if options.country or options.region else ANYWHERE
            self.resolve = partial(catalog.resolver.resolve, place=place, ties=options.ties)
        self.never_duplicates: frozenset[MatchStatus] = (
            frozenset(get_args(MatchStatus)) if options.count_by == "entry" else NEVER_DUPLICATES
        )
        self.raters = select_raters(catalog, options.raters)
        self.names = {rater: catalog.raters[rater].name for rater in self.raters}
        self.overrides = parse_overrides(catalog, options.overrides)
        self.too_low = find_lower_factuality(options.min_factuality)
        plain = not (self.overrides or self.too_low) and len(self.raters) == len(catalog.raters)
        # Most requests ask for nothing special, and an outlet is then as the table has it.
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
        if not (self.overrides or self.too_low or self.options.country):
            return answer
        watch = self.watch()
        watch.observe(scored)
        return watch.attach_notes(answer)

    def watch(self) -> UnusedOptions:
        plainly = partial(self.catalog.resolver.resolve, ties=self.options.ties)
        return UnusedOptions(self.options, self.overrides, self.too_low, self.resolve, plainly)

    def entries(self, entries: Sequence[Entry]) -> list[ScoredEntry]:
        """Resolve each entry. A second one of an outlet is a duplicate unless entries count."""
        resolve, get_outlet, never_duplicates = self.resolve, self.get_outlet, self.never_duplicates
        first: dict[str, int] = {}
        scored = []
        for index, entry in enumerate(entries):
            match = resolve(entry)
            seen = index if match.status in never_duplicates else first.setdefault(match.key, index)
            outlet = get_outlet(match)
            known = outlet or NO_OUTLET
            # What is found has an outlet.
            status: Status = "rated" if known.bias else "unrated" if outlet else match.status  # type: ignore[assignment]
            link = entry if isinstance(entry, str) else entry.url or ""
            scored.append(
                ScoredEntry(
                    index,
                    entry,
                    status if seen == index else "duplicate",
                    known.domain,
                    known.name,
                    match.rule,
                    known.bias,
                    known.factuality,
                    known.country,
                    None if seen == index else seen,
                    match.candidates,
                    match.more or UNSET,
                    match.hint or UNSET,
                    "opinion" if outlet and is_opinion(link) else UNSET,
                )
            )
        return scored

    def distribution(self, scored: list[ScoredEntry], unit: Unit | None = None) -> Distribution:
        """Return the distribution of entries that have their status. ``unit`` may replace ``count_by``."""
        unit = unit or self.options.count_by
        statuses = [entry.status for entry in scored]
        by_status = {status: statuses.count(status) for status in STATUSES}
        units = [(entry.domain, entry.bias) for entry in scored if entry.status == "rated" and entry.bias]
        rated, duplicates = len(units), by_status["duplicate"]
        unrated = len(scored) - duplicates - rated
        tally = tally_biases(self.raters, [bias for _, bias in units])
        owners = self.catalog.owners
        owned = [(owners[domain], bias.side) for domain, bias in units if domain in owners]
        outlets = squares = rated
        if unit == "entry":
            times = Counter(domain for domain, _ in units).values()
            outlets, squares = len(times), sum(n * n for n in times)
        figures = compute_figures(tally.sides, unrated, outlets, unit)
        sums = Sums(tally, unrated, outlets, squares, *merge_owners(tally.sides, owned))
        return Distribution(
            headline=figures.headline,
            sentence=figures.sentence,
            leading=figures.leading,
            distribution=figures.distribution,
            counts=Counts(
                *tally.sides,
                rated=rated,
                unrated=unrated,
                total=rated + unrated,
                entries=len(scored),
                duplicates=duplicates,
                by_status=by_status,
                opinion=sum(1 for entry in scored if entry.section),
            ),
            shares=figures.shares,
            spectrum=tally.spectrum,
            mean=mean_value(tally.total, rated),
            robustness=judge_robustness(sums, figures, self.names, unit),
            outlets=scored if self.options.detail == "full" else UNSET,
            dataset=self.dataset,
        )

    def unit_key(self, match: Match) -> str:
        """Return the key under which entries count once, empty where each counts."""
        return "" if match.status in self.never_duplicates else match.key

    def _rescored(self, match: Match) -> Outlet | None:
        """Return the outlet of an entry, rated as the options ask."""
        outlet = match.outlet
        if match.key in self.overrides:
            # A caller may rate a domain that the table lacks.
            return structs.replace(outlet or Outlet(match.key, match.key), bias=self.overrides[match.key])
        if outlet is None or outlet.bias is None:
            return outlet
        if outlet.factuality in self.too_low:
            return structs.replace(outlet, bias=None)
        if len(self.raters) == len(self.catalog.raters):
            return outlet
        chosen = {rater: self.catalog.raters[rater] for rater in self.raters}
        return structs.replace(outlet, bias=combine_ratings(outlet.bias.ratings, chosen))


def find_lower_factuality(least: str | None) -> tuple[str, ...]:
    """Return the classes of factuality below ``least``. Raise ``RequestError`` if it is none of them."""
    if least is None:
        return ()
    if least not in FACTUALITY:
        raise RequestError("/min_factuality", f"{least[:80]!r} is not one of {', '.join(FACTUALITY)}")
    return FACTUALITY[FACTUALITY.index(least) + 1 :]


def score(catalog: Catalog, entries: Sequence[Entry], options: Options = DEFAULT_OPTIONS) -> Distribution:
    """Score one story's ``entries``. Raise ``RequestError`` for options that cannot be met."""
    scorer = default_scorer(catalog) if options == DEFAULT_OPTIONS else Scorer(catalog, options)
    return scorer.score(entries)


@lru_cache(maxsize=2)
def default_scorer(catalog: Catalog) -> Scorer:
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
    """Map each overridden domain to the bias that replaces its raters', ``None`` to leave it out."""
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
