"""Formats text for a terminal: bars, colours, and no control characters."""

import os
import sys

import click

from service.core.bias import SIDES, Side
from service.core.figures import BySide

# Columns of a bar, two per cent each.
BAR_COLUMNS = 50

# Background and text of each side.
SIDE_COLORS: dict[Side, tuple[str, str]] = {
    "left": ("blue", "bright_white"),
    "center": ("white", "black"),
    "right": ("red", "bright_white"),
}


def use_color() -> bool:
    """Return True on a terminal, unless NO_COLOR is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def format_bar(percent: BySide, *, colour: bool) -> str:
    """Draw ``percent`` as a bar of letters, readable without colours, with figures below it."""
    shares = dict(zip(SIDES, (percent.left, percent.center, percent.right), strict=True))
    parts = [
        format_segment(side, columns, colour)
        for side, columns in zip(SIDES, side_columns(percent), strict=True)
    ]
    figures = "  ".join(f"{side.capitalize()} {share}%" for side, share in shares.items())
    return "".join(parts) + "\n" + figures


def side_columns(percent: BySide) -> tuple[int, int, int]:
    first = round(percent.left * BAR_COLUMNS / 100)
    second = round((percent.left + percent.center) * BAR_COLUMNS / 100)
    return first, second - first, BAR_COLUMNS - second


def format_segment(side: Side, columns: int, colour: bool) -> str:
    text = side[0].upper() * columns
    background, letters = SIDE_COLORS[side]
    return click.style(text, bg=background, fg=letters) if colour and text else text


def escape_control(text: str) -> str:
    """Replace characters that would control a terminal (escape sequences, bidirectional marks)."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
