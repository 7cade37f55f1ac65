"""Does the left or the right cover this story much less than usual? A beta-binomial says how unusual it is.

The two are judged against each other. The center is what raters dispute most: it is shown, never judged.
"""

from math import exp, lgamma
from typing import Literal

from msgspec import Struct

from service.core.bias import Side
from service.core.figures import MIN_RATED, BySide, Fractions, SideCounts, is_or_are, pluralize
from service.core.outlets import DECIMALS

Wing = Literal["left", "right"]

WINGS: tuple[Wing, Wing] = ("left", "right")

# A side is thin when at most one story in twenty would have so few sources of it.
MAX_PROBABILITY = 0.05

# Correlation between two sources of one story: stories differ more than chance alone would make them.
RHO = 0.15

# Shares of the rated sources in 118 stories that a news aggregator displayed (see the methodology), and the
# part of the right in those that are not center, from counts before they were rounded.
USUAL_SHARES = Fractions(left=0.315, center=0.472, right=0.213)
USUAL_RIGHT = 0.4037
STORIES_DESCRIPTION = "118 stories that a news aggregator displayed between August 2025 and February 2026"

SIGNIFICANT_DIGITS = 3

RULE = (
    "left or right is unusually thin when, of m rated outlets on the left and right, the beta-binomial "
    f"probability of so few or fewer on it, with its usual share of the two and correlation {RHO:g} between "
    f"sources, is at most {MAX_PROBABILITY:.2f}; the center is never judged, nor anything under {MIN_RATED} "
    "on the left and right"
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
    ``rated`` and ``counts`` are the pool's. ``right_of_both`` is the part of the right in left and right.
    """

    source: Literal["stories", "request"]
    shares: Fractions | None
    of: str
    rated: int | None = None
    counts: BySide | None = None
    right_of_both: float | None = None


class SideGap(Struct, frozen=True):
    """One side: its count, and its share (0…1) of left and right, the usual one, and P(so few or fewer).

    ``gap`` says that the side is unusually thin. The center has a count only.
    """

    side: Side
    count: int
    share: float | None = None
    usual: float | None = None
    expected: float | None = None
    probability: float | None = None
    gap: bool = False


class Detectable(Struct, frozen=True):
    """Could so many sources show that a side is thin, if none of them were on it?"""

    left: bool
    right: bool


class CoverageGap(Struct, frozen=True):
    """The unusually thin side, if any (``side``), with the rule, the baseline and the working.

    ``n`` outlets are rated, ``m`` of them stand on the left or right.
    """

    side: Wing | None
    sides: list[Wing]
    probability: float | None
    sentence: str
    reason: str | None
    detectable: Detectable
    rule: str
    minimum: int
    threshold: float
    rho: float
    n: int
    m: int
    baseline: Baseline | None
    by_side: list[SideGap]
    caveat: str


STORIES_BASELINE = Baseline("stories", USUAL_SHARES, STORIES_DESCRIPTION, right_of_both=USUAL_RIGHT)


def make_baseline(counts: BySide) -> Baseline:
    """Return the baseline of a caller's own pool."""
    both, rated = counts.left + counts.right, counts.left + counts.center + counts.right
    shares = (
        [round(n / rated, DECIMALS) for n in (counts.left, counts.center, counts.right)] if rated else None
    )
    return Baseline(
        source="request",
        shares=Fractions(*shares) if shares else None,
        of="the pool in the request",
        rated=rated,
        counts=counts,
        right_of_both=round(counts.right / both, DECIMALS) if both else None,
    )


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
    """Judge ``counts`` of distinct rated outlets by a baseline. Without one judge nothing."""
    left, center, right = counts
    m = left + right
    reason = _reason_not_judged(m, baseline)
    by_side, detectable, thin = [], Detectable(left=False, right=False), None
    if not reason and baseline:
        pool = baseline.counts
        usual = pool.right / (pool.left + pool.right) if pool else USUAL_RIGHT
        wings = [_judge_side("left", left, m, 1 - usual), _judge_side("right", right, m, usual)]
        by_side = [wings[0], SideGap("center", center), wings[1]]
        detectable = Detectable(*(beta_binomial_cdf(0, m, p) <= MAX_PROBABILITY for p in (1 - usual, usual)))
        # Only one of two sides that are judged against each other can be thin.
        thin = next((each for each in wings if each.gap), None)
    side: Wing | None = None if thin is None else "left" if thin.side == "left" else "right"
    return CoverageGap(
        side=side,
        sides=[side] if side else [],
        probability=thin.probability if thin else None,
        sentence=_write_sentence(thin, m, baseline, reason, detectable),
        reason=reason,
        detectable=detectable,
        rule=RULE,
        minimum=MIN_RATED,
        threshold=MAX_PROBABILITY,
        rho=RHO,
        n=left + center + right,
        m=m,
        baseline=baseline,
        by_side=by_side,
        caveat=choose_caveat(baseline),
    )


def choose_caveat(baseline: Baseline | None) -> str:
    """Return the limits of the verdict, and those of others' stories where they are the baseline."""
    return f"{CAVEAT} {STORIES_CAVEAT}" if baseline is STORIES_BASELINE else CAVEAT


def _reason_not_judged(m: int, baseline: Baseline | None) -> str | None:
    if baseline is None:
        return NOT_ASKED
    if m < MIN_RATED:
        number = f"only {m}" if m else "no"
        return f"{number} rated {pluralize(m)} on the left or right, at least {MIN_RATED} are needed"
    if baseline.counts and (known := baseline.counts.left + baseline.counts.right) < MIN_RATED:
        return f"only {known} on the left or right in the baseline, at least {MIN_RATED} are needed"
    return None


def _judge_side(side: Wing, count: int, m: int, usual: float) -> SideGap:
    probability = beta_binomial_cdf(count, m, usual)
    return SideGap(
        side=side,
        count=count,
        share=round(count / m, DECIMALS),
        usual=round(usual, DECIMALS),
        expected=round(m * usual, 1),
        probability=float(f"{probability:.{SIGNIFICANT_DIGITS}g}"),
        gap=probability <= MAX_PROBABILITY,
    )


def _write_sentence(
    thin: SideGap | None, m: int, baseline: Baseline | None, reason: str | None, detectable: Detectable
) -> str:
    if reason or baseline is None:
        return f"No statement on thin coverage: {reason}."
    if thin and thin.usual is not None:
        return (
            f"Coverage from the {thin.side} is unusually thin: {thin.count} of {m} rated sources on the left "
            f"or right {is_or_are(thin.count)} {thin.side.capitalize()}, where "
            f"{thin.usual * 100:.0f}% is usual in {baseline.of} (probability of so few: "
            f"{thin.probability:.2g}). {choose_caveat(baseline)}"
        )
    unseen = [side for side in WINGS if not getattr(detectable, side)]
    if not unseen:
        return f"Neither left nor right is unusually thin among the {m} rated sources on the left or right."
    seen = [f"The {side} is not unusually thin; " for side in WINGS if side not in unseen]
    missing = " or the ".join(unseen)
    few = "rated sources on the left or right are too few to tell whether the"
    return f"{''.join(seen)}{m} {few} {missing} is missing."
