"""Pasted text → entries: a list one a line, or the outlets picked out of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import RequestError
from service.core.outlets import Alias
from service.core.paste import read
from service.core.paste.structured import MAX_RECORDS
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import from_environment
from tests.conftest import outlet
from tests.helpers import ROOT

PAGES = sorted((ROOT / "tests" / "data" / "pasted").glob("*.txt"))
PROSE = "This is a sentence that a story page has and that no list of outlets would ever have in it."


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("left.example\n\n  The Middle \nhttps://right.example/a?b\n", ["left.example", "The Middle", "https://right.example/a?b"]),
        ("- left.example\n* The Middle\n4) x.io", ["left.example", "The Middle", "x.io"]),
        ("left.example, right.example;torn.example", ["left.example", "right.example", "torn.example"]),
        ("Nobody's Gazette, London", ["Nobody's Gazette, London"]),
        ("left.example\r\nleft.example", ["left.example", "left.example"]),
        ("", []),
        (" \n\t\n", []),
    ],
)  # fmt: skip
def test_every_line_of_a_list_is_an_entry(catalog, text, entries):
    pasted = read(catalog, text)
    assert (pasted.form, list(pasted.entries), pasted.left_out) == ("list", entries, 0)


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("The Middle", ["The Middle"]),
        ("Read more at right.example.", ["right.example"]),
        ("(see https://nobody.example/wiki/A_(b)).", ["https://nobody.example/wiki/A_(b)"]),
        ("[left](https://left.example/1), <https://right.example/2>", ["https://left.example/1", "https://right.example/2"]),
        ('<a href="https://left.example/1">', ["https://left.example/1"]),
        ("- The Middle", ["The Middle"]),
        ("the middle of nowhere", []),
        ("middle", []),
        ("The Middle said so.", []),
        ("The Middle:", ["The Middle"]),
        ("The Middle:   Harbor opens after ten years", ["The Middle"]),
        ("3 hours ago", []),
        ("Write to tips@left.example", []),
        ("e.g. the U.S. at 10.30 p.m.", []),
        ("The Herald", []),
        ("nobody.example", []),
        ("By Jane Doe, The Middle", ["The Middle"]),
        ("Jane Doe and Ben Roe, The Middle | Harbors | May 21, 2026", ["The Middle"]),
        ("By Jane Doe The Middle", ["The Middle"]),
        ("A quiet day (Jane Doe, The Middle).", ["The Middle"]),
        ("Thirty years ago, The Middle: Milk for all", ["The Middle"]),
        ("The harbor opens (right.example) | The Middle", ["right.example", "The Middle"]),
        ("The Middle12 Nov 2026", ["The Middle"]),
        ("Nov 12, 2026The Middle", ["The Middle"]),
        ("And this one is short. The Middle.", ["The Middle"]),
        ("The Middle Morning Briefing", ["The Middle"]),
        ("Smoke over the harbor. THE MIDDLE/Jane Doe", ["THE MIDDLE"]),
        ("© 2026 The Middle Company. All rights reserved.", ["The Middle"]),
        ("The Middle (12)", ["The Middle"]),
        ("The Mid…, The Middle…", []),
        ("- **The Middle**: <https://nobody.example/1>", ["The Middle"]),
        ("The harbor stays shut, The Middle reported on Monday.", ["The Middle"]),
        ("The minister told The Middle that nothing would change.", ["The Middle"]),
        ("The minister reads The Middle every day of the week.", []),
        ("The Middle reports a loss", []),
        ("Read the full story at The Middle »", ["The Middle"]),
        ("The post Harbor opens again appeared first on The Middle.", ["The Middle"]),
        ("left.example•5 min read", ["left.example"]),
        ("Roe, J. (2026) 'Harbor opens', The Middle, 12 November, p. 4.", ["The Middle"]),
        ("The Middle Lean Left", ["The Middle"]),
        ("Written by Jane Doe for The Middle", ["The Middle"]),
    ],
)  # fmt: skip
def test_a_page_gives_its_urls_listed_hosts_and_names_that_stand_alone(catalog, line, entries):
    pasted = read(catalog, f"{PROSE}\n{line}")
    assert (pasted.form, list(pasted.entries)) == ("page", entries)
    assert (pasted.lines, pasted.left_out) == (2, 1 + (not entries))


@pytest.mark.parametrize("word", ["Context", "Next", "Culture", "Lean Left", "Read more"])
def test_the_furniture_of_a_page_is_no_outlet_even_where_one_bears_its_name(word):
    catalog = Catalog([outlet("x.example", name=word)])
    assert resolve(catalog, word).outlet
    assert read(catalog, f"{PROSE}\n{word}").entries == ()
    assert read(catalog, word).entries == (word,)


def test_an_article_makes_a_name_of_a_word():
    catalog = Catalog([outlet("x.example", name="The Thread")])
    assert read(catalog, f"{PROSE}\nThread\nThe Thread").entries == ("The Thread",)


def test_a_page_names_an_outlet_once_however_often_it_stands_there(catalog):
    assert read(catalog, f"{PROSE}\nThe Middle\nThe Middle\n").entries == ("The Middle",)


def test_who_pastes_can_say_what_it_is(catalog):
    assert read(catalog, PROSE, "list").entries == (PROSE,)
    assert read(catalog, "The Middle\nWorld", "page").entries == ("The Middle",)


@pytest.mark.parametrize(
    ("text", "form", "entries"),
    [
        ("left.example, The Middle, Nobody's Gazette", "list", ["left.example", "The Middle", "Nobody's Gazette"]),  # noqa: E501
        ("The Middle; Nobody's Gazette", "list", ["The Middle", "Nobody's Gazette"]),
        ("The Middle | right.example", "list", ["The Middle", "right.example"]),
        ("The Middle (Center)\nLeft - Lean Left", "list", ["The Middle", "Left"]),
        ("- [left](https://left.example/1)\n- The Middle", "list", ["https://left.example/1", "The Middle"]),
        ("Right, The Middle and the Left report", "list", ["The Middle", "the Left"]),
        ("- [left](https://left.example/1 \"Left: a story\")\n- The Middle", "list", ["https://left.example/1", "The Middle"]),  # noqa: E501
        ('["left.example", "Nobody\'s Gazette"]', "json", ["left.example", "Nobody's Gazette"]),
        ('{"outlets": [{"name": "The Middle"}, {"domain": "x.example"}]}', "json", ["The Middle", "x.example"]),  # noqa: E501
        ('{"articles": [{"source": {"id": null, "name": "The Middle"}, "url": "https://portal.example/1"}]}', "json", ["The Middle"]),  # noqa: E501
        ('{"url": "https://left.example/1", "tags": ["a"]}\n{"link": "https://right.example"}', "json", ["https://left.example/1", "https://right.example"]),  # noqa: E501
        ('{"left.example": "left", "right.example": null}', "json", ["left.example", "right.example"]),
        ("title,source,url\n\"a, b\",x,https://left.example/1\nc,The Middle,", "table", ["https://left.example/1", "The Middle"]),  # noqa: E501
        ("left.example، The Middle、right.example", "list", ["left.example", "The Middle", "right.example"]),
        ("- domain: left.example\n- Source: The Middle", "list", ["left.example", "The Middle"]),
        ("Sources: The Middle, right.example", "list", ["The Middle", "right.example"]),
        ("According to The Middle, the Right and the Left, the deal is done.", "page", ["The Middle", "the Right", "the Left"]),  # noqa: E501
        (", ".join(["The Middle"] * 500), "list", ["The Middle"] * 500),
        ("outlet\nThe Middle\nNobody", "list", ["The Middle", "Nobody"]),
        ("right.example, The Middle und the Left berichten", "list", ["right.example", "The Middle", "the Left"]),  # noqa: E501
        ("outlet;note\nThe Middle;x\nNobody;y", "table", ["The Middle", "Nobody"]),
        ("[not json", "list", ["[not json"]),
    ],
)  # fmt: skip
def test_a_list_may_have_any_shape(catalog, text, form, entries):
    catalog = Catalog(catalog.outlets.values(), catalog.aliases)
    pasted = read(catalog, text)
    assert (pasted.form, list(pasted.entries)) == (form, entries)


@pytest.mark.parametrize("line", ["More: {}", "{}", "Discussion: {}"])
def test_nothing_that_an_enumeration_names_vanishes(line):
    catalog = Catalog(
        [outlet("a.example", name="The Middle"), outlet("b.example", name="Left News Daily")],
        [Alias("The Wire", "ambiguous", "a.example"), Alias("The Wire", "ambiguous", "b.example")],
    )
    named = "The Middle, The Wire, Left News Daily and Some Gazette"
    pasted = read(catalog, f"{PROSE}\n{line.format(named)}")
    assert pasted.entries == ("The Middle", "The Wire", "Left News Daily", "Some Gazette")


def test_persons_that_a_sentence_names_beside_outlets_are_no_entries(catalog):
    line = "In the Harbor, The Middle and the Right have been read for forty years by everyone."
    assert read(catalog, f"{PROSE}\n{line}").entries == ("The Middle", "the Right")


def test_the_own_title_of_a_page_is_no_source(catalog):
    page = "The Middle\nSubscribe\nleft.example\nHarbor opens\nright.example\ntorn.example\n24 articles"
    pasted = read(catalog, f"{page}\n{PROSE}")
    assert "The Middle" not in pasted.entries and len(pasted.entries) == 3
    assert pasted.announced == 24


def test_a_page_shows_what_it_leaves_out(catalog):
    pasted = read(
        catalog, "The Middle\nCenter\n3 hours ago\n24 Articles\nMinister opens the new harbor after ten years"
    )
    assert pasted.entries == ("The Middle",)
    assert pasted.left_out_lines == (
        "Center",
        "3 hours ago",
        "24 Articles",
        "Minister opens the new harbor after ten years",
    )


@pytest.fixture(scope="module")
def table():
    return load(from_environment({}))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_outlets_of_a_page_are_picked_and_nothing_else(table, path):
    head, _, text = path.read_text("utf-8").partition("\n")
    found = {resolve(table, entry).key for entry in read(table, text).entries}
    assert found == set(head.removeprefix("# ").split())


def test_json_with_too_many_records_is_refused_not_cut(catalog):
    with pytest.raises(RequestError, match="over 20,000 records given, 20,000 allowed"):
        read(catalog, '["a.example"' + ', "a.example"' * MAX_RECORDS + "]")


@given(
    st.text(st.sampled_from("aA .:/()[]h tp\ns@-é\u202e\x00"), max_size=300),
    st.sampled_from([None, "list", "page"]),
)
def test_no_text_breaks_it_and_nothing_is_made_up(text, form):
    pasted = read(Catalog([outlet("a.example")]), text, form)
    known = " ".join(text.split())
    assert all(entry and " ".join(entry.split()) in known for entry in pasted.entries)
    assert pasted.left_out <= pasted.lines
