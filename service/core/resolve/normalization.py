"""One normal form for outlet names, and the parts into which a name can be taken.

The normal form is what two spellings of one name have in common: "The Straits Times" and "straits  times",
"Cañon" and "Canon", "Stars & Stripes" and "Stars and Stripes". It never drops a word that tells two outlets
apart.
"""

import html
import re
import unicodedata

from service.core.countries import COUNTRY_NAMES
from service.core.resolve.vocabulary import CONNECTIVES, LANGUAGE_CODES

# The longest outlet name has about a hundred characters.
MAX_NAME_LENGTH = 160
# A text of this many characters without a blank is no name.
MAX_WORD_LENGTH = 64
# A page title can be longer than a name; its publisher stands at the end.
MAX_TITLE_LENGTH = 512
# Folding may add letters: an accent each in Latin, two in Hangul, seventeen in U+FDFA. More are cut off.
MAX_FOLDED_LENGTH = 2 * MAX_NAME_LENGTH
# A name without its ".com" is no shorter.
MIN_SHORT_LENGTH = 4
# "co" and "com" are second-level suffixes; a longer label is a site with outlets under it.
MAX_SECOND_LEVEL_LENGTH = 3

# Soft hyphen, joiners, direction marks, Arabic stretching.
_INVISIBLE = "\u00ad\u034f\u061c\u0640\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Accents of Latin, Greek, Cyrillic; points of Hebrew, vowel signs of Arabic. Elsewhere marks are letters.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670]+")
_SEPARATORS = re.compile(r"[^\w\u0900-\u109f\u1780-\u17ff\u3099\u309a]+|_+")
_INITIAL = re.compile(r"(?<!\S)(\S) (?=\S(?: |$))")
_SPECIAL = re.compile(f"[{_INVISIBLE}'’‘`´ʻʼ&øłđıæœðþħ]")
_LETTERS = dict(zip("øłđıðħ", "oldidh", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th", "&": " and "}
_ASCII = str.maketrans(
    {c: " " for c in map(chr, range(128)) if not c.isalnum()} | {"'": None, "`": None, "&": " and "}
)


def normalize_name(name: str) -> str:
    """Lower case, no accents, no punctuation, "&" as "and", single spaces, no leading "the".

    >>> normalize_name("The Cañon City Daily Record"), normalize_name("U.S. News & World Report")
    ('canon city daily record', 'us news and world report')
    """
    name = name[:MAX_NAME_LENGTH]
    words = (name.lower().translate(_ASCII) if name.isascii() else _fold(name)).split()
    if "." in name:
        # The initials of "U.S. News" stand together.
        words = _INITIAL.sub(r"\1", " ".join(words)).split(" ")
    first = 0
    while first < len(words) - 1 and words[first] == "the":
        first += 1
    return " ".join(words[first:])[:MAX_NAME_LENGTH].rstrip()


def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name)[:MAX_FOLDED_LENGTH].casefold()
    if not unicodedata.is_normalized("NFKD", folded):
        folded = unicodedata.normalize("NFKD", folded)[:MAX_FOLDED_LENGTH]
    letters = _SPECIAL.sub(lambda found: _LETTERS.get(found[0], ""), _ACCENTS.sub("", folded))
    return _SEPARATORS.sub(" ", letters)


_DECORATION = re.compile(r"\s*(?:\d{1,3}[.)]\s|[-*•·–—]\s|via\s|(?i:via|source|quelle|fuente)\s?:\s)\s*")
_COUNT = re.compile(r"\s*[(\[]\d{1,5}[)\]]\s*$")
_LINK = re.compile(r"\[[^\]]*\]\((https?://[^)\s]+)\)|[^<>]*<(https?://[^>\s]+)>|feed[:/]+(https?://\S+)")


def find_link(text: str) -> str | None:
    """Return the address that a name is written with: Markdown, angle brackets, a feed reader's id.

    >>> find_link("[Fox News](https://www.foxnews.com)"), find_link("feed/https://apnews.com/rss")
    ('https://www.foxnews.com', 'https://apnews.com/rss')
    """
    found = _LINK.fullmatch(text.strip()) if "://" in text else None
    return next(filter(None, found.groups())) if found else None


def strip_decoration(name: str) -> str:
    """Return a name without what lists put around it: entities, numbers, bullets, attributions, counts.

    >>> strip_decoration("1. Barron&#39;s"), strip_decoration("via Fox News (12)")
    ("Barron's", 'Fox News')
    """
    if "&" in name and ";" in name:
        name = html.unescape(name)
    if found := _DECORATION.match(name):
        name = name[found.end() :]
    return _COUNT.sub("", name)


_TITLE_MARK = re.compile("[-–—|·•»›>:~]|//")
_TITLE_SEPARATOR = re.compile(r"\s(?:[-–—|·•»›>:~]+|//)\s|[|»›]|\b[-–—]\s")


def split_title(name: str) -> list[str]:
    """Split a page title such as "World news | The Guardian", read from its end when it is long."""
    if not _TITLE_MARK.search(name):
        return []
    parts = _TITLE_SEPARATOR.split(name[-MAX_NAME_LENGTH:].strip(" |-–—»>"))
    parts = [part for part in map(str.strip, parts) if part]
    return parts if len(parts) > 1 else []


def split_note(name: str) -> tuple[str, str] | None:
    """Return a name and the note behind it: "The Straits Times (Singapore)"."""
    if name[-1:] not in (")", "]", "）"):
        return None
    start = max(name.rfind("("), name.rfind("["), name.rfind("（"))
    return (name[:start].rstrip(), name[start + 1 : -1].strip()) if start > 0 else None


_NOT_OTHER, _NOT_LATIN = r"[\W\d_\x00-\u036f]", r"[\W\d_\u0370-\U0010ffff]"
_LATIN_FIRST = re.compile(rf"({_NOT_OTHER}*)([^\W\d_\x00-\u036f]{_NOT_LATIN}*)")
_LATIN_LAST = re.compile(rf"({_NOT_LATIN}*)([^\W\d_\u0370-\U0010ffff]{_NOT_OTHER}*)")


def split_scripts(name: str) -> tuple[str, str] | None:
    """Return the two names in "연합뉴스-Yonhap News Agency", or those in "RG.ru Rossiyskaya Gazeta"."""
    if name.isascii():
        first, _, rest = name.partition(" ")
        return (first, rest) if rest and first[1:-1].count(".") and first[-1].isalnum() else None
    found = _LATIN_FIRST.fullmatch(name) or _LATIN_LAST.fullmatch(name)
    return (found[1], found[2]) if found and found[1] else None


_CALL_SIGNS = re.compile(
    r"^([WK][A-Z]{2,3})(?:/([WK][A-Z]{2,3}))?(?![A-Za-z.'’])|\s-\s([WK][A-Z]{2,3})(?:-TV)?$"
)


def find_call_signs(name: str) -> list[str]:
    """Return the call signs that a listed name such as ``KHBS/KHOG - Fort Smith News`` opens or closes with.

    >>> find_call_signs("KHBS/KHOG - Fort Smith News"), find_call_signs("WIRED")
    (['KHBS', 'KHOG'], [])
    """
    return [call for groups in _CALL_SIGNS.findall(name.replace("\\", "/")) for call in groups if call]


def derived_names(name: str) -> list[str]:
    """Return names within a listed one: call signs, an abbreviation, itself without ".com"."""
    derived = find_call_signs(name)
    parts = split_note(name)
    if parts and is_abbreviation(parts[1]):
        derived += parts
    short, dot, suffix = name.rpartition(".")
    if dot and suffix.lower() in ("com", "org", "net") and len(short) >= MIN_SHORT_LENGTH:
        derived.append(short)
    return derived


def split_qualifier(name: str) -> tuple[str, str] | None:
    """Return a listed name and the note that tells it from others: "The Herald" and "Everett"."""
    parts = split_note(name)
    if not parts or is_abbreviation(parts[1]) or normalize_name(parts[1]) in LANGUAGE_CODES.values():
        return None
    return parts


def registrable_label(domain: str) -> str:
    """Return the label under which a domain is registered, if it is the first one: "bbc" of ``bbc.co.uk``."""
    label, _, suffix = domain.partition(".")
    second = suffix.rpartition(".")[0]
    return label.replace("-", "") if len(second) <= MAX_SECOND_LEVEL_LENGTH else ""


def is_abbreviation(note: str) -> bool:
    """Return True for a name's own abbreviation ("AFP"), False for a place ("UAE")."""
    return note.isupper() and note.isalpha() and 3 <= len(note) <= 6 and note.lower() not in COUNTRY_NAMES


def spell_initials(key: str) -> set[str]:
    """Return the initials of a normal form, with and without its small words.

    >>> sorted(spell_initials("european council on foreign relations"))
    ['ecfr', 'ecofr']
    """
    words = key.split()
    large = (word for word in words if word not in CONNECTIVES)
    return {"".join(word[0] for word in group) for group in (words, large)}
