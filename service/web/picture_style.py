"""Palettes, theme, sizes and language of pictures."""

from typing import Annotated, Literal

from markupsafe import Markup
from msgspec import Meta, Struct

from service.core.bias import SIDES, Side
from service.web.i18n import DEFAULT

Theme = Literal["light", "dark", "auto"]
Colors = Literal["blue-left", "red-left", "neutral"]
Width = Annotated[int, Meta(ge=120, le=1200, description="pixels")]
Height = Annotated[int, Meta(ge=16, le=96, description="pixels")]
Lang = Annotated[str, Meta(max_length=35, description="a language tag such as `de` or `pt-BR`")]


class ColorPair(Struct, frozen=True):
    """A ground and the text on it, with a contrast of at least 4.5 : 1."""

    ground: str
    text: str


BLUE, RED, GRAY, PLAIN, VIOLET, AMBER = range(6)
# The colours of left and right. ``neutral`` has those of no party.
SIDE_COLORS: dict[Colors, tuple[int, int]] = {
    "blue-left": (BLUE, RED),
    "red-left": (RED, BLUE),
    "neutral": (VIOLET, AMBER),
}
THEME_COLORS: dict[str, tuple[ColorPair, ...]] = {
    "light": (
        ColorPair("#1f5196", "#ffffff"),
        ColorPair("#b3303a", "#ffffff"),
        ColorPair("#98a1ad", "#12161c"),
        ColorPair("#e9ecf0", "#363e49"),
        ColorPair("#5b3f8f", "#ffffff"),
        ColorPair("#e0a526", "#12161c"),
    ),
    "dark": (
        ColorPair("#74abf2", "#10141b"),
        ColorPair("#f28b82", "#10141b"),
        ColorPair("#c3cad4", "#10141b"),
        ColorPair("#2c333d", "#e4e8ee"),
        ColorPair("#a88be0", "#10141b"),
        ColorPair("#f0c25c", "#10141b"),
    ),
}

DARK_STYLE = "".join(
    f".g{index}{{fill:{pair.ground}}}.t{index}{{fill:{pair.text}}}"
    for index, pair in enumerate(THEME_COLORS["dark"])
)


class PictureStyle(Struct, frozen=True, kw_only=True):
    """The look of a picture. The theme ``auto`` follows the reader's system. ``colors`` says which side
    is red, which differs between countries. An unknown language falls back to English.
    """

    theme: Theme = "light"
    colors: Colors = "blue-left"
    lang: Lang = DEFAULT

    def color_index(self, side: Side | None) -> int:
        left, right = SIDE_COLORS[self.colors]
        return PLAIN if side is None else (left, GRAY, right)[SIDES.index(side)]

    def color_pair(self, index: int) -> ColorPair:
        # An ``auto`` picture is light until its style says otherwise.
        return THEME_COLORS["dark" if self.theme == "dark" else "light"][index]

    def render_style(self) -> Markup:
        """Return the style element of an ``auto`` picture, which follows the reader's colour scheme."""
        style = f"<style>@media (prefers-color-scheme:dark){{{DARK_STYLE}}}</style>"
        return Markup(style if self.theme == "auto" else "")  # noqa: S704  # made of constants

    def css_class(self, kind: Literal["g", "t"], index: int) -> Markup:
        return Markup(' class="{}{}"').format(kind, index) if self.theme == "auto" else Markup("")
