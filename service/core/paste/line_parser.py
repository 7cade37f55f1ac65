"""Pick the outlets out of one line of a page, or out of a line that lists several.

A line is cut where pages cut theirs ("Reuters · 3 hours ago", "Headline - Reuters", "Author / Outlet:").
A part is taken when it is an outlet's name and nothing else. Names inside a sentence count when they are
enumerated ("Reuters, Fox News and the BBC report"), never when a headline mentions one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

from service.core.distribution import MAX_CACHED_LENGTH, MAX_CACHED_TEXTS, resolve_cache
from service.core.paste.boilerplate import AGGREGATORS, BOILERPLATE, is_boilerplate, strip_annotations
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host, parse_address
from service.core.resolve.match import ALIAS, SETTLED, Match
from service.core.resolve.normalization import normalize_name
from service.core.resolve.redirects import may_redirect

MAX_NAME_CHARS = 60
"""Characters of a part that can be an outlet's name on a page."""
MAX_NAME_WORDS = 6
MAX_LINE_CHARS = 4_000
"""Characters of a line of a page, or of a part of a list, in which names are looked for."""

URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
BULLET = re.compile(r"(?:[-*+•–—·▪●◦►▶→>#]+|#?\d{1,4}[.):])\s+")
TRAILING_PUNCTUATION = ".,;:!?…*_'\"”’»"
_ASSET_URL = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|woff2?|mp4)(?:[?#].*)?$", re.IGNORECASE)
_LINK = re.compile(r"!?\[[^\[\]]*\]\((https?:[^()\s]*)\)", re.IGNORECASE)
_RELATIVE_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?!https?:)[^()\s]*\)")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HOST_DOT = re.compile(r"\.(?:[^\W\d_]{2}|xn--|[^\x00-\x7f])", re.IGNORECASE)
"""How the last label of a host begins: "a.b" and "3.5" are none."""
_GAP = re.compile(r"\s{2,}")
_SEPARATOR = re.compile(r"\s+[-–—|·•/:»›]+\s+|\s*[|·•»›\t]\s*|\s+via\s+|\s*—\s*")
_LIST_SEPARATOR = re.compile(r"\s*[,;|]\s*(?:(?:and|or|&)\s+)?|\s+(?:and|or|&|und|et|y)\s+", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\s+(?:and|&|und|et|y|e|en|i)\s+")
_LABEL = re.compile(
    r"(?:discussion|more|via|sources?|covered by|reported by|reporting by|coverage|see also|also|reports?"
    r"|published (?:by|in|on)|publisher|from|outlets?|related|read more (?:at|on|in)|read (?:at|on|in)"
    r"|continue reading (?:at|on|in)|originally (?:published|appeared) (?:by|in|on)|first published (?:by|in)"
    r"|according to"
    r"|this (?:article|story) (?:first |originally )?appeared (?:in|on)|courtesy of|credit|by|author)"
    r"\s*:?\s+",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(?:sources?|outlets?|publishers?|domains?|hosts?|urls?|names?|more|discussion)\s*:\s+", re.IGNORECASE
)
_COMMAS = str.maketrans({"،": ",", "、": ",", "，": ",", "؛": ";", "；": ";"})
_REPORTING_VERB = re.compile(
    r"\s+(?:all\s+|also\s+|both\s+|have\s+|has\s+)?(?:reports?|reported|reporting|says?|said|covers?|covered|writes?|wrote|published"
    r"|publish(?:es)?|confirm(?:s|ed)?|carr(?:y|ies|ied)|noted?|broke|ran|had"
    r"|bericht(?:en|et)|meld(?:en|et)|schreib(?:en|t)|informan?|rapport(?:ent|e))\b.*$"
)
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]")
_CITATION_BREAK = re.compile(r"[\"”][.,]?\s+|\.\s+|,\s+")
"""Where a citation is cut: ‘"A headline". Reuters. 3 November 2025.’"""
_NAME_RUN = (
    r"(?:[Tt]he\s+)?[A-Z0-9][\w.&'’+-]*(?:\s+(?:of|the|and|&|for|de|der|la|le|in|[A-Z0-9][\w.&'’+-]*)){0,5}"
)
_ENUMERATION = re.compile(rf"{_NAME_RUN}(?:\s*,\s*(?:and\s+)?{_NAME_RUN})+|{_NAME_RUN}")


def resolve_cached(catalog: Catalog, text: str) -> Match:
    """Return what ``text`` means. The parts of a page repeat, so short ones are remembered."""
    return resolve_cache(catalog)(text) if len(text) <= MAX_CACHED_LENGTH else resolve(catalog, text)


def extract_outlets(catalog: Catalog, line: str) -> list[str]:
    """Return what ``line`` of a page names: its addresses, else the names that stand alone in it."""
    urls = [strip_trailing_punctuation(url) for url in URL.findall(line)]
    found = [url for url in urls if _may_be_article(catalog, url)]
    rest = _TAG.sub(" | ", _RELATIVE_LINK.sub(r"\1", URL.sub(" ", line) if urls else line))
    rest = _GAP.sub("\t", rest[:MAX_LINE_CHARS]).strip()
    hosts = list(_find_hosts(catalog, rest))
    return found or hosts or ([] if urls and "<" not in line else _find_names(catalog, strip_bullet(rest)))


def strip_bullet(line: str) -> str:
    """Return ``line`` without the bullet or number it opens with."""
    return BULLET.sub("", line, count=1) if BULLET.match(line) else line


def strip_trailing_punctuation(url: str) -> str:
    """Return ``url`` without the punctuation around it. A bracket stays when it closes its own."""
    bare = url.rstrip(TRAILING_PUNCTUATION + ")]")
    closes = url[len(bare) :].startswith(")") and bare.count("(") > bare.count(")")
    return bare + ")" if closes else bare


def split_list(catalog: Catalog, line: str) -> list[str]:
    """Return the entries of one line of a list. A name with a comma in it stays whole."""
    line = strip_annotations(_LINK.sub(r"\1", strip_bullet(line)).strip().strip("|").strip()) or line
    line = _FIELD.sub("", line) or line
    if find_host(line) or _is_known(catalog, line):
        return [line]
    whole, line = line, _GAP.sub("\t", line).translate(_COMMAS)
    parts = [part for part in re.split(r"[,;\s]+", line) if part]
    if len(parts) > 1 and all(map(find_host, parts)):
        return parts
    for mark in (r"\s*[;|\t]\s*", r"\s*,\s*", r"\s+[-–—/·•]\s+|\s*[·•]\s*"):
        parts = [part for part in re.split(mark, line) if part]
        if len(parts) < 2 or max(map(len, parts)) > MAX_LINE_CHARS:
            continue
        if fine := _split_enumeration(catalog, parts, sure=";" in mark and _are_short(parts)):
            return fine
    return [whole]


def _split_enumeration(catalog: Catalog, parts: Sequence[str], *, sure: bool) -> list[str]:
    """Return the parts of a line when they are entries: most of them are known, or the marks are sure."""
    *rest, last = parts
    last = last if _is_known(catalog, last) else _REPORTING_VERB.sub("", last)
    parts = [
        half
        for part in (*rest, last)
        for half in _split_conjunction(catalog, strip_annotations(part.strip()))
    ]
    kept = [part for part in parts if not is_boilerplate(part)]
    if any(part[:1].islower() and part.endswith(".") for part in kept):
        return []
    known = [part for part in kept if _is_known(catalog, part)]
    # One word behind a name is more often its town than an outlet: "The Herald, Glasgow".
    alike = len(known) * 2 == len(kept) and all(" " in part for part in kept if part not in known)
    return kept if kept and (sure or len(known) * 2 > len(kept) or alike) else []


def _are_short(parts: Sequence[str]) -> bool:
    return all(len(part.split()) < MAX_NAME_WORDS for part in parts)


def _split_conjunction(catalog: Catalog, part: str) -> list[str]:
    """Return "B" and "C" of "B and C". A name such as "Town and Country" stays whole."""
    part = re.sub(r"^(?:and|or|&)\s+", "", part)
    if _is_known(catalog, part):
        return [part]
    for mark in _CONJUNCTION.finditer(part):
        halves = [part[: mark.start()], part[mark.end() :]]
        if any(_is_known(catalog, half) for half in halves):
            return halves
    return [part]


def _is_known(catalog: Catalog, text: str) -> bool:
    match = resolve_cached(catalog, text)
    return match.status in ("ambiguous", "platform") or bool(match.how and match.how.confidence >= SETTLED)


def is_name(catalog: Catalog, text: str, min_confidence: float = SETTLED) -> bool:
    """Tell whether ``text`` is the name of one outlet, written as a name is, and not furniture."""
    return 1 < len(text) <= MAX_NAME_CHARS and _cached_is_name(catalog)(text, min_confidence)


@lru_cache(maxsize=2)
def _cached_is_name(catalog: Catalog) -> Callable[[str, float], bool]:
    """Return ``_is_name`` for one catalog with a bounded memory, kept until the next but one is served."""
    return lru_cache(MAX_CACHED_TEXTS)(partial(_is_name, catalog))


def _is_name(catalog: Catalog, text: str, min_confidence: float) -> bool:
    if text[-1:] in tuple("!?:;,") or (text.islower() and text.isascii()):
        return False
    if text[-1:] == "." and text.count(".") == 1:
        return False
    if (
        " ".join(text.casefold().split()) in BOILERPLATE
        or normalize_name(text).isdigit()
        or is_boilerplate(text)
    ):
        return False
    how = resolve_cached(catalog, text).how
    return how is not None and how.confidence >= min_confidence


def _may_be_article(catalog: Catalog, url: str) -> bool:
    """Tell whether an address on a page may be an outlet's: no picture, no platform, no aggregator."""
    if _ASSET_URL.search(url[:2000]):
        return False
    match = resolve_cached(catalog, url)
    named = match.outlet.name if match.outlet else ""
    return match.status != "platform" and normalize_name(named) not in AGGREGATORS


def _find_hosts(catalog: Catalog, text: str) -> Iterator[str]:
    for word in text.split():
        host = word.strip(TRAILING_PUNCTUATION + "()[]<>«“‘|")
        if _HOST_DOT.search(host) and "@" not in host and _may_be_listed(catalog, host):
            outlet = resolve_cached(catalog, host).outlet
            if outlet and normalize_name(outlet.name) not in AGGREGATORS:
                yield host


def _may_be_listed(catalog: Catalog, text: str) -> bool:
    """Tell whether a host is worth a longer look: most words with a dot are no listed host."""
    address = parse_address(text)
    if address is None:
        return False
    return not text.isascii() or catalog.hosts.find(address.host) is not None or may_redirect(address.host)


def _find_names(catalog: Catalog, line: str) -> list[str]:
    whole = strip_annotations(line.strip(" |"))
    if is_name(catalog, whole):
        return [whole]
    label = _LABEL.match(line)
    if label and (listed := _find_enumerated(catalog, line[label.end() :].strip(" ."), min_names=1)):
        return listed
    parts = [strip_annotations(part) for part in _SEPARATOR.split(line.strip().removesuffix(":")) if part]
    parts = [part for part in parts if not is_boilerplate(part)]
    names = [part for part in parts if is_name(catalog, part)]
    if len(names) * 2 > len(parts):
        return names
    first, *_ = parts or [""]
    for part in (*parts[:-3:-1], first) if len(parts) > 1 or line.endswith(":") else ():
        if is_name(catalog, part):
            return [part]
        if listed := _find_enumerated(
            catalog, re.sub(_LABEL, "", part, count=1), min_names=1 if _LABEL.match(part) else 2
        ):
            return listed
    return _find_before_colon(catalog, line) or _find_in_sentence(catalog, line)


def _find_before_colon(catalog: Catalog, line: str) -> list[str]:
    """Return the outlet of "Reuters: a headline", and the outlets of "Read it: Reuters | BBC"."""
    head, colon, tail = line.partition(":")
    if colon and tail[:1].isspace() and is_name(catalog, head.strip(), ALIAS):
        return [head.strip()]
    return _find_enumerated(catalog, tail.strip(" ."), min_names=2) if colon else []


def _find_enumerated(catalog: Catalog, text: str, min_names: int) -> list[str]:
    """Return the names of an enumeration that holds at least ``least`` of them, and little else."""
    parts = [strip_annotations(part.strip()) for part in _LIST_SEPARATOR.split(text) if part.strip()]
    whole = [strip_annotations(part.strip()) for part in re.split(r"\s*[,;|]\s*", text) if part.strip()]
    found = max(([p for p in each if is_name(catalog, p)] for each in (whole, parts)), key=len)
    return found if len(found) >= min_names and len(found) * 2 >= min(len(parts), len(whole)) else []


def _find_in_sentence(catalog: Catalog, line: str) -> list[str]:
    """Return the names that a sentence enumerates, and the one that stands in brackets at its edge."""
    found: list[str] = []
    for run in _ENUMERATION.finditer(line):
        words = run[0]
        if "," in words or re.search(r"\s(?:and|&)\s", words):
            found += _find_enumerated(catalog, words, min_names=2)
    if found:
        return found
    noted = [each[1].strip() for each in _BRACKETED.finditer(line)]
    cited = (
        [part.strip() for part in _CITATION_BREAK.split(line)[1:]] if re.search(r"[\"”][.,]?\s", line) else []
    )
    return [name for name in (*noted, *cited) if is_name(catalog, name, ALIAS)]
