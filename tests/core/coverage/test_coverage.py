"""The panel of a story: tabs, distributions, dates, frame; and one whole story as a golden answer."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.answer import Options
from service.core.coverage import cover
from service.core.coverage.facts import make_frame, summarize_fact
from service.core.coverage.models import Article, Story
from service.core.coverage.timeline import flag_dates, parse_date
from service.core.errors import RequestError
from service.core.figures import BySide
from service.core.resolve.catalog import Catalog
from tests.conftest import RATERS, outlet
from tests.helpers import story

COPIED = "A bridge over the river fell on Monday during the morning rush hour in the north of the city."


def articles(*sources: str) -> list[Article]:
    return [Article(source=source) for source in sources]


def test_the_golden_story():
    """After a change that is meant, ``make docs`` writes the answer anew."""
    assert json.loads(story.answer()) == json.loads(story.ANSWER.read_bytes())
    assert story.answer() == story.answer()


def test_the_golden_story_has_the_figures_of_its_page():
    answer = json.loads(story.ANSWER.read_bytes())
    assert answer["articles"]["count"] == 24
    assert answer["bias"]["sentence"].startswith("45% of the 20 rated sources are Center")
    assert answer["independent"]["voices"] == 21
    assert "<script>" in json.dumps(answer["articles"]["items"][23])


def test_a_second_article_of_an_outlet_stands_in_its_tab_and_counts_once(catalog):
    panel = cover(catalog, None, articles("left.example", "center.example", "left.example"))
    assert panel.articles.tabs.left == [0, 2]
    assert (panel.articles.count, panel.articles.outlets) == (3, 2)
    assert panel.articles.items[2].outlet == 0
    assert panel.bias.counts.duplicates == 1
    assert panel.country.counts == {"GB": 1, "US": 1}


def test_counting_entries_counts_every_article_and_voices_once(catalog):
    told = articles("left.example", "center.example", "left.example", "nobody.example", "nobody.example")
    panel = cover(catalog, None, told, Options(count_by="entry"))
    assert panel.bias.distribution == BySide(67, 33, 0)
    assert panel.country.counts == {"US": 2, "GB": 1}
    assert panel.articles.outlets == 3
    assert panel.independent.distribution == BySide(50, 50, 0)
    assert panel.independent.voices == 3


def test_only_the_lead_of_a_group_counts(catalog):
    text = COPIED
    told = [
        Article(url="https://left.example/x", excerpt=text),
        Article(url="https://right.example/x", excerpt=text),
        Article(url="https://left.example/our-own"),
        Article(url="https://center.example/x"),
    ]
    panel = cover(catalog, None, told)
    (group,) = panel.independent.groups
    assert (group.lead, group.members) == (0, [0, 1])
    assert panel.bias.distribution == BySide(34, 33, 33)
    assert panel.independent.distribution == BySide(33, 67, 0)
    assert [item.group for item in panel.articles.items] == [0, 0, None, None]


def test_an_outlets_own_article_still_counts_when_its_copy_does_not(catalog):
    told = [
        Article(url="https://apnews.com/x", excerpt=COPIED),
        Article(url="https://left.example/x", excerpt=f"PORT ELLERY (AP) - {COPIED}"),
        Article(url="https://left.example/our-own"),
    ]
    panel = cover(catalog, None, told)
    assert panel.independent.groups[0].lead == 0
    assert panel.independent.counts.left == 1


@pytest.mark.parametrize(
    ("hosts", "by", "label", "label_from"),
    [
        (("left", "right", "apnews"), "PORT ELLERY (AP) - ", "center", "agency"),
        (("left", "right", "lean"), "", "right", "most_members"),
        (("left", "right"), "", "center", "mean"),
        (("silent", "nobody"), "", None, None),
    ],
)
def test_a_group_counts_with_its_agencys_label_or_that_of_most_members(hosts, by, label, label_from):
    catalog = Catalog(
        [
            *[outlet("left.example", -2, -2), outlet("right.example", 2, 2), outlet("lean.example", 2)],
            *[outlet("silent.example"), outlet("apnews.com", 0, 0)],
        ],
        (),
        RATERS.values(),
    )
    named = {"apnews": "apnews.com"}
    told = [
        Article(url=f"https://{named.get(host, f'{host}.example')}/x", excerpt=by + COPIED) for host in hosts
    ]
    independent = cover(catalog, None, told).independent
    (group,) = independent.groups
    assert (group.label, group.label_from) == (label, label_from)
    assert independent.voices == 1
    assert independent.spectrum.get(label, 0) == bool(label)


def test_a_network_of_sites_is_one_voice_on_each_side():
    sites = [outlet(f"{n}.example", 1, owner="Metric Media", ownership="network") for n in range(5)]
    catalog = Catalog([*sites, outlet("left.example", -1)], (), RATERS.values())
    panel = cover(catalog, None, articles(*catalog.outlets))
    assert panel.bias.counts.right == 5
    assert (panel.independent.counts.right, panel.independent.voices) == (1, 2)
    assert panel.independent.counts.duplicates == 4


def test_the_gap_counts_distinct_outlets_whatever_the_figures_count(catalog):
    told = [Article(source="left.example")] * 30
    assert cover(catalog, None, told, Options(count_by="entry")).coverage_gap.m == 1


def test_an_override_counts_in_every_figure(catalog):
    options = Options(overrides={"new.example": "left", "left.example": None})
    panel = cover(catalog, None, articles("new.example", "left.example"), options)
    assert panel.articles.tabs.left == [0]
    assert panel.articles.tabs.unrated == [1]
    assert panel.bias.distribution == panel.independent.distribution == BySide(100, 0, 0)


@pytest.mark.parametrize(
    ("pool", "source", "rated"),
    [
        (None, "stories", None),
        (["left.example", "left.example", "center.example"], "request", 2),
        (BySide(9, 9, 9), "request", 27),
    ],
)
def test_what_is_usual_comes_from_the_caller_or_from_an_aggregators_stories(catalog, pool, source, rated):
    baseline = cover(catalog, None, articles("left.example"), Options(), pool).coverage_gap.baseline
    assert (baseline.source, baseline.rated) == (source, rated)


def test_a_caller_may_ask_for_no_verdict_on_a_gap(catalog):
    panel = cover(catalog, None, articles("left.example"), pool="none")
    assert panel.coverage_gap.baseline is None
    assert panel.coverage_gap.reason == "the request asks for none"


def test_an_article_without_url_and_source_is_refused(catalog):
    with pytest.raises(RequestError) as error:
        cover(catalog, None, [Article(source="x"), Article(title="t")])
    assert error.value.pointer == "/articles/1"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-18T09:30:00Z", (2026, 11, 18, 9, 30)),
        ("2026-11-18T09:30Z", (2026, 11, 18, 9, 30)),
        ("2026-11-18T09Z", (2026, 11, 18, 9)),
        ("20261118T093000Z", (2026, 11, 18, 9, 30)),
        ("20261118T0930+0530", (2026, 11, 18, 4)),
        ("2026-11-18T09:30:00+05:30", (2026, 11, 18, 4)),
        ("2026-11-18T09:30:00-05", (2026, 11, 18, 14, 30)),
        ("2026-11-18T09:30:00,5Z", (2026, 11, 18, 9, 30, 0, 500_000)),
        ("2026-11-18T09:30:00.123456789Z", (2026, 11, 18, 9, 30, 0, 123_456)),
        ("2026-W47-3T09:30:00Z", (2026, 11, 18, 9, 30)),
        ("2026-322T09:30:00Z", (2026, 11, 18, 9, 30)),
        ("2026-11-17T24:00:00Z", (2026, 11, 18)),
        ("2026-11-18T00:30:00+01:00", (2026, 11, 17, 23, 30)),
        ("0001-01-01T00:00:00Z", (1, 1, 1)),
        ("9999-12-31T23:59:59Z", (9999, 12, 31, 23, 59, 59)),
        ("2026-11-18 09:30:00Z", (2026, 11, 18, 9, 30)),
        ("2026-11-18 09:30:00+00:00", (2026, 11, 18, 9, 30)),
        ("2026-11-18 09:30:00 +0000", (2026, 11, 18, 9, 30)),
        ("2026-11-18 09:30:00 UTC", (2026, 11, 18, 9, 30)),
        ("2026-11-18T09:30:00 Z", (2026, 11, 18, 9, 30)),
        ("2026-11-18 09:30:00+00", (2026, 11, 18, 9, 30)),
        ("11/18/2026, 09:30 AM, +0000 UTC", (2026, 11, 18, 9, 30)),
    ],
)
def test_a_date_in_any_form_of_iso_8601(text, moment):
    assert parse_date(text) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("Wed, 18 Nov 2026 09:30:00 GMT", (2026, 11, 18, 9, 30)),
        ("Wed, 18 Nov 2026 09:30:00 +0530", (2026, 11, 18, 4)),
        ("Wed, 18 Nov 2026 09:30:00 -0000", (2026, 11, 18, 9, 30)),
        ("wed, 18 nov 2026 09:30:00 gmt", (2026, 11, 18, 9, 30)),
        ("Wed,18 Nov 2026 09:30:00 Z", (2026, 11, 18, 9, 30)),
        ("18 Nov 2026 09:30 GMT", (2026, 11, 18, 9, 30)),
        ("Wed, 18 Nov 26 09:30:00 UT", (2026, 11, 18, 9, 30)),
        ("Wed, 8 Nov 2026 09:30:00 EST", (2026, 11, 8, 14, 30)),
        ("Wed, 18 Nov 2026 09:30:00 PDT", (2026, 11, 18, 16, 30)),
        ("20261118093000", (2026, 11, 18, 9, 30)),
        (20261118093000, (2026, 11, 18, 9, 30)),
        (1_763_458_200, (2025, 11, 18, 9, 30)),
        (1_763_458_200.5, (2025, 11, 18, 9, 30, 0, 500_000)),
        ("1763458200", (2025, 11, 18, 9, 30)),
        ("1763458200.5", (2025, 11, 18, 9, 30, 0, 500_000)),
        (1_763_458_200_500, (2025, 11, 18, 9, 30, 0, 500_000)),
        (631_152_000, (1990, 1, 1)),
        (2_208_988_799, (2039, 12, 31, 23, 59, 59)),
    ],
)
def test_a_date_as_feeds_and_programs_write_it(given, moment):
    assert parse_date(given) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-18", (2026, 11, 18)),
        ("20261118", (2026, 11, 18)),
        ("2026-11-18T09:30:00", (2026, 11, 18, 9, 30)),
        ("2026-11-18 09:30:00.123456", (2026, 11, 18, 9, 30, 0, 123_456)),
        ("20261118T093000", (2026, 11, 18, 9, 30)),
        ("Wed, 18 Nov 2026 09:30:00", (2026, 11, 18, 9, 30)),
        ("Nov 18, 2026", (2026, 11, 18)),
        ("November 8, 2026", (2026, 11, 8)),
    ],
)
def test_a_date_without_a_zone_says_so(text, moment):
    assert parse_date(text) == datetime(*moment)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "now", "2026", "2026-11", "2026-11-18Z", "09:30Z", "15 hours ago", "1 day ago"),
        *("2026-02-30T09:30:00Z", "2026-11-18T25:00:00Z", "2026-11-18T09:30:00+25:00"),
        *("2026-02-30 09:30:00Z", "Wed, 18 Nov 2026 09:30:00 CET", "Wed, 30 Feb 2026 09:30:00 GMT"),
        *("Wed, 18 Nov 2026 25:30:00 GMT", "Mit, 18 Okt 2026 09:30:00 GMT", "11/18/2026 09:30 GMT"),
        *("20261318093000", "202611180930", "631151999", "99999999999", "1e9", "Feb 31, 2026"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
        *("9999-12-31T23:59:59-14:00", "-2026-11-18T09:30Z"),
        *(0, -1, 631_151_999, 2_208_988_800, 10**400, 1e300, float("inf"), float("nan"), True),
        *("２０２６-11-18T09:30:00Z", "2026-11-18T09:30:00Z" + "0" * 99, "\x002026-11-18T09:30:00Z", "١"),
    ],
    ids=ascii,
)
def test_other_dates_are_refused(text):
    with pytest.raises(ValueError, match="not a date and time such as"):
        parse_date(text)


@pytest.mark.parametrize(
    ("dates", "as_of", "expected"),
    [
        (["2026-11-18", "2026-11-19", "2999-01-01"], None, [None, None, "future"]),
        (["2026-11-18", "2026-11-19", "1970-01-01"], None, [None, None, "ancient"]),
        (["2026-11-18", "2026-11-19", "2021-11-19"], None, [None, None, "ancient"]),
        (["2026-11-18", "2028-11-18"], None, [None, "future"]),
        (["2026-11-18", None], None, [None, None]),
        (["2999-01-01"], None, ["future"]),
        (["1900-01-01"], None, ["ancient"]),
        (["1900-01-01", "2026-11-18"], None, ["ancient", None]),
        (["2026-11-18", "2026-11-20"], "2026-11-19", [None, "future"]),
        (["2020-11-18", "2020-11-20"], "2026-11-19", ["ancient", "ancient"]),
        (["2026-11-18"], "0001-01-01", ["future"]),
        (["2026-11-18"], "9999-12-31", ["ancient"]),
        ([], None, []),
    ],
)
def test_a_date_that_cannot_be_right_is_flagged(dates, as_of, expected):
    moments = [day and parse_date(day + "T12:00:00Z") for day in dates]
    assert flag_dates(moments, as_of and parse_date(as_of + "T12:00:00Z")) == expected


def test_a_flagged_date_is_kept_and_counts_for_no_figure(catalog):
    told = [
        Article(source="left.example", published_at="2026-11-18T09:00:00Z"),
        Article(source="right.example", published_at="2026-11-19T09:00:00Z"),
    ]
    panel = cover(catalog, Story(as_of="2026-11-18T12:00:00Z"), told)
    assert panel.articles.items[1].published_at == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert panel.articles.items[1].date_flag == "future"
    assert panel.last_updated == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert panel.timeline.right is None
    assert (panel.timeline.flagged, panel.timeline.undated) == (1, 0)


@pytest.mark.parametrize(
    ("values", "order", "counts", "distribution", "headline"),
    [
        ([], (), {}, None, None),
        ([None, None], (), {}, None, None),
        (
            ["US", "GB", "US", "US", "GB", None],
            (),
            {"US": 3, "GB": 2},
            {"US": 60, "GB": 40},
            "Of the 83% with a known kind: 60% US",
        ),
        (["b", "a"], (), {"a": 1, "b": 1}, {"a": 50, "b": 50}, None),
        (list("ba" * 3), (), {"a": 3, "b": 3}, {"a": 50, "b": 50}, "50% A and 50% B"),
        (
            ["low", "very_high"] * 3,
            ("very_high", "low"),
            {"very_high": 3, "low": 3},
            {"very_high": 50, "low": 50},
            "50% Very high and 50% Low",
        ),
        (
            list("abcdef"),
            (),
            dict.fromkeys("abcdef", 1),
            dict(zip("abcdef", (17, 17, 17, 17, 16, 16), strict=True)),
            "17% A, 17% B, 17% C and 3 more alike",
        ),
    ],
)
def test_shares_of_a_fact(values, order, counts, distribution, headline):
    shares = summarize_fact(values, "kind", order)
    assert list(shares.counts.items()) == list(counts.items())
    assert (shares.distribution, shares.headline) == (distribution, headline)
    assert (shares.known, shares.unknown, shares.total) == (
        len(values) - values.count(None),
        values.count(None),
        len(values),
    )


@given(st.lists(st.none() | st.sampled_from("abcdefghijk")))
def test_percentages_of_many_classes_sum_to_100(values):
    shares = summarize_fact(values, "kind")
    assert shares.known == 0 or sum(shares.distribution.values()) == 100
    assert sum(shares.counts.values()) + shares.unknown == len(values)


@pytest.mark.parametrize(
    ("countries", "mismatch", "words"),
    [
        ({}, 0, "no source's country is known"),
        ({"US": 3}, 0, "0 of the 3 sources"),
        ({"GB": 1}, 1, "the one source whose country is known is from elsewhere"),
        ({"US": 2, "GB": 1}, 1, "1 of the 3 sources whose country is known is from elsewhere"),
        ({"US": 2, "GB": 2}, 2, "2 of the 4 sources"),
        ({"US": 1, "GB": 2}, 2, "most sources are not from there"),
    ],
)
def test_the_frame_says_whose_scale_it_is(countries, mismatch, words):
    told = make_frame(countries, 1)
    assert (told.scale, told.mismatch, told.unknown) == ("us", mismatch, 1)
    assert words in told.sentence


def test_an_outlet_off_the_list_of_state_media_is_not_known_to_be_independent(catalog):
    shares = cover(catalog, None, articles("left.example", "right.example", "nobody.example")).state_media
    assert (shares.counts, shares.leading, shares.distribution) == ({}, [], None)
    assert (shares.known, shares.unknown) == (0, 3)
    assert shares.sentence == (
        "None of 3 sources is on our list of state media; the others were not checked one by one."
    )


def test_factuality_names_who_judges_it(catalog):
    sentence = cover(catalog, None, articles("left.example", "silent.example")).factuality.sentence
    assert sentence == "Too few sources to say: mbfc rates the factuality of 2 of 2 sources."


SOURCES = [
    "left.example",
    "center.example",
    "right.example",
    "silent.example",
    "nobody.example",
    "The Herald",
]
STORY = st.lists(
    st.builds(
        Article,
        source=st.sampled_from(SOURCES),
        url=st.none()
        | st.sampled_from(["https://www.reuters.com/x", "https://left.example/a", "https://portal.example"]),
        title=st.none() | st.sampled_from(["Bridge falls", "A bridge fell (AFP)"]),
        excerpt=st.none()
        | st.sampled_from(["— AFP", "LONDON (Reuters) - Text", "Other words " * 9, "Other words " * 12]),
        published_at=st.none()
        | st.sampled_from(["2026-11-18T09:30Z", "2026-11-19T09:30Z", "2999-11-19T09:30Z"]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60)
@given(STORY, st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_figure(catalog, told, chance):
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert figures(cover(catalog, None, told)) == figures(cover(catalog, None, shuffled))


def figures(panel):
    """Everything that does not name an article by its place in the request."""
    facts = (panel.factuality, panel.ownership, panel.country, panel.media_type, panel.state_media)
    spread = [
        (each.distribution, each.counts, each.robustness, each.sentence)
        for each in (panel.bias, panel.independent)
    ]
    groups = sorted((len(group.members), group.signals, group.reason) for group in panel.independent.groups)
    spans = [
        span and (span.first.published_at, span.last.published_at, span.dated)
        for span in (panel.timeline.all, panel.timeline.left)
    ]
    return (
        facts,
        spread,
        groups,
        spans,
        panel.coverage_gap,
        panel.frame,
        panel.last_updated,
        panel.articles.outlets,
    )
