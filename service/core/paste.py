"""Pasted text → the entries in it: a list one a line, or a story page out of which they are picked.

A page is picked with care: every URL, every host that is listed, and every line that is an outlet's name and
nothing else. What is left out is counted, so that a reader can see whether something is missing.
"""

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import host_of
from service.core.resolve.match import SETTLED
from service.core.resolve.names import normal

Form = Literal["list", "page"]

MOST_WORDS = 12
"""Words of a line that can still be one entry; a longer line is prose, and the text a page."""

LONGEST_NAME = 60
"""Characters of a line that can be an outlet's name on a page."""

_FURNITURE = """
about advertisement all article articles bias business center climate comment comments contact context
coverage culture discourse edition entertainment environment events extra factuality focus follow health
home insider international issue latest lean left life live local media menu metro more nation national
nature news newsletter next opinion opinions page panorama paper people podcast podcasts point politics
post press profile reporter right science search share shop sources sport sports stand standard story style
subscribe summary tab tag tech technology thread timeline times today travel trending unrated us video
videos view voices week weekend world
"""
_PHRASES = (
    "far left|far right|lean left|lean right|fact check|read more|the latest|top stories|see more|show more"
)
FURNITURE = frozenset(_FURNITURE.split()) | frozenset(_PHRASES.split("|"))
"""What pages are furnished with; some outlets bear such a name, but not many without their article."""

_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*•–·]|\d{1,4}[.)])\s+")
_TRAILING = ".,;:!?…*_'\"”’»"


class Pasted(Struct, frozen=True):
    """The entries found, how the text was read, and how many of its lines held none."""

    form: Form
    entries: tuple[str, ...]
    lines: int
    left_out: int


def read(catalog: Catalog, text: str, form: Form | None = None) -> Pasted:
    """The entries of ``text``; ``form`` says how to read it, ``None`` leaves that to the text itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    form = form or ("page" if any(map(_is_prose, lines)) else "list")
    if form == "list":
        return Pasted(form, tuple(entry for line in lines for entry in _listed(line)), len(lines), 0)
    picked = {line: tuple(_picked(catalog, line)) for line in dict.fromkeys(lines)}
    found = [picked[line] for line in lines]
    entries = tuple(dict.fromkeys(entry for entries in found for entry in entries))
    return Pasted(form, entries, len(lines), sum(1 for entries in found if not entries))


def _is_prose(line: str) -> bool:
    return len(line.split(maxsplit=MOST_WORDS)) > MOST_WORDS or len(_URL.findall(line)) > 1


def _listed(line: str) -> list[str]:
    """The entry of one line, without its bullet; hosts with commas between them are several."""
    line = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    parts = [part for part in re.split(r"[,;\s]+", line) if part]
    return parts if len(parts) > 1 and all(map(host_of, parts)) else [line]


def _picked(catalog: Catalog, line: str) -> Iterator[str]:
    urls = [_without_tail(url) for url in _URL.findall(line)]
    yield from urls
    rest = _URL.sub(" ", line) if urls else line
    name = _BULLET.sub("", rest, count=1) if _BULLET.match(rest) else rest.strip()
    if not urls and _is_name(catalog, name):
        yield name
        return
    for word in rest.split():
        host = word.strip(_TRAILING + "()[]<>«“‘")
        if "." in host and "@" not in host and host_of(host) and resolve(catalog, host).outlet:
            yield host


def _is_name(catalog: Catalog, line: str) -> bool:
    """Whether ``line`` is the name of one outlet, written as a name is, and no furniture of the page."""
    if len(line) > LONGEST_NAME or line[-1:] in tuple(".!?:;,") or (line.islower() and line.isascii()):
        return False
    if " ".join(line.casefold().split()) in FURNITURE or normal(line).isdigit():
        return False
    how = resolve(catalog, line).how
    return how is not None and how.confidence >= SETTLED


def _without_tail(url: str) -> str:
    """``url`` without the punctuation of the sentence around it; a bracket stays when it closes its own."""
    bare = url.rstrip(_TRAILING + ")]")
    closes = url[len(bare) :].startswith(")") and bare.count("(") > bare.count(")")
    return bare + ")" if closes else bare
