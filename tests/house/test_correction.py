"""Correcting a rating as CONTRIBUTING.md says leaves every test green that reads what is shipped."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

pytestmark = pytest.mark.slow

OUTLET = "reuters.com"
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "node_modules", "__pycache__", ".*_cache"
)
READERS = (
    *("tests/docs", "tests/house", "tests/dataset", "tests/core/coverage/test_coverage.py"),
    *("tests/web/test_examples.py", "tests/web/test_description.py"),
)
"""Tests that read the shipped data, the documents, the description or a golden answer."""


def run(folder: Path, *arguments: str) -> str:
    """What ``python -m …`` prints in the copy; it must not fail."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def correct(file: Path) -> None:
    """Give the outlet another label, score and date, as its rater might."""
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))
    (row,) = [row for row in rows if row["domain"] == OUTLET]
    old = f"\n{OUTLET},{row['name']},{row['label']},{row['score']},{row['as_of']},"
    label, score = ("Right", "2") if row["label"] != "Right" else ("Left", "-2")
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(
        text.replace(old, f"\n{OUTLET},{row['name']},{label},{score},{row['as_of'][:4]}-12-31,"), "utf-8"
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_corrected_rating_touches_the_data_and_the_changelog_and_no_test_fails(tmp_path):
    assert OUTLET in (ROOT / "README.md").read_text()
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=LEFT_BEHIND)
    before = contents(copy)
    for rater in ("mbfc", "allsides"):
        correct(copy / "data" / "raters" / f"{rater}.csv")
    reason, changelog = ("--reason", "the rater says so now"), ("--changelog", "CHANGELOG.md")
    version = run(copy, "service", "data", "build", *reason, *changelog).split()[-1]
    (record,) = set((copy / "data" / "changes").iterdir()) - {
        copy / path.relative_to(ROOT) for path in (ROOT / "data" / "changes").iterdir()
    }
    recorded = record.read_text("utf-8").splitlines()[1:]
    assert {tuple(line.split(",")[:2]) for line in recorded} == {(version, OUTLET)}
    run(copy, "service", "data", "check")
    after = {name: text for name, text in contents(copy).items() if "__pycache__" not in name}
    # One is written by hand. Another table is another version, whose changes the API lists.
    assert {name for name in after if before.get(name) != after[name]} == {
        *("data/raters/mbfc.csv", "data/raters/allsides.csv", "data/outlet_ratings.csv"),
        *("data/datapackage.json", str(record.relative_to(copy)), "CHANGELOG.md"),
    }
    run(copy, "pytest", "-m", "not slow", "-p", "no:cacheprovider", *READERS)
