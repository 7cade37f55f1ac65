"""An entry that holds several outlets: it is not split, but its record says so."""

import re
from collections.abc import Callable

from service.core.resolve.match import Match

MAX_LIST_LENGTH = 512
"""Characters of an entry that are looked at."""

MAX_PARTS = 20
MAX_SHOWN = 3
MAX_SHOWN_LENGTH = 40

_PARTING = re.compile(r"[,;|\s]")
_SEPARATOR = re.compile(r"[,;|\n\r\t]|\s[&/+]\s|\s(?=https?://)", re.IGNORECASE)


def may_hold_several(text: str) -> bool:
    """Take a quick look: a text of letters and blanks alone holds one name."""
    parting = len(text) <= MAX_LIST_LENGTH and _PARTING.search(text)
    return bool(parting) and not text.replace(" ", "").isalnum()


def multi_entry_hint(text: str, meaning: Callable[[str], Match]) -> str | None:
    """Return what to say of a text that holds at least two outlets. ``meaning`` resolves a part of it.

    Ask only for a text that may hold several.
    """
    if _SEPARATOR.search(text):
        parts = _SEPARATOR.split(text, MAX_PARTS)
    elif " " in text and all("." in word for word in text.split()):
        parts = text.split(None, MAX_PARTS)
    else:
        return None
    parts = [part.strip() for part in parts if part.strip()]
    outlets = {match.outlet.domain for part in parts if (match := meaning(part)).outlet}
    return _format_hint(parts) if len(outlets) > 1 else None


def _format_hint(parts: list[str]) -> str:
    shown = ", ".join(f'"{part[:MAX_SHOWN_LENGTH]}"' for part in parts[:MAX_SHOWN])
    rest = " …" if len(parts) > MAX_SHOWN else ""
    return f"looks like {len(parts)} entries: {shown}{rest}; send each as its own entry"
