"""Pick the outlets out of one line of a page, or out of a line that lists several.

A line is cut where pages cut theirs ("Reuters · 3 hours ago", "Headline - Reuters", "Author / Outlet:").
A part is taken when it is an outlet's name and nothing else. What sentences say of outlets is read by
``attribution``: a headline that mentions one never counts.
"""

import re
from collections.abc import Iterator, Sequence

from service.core.paste.attribution import find_after_byline, find_cited, find_in_prose
from service.core.paste.boilerplate import AGGREGATORS, is_boilerplate, strip_annotations
from service.core.paste.outlet_names import MAX_NAME_WORDS, find_enumerated, read_name
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host, parse_address
from service.core.resolve.match import SETTLED
from service.core.resolve.normalization import normalize_name
from service.core.resolve.redirects import may_redirect

# Of a line of a page, and of a part of a list, names are looked for in so many characters.
MAX_LINE_CHARS = 4_000

URL = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
BULLET = re.compile(r"(?:[-*+•–—·▪●◦►▶→>#]+|#?\d{1,4}[.):])\s+")
TRAILING_PUNCTUATION = ".,;:!?…*_'\"”’»"
_ASSET_URL = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|woff2?|mp4)(?:[?#].*)?$", re.IGNORECASE)
_LINK = re.compile(r"!?\[[^\[\]]*\]\((https?:[^()\s]*)(?:\s+[\"'][^()]*)?\)", re.IGNORECASE)
_RELATIVE_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?!https?:)[^()\s]*(?:\s+[\"'][^()]*)?\)")
_TAG = re.compile(r"<[^<>]{0,2000}>")
# How the last label of a host begins: "a.b" and "3.5" are none.
_HOST_DOT = re.compile(r"\.(?:[^\W\d_]{2}|xn--|[^\x00-\x7f])", re.IGNORECASE)
_HOST_SEPARATOR = re.compile(r"[\s·•|]+")
_GAP = re.compile(r"\s{2,}")
_SEPARATOR = re.compile(r"\s+[-–—|·•/:»›]+\s+|\s*[|·•»›\t]\s*|\s+via\s+|\s*—\s*")
_CONJUNCTION = re.compile(r"\s+(?:and|&|und|et|y|e|en|i)\s+")
# What stands before a list of outlets, and what stands before whoever wrote or published one text.
_LIST_LABEL = re.compile(
    r"(?:discussion|more(?: from| at| on)?|sources?|(?:covered|reported|reporting) by|coverage|see also|also"
    r"|reports?|publishers?|outlets?|related)\s*:?\s+",
    re.IGNORECASE,
)
_ORIGIN_LABEL = re.compile(
    r"(?:(?:(?:shared|sent|forwarded)\s+)?(?:via|from)|rt(?=\s+@)|h/t"
    r"|(?:this (?:article|story) (?:was )?)?(?:first |originally )?(?:published|appeared) (?:by|in|on)"
    r"|(?:continue )?read(?:ing)?(?: (?:the|more|full|original|rest|of|story|article|post))* (?:at|on|in)"
    r"|according to|courtesy of|credit|by|author)\s*:?\s+",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(?:sources?|outlets?|publishers?|domains?|hosts?|urls?|names?|more|discussion)\s*:\s+", re.IGNORECASE
)
_COMMAS = str.maketrans({"،": ",", "、": ",", "，": ",", "؛": ";", "；": ";"})
_REPORTING_VERB = re.compile(
    r"\s+(?:all\s+|also\s+|both\s+|have\s+|has\s+)?(?:reports?|reported|reporting|says?|said|covers?|covered"
    r"|writes?|wrote|published|publish(?:es)?|confirm(?:s|ed)?|carr(?:y|ies|ied)|noted?|broke|ran|had"
    r"|bericht(?:en|et)|meld(?:en|et)|schreib(?:en|t)|informan?|rapport(?:ent|e))\b.*$"
)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


def extract_outlets(catalog: Catalog, line: str) -> list[str]:
    """Find the addresses in a line of a page, and the names that stand alone in it."""
    urls = [strip_trailing_punctuation(url) for url in URL.findall(line)]
    links = [url for url in urls if _may_be_article(catalog, url)]
    rest = _TAG.sub(" | ", _RELATIVE_LINK.sub(r"\1", URL.sub(" ", line) if urls else line))
    rest = _GAP.sub("\t", rest[:MAX_LINE_CHARS]).strip()
    hosts = list(_find_hosts(catalog, rest))
    names = _find_names(catalog, strip_bullet(rest))
    if hosts and not names:
        for host in hosts:
            rest = rest.replace(host, "\t", 1)
        names = _find_names(catalog, strip_bullet(rest))
    if names:
        # An address of no listed host beside a name is that name's link.
        links = [url for url in links if resolve(catalog, url).outlet]
    return list(dict.fromkeys((*links, *hosts, *names)))


def strip_bullet(line: str) -> str:
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
    match = resolve(catalog, text)
    return match.status in ("ambiguous", "platform") or bool(match.rule and match.rule.confidence >= SETTLED)


def _may_be_article(catalog: Catalog, url: str) -> bool:
    """Return True if an address on a page may be an outlet's: no picture, no platform, no aggregator."""
    if _ASSET_URL.search(url[:2000]):
        return False
    match = resolve(catalog, url)
    named = match.outlet.name if match.outlet else ""
    return match.status != "platform" and normalize_name(named) not in AGGREGATORS


def _find_hosts(catalog: Catalog, text: str) -> Iterator[str]:
    for word in _HOST_SEPARATOR.split(text):
        host = word.strip(TRAILING_PUNCTUATION + "()[]<>«“‘|")
        if _HOST_DOT.search(host) and "@" not in host and _may_be_listed(catalog, host):
            outlet = resolve(catalog, host).outlet
            if outlet and normalize_name(outlet.name) not in AGGREGATORS:
                yield host


def _may_be_listed(catalog: Catalog, text: str) -> bool:
    # Most words with a dot are no listed host, and not worth a longer look.
    address = parse_address(text)
    if address is None:
        return False
    return not text.isascii() or catalog.hosts.find(address.host) is not None or may_redirect(address.host)


def _find_names(catalog: Catalog, line: str) -> list[str]:
    line = _EMPHASIS.sub("", line).strip(" |\t")
    if not line:
        return []
    found = (
        _find_in_text(catalog, line)
        or _find_in_parts(catalog, line)
        or _find_before_colon(catalog, line)
        or find_enumerated(catalog, line, min_names=2, keep_unknown=True)
        or find_in_prose(catalog, line)
    )
    return found + find_cited(catalog, line)


def _find_in_text(catalog: Catalog, text: str) -> list[str]:
    """Return the name that ``text`` is, or the names behind its label ("More: Reuters, BBC", "By AP")."""
    if name := read_name(catalog, text):
        return [name]
    if label := _LIST_LABEL.match(text):
        return find_enumerated(catalog, text[label.end() :], min_names=1, keep_unknown=True)
    label = _ORIGIN_LABEL.match(text)
    return find_enumerated(catalog, text[label.end() :], min_names=1) if label else []


def _find_in_parts(catalog: Catalog, line: str) -> list[str]:
    """Return the names among the parts of a line that separators cut, the last parts first."""
    parts = [part.strip() for part in _SEPARATOR.split(line.removesuffix(":")) if part.strip()]
    if parts == [line]:
        return []
    parts = [part for part in parts if not is_boilerplate(strip_annotations(part))]
    names = [name for part in parts if (name := read_name(catalog, part))]
    if len(names) * 2 > len(parts):
        return names
    first, *_ = parts or [""]
    for part in (*parts[:-3:-1], first) if len(parts) > 1 or line.endswith(":") else ():
        found = (
            _find_in_text(catalog, part)
            or find_enumerated(catalog, part, min_names=2)
            or find_after_byline(catalog, part)
        )
        if found:
            return found
    return []


def _find_before_colon(catalog: Catalog, line: str) -> list[str]:
    """Return the outlet of "Reuters: a headline", and the outlets of "Read it: Reuters | BBC"."""
    head, colon, tail = line.partition(":")
    if not colon or not tail[:1].isspace():
        return []
    said = head.rpartition(",")[2].strip()
    label = _ORIGIN_LABEL.match(said)
    if name := read_name(catalog, said[label.end() :] if label else said):
        return [name]
    by = find_after_byline(catalog, head)
    return by or find_enumerated(catalog, tail, min_names=2, keep_unknown=True)
