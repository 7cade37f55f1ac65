"""The same request gives the same bytes in every process, whatever the seed of its hashes."""

import subprocess
import sys

import pytest

from tests.helpers import ROOT

CODE = """
import sys
from tests.helpers.shown import ENDPOINTS, application, ask, read_examples
app = application()
for each in ENDPOINTS:
    for example in read_examples(each.view.__name__):
        sys.stdout.buffer.write(ask(app, each, example).data + b"\\n")
"""


def answers(seed: str) -> bytes:
    """The answers to all examples, from a process with that seed."""
    environ = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environ, capture_output=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def first() -> bytes:
    return answers("1")


@pytest.mark.parametrize("seed", ["2", "3", "1000"])
def test_another_process_gives_the_same_bytes(first, seed):
    assert len(first.splitlines()) > 10
    assert answers(seed) == first
