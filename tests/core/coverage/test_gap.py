"""Coverage gap: an exact binomial test against what is usual."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.coverage.gap import CAVEAT, Baseline, binomial_at_most, coverage_gap
from service.core.figures import BySide

TABLE = Baseline("table", 100, BySide(30, 40, 30))


@pytest.mark.parametrize(
    ("count", "n", "part", "whole", "probability"),
    [
        (0, 5, 1, 2, 1 / 32),
        (2, 5, 1, 2, 0.5),
        (4, 5, 1, 2, 31 / 32),
        (5, 5, 1, 2, 1.0),
        (0, 20, 35, 100, 0.65**20),
        (0, 0, 1, 2, 1.0),
        (3, 10, 0, 7, 1.0),
        (3, 10, 7, 7, 0.0),
        (10, 10, 7, 7, 1.0),
        (0, 1000, 9999, 10000, 0.0),
    ],
)
def test_the_binomial_probability_of_so_few_or_fewer(count, n, part, whole, probability):
    assert binomial_at_most(count, n, part, whole) == pytest.approx(probability, rel=1e-12)


@given(st.data())
def test_it_is_the_sum_of_its_definition(data):
    n = data.draw(st.integers(0, 40))
    count, whole = data.draw(st.integers(0, n)), data.draw(st.integers(1, 50))
    p = Fraction(data.draw(st.integers(0, whole)), whole)
    total = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(count + 1))
    assert binomial_at_most(count, n, p.numerator, p.denominator) == float(total)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 20))
def test_more_articles_of_a_side_are_never_less_probable(n, part, rest):
    chances = [binomial_at_most(count, n, part, part + rest) for count in range(n + 1)]
    assert chances == sorted(chances)
    assert chances[-1] == 1.0


@pytest.mark.parametrize(
    ("counts", "sides"),
    [
        ((6, 8, 6), []),
        ((10, 10, 0), ["right"]),
        ((20, 0, 0), ["center", "right"]),
        ((0, 0, 20), ["center", "left"]),
        ((2, 3, 0), []),
        ((3, 1, 0), []),
    ],
)
def test_a_side_has_a_gap_when_so_few_are_improbable(counts, sides):
    answer = coverage_gap(counts, TABLE)
    assert answer.sides == sides
    assert answer.side == (sides[0] if sides else None)
    assert answer.n == sum(counts)


def test_the_answer_has_the_rule_the_working_and_the_caveat():
    answer = coverage_gap((10, 10, 0), TABLE)
    right = answer.by_side[2]
    assert (right.count, right.share, right.usual, right.expected) == (0, 0.0, 0.3, 6.0)
    assert answer.probability == right.probability == pytest.approx(0.7**20, rel=1e-2)
    assert "0 of 20 rated sources are Right" in answer.sentence
    assert answer.sentence.endswith(CAVEAT)
    assert "0.05/3" in answer.rule
    assert answer.baseline == TABLE
    assert "blindspot" not in repr(answer).lower()


@pytest.mark.parametrize(
    ("counts", "baseline", "reason"),
    [
        ((4, 0, 0), TABLE, "only 4 rated sources; 5 are the least"),
        ((1, 0, 0), TABLE, "only 1 rated source; 5 are the least"),
        ((0, 0, 0), TABLE, "only 0 rated sources; 5 are the least"),
        (
            (40, 0, 0),
            Baseline("request", 4, BySide(1, 2, 1)),
            "only 4 rated in the baseline; 5 are the least",
        ),
    ],
)
def test_too_few_sources_give_a_reason_and_no_figure(counts, baseline, reason):
    answer = coverage_gap(counts, baseline)
    assert answer.reason == reason
    assert (answer.side, answer.sides, answer.probability, answer.by_side) == (None, [], None, [])
    assert reason in answer.sentence


def test_a_side_that_is_never_there_is_not_missed():
    answer = coverage_gap((10, 10, 0), Baseline("request", 20, BySide(10, 10, 0)))
    assert answer.sides == []


def test_a_side_above_its_share_has_no_gap_however_many_there_are():
    answer = coverage_gap((400, 300, 300), TABLE)
    assert [each.gap for each in answer.by_side] == [False, True, False]
