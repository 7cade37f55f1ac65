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
from service.cli.doctor import EXTRA_MODULES, build_report, format_report
from service.cli.masks import shown
from service.settings import PREFIX, Settings
from tests.helpers import ROOT
from tests.helpers.serving import debian, free_port, serving, stop, wait_until_up

HEALTHY, FAULTY = 0, 1
SECRET = "hunter2-s3cret"
KEY = "Zk3bq9Jx0PwQ7sVtL1mNfRcYhU5gDaE8iOo2KeXy4TA"
VARIABLES = [PREFIX + field.upper() for field in Settings.__struct_fields__]

OTHERS = ["SLANTWISE_API_KEY", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_ENDPOINT", "HOST", "PORT"]


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
    assert found["extras"].keys() == EXTRA_MODULES.keys()
    assert found["settings"]["SLANTWISE_MAX_OUTLETS"] == "500"
    assert found["data"].items() >= {"version": "test", "method": "2", "outlets": 7, "rated": 6}.items()
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
    "value",
    [
        SECRET,
        KEY,
        f"https://user:{SECRET}@127.0.0.1:1/x",
        f"redis://:{SECRET}@127.0.0.1:1/0",
        f"redis://me:a/b@c,{SECRET}@127.0.0.1:1/0",
        f"https://127.0.0.1:1/x?token={SECRET}",
        f"/srv/data;password={SECRET}",
        f"https://a.example, https://user:{SECRET}@b.example",
    ],
)
def test_no_secret_is_shown_whatever_setting_it_is_in(value):
    names = [*VARIABLES, *OTHERS]
    asking = {"SLANTWISE_TRACING": "true", "SLANTWISE_RATE_LIMIT": "1/second"}
    together = {**dict.fromkeys(names, value), **asking}
    for variables in ({name: value} for name in names), [together]:
        for given in variables:
            found = report(**given)
            for text in (json.dumps(found), "\n".join(format_report(found))):
                assert SECRET not in text, given
                assert KEY not in text, given


def test_a_fault_of_the_data_shows_no_secret_of_its_folder(monkeypatch):
    monkeypatch.undo()
    found = report(SLANTWISE_DATA=SECRET, SLANTWISE_RATERS=SECRET)
    assert found["data"]["loaded"] == "no"
    assert found["faults"]
    assert SECRET not in json.dumps(found)


@pytest.mark.parametrize(
    ("variable", "value", "seen"),
    [
        ("SLANTWISE_RATE_LIMIT", "5/second;1000/hour", "5/second;1000/hour"),
        ("SLANTWISE_RATERS", "mbfc,allsides", "mbfc,allsides"),
        ("SLANTWISE_RATERS", "mbfc,other", "***"),
        ("SLANTWISE_WEIGHTS", "mbfc=2,allsides=0.5", "mbfc=2,allsides=0.5"),
        ("SLANTWISE_CORS_ORIGINS", "https://app.example, https://b.example", "https://app.example, https://b.example"),
        ("SLANTWISE_RATE_LIMIT_STORAGE", "redis://me:pw@cache:6379/0", "redis://***@cache:6379/0"),
        ("SLANTWISE_MAX_BODY", "1048576", "1048576"),
        ("SLANTWISE_TRACING", "true", "true"),
        ("SLANTWISE_DATA", "/srv/data", "/srv/data"),
        ("OTEL_SERVICE_NAME", "slantwise", "***"),
        ("HOST", "127.0.0.1", "127.0.0.1"),
    ],
)  # fmt: skip
def test_what_is_no_secret_is_shown(variable, value, seen):
    assert shown(variable, value, {"mbfc", "allsides"}) == seen


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
    assert EXTRA_MODULES.keys() == declared.keys()
