"""Suggestions: alike, few, and never for scoring."""

from hypothesis import given
from hypothesis import strategies as st

from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.core.resolve.suggest import Suggester

SUGGESTER = Suggester(
    Catalog(
        [
            Outlet("post.example", "The Washing Post"),
            *(Outlet(f"p{n}.example", f"Post {n}") for n in range(9)),
        ]
    )
)


def test_the_likest_comes_first():
    assert [each.domain for each in SUGGESTER.like("Washing Pots")][:1] == ["post.example"]


def test_a_slip_in_a_domain_is_suggested():
    assert SUGGESTER.like("pots.example")[0].domain == "post.example"
    assert SUGGESTER.like("xyz.invalid") == []
    assert SUGGESTER.like("https://post.exmple/x")[0].domain == "post.example"


@given(st.text(st.characters(), max_size=200))
def test_suggestions_are_few_and_alike(text: str):
    found = SUGGESTER.like(text)
    assert len(found) <= 5
    assert len({each.domain for each in found}) == len(found)
    assert all(0.7 <= each.score <= 1 for each in found)
