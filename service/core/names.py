"""One normal form for outlet names, so that "The Straits Times" and "straits times" are one name."""

import unicodedata

LONGEST_NAME = 300
"""Characters of a name that are looked at; no outlet's name comes near it."""


def normal(name: str) -> str:
    """Lower case, no accents, no punctuation, single spaces, no leading article."""
    folded = unicodedata.normalize("NFKD", name[:LONGEST_NAME]).casefold()
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
