"""Distribution, robustness, sentence: the rules of scoring as tables and properties."""

from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.answer import Options
from service.core.bias import SIDES
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.figures import (
    BySide,
    Tally,
    compute_figures,
    label_error,
    to_percentages,
    wilson_interval,
    write_headline,
    write_sentence,
)
from service.core.outlets import weigh_evidence
from service.core.resolve.catalog import Catalog
from service.core.robustness import (
    OwnersOnce,
    Robustness,
    SingleRater,
    Sums,
    judge_robustness,
    probability_leading,
)
from tests.conftest import RATERS, outlet
from tests.helpers import DATA

ROUNDING = DATA / "rounding.csv"
COUNTS = st.tuples(*[st.integers(0, 400)] * 3)


def rows(path: Path) -> list[list[int]]:
    return [[int(cell) for cell in line.split(",")] for line in path.read_text().splitlines()[1:]]


@pytest.mark.parametrize("row", rows(ROUNDING))
def test_percentages_are_rounded_by_the_largest_remainder(row):
    assert msgspec.structs.astuple(to_percentages(tuple(row[:3]))) == tuple(row[3:])


@given(COUNTS)
def test_percentages_sum_to_100_and_keep_the_order_of_counts(counts):
    shown = to_percentages(counts)
    if not any(counts):
        assert shown is None
        return
    values = msgspec.structs.astuple(shown)
    assert sum(values) == 100
    for (a, shown_a), (b, shown_b) in permutations(zip(counts, values, strict=True), 2):
        assert a >= b or shown_a <= shown_b
    for count, value in zip(counts, values, strict=True):
        assert abs(value - count / sum(counts) * 100) < 1


@pytest.mark.parametrize(
    ("counts", "unrated", "headline", "sentence"),
    [
        (
            (4, 9, 7),
            4,
            "45% Center",
            "45% of the 20 rated sources are Center; 4 of 24 sources are not rated.",
        ),
        (
            (5, 2, 5),
            0,
            "42% Left and 42% Right",
            "42% of the 12 rated sources are Left and 42% are Right; every source is rated.",
        ),
        (
            (1, 1, 1),
            1,
            "Left, Center and Right tie",
            "Too few sources to say: 1 rated source is Left, 1 is Center and 1 is Right; "
            "1 of 4 sources is not rated.",
        ),
        (
            (0, 3, 1),
            2,
            "75% Center",
            "Too few sources to say: 3 rated sources are Center and 1 is Right; "
            "2 of 6 sources are not rated.",
        ),
        (
            (2, 0, 0),
            0,
            "100% Left",
            "Too few sources to say: 2 rated sources are Left; every source is rated.",
        ),
        ((0, 0, 1), 0, "100% Right", "Too few sources to say: 1 rated source is Right."),
        ((6, 1, 0), 1, "86% Left", "86% of the 7 rated sources are Left; 1 of 8 sources is not rated."),
        (
            (2, 2, 2),
            1,
            "Left, Center and Right tie",
            "Left, Center and Right tie among the 6 rated sources; 1 of 7 sources is not rated.",
        ),
        ((5, 0, 0), 55, "100% Left", "Only 5 of 60 sources are rated: all 5 are Left."),
        ((1, 5, 2), 9, "62% Center", "Only 8 of 17 sources are rated: 62% of them are Center."),
        (
            (2, 2, 2),
            9,
            "Left, Center and Right tie",
            "Only 6 of 15 sources are rated: Left, Center and Right tie among them.",
        ),
        ((0, 0, 0), 2, None, "Too few sources to say: none of the 2 sources is rated."),
        ((0, 0, 0), 1, None, "Too few sources to say: the only source is not rated."),
        ((0, 0, 0), 0, None, "Too few sources to say: there are none."),
    ],
)
def test_the_headline_names_the_largest_side_and_the_sentence_its_denominator(
    counts, unrated, headline, sentence
):
    assert write_headline(counts) == headline
    assert write_sentence(counts, unrated) == sentence


def judge(sides, unrated=0, by_rater=None, single_rater=(0, 0, 0, 0)) -> Robustness:
    """The robustness of a story in which every outlet counts once and none shares its owner."""
    rated, by_rater = sum(sides), by_rater or {}
    figures = compute_figures(sides, unrated, rated, "outlet")
    sums = Sums(Tally(sides, {}, 0.0, single_rater, by_rater), unrated, rated, rated, sides)
    return judge_robustness(sums, figures, {rater: rater.capitalize() for rater in by_rater})


TWO = {"one": (0, 4, 0), "two": (0, 4, 0)}
DENIED_BY_ONE = {"one": (3, 2, 0), "two": (1, 6, 1)}


@pytest.mark.parametrize(
    ("counts", "unrated", "by_rater", "level", "reason"),
    [
        ((0, 0, 0), 0, {}, "too_few", "no rated sources, at least 5 are needed"),
        ((0, 1, 0), 0, {}, "too_few", "only 1 rated source, at least 5 are needed"),
        ((1, 3, 0), 0, {}, "too_few", "only 4 rated sources, at least 5 are needed"),
        ((10, 20, 0), 0, {"one": (10, 20, 0)}, "likely", "only One rates here, and the errors of one"),
        ((1, 8, 1), 0, TWO, "firm", "no other side comes close, but no rater alone rates 5 of the sources"),
        (
            (1, 8, 1),
            6,
            {**TWO, "one": (1, 7, 1)},
            "firm",
            "every rater with 5 or more rated sources, and",
        ),
        ((1, 8, 1), 7, TWO, "firm", "the 7 sources without a rating could let another side catch up"),
        ((1, 8, 0), 10, TWO, "likely", "the 10 sources without a rating could let another side catch up"),
        ((2, 4, 3), 2, TWO, "fragile", "the 2 sources without a rating could let another side catch up"),
        ((1, 4, 2), 1, TWO, "likely", "Center leads by only 2 of 7 rated sources"),
        ((2, 6, 3), 0, TWO, "likely", "Center leads by only 3 of 11 rated sources"),
        ((2, 6, 3), 0, {"one": (2, 6, 3)}, "likely", "Center leads by only 3 of 11 rated sources"),
        ((4, 4, 1), 0, TWO, "fragile", "Left and Center tie for the lead"),
        (
            (1, 8, 1),
            0,
            {"one": (3, 2, 0), **{"two": (1, 6, 1)}},
            "firm",
            "Center does not lead on One's ratings",
        ),
        ((1, 8, 1), 0, {"one": (2, 2, 1), "two": (1, 6, 1)}, "firm", "Center does not lead on One's ratings"),
        (
            (1, 8, 1),
            0,
            {"one": (3, 2, 0), "two": (0, 1, 4)},
            "fragile",
            "no rater with 5 or more",
        ),
        ((1, 8, 1), 0, {"one": (2, 2, 1), "two": (0, 1, 4)}, "firm", "Center does not lead on One's ratings"),
        (
            (1, 8, 1),
            0,
            {"one": (3, 1, 0), "two": (1, 6, 1)},
            "firm",
            "every rater with 5 or more rated sources",
        ),
    ],
)
def test_a_level_is_the_chance_of_leading_and_the_reasons_say_what_weakens_it(
    counts, unrated, by_rater, level, reason
):
    found = judge(counts, unrated, by_rater)
    assert found.level == level
    assert found.reasons[0].startswith(reason)


def test_a_lead_that_every_rater_denies_is_no_better_than_a_toss():
    found = judge((1, 8, 1), 0, {"one": (4, 1, 0), "two": (0, 1, 4)})
    assert (found.probability_leading, found.level) == (0.5, "fragile")
    assert found.reasons[0].endswith("has Center in front: One has Left, Two has Right")


def test_a_lead_that_is_one_owners_is_fragile_and_the_owner_is_named():
    catalog = Catalog(
        [
            *[outlet(f"{n}.example", 2, 2, owner="Metric Media") for n in range(24)],
            *[outlet(f"c{n}.example", 0, 0) for n in range(4)],
        ],
        (),
        RATERS.values(),
    )
    found = score(catalog, list(catalog.outlets)).robustness
    assert (found.level, found.probability_leading > 0.99) == ("fragile", True)
    assert found.owners_once == OwnersOnce(BySide(0, 80, 20), 23)
    assert found.reasons[0] == (
        "24 of the 24 sources on the Right belong to Metric Media; with each owner counted once Center leads"
    )


def test_one_outlet_is_too_few_however_many_articles_it_has(catalog):
    found = score(catalog, ["left.example"] * 30, Options(count_by="entry"))
    assert found.robustness.level == "too_few"
    assert found.robustness.reasons == ("the 30 rated articles are of only 1 outlet, at least 5 are needed",)
    assert found.sentence == "Too few sources to say: 30 rated articles are Left; every article is rated."


@pytest.mark.parametrize(
    ("counts", "unrated", "squares", "raters", "chance"),
    [
        ((0, 0, 0), 3, 0, 2, None),
        ((5, 5, 3), 0, 13, 2, 0.0),
        ((4, 9, 7), 4, 20, 2, 0.7284),
        ((2, 6, 3), 0, 11, 2, 0.9295),
        ((2, 6, 3), 0, 11, 1, 0.8228),
        ((2, 6, 3), 0, 31, 2, 0.8296),
        ((20, 500, 480), 0, 1000, 2, 0.6241),
    ],
)
def test_the_chance_of_leading(counts, unrated, squares, raters, chance):
    assert probability_leading(counts, unrated, squares, raters) == chance


@given(st.tuples(*[st.integers(0, 50)] * 3), st.integers(0, 50))
def test_an_unrated_outlet_never_makes_a_lead_surer(counts, unrated):
    rated = sum(counts)
    chance, less_sure = (probability_leading(counts, more, rated, 2) for more in (unrated, unrated + 1))
    assert chance is less_sure is None or less_sure <= chance <= 1


def test_wrong_labels_could_move_a_share_by_a_published_range():
    assert label_error(9, 20, 4) == (0.3167, 0.5833)
    assert label_error(0, 5, 0)[0] == 0.0
    assert label_error(5, 5, 0)[1] == 1.0


def test_outlets_near_the_center_that_one_rater_alone_rates_are_told_of():
    found = judge((8, 2, 0), 0, {"one": (8, 2, 0)}, single_rater=(6, 4, 1, 0))
    assert found.single_rater == SingleRater(6, 5, BySide(40, 60, 0))
    assert found.reasons[-1] == (
        "4 sources near the center are rated by one rater only; "
        "as Center they would make it 40% Left, 60% Center and 0% Right"
    )
    centered = judge((2, 8, 0), 0, {"one": (2, 8, 0), "two": (0, 8, 0)}, single_rater=(2, 1, 1, 0))
    assert centered.reasons[0].startswith("every rater")


@pytest.mark.parametrize(
    ("values", "evidence"),
    [
        ((-2, -1), "agree"),
        ((1,), "one_rater"),
        ((-1, 0), "one_center"),
        ((-1, 0, 2), "opposed"),
        ((0, 0), "agree"),
    ],
)
def test_a_bias_says_how_far_the_raters_bear_it_out(values, evidence):
    assert weigh_evidence(values) == evidence


def test_who_is_rated_by_one_rater_alone(catalog):
    entries = ["left.example", "center.example", "right.example", "torn.example", "silent.example"]
    told = score(catalog, entries).robustness.single_rater
    alone = [
        bias
        for domain in entries
        if (bias := catalog.outlets[domain].bias) and len({each.rater for each in bias.ratings}) == 1
    ]
    assert told.rated == len(alone) > 0
    assert told.near_center == sum(abs(bias.value) <= 1.5 for bias in alone)
    overridden = dict.fromkeys(entries, "lean_left")
    assert score(catalog, entries, Options(overrides=overridden)).robustness.single_rater.rated == 0


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (9, 20, 0.2582, 0.6579)],
)
def test_the_interval_is_wilsons(count, total, low, high):
    assert wilson_interval(count, total) == (low, high)


DOMAINS = ["left.example", "center.example", "right.example", "torn.example", "silent.example"]
ENTRIES = st.lists(
    st.sampled_from([*DOMAINS, "nobody.example", "The Herald", "portal.example", "", "The Middle"]),
    min_size=1,
    max_size=20,
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_no_figure(catalog, entries, random):
    shuffled = random.sample(entries, len(entries))
    summary = Options(detail="summary")
    assert score(catalog, entries, summary) == score(catalog, shuffled, summary)


@given(ENTRIES)
def test_an_unrated_outlet_changes_no_percentage(catalog, entries):
    before, after = score(catalog, entries), score(catalog, [*entries, "new.example"])
    assert (before.distribution, before.headline) == (after.distribution, after.headline)
    assert after.counts.unrated == before.counts.unrated + 1


@given(ENTRIES, st.sampled_from(["outlet", "entry"]))
def test_every_entry_ends_in_one_status_and_the_sums_agree(catalog, entries, count_by):
    answer = score(catalog, entries, Options(count_by=count_by))
    counts = answer.counts
    assert [entry.index for entry in answer.outlets] == list(range(len(entries)))
    assert sum(counts.by_status.values()) == counts.entries == len(entries)
    assert counts.left + counts.center + counts.right == counts.rated == sum(answer.spectrum.values())
    assert counts.rated + counts.unrated == counts.total == counts.entries - counts.duplicates


@given(
    ENTRIES, st.dictionaries(st.sampled_from(["silent.example", "nobody.example"]), st.sampled_from(SIDES))
)
def test_the_bounds_contain_the_truth_once_the_unrated_are_rated(catalog, entries, later):
    before = score(catalog, entries)
    after = score(catalog, entries, Options(overrides=later))
    if after.shares.of_all is None:
        return
    for side in SIDES:
        low, high = getattr(before.robustness.bounds, side)
        assert low <= getattr(after.shares.of_all, side) <= high


def test_each_rater_alone_is_told_apart():
    outlets = [outlet("a.example", -2, 2), outlet("b.example", -1), outlet("c.example", None, 0)]
    answer = score(Catalog(outlets, (), RATERS.values()), [each.domain for each in outlets])
    views = answer.robustness.by_rater
    assert msgspec.to_builtins(views["one"]) == {
        "distribution": {"left": 100, "center": 0, "right": 0},
        "rated": 2,
    }
    assert msgspec.to_builtins(views["two"])["distribution"] == {"left": 0, "center": 50, "right": 50}


def test_an_override_wins_with_every_rater(catalog):
    answer = score(catalog, ["right.example"], Options(overrides={"right.example": "far_left"}))
    assert answer.headline == "100% Left"
    assert [view.rated for view in answer.robustness.by_rater.values()] == [1, 1]


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        (Options(raters=("three",)), "/raters/0"),
        (Options(raters=()), "/raters"),
        (Options(overrides={"left.example": "purple"}), "/overrides/left.example"),
        (Options(overrides={"not a domain": "left"}), "/overrides/not a domain"),
        (
            Options(overrides={"center.example": "left", "ctr.example": "right"}),
            "/overrides/ctr.example",
        ),
    ],
)
def test_options_that_cannot_be_met_are_pointed_at(catalog, options, pointer):
    with pytest.raises(RequestError) as caught:
        score(catalog, ["left.example"], options)
    assert caught.value.pointer == pointer


def test_outlets_of_low_factuality_count_as_unrated(catalog):
    entries = ["left.example", "center.example", "right.example", "silent.example"]
    answer = score(catalog, entries, Options(min_factuality="very_high"))
    assert (answer.counts.left, answer.counts.unrated) == (0, 2)
    assert answer.notes == (
        "below very_high in factuality, and counted as unrated: left.example, silent.example",
    )
    assert score(catalog, entries, Options(min_factuality="low")).notes == (
        "min_factuality had no effect: no outlet is below low",
    )
    own = Options(min_factuality="very_high", overrides={"left.example": "left"})
    assert score(catalog, entries, own).counts.left == 1
    with pytest.raises(RequestError, match="'best' is not one of very_high, high"):
        score(catalog, entries, Options(min_factuality="best"))


@pytest.mark.parametrize(
    ("entry", "opinion"),
    [
        ("https://left.example/opinion/2026/a-bridge", 1),
        ("left.example/Opinions?x=1", 1),
        ("https://left.example/news/opinion-divided-on-bridge", 0),
        ("https://left.example/commentisfree/x", 1),
        ("https://opinion.left.example/x", 0),
        ("Opinion", 0),
    ],
)
def test_a_link_into_an_opinion_section_says_so_and_is_scored_as_its_outlet(catalog, entry, opinion):
    answer = score(catalog, [entry])
    assert answer.counts.opinion == opinion
    assert (answer.outlets[0].section == "opinion") == bool(opinion)
