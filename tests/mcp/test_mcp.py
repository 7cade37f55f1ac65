"""The tools, as an assistant meets them: through the SDK's own client, over both transports."""

import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import anyio
import jsonschema
import pytest
import requests
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from service.mcp.protocol import server_of
from tests.helpers import ROOT
from tests.helpers.serving import free_port, stop

COMMAND = [sys.executable, "-m", "service", "mcp"]
SHIPPED = {
    "distribution": (
        {"outlets": ["reuters.com", "BBC News", "nobody.example"]},
        "1 of 3 sources is not rated.",
    ),
    "coverage": (
        {"story": {"title": "A story"}, "articles": [{"url": "https://www.reuters.com/world/x"}]},
        "Too few sources to say: 1 rated source is ",
    ),
    "resolve": ({"entry": "https://www.bbc.co.uk/news/x"}, "(bbc.com)"),
    "outlet": ({"entry": "Reuters"}, "Reuters (reuters.com): "),
}


def talk(server: object, conversation: Callable[[Client], Awaitable[object]]) -> object:
    """What comes of a conversation with a server."""

    async def run() -> object:
        with anyio.fail_after(60):
            async with Client(server) as client:
                return await conversation(client)

    return anyio.run(run)


@pytest.fixture
def call(catalog):
    """Calls a tool over the small catalog, in process."""

    def caller(name: str, **arguments: object) -> CallToolResult:
        return talk(server_of(catalog, 1000), lambda client: client.call_tool(name, arguments))

    return caller


@contextmanager
def http_server() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([*COMMAND, "--http", "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            try:
                requests.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        stop(process)


async def use_every_tool(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == set(SHIPPED)
    for name, (arguments, said) in SHIPPED.items():
        assert tools[name].annotations.read_only_hint
        result = await client.call_tool(name, arguments)
        assert not result.is_error
        assert said in result.content[0].text
        jsonschema.validate(result.structured_content, tools[name].output_schema)


@pytest.mark.slow
def test_every_tool_works_over_stdio():
    talk(StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], cwd=str(ROOT)), use_every_tool)


@pytest.mark.slow
def test_every_tool_works_over_http():
    with http_server() as url:
        talk(url, use_every_tool)


@pytest.mark.slow
def test_a_page_that_rebinds_its_name_to_this_machine_is_refused():
    with http_server() as url:
        refused = requests.post(url, json={}, headers={"Host": "evil.example"}, timeout=5)
        assert refused.status_code == 421


def test_tools_say_what_they_take_and_answer(catalog):
    tools = talk(server_of(catalog, 1000), lambda client: client.list_tools()).tools
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
        assert tool.description
        assert tool.title


def test_the_answer_is_the_apis_behind_a_sentence_with_its_denominator(call, catalog):
    result = call("distribution", outlets=["left.example", "The Herald", {"name": "Nobody"}, "left.example"])
    sentence, text = (block.text for block in result.content)
    assert sentence == (
        "Too few sources to say: 1 rated source is Left; 2 of 3 sources are not rated. "
        "Too few: only 1 rated source, at least 5 are needed. Not rated: The Herald, Nobody."
    )
    assert json.loads(text) == result.structured_content
    assert result.structured_content["counts"]["duplicates"] == 1


@pytest.mark.parametrize(
    ("entry", "options", "said"),
    [
        ("The Middle", {}, "The entry means Center (center.example)."),
        (
            "The Herald",
            {},
            "ambiguous. It may mean The Herald (herald-a.example), The Herald (herald-b.example).",
        ),
        ("The Herald", {"country": "ZW"}, "The entry means The Herald (herald-b.example)."),
        ("Centre", {}, "The entry is unknown. It may mean Center (center.example)."),
        ("https://www.zzz.test/", {}, "The entry is unknown."),
        ("javascript:1", {}, "The entry is invalid."),
    ],
)
def test_resolve_says_what_an_entry_means_or_why_not(call, entry, options, said):
    assert call("resolve", entry=entry, **options).content[0].text.endswith(said)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("distribution", {}, "the arguments: "),
        ("distribution", {"outlets": []}, "/outlets: "),
        ("distribution", {"outlets": [7]}, "/outlets/0: "),
        ("distribution", {"outlets": ["a.example"], "raters": ["three"]}, "/raters/0: "),
        ("distribution", {"outlets": ["a.example"] * 1001}, "/outlets: 1001 given, 1000 allowed"),
        ("coverage", {"articles": [{"url": "a.example"}] * 1001}, "/articles: 1001 given, 1000 allowed"),
        ("outlet", {"entry": "nobody.example"}, "/entry: this does not mean one outlet of the table"),
        ("resolve", {"entry": "x" * 5000}, "/entry: "),
        ("resolve", {"entry": "a.example", "colour": "red"}, "/colour: "),
        ("rate", {}, "choose from distribution, coverage, resolve, outlet"),
    ],
)
def test_a_refusal_tells_the_assistant_what_to_mend(call, name, arguments, said):
    result = call(name, **arguments)
    assert result.is_error
    assert said in result.content[0].text


def test_no_other_command_needs_the_sdk():
    code = "import sys; sys.modules['mcp'] = None\nfrom service.cli import main; main(['{}'])\n".format(
        "', '".join(["score", "reuters.com"])
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        [sys.executable, "-c", code.replace("'score', 'reuters.com'", "'mcp'")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install 'slantwise[mcp]'" in done.stderr


def test_coverage_takes_articles_as_they_come(call):
    articles = [{"link": "https://left.example/x", "pubDate": "?", "guid": "1", "dc:creator": "A. Writer"}]
    panel = call("coverage", articles=articles, status="ok").structured_content
    assert panel["articles"]["items"][0]["date_flag"] == "unreadable"
    assert panel["ignored"] == ["dc:creator", "guid", "status"]
