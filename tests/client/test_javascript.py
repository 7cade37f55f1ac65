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
MAKER = ROOT / "build/types/node_modules/.bin/openapi-typescript"


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_javascript_client_does_what_the_python_client_does(url):
    environment = {**os.environ, "SERVICE": url}
    done = subprocess.run(
        [NODE, "--test", "."], cwd=FOLDER, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not MAKER.exists(), reason="openapi-typescript is not installed: make types")
def test_its_types_are_those_of_the_description(tmp_path):
    subprocess.run(
        [MAKER, ROOT / "openapi.json", "--output", tmp_path / "api.d.ts"], check=True, capture_output=True
    )
    assert (tmp_path / "api.d.ts").read_text() == (FOLDER / "api.d.ts").read_text(), "run `make openapi`"


def test_it_has_the_version_of_the_service():
    assert json.loads((FOLDER / "package.json").read_text())["version"] == __version__
