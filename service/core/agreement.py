"""Inter-rater agreement: Krippendorff's alpha over all raters, Cohen's kappa for two."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from service.core.bias import side_index
from service.core.outlets import DECIMALS, Outlet


class Agreement(Struct, frozen=True):
    """Agreement on ``outlets`` that several raters rate: 1 is full, 0 what chance would give.

    ``alpha`` is Krippendorff's, of values on the scale. ``kappa`` is Cohen's, of the sides two raters choose.
    """

    outlets: int
    alpha: float | None
    kappa: float | None


def measure_agreement(outlets: Iterable[Outlet]) -> dict[str, Agreement]:
    """Return the agreement on all outlets, on those of the United States and on the others."""
    groups: dict[str, list[Mapping[str, float]]] = {"all": [], "us": [], "other": []}
    for outlet in outlets:
        ratings = outlet.bias.ratings if outlet.bias else ()
        if len(ratings) > 1:
            values = {rating.rater: rating.value for rating in ratings}
            groups["all"].append(values)
            groups["us" if outlet.country == "US" else "other"].append(values)
    return {name: _measure(units) for name, units in groups.items()}


def _measure(units: Sequence[Mapping[str, float]]) -> Agreement:
    pairs = Counter(tuple(sorted(unit)) for unit in units)
    kappa = None
    if pairs and len(two := pairs.most_common(1)[0][0]) == 2:
        one, other = two
        both = [(side_index(u[one]), side_index(u[other])) for u in units if one in u and other in u]
        kappa = cohen_kappa(both)
    alpha = krippendorff_alpha([list(unit.values()) for unit in units])
    return Agreement(len(units), alpha, kappa)


def krippendorff_alpha(units: Sequence[Sequence[float]]) -> float | None:
    """Return alpha for values at the interval level, ``None`` where all values are alike.

    Krippendorff, K. (2004), Content Analysis, 2nd ed., chapter 11.
    """
    values = [value for unit in units for value in unit]
    n = len(values)
    observed = sum(
        2 * (len(unit) * sum(v * v for v in unit) - sum(unit) ** 2) / (len(unit) - 1) for unit in units
    )
    expected = 2 * (n * sum(v * v for v in values) - sum(values) ** 2)
    return round(1 - (n - 1) * observed / expected, DECIMALS) if expected else None


def cohen_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return kappa for classes that two raters give. Cohen, J. (1960), EPM 20(1), 37-46."""
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[side] * second[side] for side in first) / (n * n) if n else 1.0
    alike = sum(a == b for a, b in pairs) / n if n else 0.0
    return round((alike - chance) / (1 - chance), DECIMALS) if chance < 1 else None
