"""The Python client by itself: installed from its folder, without the server beside it."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import slantwise_client

from service import __version__
from tests.helpers import ROOT

NEEDED = ("requests", "urllib3", "certifi", "idna", "charset_normalizer")


def test_it_has_the_version_of_the_service():
    assert slantwise_client.__version__ == __version__


@pytest.mark.slow
def test_it_scores_a_list_where_nothing_but_requests_is_installed(tmp_path, url):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT / "clients/python", check=True, capture_output=True)
    (wheel,) = tmp_path.glob("slantwise_client-*.whl")
    packages = tmp_path / "packages"
    with zipfile.ZipFile(wheel) as files:
        files.extractall(packages)
        (metadata,) = (name for name in files.namelist() if name.endswith("METADATA"))
        needs = [
            line for line in files.read(metadata).decode().splitlines() if line.startswith("Requires-Dist")
        ]
    assert needs == ["Requires-Dist: requests>=2.31"]
    for name in NEEDED:
        (packages / name).symlink_to(Path(sysconfig.get_path("purelib")) / name)
    code = (
        "from slantwise_client import Client, __version__\n"
        f"with Client({url!r}) as slantwise:\n"
        "    print(__version__, slantwise.distribution(['left.example', 'nobody.example']).headline)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(packages)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == f"{__version__} 100% Left", done.stderr
