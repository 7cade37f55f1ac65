"""Files for the code host: forms ask for what a correction needs, workflows call targets that exist."""

import csv
import re

import pytest
import yaml

from service.settings import SHIPPED_DATA
from tests.helpers import ROOT

HOST = ROOT / ".github"
FORMS = sorted(set((HOST / "ISSUE_TEMPLATE").glob("*.yml")) - {HOST / "ISSUE_TEMPLATE" / "config.yml"})
TYPES = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def fields(path):
    """The fields of a form, by id."""
    body = yaml.safe_load(path.read_text("utf-8"))["body"]
    return {item["id"]: item for item in body if item["type"] != "markdown"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_has_what_the_host_asks_of_it(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert all(form[key] for key in ("name", "description", "body"))
    asked = [item for item in form["body"] if item["type"] != "markdown"]
    assert {item["type"] for item in form["body"]} <= TYPES
    assert (
        len({item["id"] for item in asked})
        == len({item["attributes"]["label"] for item in asked})
        == len(asked)
    )
    for item in asked:
        assert re.fullmatch(r"[a-z_]+", item["id"])
        assert item["type"] != "dropdown" or len(set(item["attributes"]["options"])) >= 2
        assert isinstance(item["validations"]["required"], bool)


def test_a_wrong_name_gives_a_case_of_the_bench():
    with (ROOT / "bench" / "resolution" / "cases.csv").open(encoding="utf-8", newline="") as file:
        cases = csv.DictReader(file)
        kinds = {case["kind"] for case in cases}
    asked = fields(HOST / "ISSUE_TEMPLATE" / "name.yml")
    assert asked.keys() >= set(cases.fieldnames)
    assert all(asked[name]["validations"]["required"] for name in cases.fieldnames)
    assert set(asked["kind"]["attributes"]["options"]) == kinds


def test_a_wrong_rating_gives_a_line_of_a_rater_file():
    asked = fields(HOST / "ISSUE_TEMPLATE" / "rating.yml")
    shipped = {path.stem for path in (SHIPPED_DATA / "raters").glob("*.csv")}
    assert set(asked["rater"]["attributes"]["options"]) == shipped
    header = (SHIPPED_DATA / "raters" / "mbfc.csv").read_text("utf-8").splitlines()[0].split(",")
    assert {"domain", "label", "url", "as_of"} <= asked.keys() & set(header)


@pytest.mark.parametrize("path", sorted((HOST / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_a_workflow_may_do_little_and_ends(path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"]
    assert workflow[True], "YAML reads the key `on` as true"
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_a_release_has_the_wheel_and_an_image_for_two_architectures_with_its_list():
    workflow = yaml.safe_load((HOST / "workflows" / "release.yml").read_text("utf-8"))
    steps = workflow["jobs"]["release"]["steps"]
    (image,) = [step["with"] for step in steps if "build-push-action" in step.get("uses", "")]
    assert image["platforms"].split(",") == ["linux/amd64", "linux/arm64"]
    assert image["sbom"] is True
    declared = set(
        re.findall(r"(\w+)=", re.search(r"^ARG (SOURCE.*)$", (ROOT / "Dockerfile").read_text(), re.M)[1])
    )
    assert {line.partition("=")[0] for line in image["build-args"].split()} >= declared
    assert "make wheel sbom" in [step.get("run") for step in steps]


def test_the_hook_calls_the_quick_part_of_the_checks():
    (repo,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"] for hook in repo["hooks"]] == ["make lint"]
    assert re.search(r"^check: lint\b", (ROOT / "Makefile").read_text(), re.MULTILINE)
