"""Figures in the reader's language: one catalogue a language, and English names of countries and languages.

A new language is a new file beside this one. ``plural`` is a gettext plural expression, which chooses among
the forms of ``rated`` and ``unrated``.
"""

from collections.abc import Sequence
from functools import lru_cache
from gettext import c2py as compile_plural
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from service.core.bias import SIDES, Label, Side
from service.core.figures import MIN_RATED, largest_remainder

DEFAULT = "en"


class Language(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language. ``{n}``, ``{name}`` and the like are placeholders."""

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
    plural: str
    rated: tuple[str, ...]
    unrated: tuple[str, ...]
    labels: dict[Label | Literal["not_rated", "not_listed"], str]
    badge: str
    disagree: str


LANGUAGES: dict[str, Language] = {
    path.stem: msgspec.json.decode(path.read_bytes(), type=Language)
    for path in sorted(Path(__file__).parent.glob("*.json"))
}
PLURALS = {code: compile_plural(language.plural) for code, language in LANGUAGES.items()}
# Country (ISO 3166-1) and language (ISO 639-1) codes → English names.
NAMES: dict[str, dict[str, str]] = msgspec.json.decode(
    (Path(__file__).parents[1] / "names.json").read_bytes()
)


def country_name(code: str) -> str:
    return NAMES["countries"].get(code, code)


def language_name(code: str) -> str:
    return NAMES["languages"].get(code, code)


def find_language(tag: str) -> str:
    """Return the catalogue for a language tag: ``pt`` for ``pt-BR``, English for an unknown one."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT


def format_shares(code: str, sides: Sequence[int]) -> str:
    """Return "Left 20%, Center 45%, Right 35%", or counts where a percentage would mislead."""
    words = LANGUAGES[code]
    few = sum(sides) < MIN_RATED
    figures = map(str, sides) if few else (words.percent.format(n=n) for n in largest_remainder(sides))
    return words.separator.join(
        f"{words.sides[side]} {figure}" for side, figure in zip(SIDES, figures, strict=True)
    )


@lru_cache(4096)
def format_sentence(code: str, sides: tuple[int, int, int], unrated: int) -> str:
    """Return a distribution as a sentence that names all three shares and both denominators."""
    words, rated = LANGUAGES[code], sum(sides)
    rest = pluralize(code, words.unrated, unrated)
    if not rated:
        return rest if unrated else words.no_sources
    template = words.sentence if unrated else words.sentence_all_rated
    return template.format(
        shares=format_shares(code, sides), rated=pluralize(code, words.rated, rated), unrated=rest
    )


def pluralize(code: str, forms: Sequence[str], n: int) -> str:
    return forms[PLURALS[code](n)].format(n=n)
