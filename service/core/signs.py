"""How a text is signed: what stands before and after the name of an agency that wrote it."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Place = Literal["head", "tail"]

HEAD, TAIL = 160, 100
"""Characters at the front and at the end of a text where it is signed."""

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
    """What must stand right ``before`` and right ``after`` a name, and where in the text that counts."""

    place: Place
    before: re.Pattern[str]
    after: re.Pattern[str]


def _sign(place: Place, before: str, after: str) -> Sign:
    return Sign(place, re.compile(before + "$"), re.compile(SUFFIX + after))


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
"""A sentence of nothing but a name, if it is no mere code, that might be a caption's."""

DASHED = _sign("tail", rf"(?:[\s。]|{SENTENCE_END}){DASH}{{1,2}}\s?{THE}", r"\s?\.?$")
"""In Russian and Ukrainian a dash and a name at the end quote the agency: "Путин готов — Reuters"."""


def is_signed(text: str, start: int, end: int) -> bool:
    """Whether ``text`` is signed with the name that stands from ``start`` to ``end``."""
    before, is_head, is_tail = text[max(0, start - HEAD) : start], start <= HEAD, len(text) - end <= TAIL
    for sign in _signs(text, text[start:end]):
        here = is_head if sign.place == "head" else is_tail
        if here and sign.after.match(text, end) and sign.before.search(before):
            return not PICTURE.search(before[-NEAR:])
    return False


def _signs(text: str, name: str) -> Iterator[Sign]:
    yield from SIGNS
    if " " in name:
        yield FULL_NAME
    if not CYRILLIC.search(text[-TAIL:]):
        yield DASHED
