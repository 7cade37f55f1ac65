"""Does a side cover this story less than it usually does? An exact binomial test says how surely."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import BySide
from service.core.outlets import DECIMALS
from service.core.robustness import FEWEST_RATED

LEVEL = 0.05
"""Chance of calling a gap where there is none, for the three sides together."""

THRESHOLD = LEVEL / len(SIDES)
"""Three sides are tested at once, so each gets a third of it (Bonferroni)."""

SIGNIFICANT = 3
"""Significant digits of a probability."""

RULE = (
    "a side has a gap when its share of the rated sources is below its usual share and the binomial "
    f"probability of so few or fewer is at most {LEVEL:g}/{len(SIDES)}; never under {FEWEST_RATED} rated"
)
CAVEAT = (
    "The articles sent are no random sample and may not be all there are; "
    "a gap says nothing about why, and nothing about any one source."
)


class Baseline(Struct, frozen=True):
    """What is usual: the rated outlets of the table, or those of the caller's own pool."""

    source: Literal["table", "request"]
    rated: int
    counts: BySide


class SideGap(Struct, frozen=True):
    """One side: its count, its share (0…1), the usual share, and P(so few or fewer)."""

    side: Side
    count: int
    share: float
    usual: float
    expected: float
    probability: float
    gap: bool


class CoverageGap(Struct, frozen=True):
    """The side that is most surely short, if any (``side``), with the rule, the baseline and the working."""

    side: Side | None
    sides: list[Side]
    probability: float | None
    sentence: str
    reason: str | None
    rule: str
    minimum: int
    threshold: float
    n: int
    baseline: Baseline
    by_side: list[SideGap]
    caveat: str


def binomial_at_most(count: int, n: int, part: int, whole: int) -> float:
    """P(X ≤ ``count``) of n draws that each succeed with probability ``part / whole``; exact.

    Σ C(n, i) pⁱ (1 − p)ⁿ⁻ⁱ over i ≤ count, in whole numbers until the last division. (Bernoulli, J. (1713),
    Ars Conjectandi.)
    """
    rest = whole - part
    if count >= n:
        return 1.0
    if not rest:
        return 0.0
    term = total = rest**n
    for i in range(count):
        term = term * (n - i) * part // ((i + 1) * rest)
        total += term
    probability: float = total / whole**n
    return probability


def coverage_gap(counts: Sequence[int], baseline: Baseline) -> CoverageGap:
    """Judge each side's ``counts`` (rated sources: left, center, right) by its share of ``baseline``."""
    n = sum(counts)
    reason = _too_few(n, baseline)
    by_side = [] if reason else [_side(side, counts, baseline) for side in SIDES]
    short = sorted((each for each in by_side if each.gap), key=lambda each: each.probability)
    return CoverageGap(
        side=short[0].side if short else None,
        sides=[each.side for each in short],
        probability=short[0].probability if short else None,
        sentence=_sentence(short, n, baseline, reason),
        reason=reason,
        rule=RULE,
        minimum=FEWEST_RATED,
        threshold=round(THRESHOLD, DECIMALS),
        n=n,
        baseline=baseline,
        by_side=by_side,
        caveat=CAVEAT,
    )


def _too_few(n: int, baseline: Baseline) -> str | None:
    if n < FEWEST_RATED:
        return f"only {n} rated {'source' if n == 1 else 'sources'}; {FEWEST_RATED} are the least"
    if baseline.rated < FEWEST_RATED:
        return f"only {baseline.rated} rated in the baseline; {FEWEST_RATED} are the least"
    return None


def _side(side: Side, counts: Sequence[int], baseline: Baseline) -> SideGap:
    at = SIDES.index(side)
    count, n, usual = counts[at], sum(counts), getattr(baseline.counts, side)
    probability = binomial_at_most(count, n, usual, baseline.rated)
    return SideGap(
        side=side,
        count=count,
        share=round(count / n, DECIMALS),
        usual=round(usual / baseline.rated, DECIMALS),
        expected=round(n * usual / baseline.rated, 1),
        probability=float(f"{probability:.{SIGNIFICANT}g}"),
        gap=count * baseline.rated < n * usual and probability <= THRESHOLD,
    )


def _sentence(short: Sequence[SideGap], n: int, baseline: Baseline, reason: str | None) -> str:
    if reason:
        return f"No statement on a coverage gap: {reason}."
    if not short:
        return f"No side covers this story clearly less than usual, judged by {n} rated sources."
    pool = "the table" if baseline.source == "table" else "the pool given"
    told = [
        f"{each.count} of {n} rated sources {'is' if each.count == 1 else 'are'} {each.side.capitalize()}, "
        f"where {each.usual * 100:.0f}% of the {baseline.rated} rated sources of {pool} would make "
        f"{each.expected:g} usual (probability of so few by chance: {each.probability:.2g})"
        for each in short
    ]
    return f"{'; '.join(told)}. {CAVEAT}"
