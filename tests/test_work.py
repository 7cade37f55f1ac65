"""How much work one request is, counted in calls: a guard against slow growth that no clock can disturb."""

import sys

import pytest

from service.core.distribution import Scorer
from service.web.routes import ENCODE

MOST_CALLS = 60
MOST_CALLS_AN_ENTRY = 10
MOST_CALLS_A_NEW_ENTRY = 34


def calls(function) -> int:
    """Calls of Python and C functions while ``function`` runs."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture
def scorer(catalog) -> Scorer:
    return Scorer(catalog)


def entries(number: int) -> list[str]:
    domains = ["left.example", "center.example", "right.example", "torn.example"]
    return [f"https://www.{domains[i % 4]}/story-{i}" for i in range(number)]


def test_a_story_costs_few_calls_and_each_entry_few_more(scorer):
    for number in (10, 110):
        scorer.score(entries(number))
    few, many = (calls(lambda n=number: ENCODE(scorer.score(entries(n)))) for number in (10, 110))
    assert (many - few) / 100 <= MOST_CALLS_AN_ENTRY
    assert few - 10 * (many - few) / 100 <= MOST_CALLS


def test_a_text_never_seen_costs_few_calls_too(scorer):
    first, second = ([f"{text}?{turn}" for text in entries(100)] for turn in (1, 2))
    scorer.score(first)
    assert calls(lambda: scorer.score(second)) / 100 <= MOST_CALLS_A_NEW_ENTRY
