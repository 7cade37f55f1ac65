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
from service.web.framework.endpoint import ENDPOINTS
from tests.helpers import ROOT
from tests.helpers.serving import BIN, debian

DEPLOY = ROOT / "deploy"
KUSTOMIZATIONS = sorted((DEPLOY / "kubernetes").rglob("kustomization.yaml"))
OVERLAY = DEPLOY / "overlay" / "kustomization.yaml"
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
OPTIONS = [path.parent.name for path in KUSTOMIZATIONS if path.parent.parent.name == "options"]
OF_OTHERS = {"service-monitor.yaml", "http-route.yaml"}
KINDS_OF_OTHERS = {"ServiceMonitor", "HTTPRoute"}
"""Kinds that Kubernetes itself does not know: their schemas come with the operator and the gateway."""


def resources(kustomization):
    """Paths of the files that become objects in the cluster."""
    return [kustomization.parent / name for name in yaml.safe_load(kustomization.read_text())["resources"]]


KUBERNETES = sorted(path for each in KUSTOMIZATIONS for path in resources(each) if path.name not in OF_OTHERS)
SETTING = re.compile(rf"\b{PREFIX}([A-Z_]+)\b")


def metric_names() -> set[str]:
    """Every name under which a figure can be asked for."""
    names = set()
    for family in metrics.DECLARED_METRICS:
        for described in family.describe():
            names |= {described.name + suffix for suffix in ("", "_total", "_bucket", "_count", "_sum")}
    return names | set(metrics.COMPUTED)


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_files_fit_the_schemas(path):
    for document in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(document, "1.30", strict=True)


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_a_kustomization_names_each_file_beside_it(path):
    kustomization = yaml.safe_load(path.read_text())
    named = kustomization["resources"] + kustomization.get("configurations", [])
    assert sorted(named) == sorted(each.name for each in path.parent.glob("*.yaml") if each != path)


def render(folder):
    """What ``kubectl apply -k`` would send to the cluster."""
    command = [BIN / "kubectl", "kustomize", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def overlaid(folder, options, **changes):
    """The base with options, as an overlay in a folder of its own makes it."""
    base = os.path.relpath(DEPLOY / "kubernetes", folder)  # pathlib walks up from 3.12
    components = [f"{base}/options/{option}" for option in options]
    overlay = {"resources": [base], "components": components, "namespace": "news", **changes}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    return render(folder)


@pytest.mark.parametrize(
    "options", [[], *([each] for each in OPTIONS), OPTIONS], ids=lambda options: "+".join(options) or "none"
)
def test_the_base_renders_with_any_option(tmp_path, options):
    rendered = overlaid(tmp_path, options)
    used = [DEPLOY / "kubernetes", *(DEPLOY / "kubernetes/options" / option for option in options)]
    files = [path for folder in used for path in resources(folder / "kustomization.yaml")]
    kinds = [yaml.safe_load(path.read_text())["kind"] for path in files]
    assert sorted(each["kind"] for each in rendered) == sorted(kinds)
    assert {each["metadata"]["namespace"] for each in rendered} == {"news"}
    for document in rendered:
        if document["kind"] not in KINDS_OF_OTHERS:
            kubernetes_validate.validate(document, "1.30", strict=True)


def test_the_base_itself_may_take_the_options_that_it_names(tmp_path):
    base = shutil.copytree(DEPLOY / "kubernetes", tmp_path / "base")
    path = base / "kustomization.yaml"
    path.write_text(re.sub("^# (?=components:|  - )", "", path.read_text(), flags=re.MULTILINE))
    assert sorted(yaml.safe_load(path.read_text())["components"]) == [f"options/{each}" for each in OPTIONS]
    assert len(render(base)) == len(KUBERNETES) + len(OF_OTHERS)


@pytest.mark.parametrize("prefix", ["", "eu-"])
def test_what_is_rendered_points_at_what_is_there(tmp_path, prefix):
    rendered = overlaid(tmp_path, OPTIONS, namePrefix=prefix)
    of = {each["kind"]: each for each in rendered}
    name = f"{prefix}slantwise"
    assert {each["metadata"]["name"] for each in rendered} == {
        name,
        f"{name}-calls-out",
        f"{name}-data-refresh",
    }
    deployment, service = of["Deployment"], of["Service"]

    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"].items()
    policies = [each["spec"] for each in rendered if each["kind"] == "NetworkPolicy"]
    selectors = [
        deployment["spec"]["selector"],
        of["PodDisruptionBudget"]["spec"]["selector"],
        *(each["labelSelector"] for each in template["spec"]["topologySpreadConstraints"]),
        *(policy["podSelector"] for policy in policies),
        {"matchLabels": service["spec"]["selector"]},
    ]
    assert all(each["matchLabels"] and each["matchLabels"].items() <= labels for each in selectors)

    (container,) = template["spec"]["containers"]
    assert {each["name"] for each in container["volumeMounts"]} == {
        each["name"] for each in template["spec"]["volumes"]
    }
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    asked = [container[each]["httpGet"]["port"] for each in container if each.endswith("Probe")]
    asked += [each["targetPort"] for each in service["spec"]["ports"]]
    asked += [
        port["port"] for policy in policies for rule in policy.get("ingress", []) for port in rule["ports"]
    ]
    assert set(asked) == set(ports)
    assert int(template["metadata"]["annotations"]["prometheus.io/port"]) in ports.values()

    scaled = of["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert scaled == {"apiVersion": deployment["apiVersion"], "kind": "Deployment", "name": name}

    served = {each["name"]: each["port"] for each in service["spec"]["ports"]}
    monitor = of["ServiceMonitor"]["spec"]
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert [(each["port"] in served, each["path"]) for each in monitor["endpoints"]] == [(True, "/metrics")]
    jobs = set(re.findall(r'job="(\w+)"', (DEPLOY / "alerts.yaml").read_text()))
    assert jobs == {service["metadata"]["labels"][monitor["jobLabel"]]}
    backends = [each for rule in of["HTTPRoute"]["spec"]["rules"] for each in rule["backendRefs"]]
    assert backends == [{"name": name, "port": served["http"]}]


def test_the_overlay_takes_image_namespaces_and_gateway_as_settings(tmp_path):
    folder = tmp_path / "overlay"
    folder.mkdir()
    base = os.path.relpath(DEPLOY / "kubernetes", folder)
    text = OVERLAY.read_text().replace("../kubernetes", base)
    for old, new in {
        "gateway-namespace=gateway": "gateway-namespace=edge",
        "gateway-name=gateway": "gateway-name=front",
        "monitoring-namespace=monitoring": "monitoring-namespace=watch",
        "newTag: v0.1.0": "newTag: v9",
        "namespace: slantwise": "namespace: bias",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "kustomization.yaml").write_text(text)
    rendered = render(folder)
    of = {each["kind"]: each for each in rendered}
    assert "ConfigMap" not in of
    assert {each["metadata"]["namespace"] for each in rendered} == {"bias"}
    (container,) = of["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["image"].endswith(":v9")
    (rule,) = of["NetworkPolicy"]["spec"]["ingress"]
    asked = [each["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for each in rule["from"]]
    assert asked == ["edge", "watch"]
    (parent,) = of["HTTPRoute"]["spec"]["parentRefs"]
    assert (parent["name"], parent["namespace"]) == ("front", "edge")


def extended(path, name):
    """A service with what it extends, as Compose merges them; variables keep their default."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", path.read_text())
    service = yaml.safe_load(text)["services"][name]
    if base := service.pop("extends", None):
        other = extended(path.parent / base.get("file", path.name), base["service"])
        return {
            key: {**other.get(key, {}), **value} if isinstance(value, dict) else value
            for key, value in (other | service).items()
        }
    return service


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_names_what_is_there(path):
    names = yaml.safe_load(path.read_text())["services"]
    services = {name: extended(path, name) for name in names}
    replicas = [each for each in services.values() if each["image"] == "slantwise:latest"]
    assert replicas
    for each in replicas:
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
        assert (path.parent / each["build"]["context"] / "Dockerfile").is_file()
        hops = "0" if "gateway" not in services else "1"
        assert each["environment"]["SLANTWISE_PROXY_HOPS"] == hops
    for each in services.values():
        assert set(each.get("depends_on", ())) <= set(services)
    documented = (ROOT / "docs" / "deploy.md").read_text()
    for volume in services.get("gateway", {}).get("volumes", ()):
        source = volume.split(":")[0].removeprefix("./")
        assert (DEPLOY / source).exists() or f"deploy/{source}" in documented
    if (docker := shutil.which("docker")) and not subprocess.call([docker, "compose", "version"]):
        subprocess.run([docker, "compose", "-f", path, "config", "--quiet"], check=True)


def test_redis_and_a_collector_can_be_reached_when_they_are_used():
    path = DEPLOY / "kubernetes/options/calls-out/network-policy.yaml"
    rules = yaml.safe_load(path.read_text())["spec"]["egress"]
    assert {port["port"] for rule in rules for port in rule["ports"]} == {53, 6379, 4318}


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
    families = {described.name for family in metrics.DECLARED_METRICS for described in family.describe()}
    assert [name for name in sorted(families | set(metrics.COMPUTED)) if name not in asked] == []


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
