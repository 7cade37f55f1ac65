"""Every target that is documented exists, and does what it says."""

import os
import re
import subprocess

import pytest

from tests.helpers import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LISTED = re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("data/*.md"),
    *ROOT.glob(".github/**/*.yml"),
]
NAMED = re.compile(r"(?:`|^ *(?:- )?(?:run: )?)make ([a-z]+)", re.MULTILINE)
DOES = {
    "help": ["grep"],
    "run": ["requirements.txt", "gunicorn --config service/gunicorn.conf.py"],
    "lint": ["ruff format --check", "ruff check", "mypy", "lint-imports"],
    "check": ["ruff format --check", "ruff check", "mypy", "lint-imports", "--doctest-modules", "not slow"],
    "test": ["ruff check", "install-debian-packages", "--doctest-modules service tests"],
    "docs": ["service openapi", "tools.texts"],
    "openapi": ["service openapi"],
    "data": ["service data build", "service data check"],
    "wheel": ["hatchling build"],
    "bench": ["python -m bench"],
    "pins": [
        "requirements.txt",
        *(f"requirements/{path.name}" for path in (ROOT / "requirements").iterdir()),
    ],
    "audit": ["pip-audit"],
    "sbom": ["cyclonedx"],
    "image": ["tools.image"],
}


def dry(target: str) -> str:
    """What a target would do where nothing is made yet."""
    # Below another make, as in `make test`, it would announce its folder.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", "--always-make", target]
    done = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("target", LISTED)
def test_a_target_does_what_it_says(target):
    did = dry(target)
    for part in DOES[target]:
        assert part in did


def test_every_target_that_a_document_names_is_listed():
    named = {target for path in DOCUMENTS for target in NAMED.findall(path.read_text("utf-8"))}
    assert {"run", "test", "check", "docs"} <= named
    assert named <= set(LISTED)


def test_the_tests_are_all_but_for_the_slow_ones_in_a_check():
    assert dry("test").strip().endswith(" --doctest-modules service tests")
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")


def test_an_installation_says_that_it_has_begun():
    first = dry("run").splitlines()[0]
    assert first.startswith("echo 'Installing")
