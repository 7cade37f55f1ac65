"""Read a piece of a page as the name of one outlet, with what pages glue to names taken off."""

import re
from collections.abc import Callable
from functools import lru_cache, partial

from service.core.paste.boilerplate import BOILERPLATE, is_boilerplate, strip_annotations
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import SETTLED
from service.core.resolve.normalization import normalize_name

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_CACHED_NAMES = 16_384
# A time, a side or a count that stands beside a name.
MAX_ANNOTATION_CHARS = 40

# A brand's own newsletter is the brand: "The Seattle Times Daily Briefing".
_PRODUCT = re.compile(
    r"(?:\s+(?:daily|morning|midday|evening|nightly|weekly|weekend|breaking|news|top))*"
    r"\s+(?:briefing|brief|newsletter|digest|update|headlines|alerts?|rundown|roundup)$",
    re.IGNORECASE,
)
_COUNT_SUFFIX = re.compile(r"\s*[(\[]\d{1,4}[)\]]$")


def is_name(catalog: Catalog, text: str, min_confidence: float = SETTLED) -> bool:
    """Return True if ``text`` is the name of one outlet, written as a name is, and no boilerplate."""
    return 1 < len(text) <= MAX_NAME_CHARS and _cached_is_name(catalog)(text, min_confidence)


@lru_cache(maxsize=2)
def _cached_is_name(catalog: Catalog) -> Callable[[str, float], bool]:
    # Kept until the next catalog but one is served.
    return lru_cache(MAX_CACHED_NAMES)(partial(_is_name, catalog))


def _is_name(catalog: Catalog, text: str, min_confidence: float) -> bool:
    if text.endswith((*"!?:;,…", "..")) or (text.islower() and text.isascii() and text[0] != "@"):
        return False
    words = " ".join(text.casefold().split())
    if words in BOILERPLATE or normalize_name(text).isdigit() or is_boilerplate(text):
        return False
    rule = resolve(catalog, text).rule
    return rule is not None and rule.confidence >= min_confidence


def read_name(catalog: Catalog, text: str, min_confidence: float = SETTLED) -> str:
    """Return the outlet's name that ``text`` is, without what pages write before and behind one."""
    text = strip_count(text.strip(" .|\t"))
    if len(text) > MAX_NAME_CHARS + MAX_ANNOTATION_CHARS:
        return ""
    for name in (text, *_shorten(text)):
        if is_name(catalog, name, min_confidence):
            return name
    return ""


def strip_count(text: str) -> str:
    return _COUNT_SUFFIX.sub("", text)


@lru_cache(MAX_CACHED_NAMES)
def _shorten(text: str) -> list[str]:
    """Return ``text`` without side label and time, and that without its count and the kind of newsletter."""
    bare = strip_annotations(text)
    shorter = _PRODUCT.sub("", strip_count(bare))
    return [each for each in dict.fromkeys((bare, shorter)) if each != text]
