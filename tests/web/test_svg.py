"""Figures → pictures: what a bar and a badge show, say and never let through."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.bias import SIDES
from service.web.picture_style import THEME_COLORS, PictureStyle
from service.web.svg import MIN_SEGMENT_PIXELS, draw_badge, draw_bar, printable

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = st.integers(0, 1_000_000)
LOOKS = st.builds(
    PictureStyle,
    theme=st.sampled_from(["light", "dark"]),
    colors=st.sampled_from(["blue-left", "red-left", "neutral"]),
)


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)  # noqa: S314
    assert root.tag == SVG + "svg"
    assert root.get("role") == "img"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "clipPath", "g", "rect", "text")
    }
    return root


def segments(root: ET.Element) -> list[tuple[float, float, str]]:
    """Start, width and fill of each segment."""
    rects = root.findall(f"{SVG}g/{SVG}rect")
    return [(float(rect.get("x")), float(rect.get("width")), rect.get("fill")) for rect in rects]


def texts(root: ET.Element) -> list[str]:
    return [text.text for text in root.iter(SVG + "text")]


@pytest.mark.parametrize(
    ("sides", "unrated", "width", "shown"),
    [
        ((11, 9, 4), 0, 320, ["L 46%", "C 37%", "R 17%"]),
        ((11, 9, 4), 0, 200, ["L 46%", "C 37%", "R"]),
        ((4, 9, 7), 4, 480, ["L 20%", "C 45%", "R 35%", "4 ?"]),
        ((4, 9, 7), 4, 640, ["Left 20%", "Center 45%", "Right 35%", "4 not rated"]),
        ((1, 0, 0), 0, 320, ["1 Left"]),
        ((0, 0, 0), 7, 320, ["7 not rated"]),
        ((0, 0, 0), 0, 320, ["no sources"]),
        ((1000, 1, 1), 1, 320, ["L 100%"]),
    ],
)
def test_a_bar_says_as_much_as_its_segments_have_room_for(sides, unrated, width, shown):
    assert texts(parsed(draw_bar(sides, unrated, PictureStyle(), width, 32))) == shown


def test_a_bar_speaks_to_who_does_not_see_it():
    root = parsed(draw_bar((4, 9, 7), 4, PictureStyle(), 320, 32))
    assert root.find(SVG + "title").text == (
        "45% of the 20 rated sources are Center; 4 of 24 sources are not rated."
    )
    assert root.find(SVG + "desc").text == (
        "Left 20%, Center 45%, Right 35% of 20 rated sources; 4 sources are not rated."
    )


@given(st.tuples(COUNTS, COUNTS, COUNTS), COUNTS, LOOKS, st.integers(120, 1200), st.integers(16, 96))
def test_segments_fill_the_bar_in_order_and_none_is_lost(sides, unrated, look, width, height):
    drawn = segments(parsed(draw_bar(sides, unrated, look, width, height)))
    assert len(drawn) == max(1, sum(1 for count in (*sides, unrated) if count))
    assert [start for start, _, _ in drawn] == sorted(start for start, _, _ in drawn)
    assert drawn[-1][0] + drawn[-1][1] == pytest.approx(width, abs=0.1)
    assert all(wide >= MIN_SEGMENT_PIXELS * 0.9 for _, wide, _ in drawn)


def test_what_is_not_rated_is_hatched_and_only_that():
    fills = [fill for _, _, fill in segments(parsed(draw_bar((1, 1, 1), 1, PictureStyle(), 320, 32)))]
    assert fills[3] == "url(#hatch-light)"
    assert "url(#hatch-light)" not in fills[:3]


def test_a_country_where_left_is_red_swaps_the_outer_colours():
    blue_left = segments(parsed(draw_bar((1, 1, 1), 0, PictureStyle(), 320, 32)))
    red_left = segments(parsed(draw_bar((1, 1, 1), 0, PictureStyle(colors="red-left"), 320, 32)))
    assert [fill for _, _, fill in red_left] == [fill for _, _, fill in reversed(blue_left)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(pair, 16) / 255 for pair in re.findall("..", colour[1:])]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEME_COLORS)
def test_every_text_stands_out_from_its_ground(theme):
    for ink in THEME_COLORS[theme]:
        low, high = sorted((luminance(ink.ground), luminance(ink.text)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, ink


def test_a_badge_names_the_outlet_and_its_bias():
    root = parsed(draw_badge("Reuters", "Center", "center", PictureStyle(), 20))
    assert texts(root) == ["Reuters", "Center"]
    assert root.find(SVG + "title").text == "Reuters: Center"


@given(st.text(max_size=1500))
def test_no_name_breaks_a_badge(name):
    root = parsed(draw_badge(name, "Not rated", None, PictureStyle(), 20))
    assert float(root.get("width")) < 800


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("A<script>alert(1)</script>", "A<script>alert(1)</script>"),
        ("\u202eevil\u202c \u200fname", "evil name"),
        ("two\nlines\t\x00here", "two lines here"),
        ("x" * 1000, "x" * 39 + "…"),
        ("Ведомости", "Ведомости"),
    ],
)
def test_a_name_is_shown_as_text_on_one_short_line(name, shown):
    assert printable(name) == shown
    assert shown in texts(parsed(draw_badge(name, "Left", "left", PictureStyle(), 20)))


def linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def lab(rgb: list[float]) -> list[float]:
    """CIE L*a*b* of a linear RGB colour (D65)."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [sum(a * b for a, b in zip(row, rgb, strict=True)) / w for row, w in zip(rows, white, strict=True)]
    x, y, z = (max(v, 0) ** (1 / 3) if v > 0.008856 else 7.787 * max(v, 0) + 16 / 116 for v in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


SIGHTS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),  # noqa: E501
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),  # noqa: E501
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),  # noqa: E501
}  # fmt: skip
"""How colours look to colour-blind people: Machado, Oliveira and Fernandes (2009), severity 1."""


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colors", ["blue-left", "red-left", "neutral"])
def test_the_sides_differ_for_every_eye(colors, theme, sight):
    look = PictureStyle(colors=colors, theme=theme)
    seen = []
    for side in SIDES:
        ground = look.color_pair(look.color_index(side)).ground
        rgb = [linear(int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
        seen.append(lab([sum(a * b for a, b in zip(row, rgb, strict=True)) for row in SIGHTS[sight]]))
    for one, other in itertools.combinations(seen, 2):
        assert math.dist(one, other) > 15, (colors, theme, sight)
