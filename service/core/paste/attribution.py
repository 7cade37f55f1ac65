"""Find the outlets that prose names as a source: bylines, credits, references, "X reported", "told X"."""

import re

from service.core.paste.boilerplate import is_boilerplate
from service.core.paste.outlet_names import find_enumerated, is_name, read_name
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import EXACT, SETTLED

MIN_PROSE_WORDS = 6
MAX_BYLINE_CHARS = 200
MAX_PERSON_WORDS = 4
MIN_WORD_CHARS = 5

_RUN = (
    r"(?:[Tt]he\s+)?[A-Z0-9][\w.&'’+-]*(?:\s+(?:of|the|and|&|for|de|der|la|le|in|[A-Z0-9][\w.&'’+-]*)){0,5}"
)
_ENUMERATION = re.compile(rf"{_RUN}(?:\s*,\s*(?:and\s+)?{_RUN})+|{_RUN}")
_CONJUNCTION = re.compile(r"\s(?:and|&)\s")
_SENTENCE_BREAK = re.compile(r"(?<=[^\W\d_A-Z]{2}[.!?])[\"”’)\]]*\s+|(?<=[.!?][\"”’)\]])\s+|(?<=\d[.!?])\s+")
# Where a reference is cut: ‘"A headline". Reuters. 3 November 2025.’
_CITATION_BREAK = re.compile(r"[\"”][.,]?\s+|[.,]\s+")
_QUOTE_END = re.compile(r"[\"”][.,]?\s|['’],\s")

_PERSON = r"(?!The\b)[^\W\d_a-z][\w.’'-]+(?:\s+(?:de|da|van|von|der|bin|al|el|la|[^\W\d_a-z][\w.’'-]*)){1,3}"
_PERSONS = re.compile(rf"{_PERSON}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+){_PERSON}){{0,4}}")
_BY = re.compile(r"(?:(?:written|reported|reporting|story)\s+)?by:?\s+", re.IGNORECASE)
_BYLINE_JOINT = re.compile(r"\s*[,|/·•–—]\s*|\s+(?:for|of|at)\s+")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]")
_BRACKET_SEPARATOR = re.compile(r"\s*[,;|/]\s*")

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright)[\s©]*(?:\d{4}(?:\s*[-–]\s*\d{2,4})?,?\s+)?(?:(?:provided\s+)?by\s+)?(?P<name>[^.,;|()]{2,60}?)"
    r"(?=\s+(?:Company|Co|Inc|LLC|Ltd|Group|Media|All Rights)\b|[.,;|()]|$)",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(rf"\b(?P<name>{_RUN}?)(?:\s+(?:File\s+)?Photo)?/(?={_PERSON})")
_HANDLE = re.compile(r"\b(?:via|from|by|source:?|h/t)\s+(?P<name>@\w{2,30})\b", re.IGNORECASE)

_REPORTS = (
    r"(?:reports?|reported|says|said|writes|wrote|notes|noted|quote[sd]|cite[sd]|published|publishes"
    r"|(?:leads|led) (?:with|on)|goes with|splashe[sd]|argue[sd]|calls|called|describe[sd]|claims|claimed"
    r"|reveals|revealed|confirms|confirmed|covers|covered|features|featured|warns|warned|asks|asked|highlights"
    r"|highlighted|mentions|mentioned|interviewed|profile[sd]|estimate[sd])"
)
_SUBJECT = re.compile(
    rf"(?:^|[,;:]\s+|\b(?:and|as|but|that|while|which|where)\s+)[\"“‘]?(?P<name>{_RUN}?)(?:['’]s front page)?"
    rf"\s+(?:(?:also|has|have|had|first)\s+)?{_REPORTS}\b"
)
# Behind "said" a person is as likely: the name has to be written as outlets are ("said The Guardian").
_SOURCE = re.compile(
    r"\b(?:told|[Aa]ccording to|(?:interview|speaking) (?:with|to)"
    r"|(?:reported|published|revealed|obtained|cited|quoted|referenced|featured) (?:by|in)"
    r"|(?:appeared|published) (?:first |originally )?(?:on|in)"
    r"|(?:wrote|writes|said|says|reported|reports)(?=\s+(?:[Tt]he\s|[A-Z0-9]+\b|\S+\s+[A-Z])))"
    rf"\s+(?P<name>{_RUN})"
)
# "Yle the Finns": a run of names may go on behind the first.
_RUN_JOINT = re.compile(r"\s(?:the|and|in|for)\s")


def find_in_prose(catalog: Catalog, line: str) -> list[str]:
    """Return the names that sentences enumerate, credit or quote."""
    found: list[str] = []
    is_prose = line.rstrip('"”’)] ').endswith((".", "!", "?")) and len(line.split()) >= MIN_PROSE_WORDS
    sentences = [each for each in _SENTENCE_BREAK.split(line) if each.strip()]
    for sentence in sentences:
        name = read_name(catalog, sentence) if len(sentences) > 1 else ""
        # "Deputy Atty. Gen. Roe": a short word with a full stop is rather an abbreviation.
        if len(name) >= MIN_WORD_CHARS or name.isupper():
            found.append(name)
            continue
        found += find_after_byline(catalog, sentence) or _find_credited(catalog, sentence)
        for run in _ENUMERATION.finditer(sentence):
            if "," in run[0] or _CONJUNCTION.search(run[0]):
                found += find_enumerated(catalog, run[0], min_names=2)
        for bracket in _BRACKETED.finditer(sentence):
            found += _find_in_bracket(catalog, bracket[1])
        if is_prose or len(sentences) > 1:
            found += _find_attributed(catalog, sentence)
    return found


def find_after_byline(catalog: Catalog, text: str) -> list[str]:
    """Return the outlet behind its author: "Jane Doe, Los Angeles Times", "By Jane Doe of Reuters"."""
    if len(text) > MAX_BYLINE_CHARS:
        return []
    by = _BY.match(text)
    text = (text[by.end() :] if by else text).strip(" .")
    for joint in reversed(list(_BYLINE_JOINT.finditer(text))):
        name = read_name(catalog, text[joint.end() :])
        if name and (by or not joint[0].isspace()) and _PERSONS.fullmatch(text[: joint.start()]):
            return [name]
    words = text.split() if by else []
    for start in range(2, min(len(words), MAX_PERSON_WORDS + 1)):
        if name := read_name(catalog, " ".join(words[start:])):
            return [name]
    return []


def _find_in_bracket(catalog: Catalog, text: str) -> list[str]:
    pieces = [piece for piece in _BRACKET_SEPARATOR.split(text) if not is_boilerplate(piece)]
    names = [name for piece in pieces if (name := read_name(catalog, piece))]
    return names if len(names) == len(pieces) else find_after_byline(catalog, text)


def _find_credited(catalog: Catalog, text: str) -> list[str]:
    credited = (*_COPYRIGHT.finditer(text), *_PHOTO_CREDIT.finditer(text), *_HANDLE.finditer(text))
    return [name for each in credited if (name := read_name(catalog, each["name"]))]


def find_cited(catalog: Catalog, line: str) -> list[str]:
    """Return the outlets of a reference: ‘"A headline". Reuters. 3 November 2025.’"""
    parts = _CITATION_BREAK.split(line)[1:] if _QUOTE_END.search(line) else []
    return [name for part in parts if (name := read_name(catalog, part))]


def _find_attributed(catalog: Catalog, sentence: str) -> list[str]:
    """Return the outlets that a sentence names as having said something, or been told it."""
    found: list[str] = []
    for pattern in (_SUBJECT, _SOURCE):
        for each in pattern.finditer(sentence):
            name = each["name"].rstrip(".")
            cuts = [joint.start() for joint in _RUN_JOINT.finditer(name)] if pattern is _SOURCE else []
            # "ABC and El País reported": the verb is that of the last one too.
            names = (name, *(name[:cut] for cut in cuts), name.rpartition(" and ")[2])
            found += [cut for cut in names if _is_distinct_name(catalog, cut)][:1]
    return found


def _is_distinct_name(catalog: Catalog, text: str) -> bool:
    # "Time said" is no attribution to a magazine, and a government is quoted, it does not report.
    sure = EXACT if text.isalpha() and not text.isupper() else SETTLED
    return is_name(catalog, text, sure) and not resolve(catalog, text).key.endswith(".gov")
