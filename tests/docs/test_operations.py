"""docs/operations.md is complete: what exists is explained there, and what is explained there exists."""

import re

import pytest

from service.requests.problems import PROBLEM_SECTIONS
from service.settings import PREFIX, Settings
from service.telemetry import metrics
from service.telemetry.logs import RequestLine
from service.web import app  # noqa: F401  # registers every operation
from service.web.framework.endpoint import ENDPOINTS
from tests.helpers import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()


def section(title: str) -> str:
    """The text under a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(title: str) -> list[str]:
    """What stands in backquotes in the first column of the section's table."""
    rows = re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_setting_is_explained_with_its_default():
    assert first_cells("Settings") == [PREFIX + name.upper() for name in ordered(first_cells("Settings"))]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section("Settings"), re.MULTILINE))
    for field, default in zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True):
        if type(default) is int or "memory:" in str(default):
            assert rows[PREFIX + field.upper()].strip("`") == str(default)


def ordered(listed: list[str]) -> list[str]:
    """The settings there are, those that are listed first in the order of the list."""
    names = [name.removeprefix(PREFIX).lower() for name in listed]
    return [name for name in names if name in Settings.__struct_fields__] + [
        name for name in Settings.__struct_fields__ if name not in names
    ]


def test_every_metric_is_explained():
    explained = {name.removesuffix("_total") for name in first_cells("Metrics")}
    declared = {each.describe()[0].name for each in metrics.DECLARED_METRICS}
    assert explained == declared | set(metrics.COMPUTED)


def test_every_field_of_a_log_line_is_explained():
    assert set(first_cells("Logs")) == set(RequestLine.__struct_fields__)


def test_every_problem_type_is_explained():
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", section("Problems"), re.MULTILINE)
    assert {int(status): name for name, status in rows} == PROBLEM_SECTIONS


@pytest.mark.parametrize("path", first_cells("Probes"))
def test_every_probe_exists(path):
    assert path in {shown.rule for shown in ENDPOINTS}
