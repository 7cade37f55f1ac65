"""The example configurations say what is true: schemas, settings, paths, metrics."""

import json
import re

import kubernetes_validate
import pytest
import yaml

from service.settings import PREFIX, Settings
from service.telemetry import metrics
from service.web import app  # noqa: F401  # registers every operation
from service.web.http.endpoint import ENDPOINTS
from tests.helpers import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
SETTING = re.compile(rf"\b{PREFIX}([A-Z_]+)\b")


def metric_names() -> set[str]:
    """Every name under which a figure can be asked for."""
    names = set()
    for family in (metrics.REQUESTS, metrics.ENTRIES, metrics.RELOADS):
        for described in family.describe():
            names |= {described.name + suffix for suffix in ("", "_total", "_bucket", "_count", "_sum")}
    return names | set(metrics.OF_DATA)


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_files_fit_the_schemas(path):
    for document in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(document, "1.30", strict=True)


def test_a_misspelled_field_would_be_noticed():
    deployment = yaml.safe_load((DEPLOY / "kubernetes" / "deployment.yaml").read_text())
    deployment["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.30", strict=True)


@pytest.mark.parametrize("path", [p for p in DEPLOY.rglob("*") if p.is_file()], ids=lambda path: path.name)
def test_settings_that_are_named_exist(path):
    named = {name.lower() for name in SETTING.findall(path.read_text())}
    assert named <= set(Settings.__struct_fields__)


def test_probes_ask_for_paths_that_exist():
    deployment = yaml.safe_load((DEPLOY / "kubernetes" / "deployment.yaml").read_text())
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    probes = {container[name]["httpGet"]["path"] for name in container if name.endswith("Probe")}
    assert probes == {"/readyz", "/livez"}
    assert probes <= {shown.rule for shown in ENDPOINTS}


def test_the_container_may_write_nowhere_and_gain_nothing():
    deployment = yaml.safe_load((DEPLOY / "kubernetes" / "deployment.yaml").read_text())
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"]["runAsUser"] == 10001
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["slantwise"]
    assert (compose["read_only"], compose["cap_drop"]) == (True, ["ALL"])


def test_requests_in_flight_have_time_to_end():
    config = (ROOT / "service" / "gunicorn.conf.py").read_text()
    graceful = int(re.search(r"^graceful_timeout = (\d+)$", config, re.MULTILINE)[1])
    deployment = yaml.safe_load((DEPLOY / "kubernetes" / "deployment.yaml").read_text())
    assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > graceful + 5
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["slantwise"]
    assert int(compose["stop_grace_period"].removesuffix("s")) > graceful


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_exist():
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for expression in asked for name in re.findall(r"slantwise_\w+", expression)}
    assert named
    assert named <= metric_names()
    assert set(metrics.OF_DATA) <= named | {"slantwise_dataset_outlets"}


def test_panels_of_the_dashboard_do_not_overlap():
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    cells = [
        (x, y)
        for panel in board["panels"]
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
