"""The scale: labels, sides, consensus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.bias import LABELS, SIDES, VALUES, consensus, label_for, label_side, side_index


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (-3, "far_left"),
        (-2.5, "left"),
        (-0.51, "lean_left"),
        (-0.5, "center"),
        (0, "center"),
        (0.5, "center"),
        (1.5, "lean_right"),
        (1.51, "right"),
        (3, "far_right"),
    ],
)
def test_a_value_gets_the_nearest_label_and_a_tie_the_one_nearer_the_center(value, label):
    assert label_for(value) == label


@pytest.mark.parametrize("value", [-3.01, 3.01, float("nan"), float("inf")])
def test_a_value_off_the_scale_is_refused(value):
    with pytest.raises(ValueError, match="between -3 and 3"):
        label_for(value)


def test_every_label_comes_back_from_its_value():
    assert [label_for(VALUES[label]) for label in LABELS] == list(LABELS)


@given(st.floats(-3, 3))
def test_the_scale_is_symmetric_and_its_sides_agree(value):
    assert VALUES[label_for(-value)] == -VALUES[label_for(value)]
    assert SIDES[side_index(value)] == label_side(label_for(value))


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=6))
def test_consensus_does_not_depend_on_the_order_of_raters(values):
    assert consensus(values) == consensus(values[::-1]) == consensus(values, [1.0] * len(values))
    assert min(values) <= consensus(values) <= max(values)


def test_a_weight_pulls_the_consensus():
    assert consensus([0, 2], [1, 3]) == 1.5
