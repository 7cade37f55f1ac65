"""A client that openapi-python-client makes of ``openapi.json`` works against the running service."""

import importlib
import json
import subprocess
from pathlib import Path

import pytest
import requests

from tests.helpers import ROOT
from tests.helpers.serving import BIN, serving

pytestmark = pytest.mark.slow

# The generator knows text, not pictures: a picture as SVG is text.
CONFIG = "content_type_overrides:\n  image/svg+xml: text/html\n"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    """The folder that holds the package ``generated_client``, as a caller would make it."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yaml").write_text(CONFIG)
    subprocess.run(
        [
            *(BIN / "openapi-python-client", "generate", "--path", ROOT / "openapi.json"),
            *("--meta", "none", "--config", "config.yaml", "--output-path", "generated_client"),
        ],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return folder


@pytest.fixture
def package(generated, monkeypatch):
    """A function that imports a module of the generated package."""
    monkeypatch.syspath_prepend(str(generated))
    return lambda name: importlib.import_module(f"generated_client.{name}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def client(package, server):
    with package("client").Client(base_url=server.url, raise_on_unexpected_status=True) as made:
        yield made


def test_it_has_every_operation(generated):
    document = json.loads((ROOT / "openapi.json").read_text())
    operations = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    made = {path.stem for path in generated.glob("generated_client/api/*/*.py")} - {"__init__"}
    assert made == operations


def test_it_scores_a_list_and_reads_the_answer_with_its_types(package, client, server):
    models = package("models")
    body = models.DistributionRequest(
        outlets=["reuters.com", models.EntryFields(name="Fox News"), "nobody.example"],
        detail=models.DistributionRequestDetail.FULL,
    )
    answer = package("api.scoring.post_distribution").sync(client=client, body=body)
    assert isinstance(answer, models.Distribution)
    sent = requests.post(server.url + "/v1/distribution", json=body.to_dict(), timeout=10).json()
    assert answer.to_dict() == sent
    assert answer.headline == sent["headline"]
    assert [entry.status.value for entry in answer.outlets] == ["rated", "rated", "unknown"]
    assert answer.outlets[0].bias.label.value == sent["outlets"][0]["bias"]["label"]
    assert answer.robustness.interval.center[1] <= 1


def test_it_scores_a_short_list_in_the_address(package, client):
    answer = package("api.scoring.get_distribution").sync(
        client=client, outlet=["reuters.com", "foxnews.com"]
    )
    shown = answer.distribution
    assert (answer.counts.rated, shown.left + shown.center + shown.right) == (2, 100)


def test_it_scores_a_batch_of_which_one_story_is_bad(package, client):
    models = package("models")
    stories = [models.BatchStory(id="a", outlets=["reuters.com"]), models.BatchStory(id="b", outlets=[])]
    answer = package("api.scoring.post_batch").sync(client=client, body=models.BatchRequest(stories=stories))
    good, bad = answer.results
    assert (good.id, good.result.counts.rated) == ("a", 1)
    assert good.result.headline.startswith("100% ")
    assert (bad.id, bad.problem.status) == ("b", 422)


def test_it_reads_a_problem_as_a_problem(package, client):
    answer = package("api.outlets.get_outlet").sync(client=client, domain="nobody.example")
    assert isinstance(answer, package("models").Problem)
    assert answer.status == 404


def test_it_reads_pictures_and_probes(package, client):
    bar = package("api.pictures.bar_svg").sync(client=client, left=1, center=2)
    assert bar.startswith("<svg")
    assert package("api.running.readyz").sync(client=client).status == "ready"
