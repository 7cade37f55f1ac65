"""The JavaScript client, in Node against the running service and against servers that fail."""

import json
import os
import shutil
import subprocess

import pytest

from service import __version__
from tests.helpers import ROOT

FOLDER = ROOT / "clients/js"
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_javascript_client_does_what_the_python_client_does(url):
    environment = {**os.environ, "SERVICE": url}
    done = subprocess.run(
        [NODE, "--test", "."], cwd=FOLDER, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_it_has_the_version_of_the_service():
    assert json.loads((FOLDER / "package.json").read_text())["version"] == __version__
