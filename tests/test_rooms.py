"""The rooms of ``service``: imports only run down, and every module is in a layer."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from service.core.resolve.match import Match
from tests.helpers import ROOT
from tests.helpers.serving import BIN

SERVICE = ROOT / "service"


@pytest.fixture
def copy(tmp_path) -> Path:
    """A scratch copy of the code with its contracts."""
    shutil.copytree(SERVICE, tmp_path / "service", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts(folder: Path) -> subprocess.CompletedProcess:
    """What import-linter says of the code in ``folder``."""
    command = [BIN / "lint-imports", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_an_import_that_runs_up_breaks_the_contract(copy):
    assert contracts(copy).returncode == 0
    with (copy / "service/core/bias.py").open("a") as file:
        file.write("\nfrom service.telemetry import logs\n")
    ran = contracts(copy)
    assert ran.returncode == 1
    assert "service.core.bias -> service.telemetry.logs" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize("place", ["service", "service/core", "service/web"])
def test_a_module_in_no_layer_breaks_the_contract(copy, place):
    (copy / place / "stray.py").write_text('"""In no layer."""\n')
    ran = contracts(copy)
    assert ran.returncode == 1
    assert "stray" in ran.stdout


def test_a_match_can_be_described_without_a_circle_of_imports():
    assert "Match" in msgspec.json.schema(Match)["$defs"]


def test_lookup_starts_without_flask():
    code = (
        "import sys; sys.modules['flask'] = None; sys.argv = ['service', 'lookup', 'reuters.com']; "
        "from service.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Reuters (reuters.com)")


def test_five_files_at_most_stand_at_the_top():
    assert len([path for path in SERVICE.iterdir() if path.is_file()]) <= 5
