"""Types that openapi-typescript makes of ``openapi.json`` by default fit documented requests."""

import json
import os
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest

from service.web.openapi.examples import FOLDER
from tests.helpers import ROOT

pytestmark = pytest.mark.slow

TOOLS = ROOT / "build" / "types" / "node_modules" / ".bin"
DOCUMENT = json.loads((ROOT / "openapi.json").read_text("utf-8"))
COMMITTED = ROOT / "clients" / "js" / "api.d.ts"
FEEDS = [
    {
        "source": {"id": None, "name": "Fox News"},
        "title": "A bridge opens",
        "url": "https://www.foxnews.com/bridge",
        "publishedAt": "2026-04-28T15:30:00Z",
    },
    {"title": "A bridge opens", "link": "https://apnews.com/bridge", "dc:creator": "A. Writer"},
]
"""Articles as NewsAPI and a reader of RSS give them: a field stands for another."""


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    if not (TOOLS / "tsc").exists() and not shutil.which("npm"):
        pytest.skip("openapi-typescript needs npm, which is not here")
    assert (TOOLS / "tsc").exists(), "run: make types"


def types_of(document: dict, folder: Path) -> Path:
    """The types of a description, as the generator writes them when it is told nothing."""
    described, made = folder / "openapi.json", folder / "api.d.ts"
    described.write_text(json.dumps(document))
    command = [TOOLS / "openapi-typescript", described, "--output", made]
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "NO_COLOR": "1"})
    return made


def operations() -> dict[str, dict]:
    """Every operation of the description by its id."""
    return {each["operationId"]: each for path in DOCUMENT["paths"].values() for each in path.values()}


def requests() -> list[tuple[str, str, object]]:
    """The documented requests that fit: operation, place of the values, and the values."""
    found = [
        ("post_coverage", BODY, {"articles": FEEDS}),
        ("post_distribution", BODY, {"outlets": ["a.com"]}),
    ]
    for name in operations():
        file = FOLDER / f"{name}.json"
        for each in json.loads(file.read_text("utf-8")) if file.exists() else ():
            if each.get("status", 200) != 422:
                found += [(name, place, each[part]) for part, place in PLACES.items() if part in each]
    return [each for each in found if not isinstance(each[2], str)]  # lines are text to a generator


BODY = '["requestBody"]["content"]["application/json"]'
PLACES = {"body": BODY, "query": '["parameters"]["query"]', "path": '["parameters"]["path"]'}


def compiled(folder: Path) -> str:
    """What the compiler says of all documented requests, nothing where they compile."""
    lines = ['import type { operations } from "./api.js";']
    for number, (name, place, value) in enumerate(requests()):
        said = json.dumps(value, ensure_ascii=False)
        lines.append(f'export const sent{number}: operations["{name}"]{place} = {said};')
    (folder / "requests.ts").write_text("\n".join(lines) + "\n")
    command = [TOOLS / "tsc", "--noEmit", "--strict", "--target", "es2022"]
    modules = ["--module", "nodenext", "--moduleResolution", "nodenext", "requests.ts"]
    return subprocess.run(
        [*command, *modules], cwd=folder, capture_output=True, text=True, check=False
    ).stdout


def test_documented_requests_compile(tmp_path):
    types_of(DOCUMENT, tmp_path)
    assert len(requests()) > 15
    assert compiled(tmp_path) == ""


def test_an_optional_field_with_a_default_would_be_seen(tmp_path):
    document = deepcopy(DOCUMENT)
    document["components"]["schemas"]["DistributionRequest"]["properties"]["count_by"]["default"] = "x"
    types_of(document, tmp_path)
    assert "Property 'count_by' is missing" in compiled(tmp_path)


def test_the_types_of_the_javascript_client_are_those_of_the_description(tmp_path):
    assert types_of(DOCUMENT, tmp_path).read_text("utf-8") == COMMITTED.read_text("utf-8"), (
        "run: make openapi"
    )
