"""The example configurations say what is true: schemas, settings, paths, metrics."""

import json
import os
import re
import shutil
import subprocess

import kubernetes_validate
import pytest
import yaml

from service.settings import PREFIX, Settings
from service.telemetry import metrics
from service.web import app  # noqa: F401  # registers every operation
from service.web.http.endpoint import ENDPOINTS
from tests.helpers import ROOT
from tests.helpers.serving import debian

DEPLOY = ROOT / "deploy"
KUSTOMIZATIONS = sorted((DEPLOY / "kubernetes").rglob("kustomization.yaml"))
OF_OTHERS = {"service-monitor.yaml", "http-route.yaml"}
"""Kinds that Kubernetes itself does not know: their schemas come with the operator and the gateway."""

KUBERNETES = sorted(
    path
    for path in (DEPLOY / "kubernetes").rglob("*.yaml")
    if path not in KUSTOMIZATIONS and path.name not in OF_OTHERS
)
SETTING = re.compile(rf"\b{PREFIX}([A-Z_]+)\b")


def metric_names() -> set[str]:
    """Every name under which a figure can be asked for."""
    names = set()
    for family in metrics.DECLARED:
        for described in family.describe():
            names |= {described.name + suffix for suffix in ("", "_total", "_bucket", "_count", "_sum")}
    return names | set(metrics.OF_DATA)


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_files_fit_the_schemas(path):
    for document in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(document, "1.30", strict=True)


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_a_kustomization_names_each_file_beside_it(path):
    named = yaml.safe_load(path.read_text())["resources"]
    assert sorted(named) == sorted(each.name for each in path.parent.glob("*.yaml") if each != path)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="Debian 12 has no kubectl with components")
def test_the_base_with_each_option_renders(tmp_path):
    base = os.path.relpath(DEPLOY / "kubernetes", tmp_path)  # pathlib walks up from 3.12
    options = [
        f"{base}/options/{path.parent.name}"
        for path in KUSTOMIZATIONS
        if path.parent.parent.name == "options"
    ]
    overlay = {"resources": [base], "components": options, "namespace": "news"}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    done = subprocess.run(["kubectl", "kustomize", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rendered = list(yaml.safe_load_all(done.stdout))
    assert {each["metadata"]["namespace"] for each in rendered} == {"news"}
    assert len(rendered) == len(KUBERNETES) + len(OF_OTHERS)
    for document in rendered:
        if document["kind"] not in ("ServiceMonitor", "HTTPRoute"):
            kubernetes_validate.validate(document, "1.30", strict=True)
    assert any(each["kind"] == "NetworkPolicy" and "egress" in each["spec"] for each in rendered)


def test_redis_and_a_collector_can_be_reached_when_they_are_used():
    path = DEPLOY / "kubernetes/options/calls-out/network-policy.yaml"
    rules = yaml.safe_load(path.read_text())["spec"]["egress"]
    assert {port["port"] for rule in rules for port in rule["ports"]} == {53, 6379, 4318}


def test_options_of_others_point_at_the_service():
    service = yaml.safe_load((DEPLOY / "kubernetes/service.yaml").read_text())
    options = DEPLOY / "kubernetes/options"
    monitor = yaml.safe_load((options / "service-monitor/service-monitor.yaml").read_text())
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    (port,) = service["spec"]["ports"]
    assert [(each["port"], each["path"]) for each in monitor["spec"]["endpoints"]] == [
        (port["name"], "/metrics")
    ]
    route = yaml.safe_load((options / "http-route/http-route.yaml").read_text())
    (backend,) = route["spec"]["rules"][0]["backendRefs"]
    assert backend == {"name": service["metadata"]["name"], "port": port["port"]}


def test_a_single_replica_can_be_drained():
    budget = yaml.safe_load((DEPLOY / "kubernetes/disruption-budget.yaml").read_text())
    assert budget["spec"]["maxUnavailable"] >= 1 and "minAvailable" not in budget["spec"]


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


def test_each_metric_has_a_panel():
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    families = {described.name for family in metrics.DECLARED for described in family.describe()}
    assert [name for name in sorted(families | set(metrics.OF_DATA)) if name not in asked] == []


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


def test_each_alert_fires_when_it_should_and_not_before():
    promtool = debian("promtool")
    done = subprocess.run(
        [promtool, "test", "rules", "alerts_test.yaml"],
        cwd=DEPLOY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    tests = yaml.safe_load((DEPLOY / "alerts_test.yaml").read_text())["tests"]
    fired = {
        each["alertname"] for test in tests for each in test["alert_rule_test"] if each.get("exp_alerts")
    }
    assert fired == {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
