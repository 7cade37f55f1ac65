"""Finding the agency to which an article credits its text.

Only where a text is signed does a name count: a dateline, a byline, a source line, the end. An agency that
is quoted ("told Reuters", "according to AFP"), pictured ("Photo: AP") or helped ("with inputs from PTI") is
not the author, and a text that credits two agencies is the outlet's own digest.
"""

import re
from typing import Literal, NamedTuple

from service.core.agencies import AGENCIES, Agency

Field = Literal["source", "title", "excerpt"]

HEAD, TAIL = 160, 100
"""Characters at the front and at the end of a text where it is signed."""


class Credit(NamedTuple):
    """The agency a text is credited to, the field that says so, and the words that say it."""

    agency: Agency
    field: Field
    words: str


BY_NAME: dict[str, Agency] = {name.casefold(): agency for agency in AGENCIES for name in agency.names}
BY_CODE: dict[str, Agency] = {code: agency for agency in AGENCIES for code in agency.codes}
KEYS = re.compile(r"\w+")
SPACED = frozenset(
    word for name in (*BY_NAME, *(code.casefold() for code in BY_CODE)) for word in KEYS.findall(name)
)
"""Every word of every name: a text without any of them credits nobody, and most texts have none."""

UNSPACED = tuple(name for name in BY_NAME if re.search(r"[\u3040-\u30ff\u3400-\u9fff]", name))


def _one_of(names: list[str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(names, key=len, reverse=True))


_NAMES, _CODES = _one_of(list(BY_NAME)), _one_of(list(BY_CODE))
_CJK = _one_of(list(UNSPACED) + [name for name in BY_NAME if re.search(r"[\uac00-\ud7af]", name)])
NAME = rf"(?P<name>(?i:{_NAMES})|{_CODES})(?:/[a-z]{{2,4}}|-AFX)?"
OPEN, CLOSE, DASH = r"[(\[（【［/]", r"[)\]）】］/]", r"[-–—―|]"
NEXT = r"(?=\s*(?:$|[|,;:/–—-]|[^\W\d_a-zà-ÿ]|\d))"
"""After a byline comes the end, a mark or a capital; a small letter would go on with a sentence."""

SOURCE_WORD = (
    r"(?:Source|Quelle|Fuente|Fonte|Bron|Kaynak|Źródło|Källa|Источник|Джерело"
    r"|المصدر|来源|來源|出典|출처|स्रोत)"
)
IN_HEAD = (
    re.compile(rf"{OPEN}\s*{NAME}\s*{CLOSE}"),
    re.compile(rf"{OPEN}[^)\]）】］]{{0,20}}?[=＝\s　日]?(?P<name>{_CJK})\s*{CLOSE}", re.IGNORECASE),
    re.compile(rf"(?P<name>{_CJK})[^。，,]{{0,25}}?[电電]", re.IGNORECASE),
    re.compile(rf"^[^.!?:;]{{2,60}}?\s{DASH}\s{NAME}\s?(?:{DASH}\s|[.:]\s)"),
    re.compile(rf"^{NAME}\s{DASH}{{1,2}}\s"),
    re.compile(
        rf"^(?i:By|Von|Par|Por|Da|Door|De|От)\s(?:[^.|:]{{3,60}}?(?:,|\s(?:of|for|with)\b)\s)?"
        rf"(?i:the\s|la\s|l['’])?{NAME}{NEXT}"
    ),
)
IN_TAIL = (
    re.compile(rf"{OPEN}\s*{NAME}\s*{CLOSE}\s*[.。…]?$"),
    re.compile(rf"(?i:{SOURCE_WORD})\s?[:：]\s?(?i:the\s)?{NAME}\s?\.?$"),
    re.compile(rf"(?:©|\((?i:c)\)|(?i:copyright))\s?(?:\d{{4}}\s)?(?i:by\s|the\s)*{NAME}(?![/\w])"),
    re.compile(rf"(?:^|[\s.!?…»”\"])(?i:By|Von|Par|Por)\s(?i:the\s)?{NAME}$"),
)
DASHED_TAIL = re.compile(rf"(?:[\s.!?…»”\"。]){DASH}{{1,2}}\s?{NAME}\s?\.?$")
PICTURE = re.compile(
    r"(?i)\b(?:photo|foto|image|imagen|immagine|bild|picture|pic|video|graphic|фото|صورة|görsel|fotoğraf)\w*\W*\w*\W*$"
    r"|(?:写真|画像|图片?|圖片?|사진)\W*\w*\W*$"
)
CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
COMPONENT = re.compile(r"\s+via\s+|\s*[/|,()\[\]–—·]\s*|\s+-\s+", re.IGNORECASE)


def credit(source: str | None, title: str | None, excerpt: str | None) -> Credit | None:
    """The one agency that the article credits, if it credits exactly one."""
    found = [*_in_source(source or ""), *_in_text(title or "", "title"), *_in_text(excerpt or "", "excerpt")]
    return found[0] if len({each.agency.name for each in found}) == 1 else None


def agency_of(text: str) -> Agency | None:
    """The agency that goes by exactly this name."""
    name = text.strip().removeprefix("The ").removeprefix("the ")
    return BY_CODE.get(name) or BY_NAME.get(name.casefold())


def _in_source(source: str) -> list[Credit]:
    """A source that is, or has as a part, an agency: "AFP", "Reuters via Example", "Example/dpa"."""
    parts = COMPONENT.split(source[:HEAD])
    return [Credit(agency, "source", part.strip()) for part in parts if (agency := agency_of(part))]


def _in_text(text: str, field: Field) -> list[Credit]:
    if not _may_credit(text):
        return []
    text = " ".join(text.split())
    head, tail = text[:HEAD], text[-TAIL:]
    found = [_read(match, head, field) for pattern in IN_HEAD if (match := pattern.search(head))]
    found += [_read(match, tail, field) for pattern in IN_TAIL if (match := pattern.search(tail))]
    # In Russian and Ukrainian a dash and a name at the end quote the agency: "Путин готов — Reuters".
    if not CYRILLIC.search(tail) and (match := DASHED_TAIL.search(tail)):
        found.append(_read(match, tail, field))
    return [each for each in found if each]


def _may_credit(text: str) -> bool:
    if not text:
        return False
    ends = (text[: 2 * HEAD] + " " + text[-2 * TAIL :]).casefold()
    return not SPACED.isdisjoint(KEYS.findall(ends)) or any(name in ends for name in UNSPACED)


def _read(match: re.Match[str], text: str, field: Field) -> Credit | None:
    agency = agency_of(" ".join(match["name"].split()))
    if agency is None or PICTURE.search(text[max(0, match.start() - 30) : match.start("name")]):
        return None
    return Credit(agency, field, match[0].strip()[-60:])
