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


def probability_leading(counts: Sequence[int], unrated: int) -> float | None:
    """Rule 7."""
    rated = sum(counts)
    if rated == 0:
        return None
    a, b = sorted(counts, reverse=True)[:2]
    if a == b:
        return 0.0
    z = (a - b - 0.5) / sqrt(0.25 + 0.3 * rated + 0.1 * unrated)
    return round((1 + erf(z / sqrt(2))) / 2, 4)


def level(counts: Sequence[int], unrated: int) -> str:
    chance = probability_leading(counts, unrated)
    if chance is None or sum(counts) < 5:
        return "too_few"
    if chance >= 0.95:
        return "firm"
    return "likely" if chance >= 0.80 else "fragile"


def wilson(n: int, total: int) -> list[float]:
    z, share = 1.959963984540054, n / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total**2))
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def distribution(units: Sequence[Unit], raters: Sequence[str]) -> dict:
    """Every figure of the answer to a list of distinct outlets."""
    rated = [unit for unit in units if unit.rated]
    counts, unrated = count([unit.step for unit in rated]), len(units) - len(rated)
    n, total = len(rated), len(units)
    alone = [unit for unit in rated if unit.alone]
    near = [unit for unit in alone if abs(unit.value) <= 1.5]
    if_center = count([0 if unit in near else unit.step for unit in rated])
    views = {}
    for rater in raters:
        said = [unit.override if unit.override is not None else unit.values.get(rater) for unit in rated]
        said = [value for value in said if value is not None]
        views[rater] = {"distribution": percentages(count(said)), "rated": len(said)}
    return {
        "counts": counts,
        "rated": n,
        "unrated": unrated,
        "distribution": percentages(counts),
        "leading": leaders(counts),
        "spectrum": [sum(unit.step == step for unit in rated) for step in range(-3, 4)],
        "mean": round(round(sum(round(unit.value, 4) for unit in rated), 4) / n, 4) if n else None,
        "of_rated": [round(each / n, 4) for each in counts] if n else None,
        "of_all": [round(each / total, 4) for each in (*counts, unrated)] if total else None,
        "probability_leading": probability_leading(counts, unrated),
        "level": level(counts, unrated),
        "interval": [wilson(each, n) for each in counts] if n else None,
        "bounds": [[round(e / total, 4), round((e + unrated) / total, 4)] for e in counts] if total else None,
        "single_rater": {"rated": len(alone), "near_center": len(near), "if_center": percentages(if_center)},
        "by_rater": views,
    }


def beta_binomial_at_most(k: int, n: int, p: float, rho: float = 0.11) -> float:
    """P(X ≤ k): the sum of C(n, i) B(i + α, n − i + β) / B(α, β), by the logarithm of the gamma function."""
    alpha, beta = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    def log_choose(i: int) -> float:
        return lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1)

    return sum(
        exp(log_choose(i) + log_beta(i + alpha, n - i + beta) - log_beta(alpha, beta)) for i in range(k + 1)
    )


def thin(counts: Sequence[int], usual: Sequence[float] = (0.315, 0.472, 0.213)) -> list[str]:
    """The sides that are unusually thin, the most unusual first."""
    n = sum(counts)
    if n < 5:
        return []
    found = []
    for at in (0, 2):
        chance = 1.0
        if 0 < usual[at] < 1:
            chance = beta_binomial_at_most(counts[at], n, usual[at])
        elif usual[at] == 1:
            chance = float(counts[at] == n)
        if counts[at] / n < usual[at] and chance <= 0.10:
            found.append((chance, at))
    return [SIDES[at] for _, at in sorted(found)]
