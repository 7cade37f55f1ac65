"""Say how pictures look: palettes, theme, sizes and language, as a query asks for them."""

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
    """A ground and the text on it. Every pair has a contrast of at least 4.5 : 1."""

    ground: str
    text: str


BLUE, RED, GRAY, PLAIN, VIOLET, AMBER = range(6)
# The inks of left and right. ``neutral`` has the colours of no party.
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

STYLE_MARKUP = Markup("<style>@media (prefers-color-scheme:dark){{{dark}}}</style>")
CLASS_MARKUP = Markup(' class="{kind}{index}"')


class PictureStyle(Struct, frozen=True, kw_only=True):
    """How a picture is drawn. ``theme``: ``auto`` follows the reader's system. ``colors`` says which side
    is red, for that differs between countries. ``lang``: an unknown language falls back to English.
    """

    theme: Theme = "light"
    colors: Colors = "blue-left"
    lang: Lang = DEFAULT

    def index(self, side: Side | None) -> int:
        left, right = SIDE_COLORS[self.colors]
        return PLAIN if side is None else (left, GRAY, right)[SIDES.index(side)]

    def ink(self, index: int) -> ColorPair:
        """Return the colours at a position. An ``auto`` picture is light until its style says otherwise."""
        return THEME_COLORS["dark" if self.theme == "dark" else "light"][index]

    def style(self) -> Markup:
        """Return the style of a picture that follows the reader's colour scheme."""
        if self.theme != "auto":
            return Markup("")
        dark = "".join(
            f".g{i}{{fill:{ink.ground}}}.t{i}{{fill:{ink.text}}}"
            for i, ink in enumerate(THEME_COLORS["dark"])
        )
        return STYLE_MARKUP.format(dark=Markup(dark))  # noqa: S704  # made of constants

    def cls(self, kind: str, index: int) -> Markup:
        return CLASS_MARKUP.format(kind=kind, index=index) if self.theme == "auto" else Markup("")
