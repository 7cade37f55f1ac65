"""Types that openapi-typescript makes of ``openapi.json`` by default fit documented requests and answers."""

import json
import os
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest

from service.web.openapi.examples import EXAMPLES_FOLDER
from tests.helpers import ROOT

pytestmark = pytest.mark.slow

TOOLS = ROOT / "build" / "types" / "node_modules" / ".bin"
DOCUMENT = json.loads((ROOT / "openapi.json").read_text("utf-8"))
COMMITTED = ROOT / "clients" / "js" / "api.d.ts"
MISTAKES = [
    ("post_distribution", {}, "`outlets` is required"),
    ("post_distribution", {"outlets": "reuters.com"}, "it is a list"),
    ("post_distribution", {"outlets": ["reuters.com"], "rater": ["mbfc"]}, "there is no such field"),
    ("post_distribution", {"outlets": ["reuters.com"], "count_by": "outlets"}, "there is no such value"),
    ("post_distribution", {"outlets": [{"link": "https://reuters.com/a"}]}, "an entry has no such field"),
    ("post_coverage", {"articles": [{"source": 7}]}, "a source is a text or an object"),
]
"""Bodies that must not compile."""


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


def documented() -> list[tuple[str, str, object]]:
    """What is documented and fits: operation, place of the values, and the values."""
    found = []
    for name in operations():
        file = EXAMPLES_FOLDER / f"{name}.json"
        for each in json.loads(file.read_text("utf-8")) if file.exists() else ():
            if each.get("status", 200) != 422:
                found += [(name, place, each[part]) for part, place in PLACES.items() if part in each]
            if each.get("status", 200) == 200:
                found.append((name, ANSWER, each["answer"]))
    return [each for each in found if not isinstance(each[2], str)]  # lines and pictures are text


BODY = '["requestBody"]["content"]["application/json"]'
ANSWER = '["responses"][200]["content"]["application/json"]'
PLACES = {"body": BODY, "query": '["parameters"]["query"]', "path": '["parameters"]["path"]'}


def compiled(folder: Path) -> str:
    """What the compiler says of all that is documented and of the mistakes, nothing where it is right."""
    lines = ['import type { operations } from "./api.js";']
    for number, (name, place, value) in enumerate(documented()):
        said = json.dumps(value, ensure_ascii=False)
        lines.append(f'export const sent{number}: operations["{name}"]{place} = {said};')
    for number, (name, value, why) in enumerate(MISTAKES):
        # Without an error in the next line the compiler complains of this one.
        lines.append(f"// @ts-expect-error {why}")
        lines.append(f'export const bad{number}: operations["{name}"]{BODY} = {json.dumps(value)};')
    (folder / "requests.ts").write_text("\n".join(lines) + "\n")
    command = [TOOLS / "tsc", "--noEmit", "--strict", "--target", "es2022"]
    modules = ["--module", "nodenext", "--moduleResolution", "nodenext", "requests.ts"]
    return subprocess.run(
        [*command, *modules], cwd=folder, capture_output=True, text=True, check=False
    ).stdout


def test_what_is_documented_compiles_and_mistakes_do_not(tmp_path):
    types_of(DOCUMENT, tmp_path)
    assert len(documented()) > 30
    assert compiled(tmp_path) == ""


CALLS = """
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8000" });

const one = await client.POST("/v1/distribution", { body: { outlets: ["reuters.com", "BBC News"] } });
export const headline: string | null | undefined = one.data?.headline;

const stories = [{ id: "1", outlets: ["reuters.com"] }];
const many = await client.POST("/v1/distribution/batch", { body: { stories } });
export const first: string | undefined = many.data?.results[0]?.result?.sentence;

const found = await client.GET("/v1/outlets", { params: { query: { side: "right", sort: "known" } } });
export const name: string | undefined = found.data?.outlets[0]?.name;

const articles = [{ link: "https://www.reuters.com/world/a", pubDate: "2026-04-28 15:30:00" }];
const panel = await client.POST("/v1/coverage", { body: { articles } });
export const thin: string | null | undefined = panel.data?.coverage_gap.side;
export const detail: string | undefined = panel.error?.detail;
"""


def test_default_calls_of_openapi_fetch_compile(tmp_path):
    types_of(DOCUMENT, tmp_path)
    (tmp_path / "calls.mts").write_text(CALLS)
    (tmp_path / "node_modules").symlink_to(TOOLS.parent)
    command = [
        TOOLS / "tsc",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom",
        "--skipLibCheck",
    ]
    modules = ["--module", "nodenext", "--moduleResolution", "nodenext", "calls.mts"]
    done = subprocess.run([*command, *modules], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_an_optional_field_with_a_default_would_be_seen(tmp_path):
    document = deepcopy(DOCUMENT)
    document["components"]["schemas"]["DistributionRequest"]["properties"]["count_by"]["default"] = "x"
    types_of(document, tmp_path)
    assert "Property 'count_by' is missing" in compiled(tmp_path)


def test_the_types_of_the_javascript_client_are_those_of_the_description(tmp_path):
    assert types_of(DOCUMENT, tmp_path).read_text("utf-8") == COMMITTED.read_text("utf-8"), (
        "run: make openapi"
    )
