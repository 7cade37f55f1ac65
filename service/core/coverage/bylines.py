"""Find the agency to which an article credits its text.

Only where a text is signed does a name count: a dateline, a byline, a source line, the end. An agency that
is quoted ("told Reuters", "according to AFP"), pictured ("Photo: AP") or helped ("with inputs from PTI") is
not the author, and a text that credits two agencies is the outlet's own digest.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeVar

from service.core.coverage.agencies import AGENCIES, Agency
from service.core.coverage.texts import words_of

Place = Literal["head", "tail"]
Found = TypeVar("Found")

HEAD, TAIL = 160, 100
"""Characters at the front and at the end of a text where it is signed."""

REACH = 40
"""Characters before a name that a sign may take up, unless it starts where the text does."""

NEAR = 30
"""Characters before a name in which "photo" says that only the picture is the agency's."""

CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
SMALL = r"a-zà-ÿ"
DASH, THE, OPEN, CLOSE = r"[-–—―|]", r"(?i:the\s)?", r"[(\[【]\s*", r"\s*[)\]】]"
SUFFIX = r"(?:/[a-z]{2,4}|-AFX|\.(?i:ru|com))?"
SENTENCE_END = r"[.!?…»”\")]"
SOURCE_WORD = (
    r"(?:Source|Quelle|Fuente|Fonte|Bron|Kaynak|Źródło|Källa|Источник|Джерело"
    r"|المصدر|来源|來源|出典|출처|स्रोत)"
)
PICTURE = re.compile(
    r"(?i)\b(?:photo|foto|image|imagen|immagine|bild|picture|pic|video|graphic|фото|صورة|görsel|fotoğraf)"
    r"|写真|画像|图片|圖片|사진"
)
CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)


class Sign(NamedTuple):
    """A pattern right before and right after a name, and the end of the text where it counts."""

    place: Place
    before: Callable[[str], object]
    after: Callable[[str, int], object]
    reach: int
    ending: str


def _sign(place: Place, before: str, after: str) -> Sign:
    pattern, follows = re.compile(before + "$"), re.compile(SUFFIX + after).match
    if before.startswith("^"):
        return Sign(place, pattern.match, follows, HEAD, after)
    return Sign(place, pattern.search, follows, REACH, after)


SIGNS = (
    # "LONDON, Nov 18 (Reuters) - …", "(ANSA) - ROMA …"
    _sign("head", rf"^[^!?]{{0,80}}{OPEN}", rf"{CLOSE}\s*(?:$|[-–—.:])"),
    # "New Delhi, Nov 18 (PTI) The …", "(dpa) Der …"
    _sign("head", rf"^(?:[^.!?]{{0,80}}?[\d,،][^!?]{{0,20}})?{OPEN}", rf"{CLOSE}(?!\s*[{SMALL}])"),
    # "MOSCOW, November 18. /TASS/. …"
    _sign("head", r"(?<![\w/])/", r"/(?!\w)"),
    # "【モスクワ共同】", "[モスクワ 18日 ロイター]", "(서울=연합뉴스)"
    _sign("head", rf"{OPEN}[^)\]】]{{0,19}}[{CJK}]\s?=?", CLOSE),
    _sign("tail", rf"{OPEN}[^)\]】]{{0,19}}[{CJK}]\s?=?", rf"{CLOSE}[.。]?$"),
    # "新华社北京11月18日电"
    _sign("head", "", rf"(?<=[{CJK}])[^。,]{{0,25}}?[电電](?=[\s():,】—-]|$|记者)"),
    # "МОСКВА, 18 ноя — РИА Новости. …", "Москва. 18 ноября. ИНТЕРФАКС - …"
    _sign("head", rf"^[^!?:;]{{2,60}}(?:\s{DASH}|\d[^.!?:;]{{0,12}}\.)\s", rf"\s?(?:{DASH}\s|[.:]\s)"),
    # "AFP — …"
    _sign("head", rf"^{THE}", rf"\s{DASH}{{1,2}}\s"),
    # "By The Associated Press", "By JOHN DOE, Associated Press"; a small letter would go on with a sentence
    _sign(
        "head",
        r"^(?i:By|Von|Par|Por|Da|Door|De|От)\s(?:[^.:]{3,60}(?:,|\s\||\s(?:of|for))\s)?(?i:the\s|la\s|l['’])?",
        rf"(?=\s*(?:$|[|,;:/–—-]|[^\W\d_{SMALL}{CJK}]|\d))",
    ),
    # "… (Reuters)"
    _sign("tail", OPEN, rf"{CLOSE}\s*[.。…]?$"),
    # "Source: Reuters"
    _sign("tail", rf"(?i:{SOURCE_WORD})\s?:\s?{THE}", r"\s?\.?$"),
    # "© 2026 AFP"
    _sign("tail", r"(?:©|\((?i:c)\)|(?i:copyright))\s?(?:\d{4}\s)?(?i:by\s|the\s)*", r"(?![/\w])"),
    # "… By Reuters"
    _sign("tail", rf"(?:^|{SENTENCE_END}\s?)(?i:By|Von|Par|Por)\s{THE}", r"$"),
    # "… was first published by Reuters."
    _sign("tail", rf"(?i:\bpublished\sby|\bpublié\spar)\s{THE}", r"\.?$"),
)
FULL_NAME = _sign("tail", rf"{SENTENCE_END}\s{THE}", r"\.?$")
"""A sentence of nothing but a name. A mere code does not count: it might be a caption's."""

DASHED = _sign("tail", rf"(?:[\s。]|{SENTENCE_END}){DASH}{{1,2}}\s?{THE}", r"\s?\.?$")
"""In Russian and Ukrainian a dash and a name at the end quote the agency: "Путин готов — Reuters"."""


HEADS, TAILS = (tuple(sign for sign in SIGNS if sign.place == place) for place in ("head", "tail"))


def _any_ending(signs: Sequence[Sign]) -> Callable[[str, int], object]:
    # Most names stand in the middle of a sentence: one look behind them says so for all signs.
    return re.compile(SUFFIX + "(?:" + "|".join(dict.fromkeys(sign.ending for sign in signs)) + ")").match


HEAD_MAY_FOLLOW, TAIL_MAY_FOLLOW = _any_ending(HEADS), _any_ending((*TAILS, FULL_NAME, DASHED))


def is_signed(text: str, start: int, end: int) -> bool:
    """Say whether ``text`` is signed with the name that stands from ``start`` to ``end``."""
    before = text[max(0, start - HEAD) : start]
    for sign in _signs(text, start, end):
        if sign.after(text, end) and sign.before(before[-sign.reach :]):
            return not PICTURE.search(before[-NEAR:])
    return False


def _signs(text: str, start: int, end: int) -> Sequence[Sign]:
    signs = HEADS if start <= HEAD and HEAD_MAY_FOLLOW(text, end) else ()
    if len(text) - end > TAIL or not TAIL_MAY_FOLLOW(text, end):
        return signs
    full_name = (FULL_NAME,) if " " in text[start:end] else ()
    dashed = () if CYRILLIC.search(text[-TAIL:]) else (DASHED,)
    return signs + TAILS + full_name + dashed


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
    """An agency that a text is credited to, the field that says so, and the words that say it."""

    agency: Agency
    field: Field
    words: str


class Name(NamedTuple):
    """A name of an agency as it is searched for."""

    agency: Agency
    text: str
    sought: str
    pattern: re.Pattern[str]


class Mention(NamedTuple):
    """A name found in a text."""

    start: int
    end: int
    agency: Agency


def _name(agency: Agency, text: str, flags: re.RegexFlag = re.NOFLAG) -> Name:
    spaced = re.escape(text).replace(r"\ ", r"\s")
    pattern = spaced if UNSPACED.search(text) else rf"(?<!\w){spaced}(?!\w)"
    return Name(agency, text, text.casefold() if flags else text, re.compile(pattern, flags))


NAMES = tuple(_name(agency, text, re.IGNORECASE) for agency in AGENCIES for text in agency.names)
CODES = tuple(_name(agency, text) for agency in AGENCIES for text in agency.codes)
BY_NAME = {name.text.casefold(): name.agency for name in NAMES}
BY_CODE = {name.text: name.agency for name in CODES}
LONGEST_NAME = max(len(name.text) for name in (*NAMES, *CODES))
INSIDE = tuple(name for name in NAMES if UNSPACED.search(name.text))
"""Names that may stand inside a run of letters, where there is no space between words."""

BY_KEY: dict[str, list[Name]] = {}
"""Names by their longest word: a text without any of these words credits nobody, and most texts have none."""

for _each in (*NAMES, *CODES):
    if _each not in INSIDE:
        BY_KEY.setdefault(max(words_of(_each.text), key=len), []).append(_each)
KEYS = frozenset(BY_KEY)
MOST_KEYS = 10
"""Of these, a text that holds more in one place is a list of agencies, signed by none."""


def credit(source: str, texts: Iterable[tuple[Field, str, Iterable[str]]]) -> Credit | None:
    """Return the one agency that the article credits in its source or its texts, if it is exactly one.

    ``texts`` are the title and the excerpt, each with its words.
    """
    found = list(_in_source(source)) if source else []
    for field, text, words in texts:
        keys = KEYS.intersection(words)
        if len(keys) <= MOST_KEYS and (keys or not text.isascii()):
            found += _in_text(field, text, [name for key in keys for name in BY_KEY[key]])
    return found[0] if found and len({each.agency.name for each in found}) == 1 else None


def agency_of(text: str) -> Agency | None:
    """Return the agency that goes by exactly this name."""
    name = EDITION.sub("", text.strip())
    return BY_CODE.get(name) or BY_NAME.get(name.casefold())


def _in_source(source: str) -> Iterator[Credit]:
    """Yield a source that is, or has as a part, an agency: "AFP", "Reuters via Example", "Example/dpa"."""
    if not PICTURE.search(source[:LONGEST_SOURCE]):
        for part in COMPONENT.split(source[:LONGEST_SOURCE]):
            if agency := agency_of(part):
                yield Credit(agency, "source", part.strip())


def _in_text(field: Field, text: str, names: Sequence[Name]) -> Iterator[Credit]:
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if UNSPACED.search(text):
        names = (*names, *INSIDE)
    # Between its head and its tail no text is signed: a long list of names there need not be read.
    head, tail = HEAD + LONGEST_NAME, len(text) - TAIL - LONGEST_NAME
    parts = [(0, len(text))] if head >= tail else [(0, head), (tail, len(text))]
    mentions = [mention for start, end in parts for mention in _mentions(names, text, start, end)]
    for start, end, agency in _outermost(mentions):
        if is_signed(text, start, end):
            shown = text[max(0, start - QUOTED_BEFORE) : end + QUOTED_AFTER]
            yield Credit(agency, field, shown.strip())


def _mentions(names: Iterable[Name], text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield where names stand. One that is a part of another ("Interfax-Ukraine") is not a name there."""
    # A name is sought in any case, a code as it is written.
    both = f"{text[start:end]}\n{text[start:end].casefold()}"
    found = [
        (hit.start(), -hit.end(), name.agency)
        for name in names
        if name.sought in both
        for hit in _outermost([*name.pattern.finditer(text, start, end)])
    ]
    last = 0
    for first, minus_end, agency in sorted(found):
        if -minus_end > last:
            last = -minus_end
            yield Mention(first, last, agency)


def _outermost(found: list[Found]) -> list[Found]:
    return found[:MOST_MENTIONS] + found[MOST_MENTIONS:][-MOST_MENTIONS:]
