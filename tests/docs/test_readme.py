"""README.md: short, and its commands are the ones there are."""

import re

from service.cli import COMMANDS
from tests.helpers import ROOT

TEXT = (ROOT / "README.md").read_text("utf-8")
MAX_LINES = 130


def test_it_stays_short():
    assert len(TEXT.splitlines()) <= MAX_LINES


def test_its_commands_exist():
    named = set(re.findall(r"(?:&& |`|from \. )slantwise (\w+)", TEXT))
    assert named
    assert named <= COMMANDS.keys()


def test_its_pages_exist():
    for page in re.findall(r"\]\(([^)#:]+)", TEXT):
        assert (ROOT / page).exists(), page
