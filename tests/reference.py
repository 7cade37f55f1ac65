"""The figures of an answer, written a second time from ``docs/methodology.md`` alone.

Nothing here comes from ``service``: whoever changes a rule changes the page first, then this, then the
service. Written for reading, not for speed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import erf, exp, lgamma, sqrt

SIDES = ("left", "center", "right")
STEPS = ("far_left", "left", "lean_left", "center", "lean_right", "right", "far_right")


@dataclass(frozen=True)
class Unit:
    """One outlet of a story: what each rater says of it (step −3…+3), and the caller's label if any."""

    values: dict[str, float] = field(default_factory=dict)
    override: int | None = None
    owner: str | None = None
    entries: int = 1

    @property
    def rated(self) -> bool:
        return self.override is not None or bool(self.values)

    @property
    def value(self) -> float:
        if self.override is not None:
            return float(self.override)
        return sum(self.values.values()) / len(self.values)

    @property
    def step(self) -> int:
        """The step nearest to the value; half a step goes toward the center."""
        whole, rest = divmod(abs(self.value), 1)
        nearest = int(whole) + (rest > 0.5)
        return nearest if self.value >= 0 else -nearest

    @property
    def alone(self) -> bool:
        return self.override is None and len(self.values) == 1


def side(step: float) -> str:
    return SIDES[(step > 0) - (step < 0) + 1]


def count(steps: Sequence[float]) -> list[int]:
    return [sum(side(step) == each for step in steps) for each in SIDES]


def percentages(counts: Sequence[int]) -> list[int] | None:
    """Rule 5: the largest remainder, in double precision."""
    total = sum(counts)
    if total == 0:
        return None
    exact = [each / total * 100 for each in counts]
    shown = [int(each) for each in exact]
    while sum(shown) < 100:
        remainders = [e - s if s == int(e) else -1.0 for e, s in zip(exact, shown, strict=True)]
        shown[remainders.index(max(remainders))] += 1
    return shown


def leaders(counts: Sequence[int]) -> list[str]:
    return [each for each, n in zip(SIDES, counts, strict=True) if n and n == max(counts)]


def is_denied(counts: Sequence[int], views: Sequence[Sequence[int]]) -> bool:
    """Rule 7: no rater with five or more of the rated has a leading side in front."""
    views = [view for view in views if sum(view) >= 5]
    return bool(views) and not any(set(leaders(counts)) & set(leaders(view)) for view in views)


def probability_leading(
    counts: Sequence[int], unrated: int, squares: int, views: Sequence[Sequence[int]]
) -> float | None:
    """Rule 7: ``squares`` is R, and ``views`` has what each enabled rater counts alone."""
    rated = sum(counts)
    if rated == 0:
        return None
    a, b = sorted(counts, reverse=True)[:2]
    if a == b:
        return 0.0
    kappa = 0.20 if len(views) == 1 else 0.06
    z = (a - b - 0.5) / sqrt(0.25 + 0.2 * squares + 0.1 * unrated + (kappa * rated) ** 2)
    chance = round((1 + erf(z / sqrt(2))) / 2, 4)
    return min(chance, 0.5) if is_denied(counts, views) else chance


def owners_once(rated: Sequence[Unit]) -> list[int]:
    """The counts with all that one known owner has on one side counted once."""
    counts = [0, 0, 0]
    met = set()
    for unit in rated:
        held = unit.owner, side(unit.step)
        if unit.owner is None or held not in met:
            counts[SIDES.index(side(unit.step))] += unit.entries if unit.owner is None else 1
        met.add(held)
    return counts


def level(
    chance: float | None, counts: Sequence[int], unrated: int, outlets: int, once: Sequence[int]
) -> str:
    if outlets < 5 or chance is None:
        return "too_few"
    if chance < 0.80 or leaders(counts) != leaders(once):
        return "fragile"
    return "firm" if chance >= 0.95 and sum(counts) >= unrated else "likely"


def label_error(n: int, rated: int, unrated: int) -> list[float]:
    half = 1.96 * sqrt(0.25 + 0.07 * rated + 0.05 * unrated) / rated
    return [round(max(0.0, n / rated - half), 4), round(min(1.0, n / rated + half), 4)]


def wilson(n: int, total: int) -> list[float]:
    z, share = 1.959963984540054, n / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total**2))
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def distribution(units: Sequence[Unit], raters: Sequence[str]) -> dict:
    """Every figure of the answer to a list of distinct outlets. One with two ``entries`` counts twice."""
    rated = [unit for unit in units if unit.rated]
    each = [unit for unit in rated for _ in range(unit.entries)]
    counts = count([unit.step for unit in each])
    n, total = len(each), sum(unit.entries for unit in units)
    unrated = total - n
    alone = [unit for unit in each if unit.alone]
    near = [unit for unit in alone if abs(unit.value) <= 1.5]
    if_center = count([0 if unit in near else unit.step for unit in each])
    views = {}
    for rater in raters:
        said = [unit.override if unit.override is not None else unit.values.get(rater) for unit in each]
        views[rater] = count([value for value in said if value is not None])
    squares, once = sum(unit.entries**2 for unit in rated), owners_once(rated)
    chance = probability_leading(counts, unrated, squares, list(views.values()))
    return {
        "counts": counts,
        "rated": n,
        "unrated": unrated,
        "distribution": percentages(counts),
        "leading": leaders(counts),
        "spectrum": [sum(unit.step == step for unit in each) for step in range(-3, 4)],
        "mean": round(round(sum(round(unit.value, 4) for unit in each), 4) / n, 4) if n else None,
        "of_rated": [round(side / n, 4) for side in counts] if n else None,
        "of_all": [round(side / total, 4) for side in (*counts, unrated)] if total else None,
        "probability_leading": chance,
        "level": level(chance, counts, unrated, len(rated), once),
        "interval": [wilson(side, n) for side in counts] if n else None,
        "label_error": [label_error(side, n, unrated) for side in counts] if n else None,
        "bounds": [[round(s / total, 4), round((s + unrated) / total, 4)] for s in counts] if total else None,
        "owners_once": {"distribution": percentages(once), "merged": n - sum(once)},
        "single_rater": {"rated": len(alone), "near_center": len(near), "if_center": percentages(if_center)},
        "by_rater": {name: {"distribution": percentages(v), "rated": sum(v)} for name, v in views.items()},
    }


def beta_binomial_at_most(k: int, n: int, p: float, rho: float = 0.15) -> float:
    """P(X ≤ k): the sum of C(n, i) B(i + α, n − i + β) / B(α, β), by the logarithm of the gamma function."""
    alpha, beta = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    def log_choose(i: int) -> float:
        return lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1)

    return sum(
        exp(log_choose(i) + log_beta(i + alpha, n - i + beta) - log_beta(alpha, beta)) for i in range(k + 1)
    )


def at_most(k: int, m: int, p: float) -> float:
    if p <= 0:
        return 1.0
    return float(k == m) if p >= 1 else beta_binomial_at_most(k, m, p)


def gap(counts: Sequence[int], usual_right: float = 0.4037) -> dict:
    """Coverage gap: the thin side, and which sides so many outlets could show to be thin."""
    left, _, right = counts
    m = left + right
    usual = {"left": (left, 1 - usual_right), "right": (right, usual_right)}
    if m < 5:
        return {"thin": [], "detectable": dict.fromkeys(usual, False)}
    return {
        "thin": [side for side, (k, p) in usual.items() if at_most(k, m, p) <= 0.05],
        "detectable": {side: at_most(0, m, p) <= 0.05 for side, (_, p) in usual.items()},
    }
