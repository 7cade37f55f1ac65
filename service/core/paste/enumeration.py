"""Read an enumeration: "Reuters, Fox News and the BBC"."""

import re

from service.core.paste.boilerplate import is_boilerplate, strip_annotations
from service.core.paste.outlet_names import MAX_NAME_WORDS, read_name, strip_count
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host

_COMMA = re.compile(r"\s*[,;|]\s*")
_COMMA_OR_AND = re.compile(
    r"\s*[,;|]\s*(?:(?:and|or|&)\s+)?|\s+(?:and|or|&|und|et|y|with|avec)\s+", re.IGNORECASE
)


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
        names = [read_name(catalog, piece) or _read_host(piece) for piece in pieces]
        known = len(names) - names.count("")
        if known >= min_names and known * 2 >= min(len(parts), len(whole)):
            entries = (
                name or _read_unknown(catalog, piece, keep_unknown)
                for name, piece in zip(names, pieces, strict=True)
            )
            found = list(filter(None, entries))
            best = max(best, (known, -len(found), found))
    return best[2]


def _read_host(text: str) -> str:
    return text if "." in text and find_host(text) else ""


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
