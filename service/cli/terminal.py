"""Formats text for a terminal: bars, colours, and no control characters."""

import os
import sys

import click

from service.core.bias import SIDES, Side
from service.core.figures import BySide

WIDTH = 50
"""Columns of a bar, two per cent each."""

COLOURS: dict[Side, tuple[str, str]] = {
    "left": ("blue", "bright_white"),
    "center": ("white", "black"),
    "right": ("red", "bright_white"),
}
"""Background and text of each side."""


def coloured() -> bool:
    """Tell whether to use colours: on a terminal, unless NO_COLOR is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def bar(percent: BySide, *, colour: bool) -> str:
    """Draw ``percent`` as a bar of letters, readable without colours, with figures below it."""
    shares = dict(zip(SIDES, (percent.left, percent.center, percent.right), strict=True))
    parts = [segment(side, columns, colour) for side, columns in zip(SIDES, widths(percent), strict=True)]
    figures = "  ".join(f"{side.capitalize()} {share}%" for side, share in shares.items())
    return "".join(parts) + "\n" + figures


def widths(percent: BySide) -> tuple[int, int, int]:
    """Return the columns of each side, which together fill the bar."""
    first = round(percent.left * WIDTH / 100)
    second = round((percent.left + percent.center) * WIDTH / 100)
    return first, second - first, WIDTH - second


def segment(side: Side, columns: int, colour: bool) -> str:
    """Draw one side of the bar: its initial in each column."""
    text = side[0].upper() * columns
    background, letters = COLOURS[side]
    return click.style(text, bg=background, fg=letters) if colour and text else text


def safe(text: str) -> str:
    """Replace characters that would control a terminal (escape sequences, bidirectional marks)."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
