"""Tell whether a text is signed with a name: in a dateline, a byline, a source line or at the end."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

Place = Literal["head", "tail", "end"]

# Characters at the front of a text, near its end and right at its end where it is signed.
HEAD_LENGTH, TAIL_LENGTH, END_LENGTH = 160, 100, 10

# Characters before a name that a sign may take up, unless it starts where the text does.
MAX_SIGN_LENGTH = 40

# Characters before a name in which "photo" says that only the picture is the agency's.
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


def is_signed(text: str, start: int, end: int) -> bool:
    """Say whether ``text`` is signed with the name that stands from ``start`` to ``end``."""
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
