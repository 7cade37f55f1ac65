"""Figures → pictures: a distribution as an SVG bar, an outlet's bias as an SVG badge.

The pictures stand alone: no style sheet, no script, no font and no request to anywhere. Letters carry what
the colours say, so a reader who cannot tell the colours apart, or whose country swaps them, loses nothing.
"""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal

from markupsafe import Markup
from msgspec import Meta, Struct

from service.core.bias import SIDES, Side
from service.core.figures import FEWEST_RATED, largest_remainder, sentence_of

MEDIA_TYPE = "image/svg+xml; charset=utf-8"
LONGEST_NAME = 40
"""Characters of an outlet's name that a badge shows."""
GAP = 2
THINNEST = 3
"""Pixels of a segment that is not empty, however small its share: a voice that is there can be seen."""
NARROW, MIDDLE, BROAD, WHOLE = 0.4, 0.65, 0.88, 1.0
"""Widths of letters in ems, on the safe side for the bold of the fonts named in ``FONTS``."""
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Verdana, sans-serif"

Theme = Literal["light", "dark"]
Colors = Literal["blue-left", "red-left"]
Width = Annotated[int, Meta(ge=120, le=1200, description="pixels")]
Height = Annotated[int, Meta(ge=16, le=96, description="pixels")]


class Ink(Struct, frozen=True):
    """A ground and the text on it; every pair has a contrast of at least 4.5 : 1."""

    ground: str
    text: str


BLUE, RED, GRAY, PLAIN = range(4)
INKS: dict[Theme, tuple[Ink, Ink, Ink, Ink]] = {
    "light": (
        Ink("#1f5196", "#ffffff"),
        Ink("#b3303a", "#ffffff"),
        Ink("#98a1ad", "#12161c"),
        Ink("#e9ecf0", "#363e49"),
    ),
    "dark": (
        Ink("#74abf2", "#10141b"),
        Ink("#f28b82", "#10141b"),
        Ink("#c3cad4", "#10141b"),
        Ink("#2c333d", "#e4e8ee"),
    ),
}

DOCUMENT = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" height="{height}"'
    ' viewBox="0 0 {width:g} {height}"><title>{title}</title><desc>{desc}</desc>'
    '<defs><pattern id="hatch-{theme}" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="6" height="6" fill="{plain}"/>'
    '<rect width="2" height="6" fill="{line}" fill-opacity="0.22"/></pattern>'
    '<clipPath id="round-{width:g}x{height}">'
    '<rect width="{width:g}" height="{height}" rx="{round:g}"/></clipPath></defs>'
    '<g clip-path="url(#round-{width:g}x{height})" font-family="{fonts}" font-weight="600"'
    ' text-anchor="middle">{body}</g></svg>'
)
RECT = Markup('<rect x="{x:g}" width="{width:g}" height="{height}" fill="{fill}"/>')
TEXT = Markup('<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{ink}">{text}</text>')


class Look(Struct, frozen=True, kw_only=True):
    """How a picture is drawn; ``colors`` says which side is red: it differs between countries."""

    theme: Theme = "light"
    colors: Colors = "blue-left"

    def ink(self, side: Side | None) -> Ink:
        """The colours of a side; of what is not rated when ``None``."""
        left, right = (BLUE, RED) if self.colors == "blue-left" else (RED, BLUE)
        return INKS[self.theme][PLAIN if side is None else (left, GRAY, right)[SIDES.index(side)]]


class Segment(Struct, frozen=True):
    """A stretch of a picture: pixels, the side whose colour it has (``None``: hatched), and its text."""

    width: float
    ink: Ink
    hatched: bool
    text: str


class Words(Struct, frozen=True):
    """What a picture says to who does not see it."""

    title: str
    desc: str


def bar(sides: Sequence[int], unrated: int, look: Look, width: int, height: int) -> str:
    """The counts of left, center and right, then of the ``unrated``, as one bar of ``width`` pixels.

    A segment is as wide as its share of all outlets; its percentage is of the rated, as in the title.
    """
    counts = [*sides, unrated or int(not any(sides))]
    size = max(9.0, min(20.0, height * 0.44))
    widths = _widths(counts, width)
    texts = _fitting([*_labels(sides), _label_of_rest(sum(sides), unrated)], size, widths)
    segments = [
        Segment(wide, look.ink(side), side is None, text)
        for side, wide, text in zip((*SIDES, None), widths, texts, strict=True)
        if wide
    ]
    each = ", ".join(f"{side} {count}" for side, count in zip(SIDES, sides, strict=True))
    words = Words(sentence_of(sides, unrated), f"Number of sources: {each}, not rated {unrated}.")
    return _document(segments, words, look, height, size)


def badge(name: str, bias: str, side: Side | None, look: Look, height: int) -> str:
    """An outlet's name beside its ``bias`` in words; ``side`` is ``None`` when it is not rated."""
    size = height * 0.55
    name = printable(name)
    segments = [
        Segment(round(_measure(text, size) + size, 1), look.ink(of), hatched, text)
        for text, of, hatched in ((name, None, False), (bias, side, side is None))
    ]
    words = Words(f"{name}: {bias}", f"Bias of the outlet {name}: {bias}.")
    return _document(segments, words, look, height, size)


def printable(name: str, longest: int = LONGEST_NAME) -> str:
    """``name`` on one short line, without control, format and direction marks, which break XML or lines."""
    start = name[: longest * 4]
    kept = (" " if c.isspace() else c for c in start if c.isspace() or unicodedata.category(c)[0] != "C")
    words = " ".join("".join(kept).split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _labels(sides: Sequence[int]) -> list[tuple[str, ...]]:
    """For each side what its segment may say, the longest first; of few sources a count, no percentage."""
    if sum(sides) < FEWEST_RATED:
        numbered = zip(SIDES, sides, strict=True)
        return [
            (f"{n} {side.capitalize()}", f"{n} {side[0].upper()}", side[0].upper()) for side, n in numbered
        ]
    return [
        (f"{side.capitalize()} {percent}%", f"{side[0].upper()} {percent}%", side[0].upper())
        for side, percent in zip(SIDES, largest_remainder(sides), strict=True)
    ]


def _widths(counts: Sequence[int], width: int) -> list[float]:
    """Pixels of each segment: its share of what the gaps leave, at least ``THINNEST`` where there is any."""
    room = width - GAP * (sum(1 for count in counts if count) - 1)
    wanted = [max(count / sum(counts) * room, THINNEST) if count else 0.0 for count in counts]
    return [round(each * room / sum(wanted), 2) for each in wanted]


def _label_of_rest(rated: int, unrated: int) -> tuple[str, ...]:
    """What the segment of the unrated may say, the longest first."""
    return (f"{unrated} not rated" if rated or unrated else "no sources", f"{unrated} ?", "?")


def _fitting(labels: Sequence[tuple[str, ...]], size: float, widths: Sequence[float]) -> list[str]:
    """For each segment the longest label it has room for; words only where all have room."""

    def fits(text: str, width: float) -> bool:
        return _measure(text, size) + size * 0.3 <= width

    worded = all(fits(label[0], wide) for label, wide in zip(labels, widths, strict=True) if wide)
    return [
        next((text for text in label[0 if worded else 1 :] if fits(text, wide)), "")
        for label, wide in zip(labels, widths, strict=True)
    ]


def _measure(text: str, size: float) -> float:
    """About the width of ``text`` in pixels, rather too much than too little."""
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return WHOLE
    return NARROW if letter in " fijlrtI.,:;'!|()-" else BROAD if letter in "mwMW%@&" else MIDDLE


def _document(segments: Sequence[Segment], words: Words, look: Look, height: int, size: float) -> str:
    """The segments side by side, with rounded ends, and the words for who does not see them."""
    body, x = Markup(""), 0.0
    for segment in segments:
        fill = f"url(#hatch-{look.theme})" if segment.hatched else segment.ink.ground
        body += RECT.format(x=round(x, 2), width=segment.width, height=height, fill=fill)
        if segment.text:
            body += TEXT.format(
                x=round(x + segment.width / 2, 2),
                y=round(height / 2 + size * 0.36, 1),
                size=round(size, 1),
                ink=segment.ink.text,
                text=segment.text,
            )
        x += segment.width + GAP
    plain = look.ink(None)
    return DOCUMENT.format(
        width=round(x - GAP, 2),
        height=height,
        theme=look.theme,
        title=words.title,
        desc=words.desc,
        plain=plain.ground,
        line=plain.text,
        round=round(height / 6, 1),
        fonts=FONTS,
        body=body,
    )
