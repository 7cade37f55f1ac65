"""MBFC's words: how each is spelled here, and what it is worth on the scale."""

import re
from collections.abc import Sequence

DOUBT = "Right or Right-Center"
"""A page line that was cut short: the side is known, the step is not; half way until settled."""
SETTLED = ("Right", "Right-Center")
LEANLESS = ("Questionable Sources", "Conspiracy-Pseudoscience")

STEPS: dict[str, float] = {
    "Far Left or Extreme Left": -3,
    "Left": -2,
    "Left-Center": -1,
    "Least Biased": 0,
    "Right-Center": 1,
    DOUBT: 1.5,
    "Right": 2,
    "Far Right or Extreme Right": 3,
    "Far Left": -3,
    "Extreme Left": -3,
    "Far Right": 3,
    "Extreme Right": 3,
    "Alt-Right": 3,
}
SIDED = ("Extreme Left", "Far Left", "Left", "Right", "Far Right", "Extreme Right", "Alt-Right")
KINDS = ("Conspiracy", "Pseudoscience", "Conspiracy-Pseudoscience")
SCALE: dict[str, float | None] = {
    **STEPS,
    **{f"{step} {kind}": STEPS[step] for step in SIDED for kind in KINDS},
    "Questionable Sources": None,
    "Conspiracy-Pseudoscience": None,
    "Pro-Science": None,
    "Satire": None,
    "Not Rated": None,
}


def label_of(text: str) -> str:
    """MBFC's word for a lean in one spelling; ``Not Rated`` for what names none.

    >>> label_of("RIGHT CENTER"), label_of("far-right bias"), label_of("right – conspiracy and pseudoscience")
    ('Right-Center', 'Far Right', 'Right Conspiracy-Pseudoscience')
    """
    known = {label.casefold(): label for label in SCALE}
    if text.casefold() in known:
        return known[text.casefold()]
    words = re.findall("[a-z]+", text.casefold())
    if "pro" in words or "satire" in words:
        return "Satire" if "satire" in words else "Pro-Science"
    kinds = [kind for kind, stem in (("Conspiracy", "conspir"), ("Pseudoscience", "ps")) if _any(words, stem)]
    label = " ".join(part for part in (_step(words), "-".join(kinds)) if part)
    return label if label in SCALE else "Not Rated"


def _any(words: Sequence[str], stem: str) -> bool:
    return any(word.startswith(stem) for word in words)


def _step(words: Sequence[str]) -> str:
    side = next((word.title() for word in words if word in ("left", "right")), "")
    if not side:
        return ""
    if "center" in words:
        return f"{side}-Center"
    reach = next((word.title() for word in words if word in ("extreme", "far", "alt")), "")
    return f"Alt-{side}" if reach == "Alt" else f"{reach} {side}".strip()
