"""The server needs nothing but what requirements.txt pins: other packages cannot be imported here."""

import re

import pytest
import requests

from tests.helpers import ROOT
from tests.helpers.serving import serving

pytestmark = pytest.mark.slow

PINNED = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
BLOCK = """
import sys
from importlib.metadata import packages_distributions

pinned = {pinned!r}
for module, owners in packages_distributions().items():
    if not any(owner.lower().replace("_", "-").replace(".", "-") in pinned for owner in owners):
        sys.modules[module] = None
"""


def test_the_server_starts_with_what_is_pinned_and_nothing_else(tmp_path):
    assert "gunicorn" in PINNED
    (tmp_path / "sitecustomize.py").write_text(BLOCK.format(pinned=sorted(PINNED)))
    with serving(tmp_path, PYTHONPATH=str(tmp_path)) as server:
        body = {"outlets": ["reuters.com"]}
        answer = requests.post(server.url + "/v1/distribution", json=body, timeout=10)
        assert answer.json()["counts"]["rated"] == 1
        for path in ("/", "/metrics", "/docs", "/v1/bar.png?left=1&center=1&right=1"):
            assert requests.get(server.url + path, timeout=10).status_code == 200, path
