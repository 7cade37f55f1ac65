"""Read a piece of a page as the name of one outlet, or as an enumeration: "Reuters, Fox News and the BBC"."""

import re
from collections.abc import Callable
from functools import lru_cache, partial

from service.core.paste.boilerplate import BOILERPLATE, is_boilerplate, strip_annotations
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host
from service.core.resolve.match import SETTLED
from service.core.resolve.name_index import HOUSEHOLD_NAME
from service.core.resolve.normalization import normalize_name

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_CACHED_NAMES = 16_384
# A time, a side or a count that stands beside a name.
MAX_ANNOTATION_CHARS = 40
DECORATION = " .|\t»›→←★☆•·>/"

# A brand's own newsletter is the brand: "The Seattle Times Daily Briefing".
_PRODUCT = re.compile(
    r"(?:\s+(?:daily|morning|midday|evening|nightly|weekly|weekend|breaking|news|top))*"
    r"\s+(?:briefing|brief|newsletter|digest|update|headlines|alerts?|rundown|roundup|staff)$",
    re.IGNORECASE,
)
_COUNT_SUFFIX = re.compile(r"\s*[(\[]\d{1,4}[)\]]$")
_COMMA = re.compile(r"\s*[,;|]\s*")
_COMMA_OR_AND = re.compile(
    r"\s*[,;|]\s*(?:(?:and|or|&)\s+)?|\s+(?:and|or|&|und|et|y|with|avec)\s+", re.IGNORECASE
)


def is_name(catalog: Catalog, text: str, min_confidence: float = SETTLED) -> bool:
    """Return True if ``text`` is the name of one outlet, written as a name is, and no boilerplate."""
    return text != "" and text == read_name(catalog, text, min_confidence)


def read_name(catalog: Catalog, text: str, min_confidence: float = SETTLED) -> str:
    """Return the outlet's name that ``text`` is, without what pages write before and behind one."""
    if len(text) > MAX_NAME_CHARS + MAX_ANNOTATION_CHARS:
        return ""
    return next((name for name, sure in _cached_reader(catalog)(text) if sure >= min_confidence), "")


@lru_cache(maxsize=2)
def _cached_reader(catalog: Catalog) -> Callable[[str], list[tuple[str, float]]]:
    # Kept until the next catalog but one is served.
    return lru_cache(MAX_CACHED_NAMES)(partial(_read_names, catalog))


def _read_names(catalog: Catalog, text: str) -> list[tuple[str, float]]:
    """Return each name that ``text`` may be, the least shortened first, and how sure that is."""
    text = strip_count(text.strip(DECORATION))
    bare = strip_count(strip_annotations(text))
    names = dict.fromkeys((text, bare, _PRODUCT.sub("", bare)))
    return [(name, sure) for name in names if (sure := _confidence(catalog, name))]


def _confidence(catalog: Catalog, text: str) -> float:
    if not 1 < len(text) <= MAX_NAME_CHARS or text.endswith((*"!?:;,…", "..")):
        return 0
    if text.islower() and text.isascii() and text[0] != "@":
        return 0
    words = " ".join(text.casefold().split())
    if words in BOILERPLATE or normalize_name(text).isdigit() or is_boilerplate(text):
        return 0
    match = resolve(catalog, text)
    if match.outlet is None or match.rule is None:
        return 0
    # Alone on a page, a name that little-known papers bear too is the household name.
    is_household_name = match.candidates and match.outlet.known >= HOUSEHOLD_NAME
    return max(match.rule.confidence, SETTLED if is_household_name else 0)


def strip_count(text: str) -> str:
    return _COUNT_SUFFIX.sub("", text)


def find_enumerated(catalog: Catalog, text: str, min_names: int, *, keep_unknown: bool = False) -> list[str]:
    """Return the parts of an enumeration that holds at least ``min_names`` names, and little else.

    In a line that only enumerates, parts that are no listed name are entries too.
    """
    text = text.strip(" .")
    whole, parts = (
        [part.strip() for part in mark.split(text) if part.strip()] for mark in (_COMMA, _COMMA_OR_AND)
    )
    if len(parts) < min_names:
        return []
    best: tuple[int, int, list[str]] = (0, 0, [])
    for pieces in (whole, parts) if whole != parts else (parts,):
        names = [
            read_name(catalog, piece) or (piece if "." in piece and find_host(piece) else "")
            for piece in pieces
        ]
        known = len(names) - names.count("")
        if known >= min_names and known * 2 >= min(len(parts), len(whole)):
            entries = (
                name or _read_unknown(catalog, piece, keep_unknown)
                for name, piece in zip(names, pieces, strict=True)
            )
            found = list(filter(None, entries))
            best = max(best, (known, -len(found), found))
    return best[2]


def _read_unknown(catalog: Catalog, text: str, keep_unknown: bool) -> str:
    """Return the entry that a part is which is no name of one outlet: one that several bear, or none."""
    text = strip_count(strip_annotations(text.strip(" .")))
    if (
        not (text[:1].isupper() or text[:1].isdigit())
        or len(text.split()) > MAX_NAME_WORDS
        or text.endswith(("…", ".."))
        or is_boilerplate(text)
    ):
        return ""
    return text if keep_unknown or resolve(catalog, text).status == "ambiguous" else ""
