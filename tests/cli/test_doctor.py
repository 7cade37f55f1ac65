"""What a report of a fault has, and what it never has: a secret."""

import json
import socket
import socketserver
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.doctor import EXTRA_PACKAGES, build_report, format_report
from service.settings import PREFIX
from tests.helpers import ROOT
from tests.helpers.serving import debian, free_port, serving, stop, wait_until_up

HEALTHY, FAULTY = 0, 1
SECRET = "hunter2-s3cret"


def report(**variables: str) -> dict:
    """The report under these variables, on a port that is free."""
    return build_report({"PORT": str(free_port()), **variables})


@pytest.fixture(autouse=True)
def small_data(catalog, monkeypatch):
    """The small catalog, where the folder is the shipped one."""
    monkeypatch.setattr("service.cli.doctor.load", lambda settings: catalog)


def test_a_healthy_service_is_described_and_scripts_read_the_status():
    variables = {"PORT": str(free_port()), "SLANTWISE_MAX_OUTLETS": "500"}
    result = CliRunner().invoke(main, ["doctor", "--json"], env=variables)
    assert result.exit_code == HEALTHY, result.output
    found = json.loads(result.output)
    assert found["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(found["versions"]) >= {"slantwise", "platform", "flask", "gunicorn", "gevent", "polars"}
    assert found["extras"].keys() == EXTRA_PACKAGES.keys()
    assert "SLANTWISE_MAX_OUTLETS" in found["settings"]
    assert found["data"].items() >= {"version": "test", "method": "3", "outlets": 7, "rated": 6}.items()
    assert found["data"]["ratings of one"] == 6
    assert found["port"]["state"] == "free"
    assert found["faults"] == []
    assert CliRunner().invoke(main, ["doctor"], env=variables).output.endswith("healthy: no faults\n")


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"SLANTWISE_CORS_ORIGIN": "x"}, "unknown setting SLANTWISE_CORS_ORIGIN; did you mean SLANTWISE_CORS_ORIGINS?"),  # noqa: E501
        ({"SLANTWISE_MAX_BODY": "much"}, "setting SLANTWISE_MAX_BODY: Expected `int`"),
        ({"SLANTWISE_API_KEYS_FILE": "/nowhere"}, "SLANTWISE_API_KEYS_FILE cannot be read"),
        ({"SLANTWISE_RATE_LIMIT": "often"}, "SLANTWISE_RATE_LIMIT: "),
        ({"SLANTWISE_RATE_LIMIT": "1/second", "SLANTWISE_RATE_LIMIT_STORAGE": "redis://127.0.0.1:1"}, "the rate limit storage is not reached: Connection refused"),  # noqa: E501
        ({"SLANTWISE_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, "the collector of spans is not reached: Connection refused"),  # noqa: E501
        ({"SLANTWISE_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "nonsense"}, "not an address with a host and a port"),  # noqa: E501
        ({"PORT": "http"}, "PORT is not a number from 1 to 65535"),
        ({"PORT": "99999999999999999999"}, "PORT is not a number from 1 to 65535"),
    ],
)  # fmt: skip
def test_each_fault_is_named(variables, fault):
    assert [fault in each for each in report(**variables)["faults"]] == [True]


def test_faults_end_it_with_a_status_of_their_own():
    result = CliRunner().invoke(
        main, ["doctor"], env={"PORT": str(free_port()), "SLANTWISE_MAX_BODY": "much"}
    )
    assert result.exit_code == FAULTY
    assert "\n1 fault\n  setting SLANTWISE_MAX_BODY" in result.output


@pytest.mark.parametrize(
    "variables",
    [
        {"SLANTWISE_API_KEY": SECRET},
        {"OTEL_EXPORTER_OTLP_HEADERS": f"authorization={SECRET}"},
        {"SLANTWISE_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": f"https://u:{SECRET}@127.0.0.1:1/x"},
        {"SLANTWISE_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": f"https://127.0.0.1:1/?token={SECRET}"},
        *(
            {"SLANTWISE_RATE_LIMIT": "1/second", "SLANTWISE_RATE_LIMIT_STORAGE": storage}
            for storage in (SECRET, f"redis://:{SECRET}@127.0.0.1:1/0", f"redis://me:a/b@c,{SECRET}@:x/0")
        ),
        *({f"{PREFIX}{field.upper()}": SECRET} for field in ("max_body", "tracing")),
    ],
)
def test_no_value_of_a_setting_is_shown(variables):
    found = report(**variables)
    assert set(found["settings"]) == {*variables, "PORT"}
    for text in (json.dumps(found), "\n".join(format_report(found))):
        assert SECRET not in text


class Silent(socketserver.BaseRequestHandler):
    """A program that takes connections and says nothing we know."""

    def handle(self) -> None:
        self.request.sendall(b"220 mail\r\n")


@contextmanager
def another_program() -> Iterator[str]:
    with socketserver.TCPServer(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_address[1])
        server.shutdown()


def test_a_port_that_another_program_has_is_a_fault():
    with another_program() as port:
        found = report(PORT=port)
    assert found["port"]["state"] == "taken by another program"
    assert found["faults"] == [f"127.0.0.1:{port} is taken by another program; choose a PORT"]


def test_a_port_that_cannot_be_bound_is_a_fault():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        assert report(PORT=port)["faults"] == [f"127.0.0.1:{port} cannot be bound: Address already in use"]


@pytest.mark.slow
def test_the_service_itself_is_known_at_its_port(tmp_path):
    with serving(tmp_path) as server:
        found = report(PORT=server.url.rpartition(":")[2])
    assert found["port"]["state"].startswith("slantwise ")
    assert found["faults"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("password", "state"), [(SECRET, "answers"), ("wrong", "does not answer PING")])
def test_redis_is_asked_with_its_password(tmp_path, password, state):
    port = free_port()
    command = [debian("redis-server"), "--port", str(port), "--requirepass", SECRET, "--save", ""]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        url = f"redis://:{password}@127.0.0.1:{port}"
        found = report(SLANTWISE_RATE_LIMIT="1/second", SLANTWISE_RATE_LIMIT_STORAGE=url)
    finally:
        stop(process)
    assert found["reach"]["rate limit storage"].startswith(state)
    assert SECRET not in json.dumps(found)


def test_the_extras_are_those_of_the_package():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert EXTRA_PACKAGES.keys() == declared.keys()
