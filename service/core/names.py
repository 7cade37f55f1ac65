"""One normal form for outlet names, and the few weaker readings that are tried after it.

``normal`` is what two spellings of one name have in common: "The Straits Times" and "straits  times",
"Cañon" and "Canon", "Stars & Stripes" and "Stars and Stripes". It never drops a word that tells two
outlets apart; whatever does (a country in brackets, a tagline, "Online") is a reading of its own with a
lower confidence.
"""

import re
import unicodedata

from service.core.words import COMMON_WORDS, PRESS_WORDS, WEB_WORDS

LONGEST_NAME = 160
"""Characters of a name that are looked at; the longest outlet name has about a hundred."""

LONGEST_WORD = 64
"""Characters without a blank from which on a text is no name."""

_UNSEEN = "\u00ad\u034f\u061c\u0640\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Marks that a reader cannot see: soft hyphen, joiners, direction marks, Arabic stretching."""

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670]+")
"""Accents of Latin, Greek, Cyrillic; points of Hebrew, vowel signs of Arabic. Elsewhere marks are letters."""

_SEPARATING = re.compile(r"[^\w\u0900-\u109f\u1780-\u17ff\u3099\u309a]+|_+")
_ODD = re.compile(f"[{_UNSEEN}'’‘`´ʻʼ&øłđıæœðþħ]")
_LETTERS = dict(zip("øłđıðħ", "oldidh", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th", "&": " and "}

_ASCII = str.maketrans(
    {c: " " for c in map(chr, range(128)) if not c.isalnum()} | {"'": None, "`": None, "&": " and "}
)


def normal(name: str) -> str:
    """Lower case, no accents, no punctuation, "&" as "and", single spaces, no leading "the".

    >>> normal("The Cañon City Daily Record"), normal("Al-Jazeera"), normal("U.S. News & World Report")
    ('canon city daily record', 'al jazeera', 'us news and world report')
    """
    name = name[:LONGEST_NAME]
    words = (name.lower().translate(_ASCII) if name.isascii() else _plain(name)).split()
    if "." in name:
        words = _joined(words)
    first = 0
    while first < len(words) - 1 and words[first] == "the":
        first += 1
    return " ".join(words[first:])[:LONGEST_NAME].rstrip()


def _joined(words: list[str]) -> list[str]:
    """Words with the initials of "U.S. News" put together; what was one word with dots is one again."""
    joined: list[str] = []
    open_end = False
    for word in words:
        if len(word) == 1 and open_end:
            joined[-1] += word
        else:
            joined.append(word)
        open_end = len(word) == 1
    return joined


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = _ODD.sub(lambda found: _LETTERS.get(found[0], ""), _ACCENTS.sub("", folded))
    return _SEPARATING.sub(" ", letters)


def squashed(key: str) -> str:
    """A normal form without its spaces: "al jazeera" and "aljazeera" are one."""
    return key.replace(" ", "")


_MARK = re.compile("[-–—|·•»›>:~]")
_TITLE = re.compile(r"\s[-–—|·•»›>:~]+\s+|\s*[|»›]\s*|:\s")


def title_parts(name: str) -> list[str]:
    """The parts of a page title such as "Tuko.co.ke - Kenya news." or "World news | The Guardian"."""
    if not _MARK.search(name):
        return []
    name = name[:LONGEST_NAME].strip(" |-–—»>")
    return [part for part in _TITLE.split(name) if part] if _TITLE.search(name) else []


def bracketed(name: str) -> tuple[str, str] | None:
    """A name and what stands in brackets behind it: "The Straits Times (Singapore)"."""
    if "(" not in name and "[" not in name and "（" not in name:
        return None
    name = name[:LONGEST_NAME].rstrip()
    start = max(name.rfind("("), name.rfind("["), -1 if name.isascii() else name.rfind("（"))
    return (name[:start], name[start + 1 :].rstrip(")]） ")) if start > 0 else None


def without_press_word(key: str) -> str | None:
    """A normal form without a last word such as "online", if what is left can name an outlet alone."""
    rest, space, last = key.rpartition(" ")
    if not space or last not in PRESS_WORDS:
        return None
    if last in WEB_WORDS:
        return rest
    words = rest.split()
    return (
        None
        if words[-1] in COMMON_WORDS or all(word in COMMON_WORDS for word in words) or len(rest) < 4
        else rest
    )
