"""README.md: short, and its commands are the ones there are."""

import re

from service.cli import COMMANDS
from tests.helpers import ROOT

TEXT = (ROOT / "README.md").read_text("utf-8")
MOST_LINES = 130


def test_it_stays_short():
    assert len(TEXT.splitlines()) <= MOST_LINES


def test_its_commands_exist():
    named = set(re.findall(r"^(?:uvx --from \. )?slantwise (\w+)", TEXT, re.MULTILINE))
    assert named
    assert named <= COMMANDS.keys()


def test_its_pages_exist():
    for page in re.findall(r"\]\(([^)#:]+)", TEXT):
        assert (ROOT / page).exists(), page
