"""The seven-step scale, its three sides, and the consensus of several ratings."""

from collections.abc import Sequence
from math import ceil, copysign
from typing import Literal, get_args

Label = Literal["far_left", "left", "lean_left", "center", "lean_right", "right", "far_right"]
Side = Literal["left", "center", "right"]

LABELS: tuple[Label, ...] = get_args(Label)
SIDES: tuple[Side, ...] = get_args(Side)
VALUES: dict[Label, int] = {label: step - 3 for step, label in enumerate(LABELS)}
LOWEST, HIGHEST = -3.0, 3.0


def label_for(value: float) -> Label:
    """Return the label nearest to ``value`` (−3…+3). A tie goes toward the center.

    >>> label_for(-0.5), label_for(1.5), label_for(1.6)
    ('center', 'lean_right', 'right')
    """
    if not LOWEST <= value <= HIGHEST:
        raise ValueError(f"a bias value lies between -3 and 3, not {value!r}")
    step = int(copysign(ceil(abs(value) - 0.5), value))
    return LABELS[step + 3]


def label_side(label: Label) -> Side:
    """Return the side of the scale a label stands on: the sign of its value."""
    value = VALUES[label]
    return SIDES[(value > 0) - (value < 0) + 1]


def side_index(value: float) -> int:
    # Half a step is still center.
    return (value > 0.5) - (value < -0.5) + 1


def consensus(values: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Return the mean of the raters' values (−3…+3), each weighted 1 unless ``weights`` says otherwise."""
    if weights is None:
        return sum(values) / len(values)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
