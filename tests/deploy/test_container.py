"""The image cannot be built in every workshop; its parts are checked where it would run them."""

import json
import os
import re
import shutil
import signal
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
import requests
from packaging.requirements import Requirement

from service import __version__
from service.dataset.load import load
from service.settings import Settings
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


def test_the_pins_bring_all_that_the_servers_worker_imports():
    wanted = [Requirement(each) for each in metadata.requires("gunicorn")]
    names = {each.name for each in wanted if not each.marker or each.marker.evaluate({"extra": "gevent"})}
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert {"gevent", "packaging"} <= names
    assert names <= pinned


def copied() -> list[str]:
    """What COPY takes out of the repository into the last stage."""
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    return [words.split()[0] for words in re.findall(r"^COPY (?!--from)(.*)$", last, re.MULTILINE)]


def ignored(folder: str, names: list[str]) -> set[str]:
    """Names in ``folder`` that .dockerignore keeps out of a folder that is let in."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    kept_out = [line for line in lines if line[0] not in "!*"]
    paths = {name: Path(folder, name).relative_to(ROOT) for name in names}
    return {
        name
        for name, path in paths.items()
        if any(path.match(line.removeprefix("**/")) for line in kept_out) and f"!{path}" not in lines
    }


@pytest.fixture
def app_folder(tmp_path):
    """The folder /app of the image: what the Dockerfile copies, and nothing else."""
    folder = tmp_path / "app"
    for name in copied():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def test_everything_that_is_copied_is_let_in():
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert copied()
    for path in [*copied(), "requirements.txt", "requirements"]:
        assert f"!{path}" in let_in, path


def test_the_image_has_no_tests_no_papers_and_no_inputs_of_the_table(app_folder):
    assert {path.name for path in app_folder.iterdir()} == {"service", "data", "docs", "LICENSE"}
    assert {path.name for path in (app_folder / "docs").iterdir()} == {"methodology.md", "problems.md"}
    assert {path.name for path in (app_folder / "data" / "facts").iterdir()} == {"namesakes.csv"}


def test_the_image_serves_the_data_of_the_checkout(app_folder):
    assert load(Settings(data=str(app_folder / "data"))).files == load(Settings()).files


def test_the_image_says_which_build_it_is(tmp_path):
    command = re.search(r"^RUN (version=.*?[^\\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)[1]
    command = command.replace("/version.json", str(tmp_path / "version.json"))
    given = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "SOURCE": "https://code.example/s",
        "COMMIT": "c",
        "BUILD": "",
    }
    subprocess.run(["sh", "-c", command], cwd=ROOT, env=given, check=True)
    assert json.loads((tmp_path / "version.json").read_text()) == {
        "source": "https://code.example/s",
        "version": __version__,
        "commit": "c",
        "build": "",
    }


@pytest.mark.slow
def test_the_start_command_serves_on_port_from_a_read_only_root_without_privileges(tmp_path, app_folder):
    gunicorn, *arguments = instruction("ENTRYPOINT") + instruction("CMD")
    confined = [
        *(debian("unshare"), "--mount", "--", "sh", "-c"),
        'mount -t tmpfs tmpfs "$TMPDIR" && mount -o remount,ro,bind /'
        ' && exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"',
        *("sh", str(BIN / gunicorn), *arguments),
    ]
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    with serving(
        tmp_path, command=confined, folder=app_folder, HOME="/nonexistent", TMPDIR=str(scratch)
    ) as server:
        answer = requests.post(server.url + "/v1/distribution", json={"outlets": ["reuters.com"]}, timeout=5)
        assert answer.json()["outlets"][0]["name"] == "Reuters"
        assert requests.get(server.url + "/methodology", timeout=5).status_code == 200
        python, *probe = instruction("CMD", 0)  # the health check's
        environ = {"PORT": server.url.rpartition(":")[2]}
        subprocess.run([BIN / python, *probe], env=environ, check=True)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
