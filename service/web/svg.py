"""SVG pictures: a distribution as a bar, an outlet's bias as a badge, and cards for link previews.

The pictures stand alone: no style sheet, no script, no font and no request to anywhere. Letters carry what
the colours say, so a reader who cannot tell the colours apart, or whose country swaps them, loses nothing.
"""

import textwrap
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from service.core.bias import SIDES, Side
from service.core.figures import MIN_RATED, largest_remainder, write_sentence
from service.web.i18n import DEFAULT, LANGUAGES, Language, format_sentence
from service.web.picture_style import PLAIN, PictureStyle

MEDIA_TYPE = "image/svg+xml; charset=utf-8"
# Length of an outlet's name on a badge.
MAX_NAME_CHARS = 40
GAP = 2
# A segment that is not empty stays visible, however small its share.
MIN_SEGMENT_PIXELS = 3
# Widths of letters in ems, rather too wide than too narrow for the bold of the fonts in ``FONTS``.
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


# A card is as large as networks and chats show the picture of a link (Open Graph).
CARD_TEXT_WIDTH = 1200 - 2 * 80
# At most this many characters of 34 pixels fit between a card's margins.
MAX_CARD_LINE = 52
HEADING_SIZES = 44.0, 84.0
INK, SOFT_INK = "#171b21", "#56606d"
SVG_CARD = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">'
    '<rect width="1200" height="630" fill="#ffffff"/><g font-family="{fonts}" font-weight="600"'
    ' fill="#171b21"><g transform="translate(80 56)">'
    '<rect y="2" width="14" height="40" rx="4" fill="#1f5196"/>'
    '<rect x="17" y="2" width="10" height="40" rx="4" fill="#98a1ad"/>'
    '<rect x="30" y="2" width="14" height="40" rx="4" fill="#b3303a"/>'
    '<text x="58" y="33" font-size="32">Slantwise</text></g>{body}</g></svg>'
)
SVG_LINE = Markup('<text x="80" y="{y}" font-size="{size:g}" fill="{ink}">{text}</text>')
SVG_FIGURE = Markup('<g transform="translate(80 {y}) scale(2)">{figure}</g>')


class Segment(Struct, frozen=True):
    """A stretch of a bar or badge: pixels, index of its colours, whether it is hatched, and its text."""

    width: float
    color: int
    hatched: bool
    text: str


def draw_bar(sides: tuple[int, int, int], unrated: int, look: PictureStyle, width: int, height: int) -> str:
    """Draw the counts of left, center and right, then the ``unrated``, as one bar of ``width`` pixels.

    A segment is as wide as its share of all outlets. Its percentage is of the rated, as in the title. In
    right-to-left languages the bar runs right to left too.
    """
    counts = [*sides, unrated or int(not any(sides))]
    size = max(9.0, min(20.0, height * 0.44))
    widths = _segment_widths(counts, width)
    texts = _choose_labels(_list_labels(sides, unrated, LANGUAGES[look.lang]), size, widths)
    segments = [
        Segment(segment_width, look.color_index(side), side is None, text)
        for side, segment_width, text in zip((*SIDES, None), widths, texts, strict=True)
        if segment_width
    ]
    desc = format_sentence(look.lang, sides, unrated)
    title = write_sentence(sides, unrated) if look.lang == DEFAULT else desc
    return _render_svg(segments, look, height, size, title=title, desc=desc)


def draw_badge(name: str, bias: str, side: Side | None, look: PictureStyle, height: int) -> str:
    """Draw an outlet's name beside its ``bias`` in words. ``side`` is ``None`` when it is not rated."""
    size = height * 0.55
    name = printable(name)
    segments = [
        Segment(round(_text_width(text, size) + size, 1), look.color_index(color_side), hatched, text)
        for text, color_side, hatched in ((name, None, False), (bias, side, side is None))
    ]
    words = LANGUAGES[look.lang]
    title, desc = f"{name}{words.colon}{bias}", words.badge.format(name=name, label=bias)
    return _render_svg(segments, look, height, size, title=title, desc=desc)


def draw_card(heading: str, lines: Sequence[str], picture: str, footer: str) -> str:
    """Draw a card for link previews: a heading, ``lines`` below it, a bar or badge (SVG), a footer."""
    smallest, largest = HEADING_SIZES
    size = max(smallest, min(largest, largest * CARD_TEXT_WIDTH / max(1.0, _text_width(heading, largest))))
    body, y = SVG_LINE.format(y=215, size=size, ink=INK, text=heading), 280
    for text in (part for line in lines for part in textwrap.wrap(line, MAX_CARD_LINE)):
        body += SVG_LINE.format(y=y, size=34, ink=SOFT_INK, text=text)
        y += 46
    body += SVG_FIGURE.format(y=max(400, y), figure=Markup(picture))  # noqa: S704  # drawn above, texts escaped
    body += SVG_LINE.format(y=582, size=24, ink=SOFT_INK, text=footer)
    return SVG_CARD.format(fonts=FONTS, body=body)


def printable(name: str, max_chars: int = MAX_NAME_CHARS) -> str:
    """Put ``name`` on one short line, without control and direction marks, which break XML or lines."""
    start = name[: max_chars * 4]
    kept = (" " if c.isspace() else c for c in start if c.isspace() or unicodedata.category(c)[0] != "C")
    words = " ".join("".join(kept).split())
    return words if len(words) <= max_chars else words[: max_chars - 1].rstrip() + "…"


def _list_labels(sides: tuple[int, int, int], unrated: int, words: Language) -> list[tuple[str, ...]]:
    """Return the texts that each segment may show, the longest first."""
    if sum(sides) < MIN_RATED:
        # Of few sources a percentage would mislead.
        figures, pattern = list(map(str, sides)), "{figure} {side}"
    else:
        figures, pattern = [words.percent.format(n=n) for n in largest_remainder(sides)], "{side} {figure}"
    labels: list[tuple[str, ...]] = []
    for side, letter, figure in zip(SIDES, words.letters, figures, strict=True):
        texts = (pattern.format(side=name, figure=figure) for name in (words.sides[side], letter))
        labels.append((*texts, letter))
    whole = words.not_rated_short.format(n=unrated) if any((*sides, unrated)) else words.no_sources
    return [*labels, (whole, f"{unrated} ?", "?")]


def _segment_widths(counts: Sequence[int], width: int) -> list[float]:
    room = width - GAP * (sum(1 for count in counts if count) - 1)
    wanted = [max(count / sum(counts) * room, MIN_SEGMENT_PIXELS) if count else 0.0 for count in counts]
    return [round(share * room / sum(wanted), 2) for share in wanted]


def _choose_labels(labels: Sequence[tuple[str, ...]], size: float, widths: Sequence[float]) -> list[str]:
    """Choose the longest label that fits each segment, and words only where all have room."""

    def fits(text: str, width: float) -> bool:
        return _text_width(text, size) + size * 0.3 <= width

    pairs = list(zip(labels, widths, strict=True))
    first = 0 if all(fits(texts[0], width) for texts, width in pairs if width) else 1
    return [next((text for text in texts[first:] if fits(text, width)), "") for texts, width in pairs]


def _text_width(text: str, size: float) -> float:
    return size * sum(map(_letter_em, text))


def _letter_em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE_EM
    return NARROW_EM if letter in " fijlrtI.,:;'!|()-" else BROAD_EM if letter in "mwMW%@&" else MIDDLE_EM


def _render_svg(
    segments: Sequence[Segment], look: PictureStyle, height: int, size: float, *, title: str, desc: str
) -> str:
    """Render the segments side by side, with rounded ends."""
    body, x = Markup(""), 0.0
    direction = LANGUAGES[look.lang].direction
    for segment in segments if direction == "ltr" else reversed(segments):
        colors = look.color_pair(segment.color)
        fill = f"url(#hatch-{look.theme})" if segment.hatched else colors.ground
        cls = Markup("") if segment.hatched else look.css_class("g", segment.color)
        body += SVG_RECT.format(cls=cls, x=round(x, 2), width=segment.width, height=height, fill=fill)
        if segment.text:
            body += SVG_TEXT.format(
                cls=look.css_class("t", segment.color),
                x=round(x + segment.width / 2, 2),
                y=round(height / 2 + size * 0.36, 1),
                size=round(size, 1),
                ink=colors.text,
                text=segment.text,
            )
        x += segment.width + GAP
    plain = look.color_pair(PLAIN)
    return SVG_DOCUMENT.format(
        width=round(x - GAP, 2),
        height=height,
        theme=look.theme,
        title=title,
        desc=desc,
        style=look.render_style(),
        direction=direction,
        plain=plain.ground,
        plain_class=look.css_class("g", PLAIN),
        line=plain.text,
        line_class=look.css_class("t", PLAIN),
        round=round(height / 6, 1),
        fonts=FONTS,
        body=body,
    )
