"""The wheel, installed outside the repository, is the whole service."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from service import __version__
from tests.helpers import ROOT
from tests.helpers.serving import BIN, serving

pytestmark = pytest.mark.slow

STORY = ["reuters.com", "BBC News", "https://www.foxnews.com/politics"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Iterator[Path]:
    """A new environment with the wheel; other packages are taken from this one."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("slantwise-*.whl")
    assert wheel.name == f"slantwise-{__version__}-py3-none-any.whl"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    install = [
        BIN / "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        folder / "venv/bin/python",
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    yield folder


def command(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder that is not the repository."""
    program = installed / "venv" / "bin" / "slantwise"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [program, *arguments], cwd=installed, env=clean, capture_output=True, text=True, check=False
    )


def test_the_command_scores_a_story(installed):
    done = command(installed, "score", "--json", *STORY)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["rated"] == 3


def test_it_is_the_installed_code_that_answers(installed):
    python = installed / "venv" / "bin" / "python"
    code = "import service.settings as s; print(s.__file__, s.SHIPPED_DATA)"
    done = subprocess.run([python, "-c", code], cwd=installed, capture_output=True, text=True, check=True)
    assert all(path.startswith(str(installed)) for path in done.stdout.split())


def test_it_brings_the_checked_data(installed):
    python = installed / "venv" / "bin" / "python"
    code = "from service.dataset.load import load_kept as kept; from service.settings import Settings as s"
    code += "; assert kept(s(cache=''))"
    subprocess.run([python, "-c", code], cwd=installed, check=True)


@pytest.mark.parametrize(
    "arguments", [("--version",), ("lookup", "reuters.com"), ("data", "check"), ("bulk", "--help")], ids=str
)
def test_its_other_commands_work(installed, arguments):
    done = command(installed, *arguments)
    assert done.returncode == 0, done.stderr


def test_the_server_has_data_pages_and_pictures(installed, tmp_path):
    start = [str(installed / "venv" / "bin" / "slantwise"), "serve"]
    with serving(tmp_path, command=start, folder=installed) as server:
        answer = requests.post(server.url + "/v1/distribution", json={"outlets": STORY}, timeout=10).json()
        assert answer["counts"]["rated"] == 3
        for path in ("/", "/methodology", "/openapi.json", "/v1/bar.svg?left=1&center=1&right=1"):
            assert requests.get(server.url + path, timeout=10).status_code == 200, path


@pytest.mark.parametrize(
    ("typed", "offered"), [("slantwise sc", "score"), ("slantwise score --cou", "--country")]
)
def test_the_shell_completes_commands_and_options(installed, typed, offered):
    assert "_SLANTWISE_COMPLETE=bash_source slantwise" in (ROOT / "docs" / "cli.md").read_text()
    environ = {
        "_SLANTWISE_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    program = installed / "venv" / "bin" / "slantwise"
    done = subprocess.run([program], env=environ, cwd=installed, capture_output=True, text=True, check=True)
    assert f"plain,{offered}" in done.stdout.split(), done.stdout
