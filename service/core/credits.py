"""Finding the agency to which an article credits its text.

Only where a text is signed does a name count: a dateline, a byline, a source line, the end. An agency that
is quoted ("told Reuters", "according to AFP"), pictured ("Photo: AP") or helped ("with inputs from PTI") is
not the author, and a text that credits two agencies is the outlet's own digest.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from service.core.agencies import AGENCIES, Agency
from service.core.signs import CJK, PICTURE, is_signed
from service.core.wording import words_of

Field = Literal["source", "title", "excerpt"]

LONGEST_SOURCE = 160
MOST_MENTIONS = 3
"""Names that are looked at from the front of a text, and as many from its end: there it is signed."""

QUOTED_BEFORE, QUOTED_AFTER = 24, 1
"""Characters around a name that are shown as the proof of a credit."""

COMPONENT = re.compile(r"\s+via\s+|\s*[/|,()\[\]–—·]\s*|\s+-\s+", re.IGNORECASE)
EDITION = re.compile(r"^the\s|(?:\.(?:com|net|org)|\s(?:News|UK|US|India))$", re.IGNORECASE)
UNSPACED = re.compile(f"[{CJK}]")


class Credit(NamedTuple):
    """The agency a text is credited to, the field that says so, and the words that say it."""

    agency: Agency
    field: Field
    words: str


class Name(NamedTuple):
    """A name of an agency as it is searched for."""

    agency: Agency
    text: str
    pattern: re.Pattern[str]


class Mention(NamedTuple):
    """A name found in a text."""

    agency: Agency
    start: int
    end: int


def _name(agency: Agency, text: str, flags: re.RegexFlag = re.NOFLAG) -> Name:
    spaced = re.escape(text).replace(r"\ ", r"\s")
    return Name(
        agency, text, re.compile(spaced if UNSPACED.search(text) else rf"(?<!\w){spaced}(?!\w)", flags)
    )


NAMES = tuple(_name(agency, text, re.IGNORECASE) for agency in AGENCIES for text in agency.names)
CODES = tuple(_name(agency, text) for agency in AGENCIES for text in agency.codes)
BY_NAME = {name.text.casefold(): name.agency for name in NAMES}
BY_CODE = {name.text: name.agency for name in CODES}
INSIDE = tuple(name for name in NAMES if UNSPACED.search(name.text))
"""Names that may stand inside a run of letters, where there is no space between words."""

BY_KEY: dict[str, list[Name]] = {}
"""Names by their longest word: a text without any of these words credits nobody, and most texts have none."""

for _each in (*NAMES, *CODES):
    if _each not in INSIDE:
        BY_KEY.setdefault(max(words_of(_each.text), key=len), []).append(_each)
KEYS = frozenset(BY_KEY)


def credit(source: str, texts: Iterable[tuple[Field, str, Iterable[str]]]) -> Credit | None:
    """The one agency that the article credits in its source or its texts, if it is exactly one.

    ``texts`` are the title and the excerpt, each with its words.
    """
    found = list(_in_source(source)) if source else []
    for field, text, words in texts:
        if not (KEYS.isdisjoint(words) and text.isascii()):
            found += _in_text(field, text, KEYS & {*words})
    return found[0] if found and len({each.agency.name for each in found}) == 1 else None


def agency_of(text: str) -> Agency | None:
    """The agency that goes by exactly this name."""
    name = EDITION.sub("", text.strip())
    return BY_CODE.get(name) or BY_NAME.get(name.casefold())


def _in_source(source: str) -> Iterator[Credit]:
    """A source that is, or has as a part, an agency: "AFP", "Reuters via Example", "Example/dpa"."""
    if not PICTURE.search(source[:LONGEST_SOURCE]):
        for part in COMPONENT.split(source[:LONGEST_SOURCE]):
            if agency := agency_of(part):
                yield Credit(agency, "source", part.strip())


def _in_text(field: Field, text: str, keys: Iterable[str]) -> Iterator[Credit]:
    names = [name for key in keys for name in BY_KEY[key]]
    if not text.isascii():
        names += [name for name in INSIDE if name.text in text]
    if names:
        text = " ".join(unicodedata.normalize("NFKC", text).split())
        mentions = list(_mentions(text, names))
        for agency, start, end in mentions[:MOST_MENTIONS] + mentions[MOST_MENTIONS:][-MOST_MENTIONS:]:
            if is_signed(text, start, end):
                shown = text[max(0, start - QUOTED_BEFORE) : end + QUOTED_AFTER]
                yield Credit(agency, field, shown.strip())


def _mentions(text: str, names: Iterable[Name]) -> Iterator[Mention]:
    """Where the names stand; one that is a part of another ("Interfax-Ukraine") is not a name there."""
    end = 0
    found = [Mention(name.agency, *hit.span()) for name in names for hit in name.pattern.finditer(text)]
    for mention in sorted(found, key=lambda each: (each.start, -each.end)):
        if mention.end > end:
            yield mention
            end = mention.end
