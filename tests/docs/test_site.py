"""The documents build as a site with no broken link and no file from elsewhere."""

import os
import re
import shutil
import subprocess

from tests.helpers import ROOT
from tests.helpers.serving import BIN

PARTS = (
    "*.md",
    "docs/**/*",
    "data/*.md",
    "bench/*.md",
    "clients/*/*.md",
    "openapi.json",
    "LICENSE",
    "deploy/**/*",
)


def test_the_documents_build_strictly_and_ask_no_other_host(tmp_path):
    for path in (path for part in PARTS for path in ROOT.glob(part) if path.is_file()):
        copy = tmp_path / "build/pages" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
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
