"""One normal form for outlet names, and the few weaker readings that are tried after it.

``normalize_name`` is what two spellings of one name have in common: "The Straits Times" and "straits  times",
"Cañon" and "Canon", "Stars & Stripes" and "Stars and Stripes". It never drops a word that tells two
outlets apart. Whatever does (a country in brackets, a tagline, "Online") is a reading of its own with a
lower confidence.
"""

import re
import unicodedata

from service.core.resolve.vocabulary import COUNTRIES, LANGUAGES

MAX_NAME_LENGTH = 160
"""Characters of a name that are looked at; the longest outlet name has about a hundred."""

MAX_WORD_LENGTH = 64
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


def normalize_name(name: str) -> str:
    """Lower case, no accents, no punctuation, "&" as "and", single spaces, no leading "the".

    >>> [normalize_name(text) for text in ("The Cañon City Record", "Al-Jazeera", "U.S. News & World Report")]
    ['canon city record', 'al jazeera', 'us news and world report']
    """
    name = name[:MAX_NAME_LENGTH]
    words = (name.lower().translate(_ASCII) if name.isascii() else _fold(name)).split()
    if "." in name:
        words = _join_initials(words)
    first = 0
    while first < len(words) - 1 and words[first] == "the":
        first += 1
    return " ".join(words[first:])[:MAX_NAME_LENGTH].rstrip()


def _join_initials(words: list[str]) -> list[str]:
    """Words with the initials of "U.S. News" put together. What was one word with dots is one again."""
    joined: list[str] = []
    open_end = False
    for word in words:
        if len(word) == 1 and open_end:
            joined[-1] += word
        else:
            joined.append(word)
        open_end = len(word) == 1
    return joined


def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = _ODD.sub(lambda found: _LETTERS.get(found[0], ""), _ACCENTS.sub("", folded))
    return _SEPARATING.sub(" ", letters)


def strip_spaces(key: str) -> str:
    """Return a normal form without its spaces: "al jazeera" and "aljazeera" are one."""
    return key.replace(" ", "")


_MARK = re.compile("[-–—|·•»›>:~]|//")
_TITLE = re.compile(r"\s(?:[-–—|·•»›>:~]+|//)\s|[|»›]|\b[-–—]\s")


def split_title(name: str) -> list[str]:
    """Split a page title such as "World news | The Guardian", read from its end when it is long."""
    if not _MARK.search(name):
        return []
    parts = [part for part in map(str.strip, _TITLE.split(name[-MAX_NAME_LENGTH:].strip(" |-–—»>"))) if part]
    return parts if len(parts) > 1 else []


def split_brackets(name: str) -> tuple[str, str] | None:
    """Return a name and what stands in brackets behind it: "The Straits Times (Singapore)"."""
    if "(" not in name and "[" not in name and "（" not in name:
        return None
    name = name[:MAX_NAME_LENGTH].rstrip()
    start = max(name.rfind("("), name.rfind("["), -1 if name.isascii() else name.rfind("（"))
    return (name[:start], name[start + 1 :].rstrip(")]） ")) if start > 0 else None


def split_country(key: str) -> tuple[str, str] | None:
    """Return a normal form that ends in a country's name: what stands before it, and the country's code.

    >>> split_country("guardian nigeria")
    ('guardian', 'NG')
    """
    rest, space, last = key.rpartition(" ")
    if space and (code := COUNTRIES.get(last)):
        return rest, code
    rest, space, first = rest.rpartition(" ")
    code = COUNTRIES.get(f"{first} {last}") if space else None
    return (rest, code) if code else None


_CALL = re.compile(r"[wk][a-z]{2,3}")
_LISTED = re.compile(r"^([WK][A-Z]{2,3})(?:/([WK][A-Z]{2,3}))?(?![A-Za-z.'’])|\s-\s([WK][A-Z]{2,3})(?:-TV)?$")

_KINDS = """
tv dt ld cd am fm hd news newschannel channel local live now today first alert eyewitness action team your
the abc nbc cbs fox cw pbs npr mynetworktv my ion univision telemundo radio station television public on
side and
"""
_SAID_WITH = frozenset(_KINDS.split())
_BRANDED = re.compile(
    r"\d{1,4}(?:abc|nbc|cbs|fox|cw|news|tv|am|fm)?|(?:abc|nbc|cbs|fox|cw|news|tv|am|fm)\d{1,4}"
)


def find_call_signs(name: str) -> list[str]:
    """Return the call signs that a listed name such as ``KHBS/KHOG - Fort Smith News`` opens or closes with.

    >>> [find_call_signs(name) for name in ("KHBS/KHOG - Fort Smith News", "NBC Los Angeles - KNBC", "WIRED")]
    [['KHBS', 'KHOG'], ['KNBC'], []]
    """
    return [call for groups in _LISTED.findall(name.replace("\\", "/")) for call in groups if call]


def parse_call_sign(key: str) -> str | None:
    """Return the call sign in a normal form that says nothing else but network, channel and kind: "wfaa
    8abc".

    >>> parse_call_sign("wfaa 8abc"), parse_call_sign("who dt"), parse_call_sign("who is who")
    ('wfaa', 'who', None)
    """
    if key[:1] not in ("w", "k") and " w" not in key and " k" not in key:
        return None
    words = key.split()
    calls = [word for word in words[:1] + words[-1:] if _CALL.fullmatch(word) and word not in _SAID_WITH]
    if len(words) < 2 or not calls:
        return None
    words.remove(calls[0])
    said = all(word in _SAID_WITH or _BRANDED.fullmatch(word) for word in words)
    return calls[0] if said else None


MIN_LABEL_LENGTH = 5
"""Letters of a domain's first label from which on a name that spells it is taken for it."""

MAX_SECOND_LEVEL_LENGTH = 3
"""Letters of a second-level suffix such as "co" or "com"; a longer one is a site, with outlets under it."""


def derived_names(name: str) -> list[str]:
    """Return what a listed name says beside itself: call signs, an abbreviation, itself without ".com"."""
    said = find_call_signs(name)
    parts = split_brackets(name)
    if parts and is_abbreviation(parts[1]):
        said += parts
    short, dot, suffix = name.rpartition(".")
    if dot and suffix.lower() in ("com", "org", "net") and len(short) >= MIN_LABEL_LENGTH - 1:
        said.append(short)
    return said


def strip_qualifier(name: str) -> str | None:
    """Return a listed name without a note that tells it from others: "The Herald" of "The Herald
    (Everett)".
    """
    parts = split_brackets(name)
    if not parts or is_abbreviation(parts[1]) or normalize_name(parts[1]) in LANGUAGES:
        return None
    return parts[0]


def registrable_label(domain: str) -> str:
    """Return the label under which a domain is registered, if it is the first one: "bbc" of ``bbc.co.uk``."""
    label, _, suffix = domain.partition(".")
    second = suffix.rpartition(".")[0]
    return label.replace("-", "") if len(second) <= MAX_SECOND_LEVEL_LENGTH else ""


def is_abbreviation(note: str) -> bool:
    """Tell whether a note in brackets is the name's own abbreviation ("AFP"), not a place ("UAE")."""
    return note.isupper() and note.isalpha() and 3 <= len(note) <= 6 and note.lower() not in COUNTRIES
