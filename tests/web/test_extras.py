"""What is optional says what to install where it is missing, and nothing else needs it."""

import subprocess
import sys

import pytest

from service.settings import Settings
from service.web.app import create_app
from tests.helpers import ROOT

COMMAND = "import sys; sys.modules[{!r}] = None\nfrom service.cli import main; main({})"


def run(missing: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command where a package is missing."""
    code = COMMAND.format(missing, list(arguments))
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("setting", "module", "extra"),
    [
        ({"rate_limit": "1/minute"}, "limits", "limits"),
        ({"tracing": True}, "opentelemetry.exporter.otlp.proto.http.trace_exporter", "otel"),
    ],
)
def test_a_setting_names_the_extra_that_it_needs(catalog, monkeypatch, setting, module, extra):
    for name in ("service.web.middleware.rate_limit", "service.web.middleware.tracing"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ValueError, match=rf"pip install 'slantwise\[{extra}\]'.*requirements/{extra}\.txt"):
        create_app(Settings(**setting), catalog)


def test_a_command_names_the_extra_that_it_needs(tmp_path):
    table = tmp_path / "in.csv"
    table.write_text("story_id,url\n1,reuters.com\n")
    for missing, arguments in (
        ("mcp", ["mcp"]),
        ("narwhals", ["bulk", str(table), str(tmp_path / "out.csv")]),
    ):
        done = run(missing, *arguments)
        assert done.returncode == 1
        extra = arguments[0]
        assert f"pip install 'slantwise[{extra}]'" in done.stderr
        assert (ROOT / "requirements" / f"{extra}.txt").exists()


def test_a_key_needs_no_extra(catalog, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "limits", None)
    monkeypatch.setitem(sys.modules, "limits", None)
    keys = tmp_path / "keys.txt"
    keys.write_text("app:" + "0" * 64)
    client = create_app(Settings(api_keys_file=str(keys)), catalog).test_client()
    assert client.get("/v1/dataset").status_code == 401
