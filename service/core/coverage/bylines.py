"""Find the agency to which an article credits its text.

Only where a text is signed does a name count. An agency that is quoted ("told Reuters", "according to AFP"),
pictured ("Photo: AP") or helped ("with inputs from PTI") is not the author, and a text that credits two
agencies is the outlet's own digest.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple, TypeVar

from service.core.coverage.agencies import AGENCIES, Agency
from service.core.coverage.signs import CJK, HEAD_LENGTH, PICTURE, TAIL_LENGTH, is_signed
from service.core.coverage.tokenizer import normalize_unicode, tokenize

T = TypeVar("T")
Field = Literal["source", "title", "excerpt"]

MAX_SOURCE_LENGTH = 160
# Names that are looked at from the front of a text, and as many from its end: there it is signed.
MAX_MENTIONS = 3

# Characters around a name that are shown as the proof of a credit.
PROOF_BEFORE, PROOF_AFTER = 24, 1

SOURCE_SEPARATOR = re.compile(r"\s+via\s+|\s*[/|,()\[\]–—·]\s*|\s+-\s+", re.IGNORECASE)
EDITION_AFFIX = re.compile(r"^the\s|(?:\.(?:com|net|org)|\s(?:News|UK|US|India))$", re.IGNORECASE)
UNSPACED = re.compile(f"[{CJK}]")


class Credit(NamedTuple):
    """An agency that a text is credited to, the field that says so, and the words that say it."""

    agency: Agency
    field: Field
    words: str


class Name(NamedTuple):
    """A name of an agency as it is searched for: a code as it is written, others in lower case.

    ``key`` is its longest word.
    """

    agency: Agency
    text: str
    key: str
    is_code: bool


# Where a name starts and ends, and whose it is.
Mention = tuple[int, int, Agency]


def _to_lower(text: str) -> str:
    """Return ``text`` in lower case, with each character at its place."""
    return text.replace("İ", "i").lower()


def _make_name(agency: Agency, text: str, *, is_code: bool) -> Name:
    key = max(tokenize(text), key=len)
    return Name(agency, text if is_code else _to_lower(text), key, is_code)


# Compiled when a text first has the name: all of them would delay the start.
@cache
def _compile_name(text: str) -> re.Pattern[str]:
    literal = re.escape(text)
    # What stands before the name is looked at last: the search for a literal is far faster.
    bounds = "" if UNSPACED.search(text) else rf"(?<!\w{literal})(?!\w)"
    return re.compile(literal + bounds)


NAMES = tuple(_make_name(agency, text, is_code=False) for agency in AGENCIES for text in agency.names)
CODES = tuple(_make_name(agency, text, is_code=True) for agency in AGENCIES for text in agency.codes)
AGENCY_BY_NAME = {name.text: name.agency for name in NAMES}
AGENCY_BY_CODE = {name.text: name.agency for name in CODES}
MAX_NAME_LENGTH = max(len(name.text) for name in (*NAMES, *CODES))
# Names that may stand inside a run of letters, where there is no space between words.
UNSPACED_NAMES = tuple(name for name in NAMES if UNSPACED.search(name.text))

# Names by their key: a text without any of these words credits nobody, and most texts have none.
NAMES_BY_KEY: dict[str, list[Name]] = {}

for _each in (*NAMES, *CODES):
    if _each not in UNSPACED_NAMES:
        NAMES_BY_KEY.setdefault(_each.key, []).append(_each)
KEYS = frozenset(NAMES_BY_KEY)
# Of these, a text that holds more is a list of agencies, signed by none.
MAX_KEYS = 10


def find_credit(source: str, texts: Iterable[tuple[Field, str, Iterable[str]]]) -> Credit | None:
    """Return the one agency that the article credits in its source or its texts, if it is exactly one.

    ``texts`` are the title and the excerpt, each with its words.
    """
    found = list(_find_in_source(source)) if source else []
    for field, text, words in texts:
        keys = KEYS.intersection(words)
        if len(keys) <= MAX_KEYS and (keys or UNSPACED.search(text)):
            found += _find_in_text(field, text, [name for key in keys for name in NAMES_BY_KEY[key]])
    return found[0] if found and len({each.agency.name for each in found}) == 1 else None


def find_agency(text: str) -> Agency | None:
    """Return the agency that goes by exactly this name."""
    name = EDITION_AFFIX.sub("", text.strip())
    return AGENCY_BY_CODE.get(name) or AGENCY_BY_NAME.get(_to_lower(name))


def _find_in_source(source: str) -> Iterator[Credit]:
    """Yield a source that is, or has as a part, an agency: "AFP", "Reuters via Example", "Example/dpa"."""
    if not PICTURE.search(source[:MAX_SOURCE_LENGTH]):
        for part in SOURCE_SEPARATOR.split(source[:MAX_SOURCE_LENGTH]):
            if agency := find_agency(part):
                yield Credit(agency, "source", part.strip())


def _find_in_text(field: Field, text: str, names: Sequence[Name]) -> Iterator[Credit]:
    text = " ".join(normalize_unicode(text).split())
    small = _to_lower(text)
    if UNSPACED.search(text):
        names = [*names, *(name for name in UNSPACED_NAMES if name.text in small)]
    # Between its head and its tail no text is signed: a long list of names there need not be read.
    head, tail = HEAD_LENGTH + MAX_NAME_LENGTH, len(text) - TAIL_LENGTH - MAX_NAME_LENGTH
    parts = [(0, len(text))] if head >= tail else [(0, head), (tail, len(text))]
    mentions = [mention for part in parts for mention in _find_mentions(names, text, small, *part)]
    for start, end, agency in _first_and_last(mentions):
        if is_signed(text, start, end):
            shown = text[max(0, start - PROOF_BEFORE) : end + PROOF_AFTER]
            yield Credit(agency, field, shown.strip())


def _find_mentions(names: Iterable[Name], text: str, small: str, start: int, end: int) -> Iterator[Mention]:
    """Yield where names stand. One that is a part of another ("Interfax-Ukraine") is not a name there."""
    found = [
        (hit.start(), -hit.end(), name.agency)
        for name in names
        for hit in _first_and_last(
            [*_compile_name(name.text).finditer(text if name.is_code else small, start, end)]
        )
    ]
    last = 0
    for first, minus_end, agency in sorted(found):
        if -minus_end > last:
            last = -minus_end
            yield first, last, agency


def _first_and_last(found: list[T]) -> list[T]:
    return found[:MAX_MENTIONS] + found[MAX_MENTIONS:][-MAX_MENTIONS:]
