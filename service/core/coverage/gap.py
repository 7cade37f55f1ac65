"""Does a side cover this story much less than it usually does? A beta-binomial says how unusual that is."""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma
from typing import Literal

from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import (
    CACHE_SIZE,
    MIN_RATED,
    BySide,
    Fractions,
    SideCounts,
    is_or_are,
    pluralize_sources,
)
from service.core.outlets import DECIMALS

Wing = Literal["left", "right"]

WINGS: tuple[Wing, ...] = ("left", "right")
"""Sides that can be thin. The center is what raters dispute most, so it is shown and never judged."""

MAX_PROBABILITY = 0.10
"""A side is thin when at most one story in ten would have so few sources of it."""

RHO = 0.11
"""Correlation between two sources of one story: stories differ more than chance alone would make them."""

USUAL_SHARES = Fractions(left=0.315, center=0.472, right=0.213)
"""Shares of the rated sources in 118 stories that a news aggregator displayed (see the methodology)."""

STORIES_DESCRIPTION = "118 stories that a news aggregator displayed between August 2025 and February 2026"

SIGNIFICANT_DIGITS = 3
"""Significant digits of a probability."""

RULE = (
    "left or right is unusually thin when its share of the rated sources is below its usual share and the "
    f"beta-binomial probability of so few or fewer, with correlation {RHO:g} between sources, is at most "
    f"{MAX_PROBABILITY:.2f}; the center is never judged, and nothing is under {MIN_RATED} rated"
)
CAVEAT = (
    "The articles sent may not be all there are, and thin coverage says nothing about why, "
    "nor about any one source."
)
STORIES_CAVEAT = "What is usual there may not be usual for this topic or country."
NOT_ASKED = "the request asks for none"


class Baseline(Struct, frozen=True):
    """Usual shares (0…1) of the sides, and where they come from.

    ``source`` is ``stories`` for those of an aggregator's stories, ``request`` for the caller's own pool.
    ``rated`` and ``counts`` are the pool's.
    """

    source: Literal["stories", "request"]
    shares: Fractions | None
    of: str
    rated: int | None = None
    counts: BySide | None = None

    @property
    def unrounded(self) -> tuple[float, float, float]:
        """Return the shares before they are rounded for people, if they are those of a pool."""
        known = self.counts or self.shares or USUAL_SHARES
        whole = self.rated or 1
        return known.left / whole, known.center / whole, known.right / whole


class SideGap(Struct, frozen=True):
    """One side: its count, its share (0…1), the usual share, and P(so few or fewer).

    ``gap`` says that the side is unusually thin. It is always false for the center.
    """

    side: Side
    count: int
    share: float
    usual: float
    expected: float
    probability: float
    gap: bool


class CoverageGap(Struct, frozen=True):
    """The unusually thin side, if any (``side``), with the rule, the baseline and the working."""

    side: Wing | None
    sides: list[Wing]
    probability: float | None
    sentence: str
    reason: str | None
    rule: str
    minimum: int
    threshold: float
    rho: float
    n: int
    baseline: Baseline | None
    by_side: list[SideGap]
    caveat: str


STORIES_BASELINE = Baseline("stories", USUAL_SHARES, STORIES_DESCRIPTION)


def make_baseline(counts: BySide) -> Baseline:
    """Return the baseline of a caller's own pool."""
    rated = counts.left + counts.center + counts.right
    each = (round(n / (rated or 1), DECIMALS) for n in (counts.left, counts.center, counts.right))
    return Baseline("request", Fractions(*each) if rated else None, "the pool in the request", rated, counts)


@lru_cache(CACHE_SIZE)
def beta_binomial_cdf(count: int, n: int, usual: float, rho: float = RHO) -> float:
    """Return P(X ≤ ``count``) for ``n`` draws whose success has mean ``usual`` and correlation ``rho``.

    With α = p(1 − ρ)/ρ and β = (1 − p)(1 − ρ)/ρ, each term follows from the one before:
    P(0) = B(α, n + β) / B(α, β) and P(i + 1) = P(i) · (n − i)(α + i) / ((i + 1)(β + n − i − 1)).
    (Skellam, J. (1948), JRSS B 10(2), 257-261.)
    """
    if count >= n or usual <= 0:
        return 1.0
    if usual >= 1:
        return 0.0
    alpha, beta = usual * (1 - rho) / rho, (1 - usual) * (1 - rho) / rho
    term = exp(lgamma(beta + n) + lgamma(alpha + beta) - lgamma(beta) - lgamma(alpha + beta + n))
    total = term
    for i in range(count):
        term *= (n - i) * (alpha + i) / ((i + 1) * (beta + n - i - 1))
        total += term
    return min(1.0, total)


def judge_coverage_gap(counts: SideCounts, baseline: Baseline | None = STORIES_BASELINE) -> CoverageGap:
    """Judge each side's ``counts`` (rated sources) by its usual share. Without a baseline judge nothing."""
    n = sum(counts)
    reason = _reason_not_judged(n, baseline)
    by_side = (
        [] if reason or baseline is None else [_judge_side(at, counts, baseline) for at in range(len(SIDES))]
    )
    thin = sorted((each for each in by_side if each.gap), key=lambda each: each.probability)
    wings = [wing for each in thin for wing in WINGS if wing == each.side]
    return CoverageGap(
        side=wings[0] if wings else None,
        sides=wings,
        probability=thin[0].probability if thin else None,
        sentence=_write_sentence(thin, n, baseline, reason),
        reason=reason,
        rule=RULE,
        minimum=MIN_RATED,
        threshold=MAX_PROBABILITY,
        rho=RHO,
        n=n,
        baseline=baseline,
        by_side=by_side,
        caveat=choose_caveat(baseline),
    )


def choose_caveat(baseline: Baseline | None) -> str:
    """Say what the verdict cannot know, and what others' stories cannot tell where they are the measure."""
    return f"{CAVEAT} {STORIES_CAVEAT}" if baseline is STORIES_BASELINE else CAVEAT


def _reason_not_judged(n: int, baseline: Baseline | None) -> str | None:
    """Say why there is no verdict, or return ``None``."""
    if baseline is None:
        return NOT_ASKED
    if n < MIN_RATED:
        return f"{f'only {n}' if n else 'no'} rated {pluralize_sources(n)}, at least {MIN_RATED} are needed"
    if baseline.rated is not None and baseline.rated < MIN_RATED:
        return f"only {baseline.rated} rated in the baseline, at least {MIN_RATED} are needed"
    return None


def _judge_side(at: int, counts: SideCounts, baseline: Baseline) -> SideGap:
    side, count, n, usual = SIDES[at], counts[at], sum(counts), baseline.unrounded[at]
    probability = beta_binomial_cdf(count, n, usual)
    return SideGap(
        side=side,
        count=count,
        share=round(count / n, DECIMALS),
        usual=round(usual, DECIMALS),
        expected=round(n * usual, 1),
        probability=float(f"{probability:.{SIGNIFICANT_DIGITS}g}"),
        gap=side in WINGS and count < n * usual and probability <= MAX_PROBABILITY,
    )


def _write_sentence(thin: Sequence[SideGap], n: int, baseline: Baseline | None, reason: str | None) -> str:
    if reason or baseline is None:
        return f"No statement on thin coverage: {reason}."
    if not thin:
        return f"Neither left nor right is unusually thin among the {n} rated sources."
    told = [
        f"Coverage from the {each.side} is unusually thin: {each.count} of {n} rated sources "
        f"{is_or_are(each.count)} {each.side.capitalize()}, where {each.usual * 100:.0f}% is usual in "
        f"{baseline.of} (probability of so few: {each.probability:.2g})."
        for each in thin
    ]
    return " ".join([*told, choose_caveat(baseline)])
