"""The documents build as a site with no broken link and no file from elsewhere."""

import os
import re
import shutil
import subprocess

from tests.helpers import ROOT
from tests.helpers.serving import BIN

KINDS = ("*.md", "openapi.json", "LICENSE", "deploy")


def test_the_documents_build_strictly_and_ask_no_other_host(tmp_path):
    found = subprocess.run(
        ["git", "ls-files", *KINDS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in found:
        (tmp_path / "build/pages" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "build/pages" / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    done = subprocess.run(
        [BIN / "python", "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=tmp_path,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "build/site/docs/deploy.html").read_text("utf-8")
    assert re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|woff2?)"', page) == []
