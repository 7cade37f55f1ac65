"""Say figures in the reader's language: one small catalogue a language, read once at start-up.

A new language is a new file beside this one. Its plural forms are those of the Unicode CLDR.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from service.core.bias import SIDES, Label, Side
from service.core.figures import MIN_RATED, largest_remainder

DEFAULT = "en"
Plural = Literal["zero", "one", "two", "few", "many", "other"]


class Language(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language. ``{n}``, ``{name}`` and the like stand for what is put in."""

    language: str
    direction: Literal["ltr", "rtl"]
    percent: str
    sides: dict[Side, str]
    letters: tuple[str, str, str]
    not_rated_short: str
    no_sources: str
    separator: str
    colon: str
    sentence: str
    sentence_all_rated: str
    rated: dict[Plural, str]
    unrated: dict[Plural, str]
    labels: dict[Label | Literal["not_rated", "not_listed"], str]
    badge: str
    disagree: str


LANGUAGES: dict[str, Language] = {
    path.stem: msgspec.json.decode(path.read_bytes(), type=Language)
    for path in sorted(Path(__file__).parent.glob("*.json"))
}


def find_language(asked: str) -> str:
    """Return the catalogue for a language tag: ``pt`` for ``pt-BR``, English for an unknown one."""
    code = asked.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT


def format_shares(code: str, sides: Sequence[int]) -> str:
    """Return "Left 20%, Center 45%, Right 35%" in a language. Of few sources how many, no percentage."""
    words = LANGUAGES[code]
    few = sum(sides) < MIN_RATED
    figures = map(str, sides) if few else (words.percent.format(n=n) for n in largest_remainder(sides))
    return words.separator.join(
        f"{words.sides[side]} {figure}" for side, figure in zip(SIDES, figures, strict=True)
    )


@lru_cache(4096)
def format_sentence(code: str, sides: tuple[int, int, int], unrated: int) -> str:
    """Return a distribution in a sentence that names all three shares and both denominators."""
    words, rated = LANGUAGES[code], sum(sides)
    rest = pluralize(code, words.unrated, unrated)
    if not rated:
        return rest if unrated else words.no_sources
    template = words.sentence if unrated else words.sentence_all_rated
    return template.format(
        shares=format_shares(code, sides), rated=pluralize(code, words.rated, rated), unrated=rest
    )


def pluralize(code: str, forms: dict[Plural, str], n: int) -> str:
    form = PLURAL_RULES.get(code, plural_one_other)(n)
    return forms.get(form, forms["other"]).format(n=n)


def plural_one_other(n: int) -> Plural:
    return "one" if n == 1 else "other"


def plural_romance(n: int) -> Plural:
    """Return the form of Spanish and Italian, where a round million has one of its own."""
    return "one" if n == 1 else "many" if n and n % 1_000_000 == 0 else "other"


def plural_zero_is_one(n: int) -> Plural:
    """Return the form of French and Portuguese, where nothing is singular too."""
    return "one" if n in (0, 1) else "many" if n % 1_000_000 == 0 else "other"


def plural_polish(n: int) -> Plural:
    """Return the Polish form: 22 źródła, 12 źródeł, 21 źródeł."""
    if n == 1:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def plural_ukrainian(n: int) -> Plural:
    """Return the Ukrainian form: 21 джерело, 22 джерела, 12 джерел."""
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def plural_arabic(n: int) -> Plural:
    """Return the Arabic form, one of six."""
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"


PLURAL_RULES: dict[str, Callable[[int], Plural]] = {
    "es": plural_romance,
    "it": plural_romance,
    "fr": plural_zero_is_one,
    "pt": plural_zero_is_one,
    "pl": plural_polish,
    "uk": plural_ukrainian,
    "ar": plural_arabic,
    "he": lambda n: "one" if n == 1 else "two" if n == 2 else "other",
    "hi": lambda n: "one" if n in (0, 1) else "other",
    "ja": lambda n: "other",
    "zh": lambda n: "other",
}
