"""Find the agency that an article is credited to: in its source, a dateline, a byline or at its end."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple

from service.core.coverage.agencies import AGENCIES, Agency
from service.core.coverage.tokenizer import normalize_unicode, tokenize

Field = Literal["source", "title", "excerpt"]
Place = Literal["head", "tail", "end"]

MAX_SOURCE_LENGTH, MAX_SOURCE_PARTS = 160, 8
# Names that are looked at from the front of a text, and as many from its end: there it is signed.
MAX_MENTIONS = 3
# Characters of a text in which a name may be: at the front, and at the end.
MAX_HEAD, MAX_TAIL = 320, 240

# Characters at the front of a text, near its end and right at its end where it is signed.
HEAD_LENGTH, TAIL_LENGTH, END_LENGTH = 160, 100, 10

# Characters before a name that a sign may take up, unless it starts where the text does.
MAX_SIGN_LENGTH = 40

# A photo credit within this many characters of the name is not a byline.
PICTURE_DISTANCE = 30

CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
LOWERCASE = r"a-zà-ÿ"
DASH, ARTICLE, OPENING_BRACKET, CLOSING_BRACKET = r"[-–—―|]", r"(?i:the\s)?", r"[(\[【]\s*", r"\s*[)\]】]"
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


class SignPattern(NamedTuple):
    """A pattern right before and right after a name, and the end of the text where it counts."""

    place: Place
    before: Callable[[str], object]
    after: Callable[[str, int], object]
    reach: int
    ending: str


def _make_sign(place: Place, before: str, after: str) -> SignPattern:
    pattern, follows = re.compile(before + "$"), re.compile(SUFFIX + after).match
    if before.startswith("^"):
        return SignPattern(place, pattern.match, follows, HEAD_LENGTH, after)
    return SignPattern(place, pattern.search, follows, MAX_SIGN_LENGTH, after)


SIGNS = (
    # "LONDON, Nov 18 (Reuters) - …", "(ANSA) - ROMA …"
    _make_sign("head", rf"^[^!?]{{0,80}}{OPENING_BRACKET}", rf"{CLOSING_BRACKET}\s*(?:$|[-–—.:])"),
    # "New Delhi, Nov 18 (PTI) The …", "(dpa) Der …"
    _make_sign(
        "head",
        rf"^(?:[^.!?]{{0,80}}?[\d,،][^!?]{{0,20}})?{OPENING_BRACKET}",
        rf"{CLOSING_BRACKET}(?!\s*[{LOWERCASE}])",
    ),
    # "MOSCOW, November 18. /TASS/. …"
    _make_sign("head", r"(?<![\w/])/", r"/(?!\w)"),
    # "【モスクワ共同】", "[モスクワ 18日 ロイター]", "(서울=연합뉴스)"
    _make_sign("head", rf"{OPENING_BRACKET}[^)\]】]{{0,19}}[{CJK}]\s?=?", CLOSING_BRACKET),
    _make_sign("end", rf"{OPENING_BRACKET}[^)\]】]{{0,19}}[{CJK}]\s?=?", rf"{CLOSING_BRACKET}[.。]?$"),
    # "新华社北京11月18日电"
    _make_sign("head", "", rf"(?<=[{CJK}])[^。,]{{0,25}}?[电電](?=[\s():,】—-]|$|记者)"),
    # "МОСКВА, 18 ноя — РИА Новости. …", "Москва. 18 ноября. ИНТЕРФАКС - …"
    _make_sign("head", rf"^[^!?:;]{{2,60}}(?:\s{DASH}|\d[^.!?:;]{{0,12}}\.)\s", rf"\s?(?:{DASH}\s|[.:]\s)"),
    # "AFP — …"
    _make_sign("head", rf"^{ARTICLE}", rf"\s{DASH}{{1,2}}\s"),
    # "By The Associated Press", "By JOHN DOE, Associated Press"; a small letter would go on with a sentence
    _make_sign(
        "head",
        r"^(?i:By|Von|Par|Por|Da|Door|De|От)\s(?:[^.:]{3,60}(?:,|\s\||\s(?:of|for))\s)?(?i:the\s|la\s|l['’])?",
        rf"(?=\s*(?:$|[|,;:/–—-]|[^\W\d_{LOWERCASE}{CJK}]|\d))",
    ),
    # "… (Reuters)"
    _make_sign("end", OPENING_BRACKET, rf"{CLOSING_BRACKET}\s*[.。…]?$"),
    # "Source: Reuters"
    _make_sign("end", rf"(?i:{SOURCE_WORD})\s?:\s?{ARTICLE}", r"\s?\.?$"),
    # "© 2026 AFP"
    _make_sign("tail", r"(?:©|\((?i:c)\)|(?i:copyright))\s?(?:\d{4}\s)?(?i:by\s|the\s)*", r"(?![/\w])"),
    # "… By Reuters"
    _make_sign("end", rf"(?:^|{SENTENCE_END}\s?)(?i:By|Von|Par|Por)\s{ARTICLE}", r"$"),
    # "… was first published by Reuters."
    _make_sign("end", rf"(?i:\bpublished\sby|\bpublié\spar)\s{ARTICLE}", r"\.?$"),
)
# A sentence of nothing but a name. A mere code does not count: it might be a caption's.
FULL_NAME = _make_sign("end", rf"{SENTENCE_END}\s{ARTICLE}", r"\.?$")

# In Russian and Ukrainian a dash and a name at the end quote the agency: "Путин готов — Reuters".
DASHED = _make_sign("end", rf"(?:[\s。]|{SENTENCE_END}){DASH}{{1,2}}\s?{ARTICLE}", r"\s?\.?$")


HEAD_SIGNS, TAIL_SIGNS, END_SIGNS = (
    tuple(s for s in SIGNS if s.place == place) for place in ("head", "tail", "end")
)
# Most names stand in the middle of a sentence: one look behind them says so for all signs of the head.
match_head_ending = re.compile(
    SUFFIX + "(?:" + "|".join(dict.fromkeys(sign.ending for sign in HEAD_SIGNS)) + ")"
).match

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
        if len(keys) <= MAX_KEYS and (keys or (not text.isascii() and UNSPACED.search(text))):
            found += _find_in_text(field, text, [name for key in keys for name in NAMES_BY_KEY[key]])
    return found[0] if found and len({each.agency.name for each in found}) == 1 else None


def find_agency(text: str) -> Agency | None:
    """Return the agency that goes by exactly this name."""
    name = EDITION_AFFIX.sub("", text.strip())
    return AGENCY_BY_CODE.get(name) or AGENCY_BY_NAME.get(_to_lower(name))


def _find_in_source(source: str) -> Iterator[Credit]:
    """Yield a source that is, or has as a part, an agency: "AFP", "Reuters via Example", "Example/dpa"."""
    source = source[:MAX_SOURCE_LENGTH]
    if not PICTURE.search(source):
        for part in SOURCE_SEPARATOR.split(source, MAX_SOURCE_PARTS):
            if agency := find_agency(part):
                yield Credit(agency, "source", part.strip())


def _find_in_text(field: Field, text: str, names: Sequence[Name]) -> Iterator[Credit]:
    if len(text) > MAX_HEAD + MAX_TAIL:
        # Between its head and its tail no text is signed.
        text = f"{text[:MAX_HEAD]} … {text[-MAX_TAIL:]}"
    text = " ".join(normalize_unicode(text).split())
    small = _to_lower(text)
    if not text.isascii() and UNSPACED.search(text):
        names = [*names, *UNSPACED_NAMES]
    mentions = _find_mentions(names, text, small)
    for start, end, agency in dict.fromkeys((*mentions[:MAX_MENTIONS], *mentions[-MAX_MENTIONS:])):
        if is_signed(text, start, end):
            shown = text[max(0, start - PROOF_BEFORE) : end + PROOF_AFTER]
            yield Credit(agency, field, shown.strip())


def _find_mentions(names: Iterable[Name], text: str, small: str) -> list[tuple[int, int, Agency]]:
    """Return where names stand in the head and tail of a text, the first and the last of each.

    One that is a part of another ("Interfax-Ukraine") is not a name there.
    """
    head, tail = HEAD_LENGTH + MAX_NAME_LENGTH, len(text) - TAIL_LENGTH - MAX_NAME_LENGTH
    found: set[tuple[int, int, Agency]] = set()
    for name in names:
        searched = text if name.is_code else small
        if name.text not in searched:
            continue
        find = _compile_name(name.text).finditer
        hits = [*islice(find(searched, 0, head), MAX_MENTIONS)]
        hits += [*find(searched, max(0, tail))][-MAX_MENTIONS:]
        found.update((hit.start(), -hit.end(), name.agency) for hit in hits)
    mentions: list[tuple[int, int, Agency]] = []
    for start, minus_end, agency in sorted(found):
        if not mentions or -minus_end > mentions[-1][1]:
            mentions.append((start, -minus_end, agency))
    return mentions


def is_signed(text: str, start: int, end: int) -> bool:
    """Return True if ``text`` is signed with the name that stands from ``start`` to ``end``."""
    before = text[max(0, start - HEAD_LENGTH) : start]
    for sign in _possible_signs(text, start, end):
        if sign.after(text, end) and sign.before(before[-sign.reach :]):
            return not PICTURE.search(before[-PICTURE_DISTANCE:])
    return False


def _possible_signs(text: str, start: int, end: int) -> Iterator[SignPattern]:
    rest = len(text) - end
    if start <= HEAD_LENGTH and match_head_ending(text, end):
        yield from HEAD_SIGNS
    if rest <= TAIL_LENGTH:
        yield from TAIL_SIGNS
    if rest <= END_LENGTH:
        yield from END_SIGNS
        if " " in text[start:end]:
            yield FULL_NAME
        if not CYRILLIC.search(text[-TAIL_LENGTH:]):
            yield DASHED
