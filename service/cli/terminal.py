"""Output in a terminal: bars, colours, JSON, and lines without control characters."""

import os
import sys
from collections.abc import Iterable

import click
import msgspec

from service.core.bias import SIDES, Side
from service.core.figures import BySide

# Each column of a bar is two per cent.
BAR_COLUMNS = 50

# Background and text of each side.
SIDE_COLORS: dict[Side, tuple[str, str]] = {
    "left": ("blue", "bright_white"),
    "center": ("white", "black"),
    "right": ("red", "bright_white"),
}


def print_json(value: object) -> None:
    click.echo(msgspec.json.encode(value))


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(escape_control(line), err=err)


def escape_control(text: str) -> str:
    """Replace characters that would control a terminal (escape sequences, bidirectional marks)."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def use_color() -> bool:
    """Return True on a terminal, unless NO_COLOR is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def format_bar(percent: BySide, *, colour: bool) -> str:
    """Draw ``percent`` as a bar of letters, readable without colours, with figures below it."""
    bar, figures = "", []
    for side, columns in zip(SIDES, side_columns(percent), strict=True):
        background, letters = SIDE_COLORS[side]
        segment = side[0].upper() * columns
        bar += click.style(segment, bg=background, fg=letters) if colour and segment else segment
        figures.append(f"{side.capitalize()} {getattr(percent, side)}%")
    return f"{bar}\n{'  '.join(figures)}"


def side_columns(percent: BySide) -> tuple[int, int, int]:
    first = round(percent.left * BAR_COLUMNS / 100)
    second = round((percent.left + percent.center) * BAR_COLUMNS / 100)
    return first, second - first, BAR_COLUMNS - second
