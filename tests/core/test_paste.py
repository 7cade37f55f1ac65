"""Pasted text → entries: a list one a line, or the outlets picked out of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.paste import read
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from tests.conftest import outlet

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
        ("The Middle:", []),
        ("3 hours ago", []),
        ("Write to tips@left.example", []),
        ("e.g. the U.S. at 10.30 p.m.", []),
        ("The Herald", []),
        ("nobody.example", []),
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


@given(
    st.text(st.sampled_from("aA .:/()[]h tp\ns@-é\u202e\x00"), max_size=300),
    st.sampled_from([None, "list", "page"]),
)
def test_no_text_breaks_it_and_nothing_is_made_up(text, form):
    pasted = read(Catalog([outlet("a.example")]), text, form)
    assert all(entry and entry in text for entry in pasted.entries)
    assert pasted.left_out <= pasted.lines
