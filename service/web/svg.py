"""Figures → pictures: a distribution as an SVG bar, an outlet's bias as an SVG badge.

The pictures stand alone: no style sheet, no script, no font and no request to anywhere. Letters carry what
the colours say, so a reader who cannot tell the colours apart, or whose country swaps them, loses nothing.
"""

import unicodedata
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import MIN_RATED, largest_remainder, write_sentence
from service.web.i18n import DEFAULT, LANGUAGES, Language, format_sentence
from service.web.picture_style import PLAIN, PictureStyle

MEDIA_TYPE = "image/svg+xml; charset=utf-8"
# Characters of an outlet's name that a badge shows.
MAX_NAME_CHARS = 40
GAP = 2
# Pixels of a segment that is not empty, however small its share: a voice that is there can be seen.
MIN_SEGMENT_PIXELS = 3
# Widths of letters in ems, on the safe side for the bold of the fonts named in ``FONTS``.
NARROW_EM, MIDDLE_EM, BROAD_EM, WIDE_EM = 0.4, 0.65, 0.88, 1.0
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Verdana, sans-serif"

SVG_DOCUMENT = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" height="{height}"'
    ' viewBox="0 0 {width:g} {height}"><title>{title}</title><desc>{desc}</desc>{style}'
    '<defs><pattern id="hatch-{theme}" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect{plain_class} width="6" height="6" fill="{plain}"/>'
    '<rect{line_class} width="2" height="6" fill="{line}" fill-opacity="0.22"/></pattern>'
    '<clipPath id="round-{width:g}x{height}">'
    '<rect width="{width:g}" height="{height}" rx="{round:g}"/></clipPath></defs>'
    '<g clip-path="url(#round-{width:g}x{height})" font-family="{fonts}" font-weight="600"'
    ' text-anchor="middle" direction="{direction}">{body}</g></svg>'
)
SVG_RECT = Markup('<rect{cls} x="{x:g}" width="{width:g}" height="{height}" fill="{fill}"/>')
SVG_TEXT = Markup('<text{cls} x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{ink}">{text}</text>')


# A picture for link previews, as large as networks and chats show it (Open Graph).
CARD_WIDTH, CARD_HEIGHT, CARD_MARGIN = 1200, 630, 80
SVG_CARD = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    ' viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="#ffffff"/>'
    '<g font-family="{fonts}" font-weight="600" fill="#171b21">{brand}{body}</g></svg>'
)
SVG_BRAND = Markup(
    '<g transform="translate({x} 56)">{rects}<text x="58" y="33" font-size="32">Slantwise</text></g>'
)
SVG_LINE = Markup('<text x="{x}" y="{y}" font-size="{size:g}" fill="{ink}">{text}</text>')
SOFT_INK = "#56606d"


class Segment(Struct, frozen=True):
    """A stretch of a picture: pixels, its colours, whether it is hatched, and its text."""

    width: float
    ink: int
    hatched: bool
    text: str


class AltText(Struct, frozen=True):
    """What a picture says to who does not see it."""

    title: str
    desc: str


def draw_bar(sides: Sequence[int], unrated: int, look: PictureStyle, width: int, height: int) -> str:
    """Return the counts of left, center and right, then of the ``unrated``, as one bar of ``width`` pixels.

    A segment is as wide as its share of all outlets. Its percentage is of the rated, as in the title. Where
    a language is read from right to left, so is the bar.
    """
    counts = [*sides, unrated or int(not any(sides))]
    size = max(9.0, min(20.0, height * 0.44))
    widths = _segment_widths(counts, width)
    words = LANGUAGES[look.lang]
    texts = _choose_labels(
        [*_segment_labels(sides, words), _unrated_labels(sum(sides), unrated, words)], size, widths
    )
    segments = [
        Segment(wide, look.index(side), side is None, text)
        for side, wide, text in zip((*SIDES, None), widths, texts, strict=True)
        if wide
    ]
    return _render_svg(segments, bar_alt_text(sides, unrated, look.lang), look, height, size)


def bar_alt_text(sides: Sequence[int], unrated: int, lang: str) -> AltText:
    left, center, right = sides
    sentence = format_sentence(lang, (left, center, right), unrated)
    return AltText(write_sentence((left, center, right), unrated) if lang == DEFAULT else sentence, sentence)


def draw_badge(name: str, bias: str, side: Side | None, look: PictureStyle, height: int) -> str:
    """Return an outlet's name beside its ``bias`` in words. ``side`` is ``None`` when it is not rated."""
    size = height * 0.55
    name = printable(name)
    segments = [
        Segment(round(_text_width(text, size) + size, 1), look.index(of), hatched, text)
        for text, of, hatched in ((name, None, False), (bias, side, side is None))
    ]
    words = LANGUAGES[look.lang]
    title = words.badge.format(name=name, label=bias)
    return _render_svg(segments, AltText(f"{name}{words.colon}{bias}", title), look, height, size)


def draw_card(heading: str, lines: Sequence[str], bar: str, footer: str) -> str:
    """Return a card for link previews: a heading, ``lines`` below it, a ``bar`` or badge (SVG), a footer."""
    room = CARD_WIDTH - 2 * CARD_MARGIN
    size = max(44.0, min(84.0, 84.0 * room / max(1.0, _text_width(heading, 84.0))))
    body, y = SVG_LINE.format(x=CARD_MARGIN, y=215, size=size, ink="#171b21", text=heading), 280
    for text in (part for line in lines for part in _wrap(line, 34.0, room)):
        body += SVG_LINE.format(x=CARD_MARGIN, y=y, size=34, ink=SOFT_INK, text=text)
        y += 46
    figure = Markup(bar)  # noqa: S704  # drawn above, its texts are escaped
    body += Markup('<g transform="translate({} {}) scale(2)">{}</g>').format(CARD_MARGIN, max(400, y), figure)
    body += SVG_LINE.format(x=CARD_MARGIN, y=582, size=24, ink=SOFT_INK, text=footer)
    rects = Markup("").join(
        Markup('<rect x="{}" y="{}" width="{}" height="40" rx="4" fill="{}"/>').format(x, 2, width, color)
        for x, width, color in ((0, 14, "#1f5196"), (17, 10, "#98a1ad"), (30, 14, "#b3303a"))
    )
    brand = SVG_BRAND.format(x=CARD_MARGIN, rects=rects)
    return SVG_CARD.format(width=CARD_WIDTH, height=CARD_HEIGHT, fonts=FONTS, brand=brand, body=body)


def _wrap(text: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def printable(name: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """``name`` on one short line, without control, format and direction marks, which break XML or lines."""
    start = name[: max_chars * 4]
    kept = (" " if c.isspace() else c for c in start if c.isspace() or unicodedata.category(c)[0] != "C")
    words = " ".join("".join(kept).split())
    return words if len(words) <= max_chars else words[: max_chars - 1].rstrip() + "…"


def _segment_labels(sides: Sequence[int], words: Language) -> list[tuple[str, ...]]:
    """Return for each side what its segment may say, the longest first. Of few sources a count."""
    if sum(sides) < MIN_RATED:
        numbered = zip(SIDES, words.letters, sides, strict=True)
        return [(f"{n} {words.sides[side]}", f"{n} {letter}", letter) for side, letter, n in numbered]
    percents = [words.percent.format(n=n) for n in largest_remainder(sides)]
    return [
        (f"{words.sides[side]} {percent}", f"{letter} {percent}", letter)
        for side, letter, percent in zip(SIDES, words.letters, percents, strict=True)
    ]


def _segment_widths(counts: Sequence[int], width: int) -> list[float]:
    """Width of each segment: its share of what the gaps leave, ``MIN_SEGMENT_PIXELS`` or more if any."""
    room = width - GAP * (sum(1 for count in counts if count) - 1)
    wanted = [max(count / sum(counts) * room, MIN_SEGMENT_PIXELS) if count else 0.0 for count in counts]
    return [round(each * room / sum(wanted), 2) for each in wanted]


def _unrated_labels(rated: int, unrated: int, words: Language) -> tuple[str, ...]:
    whole = words.not_rated_short.format(n=unrated) if rated or unrated else words.no_sources
    return (whole, f"{unrated} ?", "?")


def _choose_labels(labels: Sequence[tuple[str, ...]], size: float, widths: Sequence[float]) -> list[str]:
    """For each segment the longest label it has room for. Words only where all have room."""

    def fits(text: str, width: float) -> bool:
        return _text_width(text, size) + size * 0.3 <= width

    worded = all(fits(label[0], wide) for label, wide in zip(labels, widths, strict=True) if wide)
    return [
        next((text for text in label[0 if worded else 1 :] if fits(text, wide)), "")
        for label, wide in zip(labels, widths, strict=True)
    ]


def _text_width(text: str, size: float) -> float:
    """About the width of ``text`` in pixels, rather too much than too little."""
    return size * sum(map(_letter_em, text))


def _letter_em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE_EM
    return NARROW_EM if letter in " fijlrtI.,:;'!|()-" else BROAD_EM if letter in "mwMW%@&" else MIDDLE_EM


def _render_svg(
    segments: Sequence[Segment], words: AltText, look: PictureStyle, height: int, size: float
) -> str:
    """Return the segments side by side, with rounded ends, and the words for who does not see them."""
    body, x = Markup(""), 0.0
    direction = LANGUAGES[look.lang].direction
    for segment in segments if direction == "ltr" else reversed(segments):
        ink = look.ink(segment.ink)
        fill = f"url(#hatch-{look.theme})" if segment.hatched else ink.ground
        cls = Markup("") if segment.hatched else look.cls("g", segment.ink)
        body += SVG_RECT.format(cls=cls, x=round(x, 2), width=segment.width, height=height, fill=fill)
        if segment.text:
            body += SVG_TEXT.format(
                cls=look.cls("t", segment.ink),
                x=round(x + segment.width / 2, 2),
                y=round(height / 2 + size * 0.36, 1),
                size=round(size, 1),
                ink=ink.text,
                text=segment.text,
            )
        x += segment.width + GAP
    plain = look.ink(PLAIN)
    return SVG_DOCUMENT.format(
        width=round(x - GAP, 2),
        height=height,
        theme=look.theme,
        title=words.title,
        desc=words.desc,
        style=look.style(),
        direction=direction,
        plain=plain.ground,
        plain_class=look.cls("g", PLAIN),
        line=plain.text,
        line_class=look.cls("t", PLAIN),
        round=round(height / 6, 1),
        fonts=FONTS,
        body=body,
    )
