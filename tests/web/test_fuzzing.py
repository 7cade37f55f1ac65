"""Schemathesis sends the running server what the description allows, and what it forbids.

Every answer must be one that the description knows: its status, headers, media type and schema; never a 5xx.
"""

import copy
import json
import os
import subprocess
from pathlib import Path

import pytest
import requests

from tests.helpers.serving import BIN, serving

EXAMPLES_PER_OPERATION = "25"
CONFIG = """
[checks.positive_data_acceptance]
# A request may fit the schema and still ask the impossible, as for a rater that is not enabled.
expected-statuses = ["2xx", 304, 404, 414, 422]

[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 413, 414, 415, 422]
"""
HOOKS = '''
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """Lines are text to the description; whatever the fuzzer makes of them is sent."""
    return value if isinstance(value, bytes) else json_of(value)

def json_of(value):
    import json
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()
'''


def for_fuzzing(document: dict) -> dict:
    """The description for the fuzzer: QUERY spelt out, and lines as the bytes they are."""
    document = copy.deepcopy(document) | {"openapi": "3.2.0"}
    # A bad story of a batch gets a problem of its own, and the answer is 200.
    document["components"]["schemas"]["BatchRequest"]["properties"]["stories"]["items"] = {}
    for item in document["paths"].values():
        for operation in list(item.values()):
            content = operation.get("requestBody", {}).get("content", {})
            if "application/x-ndjson" in content:
                # Any bytes are lines: each bad one gets a problem of its own, and the answer is 200.
                content["application/x-ndjson"]["schema"] = {}
                operation["parameters"] = [p for p in operation.get("parameters", ()) if p["in"] == "path"]
            for response in operation["responses"].values():
                if lines := response.pop("x-ndjson", None):
                    response["content"]["application/x-ndjson"] = lines
            if "`QUERY`" in operation["description"]:
                item["query"] = operation | {"operationId": "query_" + operation["operationId"]}
    return document


@pytest.mark.slow
def test_no_request_is_answered_outside_the_description(tmp_path: Path):
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    (tmp_path / "hooks.py").write_text(HOOKS)
    # Short lists, so that few addresses are longer than the server reads.
    with serving(tmp_path, SLANTWISE_MAX_OUTLETS="20") as server:
        document = for_fuzzing(requests.get(server.url + "/openapi.json", timeout=30).json())
        (tmp_path / "openapi.json").write_text(json.dumps(document))
        run = subprocess.run(
            [
                *(BIN / "schemathesis", "run", "openapi.json", "--url", server.url),
                *("--mode", "all", "--max-examples", EXAMPLES_PER_OPERATION, "--generation-deterministic"),
                *("--suppress-health-check", "all", "--no-color"),
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
