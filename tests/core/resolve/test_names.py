"""Names: one normal form, and what is read out of a name when that is not enough."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.resolve.normalization import (
    MAX_NAME_LENGTH,
    find_call_signs,
    find_link,
    normalize_name,
    split_note,
    split_scripts,
    split_title,
    strip_decoration,
)
from service.core.resolve.vocabulary import is_heading

ANY_TEXT = st.text(st.characters(), max_size=60)
"""Lone surrogates, controls and unassigned characters included."""


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("The Straits Times", "straits times"),
        ("  straits   TIMES ", "straits times"),
        ("The Cañon City Daily Record", "canon city daily record"),
        ("Al-Jazeera", "al jazeera"),
        ("Stars & Stripes", "stars and stripes"),
        ("U.S. News & World Report", "us news and world report"),
        ("A.V. Club", "av club"),
        ("Tom's Guide", "toms guide"),
        ("Barron’s", "barrons"),
        ("Haʼaretz", "haaretz"),
        ("Süddeutsche Zeitung", "suddeutsche zeitung"),
        ("Børsen", "borsen"),
        ("Neue Zürcher Zeitung (NZZ)", "neue zurcher zeitung nzz"),
        ("BBC\u200bNews", "bbc news"),
        ("\u200fReuters\u200e", "reuters"),
        ("ＢＢＣ Ｎｅｗｓ", "bbc news"),
        ("Коммерсантъ", "коммерсантъ"),
        ("Қазақпарат", "қазақпарат"),
        ("한겨레", unicodedata.normalize("NFKD", "한겨레")),
        ("आज तक", "आज तक"),
        ("প্রথম আলো", unicodedata.normalize("NFKD", "প্রথম আলো")),
        ("ישראל היום", "ישראל היום"),
        ("The", "the"),
        ("The The Herald", "herald"),
        ("", ""),
        ("-", ""),
        ("\x00", ""),
    ],
)
def test_a_name_has_one_normal_form(name: str, form: str):
    assert normalize_name(name) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Le Monde", "Monde"),
        ("Fox News", "Fox"),
        ("The Guardian Nigeria", "The Guardian"),
        ("がら", "から"),
        ("Вести", "Vesti"),
        ("El País", "El Pais Uruguay"),
    ],
)
def test_the_normal_form_keeps_what_tells_outlets_apart(one: str, other: str):
    assert normalize_name(one) != normalize_name(other)


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(name: str):
    assert normalize_name(normalize_name(name)) == normalize_name(name)


@given(ANY_TEXT)
def test_a_normal_form_has_no_capitals_and_single_spaces(name: str):
    form = normalize_name(name)
    assert form == form.strip()
    assert "  " not in form
    assert len(form) <= MAX_NAME_LENGTH


def test_a_name_of_any_length_has_a_short_form():
    assert len(normalize_name("x" * 1_000_000)) == MAX_NAME_LENGTH


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Tuko.co.ke - Kenya news.", ["Tuko.co.ke", "Kenya news."]),
        ("| Reel 360 - Advertising, Film", ["Reel 360", "Advertising, Film"]),
        ("World news | The Guardian", ["World news", "The Guardian"]),
        ("NYT > Top Stories", ["NYT", "Top Stories"]),
        ("World News- News18.com", ["World News", "News18.com"]),
        ("CNN: the end of an era - Fox News", ["CNN: the end of an era", "Fox News"]),
        ("Star-Ledger", []),
        ("Al-Jazeera", []),
    ],
)
def test_a_page_title_has_parts(name: str, parts: list[str]):
    assert split_title(name) == parts


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("The Straits Times (Singapore)", ("The Straits Times", "Singapore")),
        ("France 24 [ar]", ("France 24", "ar")),
        ("Dawn (Pakistan0", None),
        ("(AP)", None),
        ("Reuters", None),
    ],
)
def test_a_note_stands_in_brackets(name: str, read: tuple[str, str] | None):
    assert split_note(name) == read


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("asia news", True),
        ("crypto news", True),
        ("ultimas noticias", True),
        ("noticias", True),
        ("news of the world", True),
        ("arab news", False),
        ("asia times", False),
        ("science", False),
        ("", False),
    ],
)
def test_a_heading_is_made_of_places_topics_and_words_for_news(key: str, heading: bool):
    assert is_heading(key) is heading


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("WFAA - Dallas News", ["WFAA"]),
        ("KHBS/KHOG - Fort Smith News", ["KHBS", "KHOG"]),
        ("KOLN\\KGIN - Lincoln News", ["KOLN", "KGIN"]),
        ("NBC Los Angeles - KNBC", ["KNBC"]),
        ("WBNS-TV", ["WBNS"]),
        ("WIRED", []),
        ("World Magazine", []),
        ("Kyiv Post", []),
    ],
)
def test_a_listed_name_may_open_or_close_with_call_signs(name: str, calls: list[str]):
    assert find_call_signs(name) == calls


@pytest.mark.parametrize(
    ("name", "halves"),
    [
        ("연합뉴스-Yonhap News Agency", ("연합뉴스-", "Yonhap News Agency")),
        ("Yonhap 연합뉴스", ("Yonhap ", "연합뉴스")),
        ("RG.ru Rossiyskaya Gazeta", ("RG.ru", "Rossiyskaya Gazeta")),
        ("NHK ニュース web", None),
        ("Коммерсантъ", None),
        ("Fox News", None),
        ("U. S. News", None),
    ],
)
def test_two_scripts_or_a_host_and_a_name_stand_side_by_side(name: str, halves: tuple[str, str] | None):
    assert split_scripts(name) == halves


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[Fox News](https://www.foxnews.com)", "https://www.foxnews.com"),
        ("Fox News <https://www.foxnews.com>", "https://www.foxnews.com"),
        ("feed/https://www.foxnews.com/rss", "https://www.foxnews.com/rss"),
        ("Fox News https://www.foxnews.com", None),
        ("[Fox News](javascript:alert)", None),
    ],
)
def test_a_name_may_be_written_with_its_link(text: str, link: str | None):
    assert find_link(text) == link


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. Fox News", "Fox News"),
        ("- Fox News", "Fox News"),
        ("Source: Fox News", "Fox News"),
        ("via Fox News (12)", "Fox News"),
        ("L&#039;Express", "L'Express"),
        ("Via Nova", "Via Nova"),
        ("Source", "Source"),
        ("9 News", "9 News"),
    ],
)
def test_what_lists_put_around_a_name_is_taken_off(text: str, name: str):
    assert strip_decoration(text) == name
