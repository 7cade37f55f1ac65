"""Which articles are one voice: copies and credits join, a common event does not."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.independence.__main__ import main as measure
from service.core.coverage.models import Article
from service.core.coverage.near_duplicates import MAX_CANDIDATES, extract_features, find_matches
from service.core.coverage.syndication import ArticleInfo, cluster_articles
from service.core.coverage.tokenizer import MAX_EXPANDING, normalize_unicode, tokenize
from service.core.resolve.hosts import find_host

LONG = (
    "The road bridge over the river collapsed during the morning rush hour on Monday, injuring dozens of "
    "commuters and cutting the coastal city in two, the regional government said."
)
OTHER = (
    "Rescue teams pulled forty people from the water after a bridge that had been due for inspection "
    "gave way under heavy traffic, witnesses told our reporter at the scene."
)

LIGATURE, SPELLED = "\ufdfa", unicodedata.normalize("NFKC", "\ufdfa")


def voice(url: str, title: str | None = None, excerpt: str | None = None, **known) -> ArticleInfo:
    article = Article(url=f"https://{url}", title=title, excerpt=excerpt, source=known.pop("source", None))
    return ArticleInfo(article, site=find_host(article.url), **known)


def found(*voices: ArticleInfo) -> list[list[int]]:
    return [group.members for group in cluster_articles(voices)]


@pytest.mark.parametrize(
    ("one", "two", "joined"),
    [
        # A copy, whatever its headline, cut, dateline or typography.
        (("a.example/1", "Bridge falls", LONG), ("b.example/2", "Dozens hurt as bridge falls", LONG), True),
        (("a.example/1", "Bridge falls", LONG), ("b.example/2", "Bridge falls", LONG[:90] + "…"), True),
        (("a.example/1", None, LONG), ("b.example/2", None, LONG + " Read more at b.example."), True),
        (("a.example/1", None, LONG), ("b.example/2", None, LONG.replace("Monday", "monday —")), True),
        (("a.example/1", None, f"PORT ELLERY (Reuters) - {LONG}"), ("b.example/2", None, LONG), True),
        # The same event in other words.
        (("a.example/1", "Bridge falls", LONG), ("b.example/2", "Bridge falls", OTHER), False),
        (("a.example/1", "Bridge falls"), ("b.example/2", "Bridge falls"), False),
        # A long headline is nobody's by chance, unless the texts under it differ.
        (
            ("a.example/1", "Dozens hurt as road bridge collapses in coastal city during rush hour"),
            ("b.example/2", "Dozens hurt as road bridge collapses in coastal city during rush hour"),
            True,
        ),
        (
            ("a.example/1", "Dozens hurt as road bridge collapses in coastal city during rush hour", LONG),
            ("b.example/2", "Dozens hurt as road bridge collapses in coastal city during rush hour", OTHER),
            False,
        ),
        # One sentence with other numbers is another text.
        (
            (
                "a.example/1",
                None,
                "The central bank cut its key rate to 4.25 per cent on Thursday after its meeting",
            ),
            (
                "b.example/2",
                None,
                "The central bank cut its key rate to 4.50 per cent on Thursday after its meeting",
            ),
            False,
        ),
        # A speech that two report is not one report.
        (
            ("a.example/1", "He stays", f"“{LONG}” the president said on Sunday evening."),
            ("b.example/2", "He will not go", f"“{LONG}” the president told crowds."),
            False,
        ),
        # A site's furniture is no text.
        (
            (
                "a.example/1",
                "Storm",
                "We use cookies to give you the best experience. " + "Accept all of them " * 5,
            ),
            (
                "b.example/2",
                "Calm",
                "We use cookies to give you the best experience. " + "Accept all of them " * 5,
            ),
            False,
        ),
        # A path is telling with words and a number, or among sisters.
        (
            ("a.example/news/bridge-falls-in-city-48213377"),
            ("b.example/news/bridge-falls-in-city-48213377"),
            True,
        ),
        (("a.example/2026/11/02/bridge-falls"), ("b.example/2026/11/02/bridge-falls"), False),
        (("a.example/news/20261102"), ("b.example/news/20261102"), False),
        (("a.example/48213377"), ("b.example/48213377"), False),
        (("a.example/48213377"), ("sport.a.example/x/48213377"), True),
        (
            ("a.example/x/bridge-falls-in-city.html?s=1"),
            ("amp.a.example/x/bridge-falls-in-city.amp#top"),
            True,
        ),
    ],
)
def test_what_joins_two_articles_and_what_does_not(one, two, joined):
    pair = [voice(*each) if isinstance(each, tuple) else voice(each) for each in (one, two)]
    assert found(*pair) == ([[0, 1]] if joined else [])
    assert found(*reversed(pair)) == ([[0, 1]] if joined else [])


@pytest.mark.parametrize(
    ("owners", "paths", "titles", "joined"),
    [
        (("X", "X"), ("a/48213377", "b/48213377"), ("One thing", "Another"), True),
        (("X", "Y"), ("a/48213377", "b/48213377"), ("One thing", "Another"), False),
        (
            ("X", "X"),
            ("a", "b"),
            ("Teachers’ strike enters second week", "Teachers' strike enters second week"),
            True,
        ),
        (
            ("X", "Y"),
            ("a", "b"),
            ("Teachers’ strike enters second week", "Teachers' strike enters second week"),
            False,
        ),
        (
            (None, None),
            ("a", "b"),
            ("Teachers’ strike enters its week", "Teachers' strike enters its week"),
            False,
        ),
        (("X", "X"), ("a", "b"), ("Teachers’ strike enters second week", "The strike is about pay"), False),
    ],
)
def test_one_owners_sisters_share_texts_but_not_all_of_them(owners, paths, titles, joined):
    one, two = (
        voice(f"{host}.example/{path}", title, owner=owner)
        for host, owner, path, title in zip("ab", owners, paths, titles, strict=True)
    )
    assert found(one, two) == ([[0, 1]] if joined else [])


def test_articles_that_credit_one_agency_join_with_a_second_sign_and_its_own_leads():
    (group,) = cluster_articles(
        [
            voice("a.example/1", "One", f"PORT ELLERY (Reuters) - {LONG[:60]}", label="left"),
            voice("b.example/2", "Three bridges of the coast", "Something else. — Reuters", label="left"),
            voice("www.reuters.com/world/x", "Three bridges of the coast", LONG),
            voice("c.example/3", "Four", "He told Reuters that he saw it fall."),
            voice("d.example/4", "Another dispatch", f"PORT ELLERY (Reuters) - {OTHER}", label="left"),
        ]
    )
    assert (group.members, group.lead, group.agency) == ([0, 1, 2], 2, "Reuters")
    assert group.signals == ["agency"]
    assert "articles that credit Reuters, as in the excerpt" in group.reason


def test_two_dispatches_of_one_agency_stay_two():
    told = [
        voice("a.example/1", "Bridge falls in Port Ellery", f"PORT ELLERY (Reuters) - {LONG}"),
        voice("b.example/2", "Bridge falls in Port Ellery", f"PORT ELLERY (Reuters) - {OTHER}"),
    ]
    assert found(*told) == []


def test_an_agency_that_nobody_credits_joins_nothing():
    assert found(voice("reuters.com/1", "One"), voice("reuters.com/2", "Two")) == []


def test_two_agencies_stay_two_voices():
    reports = [
        voice(f"{at}.example/x", None, f"PORT ELLERY ({name}) - A bridge fell.")
        for at, name in enumerate(("AP", "AFP"))
    ]
    assert found(*reports) == []


def test_a_copy_without_credit_joins_those_with_it():
    (group,) = cluster_articles(
        [
            voice("a.example/1", None, f"PORT ELLERY (AP) — {LONG}"),
            voice("b.example/2", None, LONG),
            voice("c.example/3", None, f"By The Associated Press | {LONG[:70]}"),
        ]
    )
    assert group.members == [0, 1, 2]
    assert group.signals == ["agency", "text"]
    assert group.reason.endswith("the excerpts share long passages (100% of the shorter excerpt)")


def test_the_lead_has_the_label_of_most_and_is_the_first_of_them_to_publish():
    early, late = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2))
    copies = [
        voice("a.example/1", None, LONG, published=early, domain="a.example"),
        voice("b.example/2", None, LONG, published=late, label="center", domain="b.example"),
        voice("c.example/3", None, LONG, published=early, label="left", domain="c.example"),
        voice("d.example/3", None, LONG, published=early, label="center", domain="d.example"),
    ]
    assert cluster_articles(copies)[0].lead == 3


def test_a_quotation_that_the_excerpt_cuts_off_is_nobodys_text():
    start = "The minister said on Monday evening in the capital: “"
    told = [voice("a.example/1", None, start + LONG), voice("b.example/2", None, f"He said: “{LONG}")]
    assert found(*told) == []


LABELS = {"a.example": "left", "b.example": "right", "c.example": None, "reuters.com": "center"}


def known_voice(url: str, title: str | None, excerpt: str | None, owner: str | None) -> ArticleInfo:
    domain = url.partition("/")[0]
    return voice(url, title, excerpt, owner=owner, domain=domain, label=LABELS[domain])


ARTICLES = st.lists(
    st.builds(
        known_voice,
        st.sampled_from(
            ["a.example/1", "b.example/bridge-falls-in-city-48213377", "c.example/x", "reuters.com/x"]
        ),
        st.sampled_from(
            [None, "Bridge falls", "Dozens hurt as road bridge collapses in coastal city in rush hour"]
        ),
        st.sampled_from(
            [None, LONG, OTHER, LONG[:120], f"PORT ELLERY (Reuters) - {OTHER}", "Told AFP. — AFP"]
        ),
        owner=st.sampled_from([None, "X"]),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(ARTICLES, st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_group(voices, chance):
    shuffled = list(voices)
    chance.shuffle(shuffled)

    def told(given):
        return sorted(
            (
                sorted(given[at].key for at in group.members),
                given[group.lead].key,
                group.signals,
                group.reason,
            )
            for group in cluster_articles(given)
        )

    assert told(voices) == told(shuffled)


@settings(max_examples=60)
@given(st.lists(st.tuples(*[st.none() | st.text(max_size=80)] * 4), max_size=6))
def test_no_text_makes_it_fail(texts):
    cluster_articles(
        [
            ArticleInfo(Article(url=url, source=source, title=title, excerpt=excerpt))
            for url, source, title, excerpt in texts
        ]
    )


def test_the_work_is_bounded_for_a_thousand_like_texts(monkeypatch):
    compared = []
    monkeypatch.setattr(
        "service.core.coverage.near_duplicates.compare_texts", lambda one, two: compared.append(1)
    )
    words = tokenize(LONG)
    texts = [extract_features((), "", (str(at), *words[at % 7 :])) for at in range(1000)]
    assert list(find_matches(texts)) == []
    assert len(compared) <= MAX_CANDIDATES * len(texts)


def test_precision_on_the_labelled_articles(capsys):
    measure()
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()[2:]]
    figures = {row[1].strip(): [float(cell) for cell in row[2:-1]] for row in rows}
    pairs, one_voice, two_voices = figures["all"][:3]
    assert pairs >= 200
    assert min(one_voice, two_voices) >= 50
    assert figures["all"][-2] >= 0.97
    assert figures["of them held out"][-2] >= 0.97


def test_stories_of_a_file_are_measured_without_the_pairs_between(tmp_path, capsys):
    texts = [LONG, LONG, OTHER, OTHER]
    articles = [
        {"url": f"https://{at}.example/x", "title": "", "excerpt": text, "longer_excerpt": LONG}
        for at, text in enumerate(texts)
    ]
    story = {"articles": articles, "same_text": [[0, 1]], "between": [[2, 3]]}
    (path := tmp_path / "stories.jsonl").write_text(json.dumps(story))
    measure([str(path)])
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| 300 | 1 of 1 (100.00%) | 0 of 4 (0.00%) | 0.0% |",
        "| 600 | 1 of 1 (100.00%) | 4 of 4 (100.00%) | 80.0% |",
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ﬁn ㎧ ½", "fin m∕s 1⁄2"),
        ("㌕", "キログラム"),
        (f"a{LIGATURE} b", f"a{SPELLED} b"),
        (LIGATURE * MAX_EXPANDING + " b", SPELLED * MAX_EXPANDING + " b"),
        (LIGATURE * MAX_EXPANDING + "b " + LIGATURE + " c", SPELLED * MAX_EXPANDING + "b "),
    ],
)
def test_a_text_is_read_up_to_where_too_many_characters_stand_for_words(text, read):
    assert normalize_unicode(text) == read
