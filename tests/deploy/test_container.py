"""The image cannot be built in every workshop; its parts are checked where it would run them."""

import json
import re
import signal
import subprocess

import pytest
import requests

from tests.helpers import ROOT
from tests.helpers.serving import BIN, debian, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def instruction(name: str, which: int = -1) -> list[str]:
    """An exec-form instruction of that name; the last one unless ``which`` says otherwise."""
    return json.loads(re.findall(rf"^ *{name} (\[.*\])$", DOCKERFILE, re.MULTILINE)[which])


def test_hadolint_finds_no_fault():
    done = subprocess.run(
        [BIN / "hadolint", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_last_stage_has_no_build_tools_and_no_root():
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert "pip install" not in last
    assert "apt-get" not in last
    assert "\nUSER 10001:10001\n" in last
    assert "\nHEALTHCHECK " in last


def test_everything_that_is_copied_exists():
    sources = [
        path
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for path in line.split()[:-1]
    ]
    assert sources
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for path in sources:
        assert (ROOT / path).exists(), path
        assert f"!{path}" in ignored, path


@pytest.mark.slow
def test_the_start_command_serves_on_port_from_a_read_only_root_without_privileges(tmp_path):
    gunicorn, *arguments = instruction("ENTRYPOINT") + instruction("CMD")
    confined = [
        *(debian("unshare"), "--mount", "--", "sh", "-c"),
        'mount -t tmpfs tmpfs "$TMPDIR" && mount -o remount,ro,bind /'
        ' && exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"',
        *("sh", str(BIN / gunicorn), *arguments),
    ]
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    with serving(tmp_path, command=confined, HOME="/nonexistent", TMPDIR=str(scratch)) as server:
        answer = requests.post(server.url + "/v1/distribution", json={"outlets": ["reuters.com"]}, timeout=5)
        assert answer.json()["outlets"][0]["name"] == "Reuters"
        python, *probe = instruction("CMD", 0)  # the health check's
        environ = {"PORT": server.url.rpartition(":")[2]}
        subprocess.run([BIN / python, *probe], env=environ, check=True)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
