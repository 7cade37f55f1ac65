"""Write the letters of a text in one way, with bounded work."""

import re
import unicodedata
from itertools import islice

GROWING = re.compile("[\u3300-\u3357\ufdfa\ufdfb]")
"""Characters that stand for whole words: NFKC makes up to 18 of one."""

MOST_GROWING = 40
"""Of these, a text is read up to the next."""


def composed(text: str) -> str:
    """Return ``text`` with each letter written in one way (NFKC), up to where too many characters grow."""
    grown = islice(GROWING.finditer(text), MOST_GROWING, None)
    end = next((found.start() for found in grown), None)
    return unicodedata.normalize("NFKC", text[:end])
