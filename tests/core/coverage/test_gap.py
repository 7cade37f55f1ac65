"""Coverage gap: a beta-binomial says whether a side is unusually thin."""

from fractions import Fraction
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.coverage.gap import (
    CAVEAT,
    STORIES_BASELINE,
    STORIES_DESCRIPTION,
    SideGap,
    beta_binomial_cdf,
    judge_coverage_gap,
    make_baseline,
)
from service.core.figures import BySide

POOL = make_baseline(BySide(30, 40, 30))


def defined(count: int, n: int, usual: Fraction, rho: Fraction) -> Fraction:
    """The sum of its definition, with rising factorials in whole fractions."""
    alpha, beta = usual * (1 - rho) / rho, (1 - usual) * (1 - rho) / rho

    def rising(start: Fraction, times: int) -> Fraction:
        return prod((start + i for i in range(times)), start=Fraction(1))

    whole = rising(alpha + beta, n)
    return sum(comb(n, i) * rising(alpha, i) * rising(beta, n - i) / whole for i in range(count + 1))


@pytest.mark.parametrize(
    ("count", "n", "usual", "rho", "probability"),
    [
        # With a correlation of 1/3 and a mean of 1/2 every count is equally likely (α = β = 1).
        (0, 9, 0.5, 1 / 3, 1 / 10),
        (4, 9, 0.5, 1 / 3, 5 / 10),
        # α = 2, β = 2: P(0 of 2) = 2·3 / (4·5), P(1 of 2) = 2·2·2 / (4·5).
        (0, 2, 0.5, 0.2, 0.3),
        (1, 2, 0.5, 0.2, 0.7),
        (9, 9, 0.5, 0.2, 1.0),
        (3, 10, 0.0, 0.11, 1.0),
        (3, 10, 1.0, 0.11, 0.0),
        (0, 0, 0.5, 0.11, 1.0),
    ],
)
def test_vectors_of_the_beta_binomial(count, n, usual, rho, probability):
    assert beta_binomial_cdf(count, n, usual, rho) == pytest.approx(probability, rel=1e-12)


@given(st.data())
def test_it_is_the_sum_of_its_definition(data):
    n = data.draw(st.integers(1, 60))
    count = data.draw(st.integers(0, n - 1))
    usual = Fraction(data.draw(st.integers(1, 999)), 1000)
    expected = defined(count, n, usual, Fraction(15, 100))
    assert beta_binomial_cdf(count, n, float(usual)) == pytest.approx(float(expected), rel=1e-9)


@given(st.integers(1, 200), st.floats(0.001, 0.999))
def test_more_articles_of_a_side_are_never_less_probable(n, usual):
    chances = [beta_binomial_cdf(count, n, usual) for count in range(n + 1)]
    assert chances == sorted(chances)
    assert chances[-1] == 1.0
    assert chances[0] >= 0.0


@pytest.mark.parametrize(
    ("counts", "sides"),
    [
        ((6, 8, 6), []),
        ((10, 10, 0), ["right"]),
        ((20, 0, 0), ["right"]),
        ((0, 0, 20), ["left"]),
        ((0, 20, 0), []),
        ((5, 3, 0), []),
        ((3, 1, 0), []),
    ],
)
def test_left_or_right_is_thin_when_so_few_are_unusual_and_the_center_never(counts, sides):
    answer = judge_coverage_gap(counts, POOL)
    assert answer.sides == sides
    assert answer.side == (sides[0] if sides else None)
    assert [each.side for each in answer.by_side if each.gap] == sides
    assert answer.n == sum(counts)


def test_the_answer_has_the_rule_the_working_and_the_caveat():
    answer = judge_coverage_gap((10, 10, 0), POOL)
    right = answer.by_side[2]
    assert (right.count, right.share, right.usual, right.expected) == (0, 0.0, 0.5, 5.0)
    assert answer.by_side[1] == SideGap("center", 10)
    expected = defined(0, 10, Fraction(1, 2), Fraction(15, 100))
    assert answer.probability == right.probability == pytest.approx(float(expected), rel=1e-2)
    assert "from the right is unusually thin: 0 of 10 rated sources on the left or right" in answer.sentence
    assert "50% is usual in the pool in the request" in answer.sentence
    assert answer.sentence.endswith(CAVEAT)
    assert (answer.n, answer.m) == (20, 10)
    assert (answer.rho, answer.threshold, answer.baseline) == (0.15, 0.05, POOL)
    assert "0.15" in answer.rule
    assert "0.05" in answer.rule


def test_without_a_pool_the_measure_is_an_aggregators_stories_and_the_sentence_says_whose():
    answer = judge_coverage_gap((12, 12, 0))
    assert answer.baseline == STORIES_BASELINE
    assert [each.usual for each in answer.by_side] == [0.5963, None, 0.4037]
    assert answer.side == "right"
    assert STORIES_DESCRIPTION in answer.sentence
    assert answer.sentence.endswith(answer.caveat)


@pytest.mark.parametrize(
    ("counts", "detectable", "words"),
    [
        (
            (9, 20, 0),
            (True, False),
            "9 rated sources on the left or right are too few to tell whether",
        ),
        ((3, 20, 2), (True, False), "The left is not unusually thin; 5 rated sources"),
        ((11, 0, 9), (True, True), "Neither left nor right is unusually thin among the 20 rated sources"),
    ],
)
def test_nothing_is_said_of_a_side_that_so_few_sources_cannot_show(counts, detectable, words):
    answer = judge_coverage_gap(counts)
    assert (answer.detectable.left, answer.detectable.right) == detectable
    assert words in answer.sentence


def test_a_single_source_is_spoken_of_in_the_singular():
    assert "1 of 50 rated sources on the left or right is Right" in judge_coverage_gap((49, 5, 1)).sentence


def test_no_baseline_means_no_verdict():
    answer = judge_coverage_gap((30, 0, 0), None)
    assert (answer.side, answer.sides, answer.by_side, answer.baseline) == (None, [], [], None)
    assert answer.sentence == "No statement on thin coverage: the request asks for none."


@pytest.mark.parametrize(
    ("counts", "baseline", "reason"),
    [
        ((4, 0, 0), POOL, "only 4 rated sources on the left or right, at least 5 are needed"),
        ((1, 0, 0), POOL, "only 1 rated source on the left or right, at least 5 are needed"),
        ((0, 9, 0), POOL, "no rated sources on the left or right, at least 5 are needed"),
        (
            (40, 0, 0),
            make_baseline(BySide(1, 2, 1)),
            "only 2 on the left or right in the baseline",
        ),
        (
            (40, 0, 0),
            make_baseline(BySide(0, 0, 0)),
            "only 0 on the left or right in the baseline",
        ),
    ],
)
def test_too_few_sources_give_a_reason_and_no_figure(counts, baseline, reason):
    answer = judge_coverage_gap(counts, baseline)
    assert answer.reason.startswith(reason)
    assert (answer.side, answer.sides, answer.probability, answer.by_side) == (None, [], None, [])
    assert reason in answer.sentence


def test_a_side_that_is_never_there_is_not_missed():
    assert judge_coverage_gap((10, 10, 0), make_baseline(BySide(10, 10, 0))).sides == []


def test_a_side_above_its_share_is_not_thin_however_many_there_are():
    answer = judge_coverage_gap((400, 300, 300), POOL)
    assert [each.gap for each in answer.by_side] == [False, False, False]
