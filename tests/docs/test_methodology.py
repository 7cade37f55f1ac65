"""docs/methodology.md: its worked example is what the scorer gives."""

from service.core.figures import (
    label_error,
    side_bounds,
    to_percentages,
    wilson_interval,
    write_headline,
    write_sentence,
)
from service.core.robustness import MIN_LIKELY, probability_leading
from tests.helpers import ROOT

TEXT = (ROOT / "docs" / "methodology.md").read_text("utf-8")
SIDES, UNRATED = (11, 9, 4), 3


def row(name: str) -> list[str]:
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| {name}"))
    return [cell.strip(" *") for cell in line.split("|")[2:5]]


def percent(span: tuple[float, float]) -> str:
    return f"{span[0] * 100:.0f}…{span[1] * 100:.0f} %"


def test_the_worked_example_is_true():
    shown = to_percentages(SIDES)
    rated, total = sum(SIDES), sum(SIDES) + UNRATED
    assert row("outlets") == [str(count) for count in SIDES]
    assert row("share of the rated") == [f"{count / rated * 100:.2f} %" for count in SIDES]
    assert row("shown") == [f"{shown.left}%", f"{shown.center}%", f"{shown.right}%"]
    assert row("95 % interval") == [percent(wilson_interval(count, rated)) for count in SIDES]
    assert row("all 3 unrated") == [percent(side_bounds(count, UNRATED, total)) for count in SIDES]
    assert f'"{write_headline(SIDES)}"' in TEXT
    assert f'"{write_sentence(SIDES, UNRATED)}"' in TEXT
    assert row("wrong labels") == [percent(label_error(count, rated, UNRATED)) for count in SIDES]
    chance = probability_leading(SIDES, UNRATED, rated, 2)
    assert f"= {chance}" in TEXT
    assert chance < MIN_LIKELY
