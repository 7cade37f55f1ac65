"""Figures in the reader's language."""

import pytest

from service.core.bias import LABELS, SIDES
from service.web.i18n import LANGUAGES, PLURALS, find_language, format_sentence, pluralize

CODES = ("ar", "de", "en", "es", "fr", "he", "hi", "it", "ja", "nl", "pl", "pt", "tr", "uk", "zh")


def test_there_are_the_languages_that_the_documents_name():
    assert tuple(LANGUAGES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_is_complete(code):
    words = LANGUAGES[code]
    assert set(words.sides) == set(SIDES)
    assert set(words.labels) == {*LABELS, "not_rated", "not_listed"}
    assert len(set(words.letters)) == len(set(words.sides.values())) == 3
    assert len(set(words.labels.values())) == 9
    assert "{n}" in words.percent
    assert "{n}" in words.not_rated_short
    assert all(mark in words.sentence for mark in ("{shares}", "{rated}", "{unrated}"))
    assert all(mark in words.sentence_all_rated for mark in ("{shares}", "{rated}"))
    assert all(mark in words.badge for mark in ("{name}", "{label}"))
    forms = {PLURALS[code](n) for n in (*range(200), 1_000_000)}
    assert forms == set(range(len(words.rated))) == set(range(len(words.unrated)))


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_names_all_three_shares(code):
    told = format_sentence(code, (4, 9, 7), 6)
    assert all(figure in told for figure in ("20", "45", "35", "6"))
    assert "{" not in told


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", {1: "1 rated source", 2: "2 rated sources", 0: "0 rated sources"}),
        ("fr", {0: "0 source classée", 2: "2 sources classées", 2_000_000: "2000000 de sources classées"}),
        ("pl", {1: "1 ocenione źródło", 3: "3 ocenione źródła", 12: "12 ocenionych źródeł", 22: "22 ocenione źródła"}),  # noqa: E501
        ("uk", {21: "21 оцінене джерело", 11: "11 оцінених джерел", 24: "24 оцінені джерела"}),
        ("ar", {2: "مصدران مصنّفان", 3: "3 مصادر مصنّفة", 11: "11 مصدرًا مصنّفًا", 100: "100 مصدر مصنّف"}),
        ("he", {1: "מקור מדורג אחד", 2: "שני מקורות מדורגים"}),
    ],
)  # fmt: skip
def test_a_number_has_the_form_of_its_language(code, forms):
    for n, told in forms.items():
        assert pluralize(code, LANGUAGES[code].rated, n) == told


@pytest.mark.parametrize(
    ("asked", "code"), [("pt-BR", "pt"), ("DE_at", "de"), ("tlh", "en"), ("", "en"), ("../x", "en")]
)
def test_an_unknown_language_is_english(asked, code):
    assert find_language(asked) == code
