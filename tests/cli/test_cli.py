"""The command line, as people and scripts meet it."""

import json
import os
import pty
import subprocess
import sys

import click
import pytest
import requests
from click.testing import CliRunner, Result

from service.cli import COMMANDS, main
from service.cli.score import MAX_INPUT_CHARS, MAX_INPUT_LINES
from service.cli.terminal import BAR_COLUMNS, escape_control, format_bar, side_columns
from service.core.figures import BySide
from service.core.paste.structured import MAX_RECORDS
from service.core.resolve.catalog import Catalog
from service.core.text_report import MAX_LISTED
from service.settings import Settings
from service.web.app import create_app
from tests.helpers import ROOT
from tests.helpers.serving import serving

FIGURE, FAULT, WRONG_USE, NO_FIGURE = 0, 1, 2, 3
TIED = ["left.example", "herald-b.example", "center.example", "right.example", "herald-a.example"]


@pytest.fixture
def run(catalog: Catalog, monkeypatch: pytest.MonkeyPatch):
    """Runs a command over the small catalog."""
    monkeypatch.setattr("service.dataset.load.load", lambda settings: catalog)

    def runner(*arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=text)

    return runner


@pytest.mark.parametrize(
    ("arguments", "text", "status", "shown"),
    [
        (["left.example", "The Middle"], None, FIGURE, "1 rated source is Left and 1 is Center"),
        (["-"], "left.example\n\n https://right.example/x \n", FIGURE, "1 is Right"),
        ([], "left.example\nright.example", FIGURE, "every source is rated."),
        (["left.example", "-"], "right.example", FIGURE, "1 rated source is Left and 1 is Right"),
        (["left.example", "left.example"], None, FIGURE, "1 rated source is Left"),
        (["left.example", "left.example", "--count-by", "entry"], None, FIGURE, "2 rated articles are Left"),
        (["torn.example", "--rater", "two"], None, FIGURE, "is Right"),
        (["torn.example", "--override", "torn.example=far_left"], None, FIGURE, "is Left"),
        (
            ["torn.example", "--override", "torn.example=none"],
            None,
            NO_FIGURE,
            "the only source is not rated",
        ),
        (["The Herald", "--country", "ZW"], None, FIGURE, "Left"),
        (["The Herald"], None, NO_FIGURE, "ambiguous: herald-a.example, herald-b.example"),
        (["silent.example"], None, NO_FIGURE, "Not rated (1)\n  Silent (silent.example): unrated\n"),
        (["nobody.example"], None, NO_FIGURE, "the only source is not rated"),
        (
            ["left.example"] * 2 + ["right.example"] * 2,
            None,
            FIGURE,
            "too few: only 2 rated sources, at least 5 are needed",
        ),
        (TIED, None, FIGURE, "\nfragile: Left and Right tie for the lead; "),
        ([], "", WRONG_USE, "no entries"),
        (["left.example", "--rater", "three"], None, WRONG_USE, "enabled: one, two"),
        (["left.example", "--override", "left.example"], None, WRONG_USE, "is not a label"),
        (["left.example", "--count-by", "story"], None, WRONG_USE, "'outlet', 'entry'"),
    ],
    ids=str,
)
def test_score_says_the_sentence_and_scripts_read_the_status(run, arguments, text, status, shown):
    result = run("score", *arguments, text=text)
    assert result.exit_code == status, result.output
    assert shown in result.output


def test_an_argument_may_be_a_list_and_the_name_of_a_file_is_told_from_an_outlet(run, tmp_path):
    result = run("score", "left.example, The Middle", "right.example")
    assert "every source is rated" in result.output and "3" not in result.output.partition(":")[0]
    assert "1 rated source is Left, 1 is Center and 1 is Right" in result.output
    (tmp_path / "a story.txt").write_text("left.example")
    refused = run("score", str(tmp_path / "a story.txt"))
    assert (refused.exit_code, f"score < '{tmp_path}/a story.txt'" in refused.output) == (WRONG_USE, True)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=str)
def test_every_command_has_the_short_option_for_help(run, command):
    result = run(*command, "-h")
    assert (result.exit_code, "Show this message and exit." in result.output) == (0, True)


def test_json_is_the_apis_own_answer(run, catalog):
    client = create_app(Settings(), catalog).test_client()
    entries = ["left.example", "https://center.example/x", "The Herald", "nobody.example"]
    printed = run("score", *entries, "--json").stdout_bytes
    answer = client.post("/v1/distribution", json={"outlets": entries}).json
    del answer["links"]  # addresses of a server that runs
    assert json.loads(printed) == answer
    printed = run("lookup", "https://www.left.example/x", "--json").stdout_bytes
    assert printed == client.get("/v1/outlets/left.example").data + b"\n"


@pytest.mark.parametrize(
    ("outlet", "status", "shown"),
    [
        ("left.example", FIGURE, "lean left (-1.5 of -3…+3): One says says -2, Two says says -1"),
        ("The Middle", FIGURE, "Center (center.example)"),
        ("silent.example", FIGURE, "no rater says how it leans\nfactuality: mixed\ncountry: France\n"),
        (
            "The Herald",
            NO_FIGURE,
            "It may be:\n  herald-a.example  The Herald, United Kingdom\n",
        ),
        ("nobody.example", NO_FIGURE, "nobody.example: not in the table"),
        ("\x1b[2J", NO_FIGURE, "\ufffd[2J: "),
    ],
    ids=ascii,
)
def test_lookup_shows_an_outlet_or_says_why_not(run, outlet, status, shown):
    result = run("lookup", outlet)
    assert (result.exit_code, shown in result.output) == (status, True), result.output


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"left.example\x00", b"\x1b]0;owned\x07", "\u202eevil".encode()]
)
def test_hostile_entries_neither_stop_the_run_nor_steer_the_terminal(run, raw):
    result = CliRunner().invoke(main, ["score", "left.example", raw.decode(errors="surrogateescape")])
    assert result.exit_code == FIGURE, result.output
    assert all(letter.isprintable() or letter == "\n" for letter in result.output)


@pytest.mark.parametrize(
    ("percent", "columns"),
    [
        (BySide(20, 45, 35), (10, 22, 18)),
        (BySide(34, 33, 33), (17, 17, 16)),
        (BySide(0, 100, 0), (0, BAR_COLUMNS, 0)),
        (BySide(1, 0, 99), (0, 0, BAR_COLUMNS)),
    ],
)
def test_the_bar_is_always_full_and_reads_without_colours(percent, columns):
    assert side_columns(percent) == columns
    plain = format_bar(percent, colour=False)
    assert click.unstyle(format_bar(percent, colour=True)) == plain
    left, center, right = columns
    assert plain.startswith("L" * left + "C" * center + "R" * right + "\n")
    assert f"Center {percent.center}%" in plain


def test_safe_text_has_no_control_characters():
    assert escape_control("a\x1b[31m\r\n\u202eb é 日本") == "a\ufffd[31m\ufffd\ufffd\ufffdb é 日本"


FIVE = ("reuters.com", "foxnews.com", "apnews.com", "bbc.co.uk", "nytimes.com")


@pytest.mark.parametrize(("no_color", "painted"), [(None, True), ("1", False)])
def test_colours_are_for_terminals_whose_owner_wants_them(no_color, painted):
    """Through a real pseudo-terminal and the shipped data."""
    environ = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environ |= {"NO_COLOR": no_color} if no_color else {}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "service", "score", *FIVE]
    done = subprocess.run(command, cwd=ROOT, env=environ, stdin=theirs, stdout=theirs, check=False)
    output = os.read(ours, 10_000).decode()
    os.close(ours)
    os.close(theirs)
    assert done.returncode == FIGURE
    assert ("\x1b[" in output) == painted
    assert "of the 5 rated sources" in output


def test_help_lists_each_command_with_its_own_first_line_and_loads_none_of_them():
    code = (
        "import sys; from service.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print([name for name in ('pandas', 'flask', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("[]\n"), done.stdout
    documented = (ROOT / "docs/cli.md").read_text()
    context = click.Context(main)
    for name, (_, about) in COMMANDS.items():
        command = main.get_command(context, name)
        assert about in " ".join(done.stdout.split())
        assert command.help.startswith(about), name
        assert f"| `{name}" in documented


@pytest.mark.parametrize("data", ["/nowhere", None])
def test_a_fault_in_data_or_settings_is_a_message(data):
    environ = {**os.environ, **({"SLANTWISE_DATA": data} if data else {"SLANTWISE_MAX_BODY": "much"})}
    command = [sys.executable, "-m", "service", "score", "reuters.com"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == FAULT
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "status", "meant"),
    [
        (["scor", "a.example"], {}, WRONG_USE, "No such command 'scor'. Did you mean 'score'?"),
        (["loookup", "a.example"], {}, WRONG_USE, "Did you mean 'lookup'?"),
        (["xyz"], {}, WRONG_USE, "No such command 'xyz'.\n"),
        (["data", "chek"], {}, WRONG_USE, "Did you mean 'check'?"),
        (["score", "a.example", "--detial", "summary"], {}, WRONG_USE, "Did you mean '--detail'?"),
        (
            ["score", "a.example"],
            {"SLANTWISE_CORS_ORIGIN": "*"},
            FAULT,
            "unknown setting SLANTWISE_CORS_ORIGIN; did you mean SLANTWISE_CORS_ORIGINS? see",
        ),
        (["mcp"], {"SLANTWISE_XYZ": "*"}, FAULT, "unknown setting SLANTWISE_XYZ; see"),
        (["data", "check"], {"SLANTWISE_MAX_BODY": "x"}, FAULT, "setting SLANTWISE_MAX_BODY: Expected `int`"),
    ],
    ids=str,
)
def test_what_is_mistyped_is_named_with_what_was_meant(monkeypatch, arguments, environ, status, meant):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, meant in result.output) == (status, True), result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left.example\n" * MAX_INPUT_LINES, "20,001 lines, more than 20,000"),
        ("x" * (MAX_INPUT_CHARS + 1), "more than 1,048,576 characters"),
        ('["left.example"' + ',"left.example"' * MAX_RECORDS + "]", "over 20,000 records given"),
    ],
    ids=["lines", "characters", "records"],
)
def test_more_than_a_story_is_refused_with_what_is_allowed(run, text, said):
    result = run("score", text=text)
    assert (result.exit_code, said in result.output) == (WRONG_USE, True), result.output


def test_sources_stand_by_side_under_the_bar_and_a_long_list_is_cut(run):
    many = [f"nobody-{n}.example" for n in range(MAX_LISTED + 7)]
    lines = run("score", "right.example", "left.example", "The Herald", *many).output.splitlines()
    assert lines[3:9] == [
        "Left (1)",
        "  Left (left.example): lean left (one says -2, two says -1)",
        "Right (1)",
        "  Right (right.example): right (one says 2)",
        f"Not rated ({MAX_LISTED + 8})",
        "  The Herald: ambiguous: herald-a.example, herald-b.example",
    ]
    assert lines[-1] == "  and 8 more (--json lists all)"
    assert len(lines) == 8 + MAX_LISTED + 1


@pytest.mark.slow
def test_serve_starts_the_server_with_gunicorns_options(tmp_path):
    command = [sys.executable, "-m", "service", "serve", "--workers", "2"]
    with serving(tmp_path, command=command) as server:
        assert requests.get(server.url + "/readyz", timeout=5).status_code == 200
    assert server.log.read_text().count("Booting worker") == 2
