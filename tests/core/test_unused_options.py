"""Options without an effect are said to have none."""

import pytest

from service.core.answer import Options
from service.core.coverage import cover
from service.core.coverage.models import Article
from service.core.distribution import score

OVERRIDE = "the override of {} had no effect: no entry is that outlet"
COUNTRY = "the country {} had no effect: no entry is a name that it settles"


def notes_of(answer) -> tuple:
    return answer.notes or ()


@pytest.mark.parametrize(
    ("entries", "options", "notes"),
    [
        (["left.example"], {}, ()),
        (["left.example"], {"overrides": {"left.example": "center"}}, ()),
        (["https://www.left.example/a"], {"overrides": {"left.example": None}}, ()),
        (["ours.example"], {"overrides": {"ours.example": "left"}}, ()),
        (["center-old.example"], {"overrides": {"center.example": "left"}}, ()),
        (["left.example"] * 2, {"overrides": {"left.example": "left"}, "count_by": "entry"}, ()),
        (["left.example"], {"overrides": {"www.right.example": "left"}}, (OVERRIDE.format("right.example"),)),
        (["The Herald"], {"country": "ZW"}, ()),
        (["The Herald"], {"country": "FR"}, (COUNTRY.format("FR"),)),
        (["left.example"], {"country": "GB"}, (COUNTRY.format("GB"),)),
        (
            ["left.example"],
            {"country": "GB", "overrides": {"right.example": "left"}},
            (OVERRIDE.format("right.example"), COUNTRY.format("GB")),
        ),
    ],
)
@pytest.mark.parametrize("detail", ["full", "summary"])
def test_an_option_that_changed_nothing_is_noted(catalog, entries, options, notes, detail):
    assert notes_of(score(catalog, entries, Options(detail=detail, **options))) == notes


def test_few_are_named_and_the_rest_is_a_number(catalog):
    many = {f"o{n}.example": "left" for n in range(500)}
    notes = notes_of(score(catalog, ["left.example"], Options(overrides=many)))
    assert len(notes) == 11
    assert notes[-1] == "490 more overrides had no effect"


@pytest.mark.parametrize(
    ("pool", "notes"), [(None, (OVERRIDE.format("right.example"),)), (["right.example"], ())]
)
def test_a_panel_counts_its_baseline_too(catalog, pool, notes):
    options = Options(overrides={"right.example": "left"})
    panel = cover(catalog, None, [Article(url="https://left.example/a")], options, pool)
    assert notes_of(panel.bias) == notes
