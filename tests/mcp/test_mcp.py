"""The tools, as an assistant meets them: through the SDK's own client, over both transports."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx2
import jsonschema
import pytest
import requests
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult
from msgspec import structs

from service.core.answer import ScoredEntry
from service.core.text_report import MAX_LISTED
from service.dataset.load import load
from service.mcp import protocol
from service.mcp.brief import source_lines
from service.mcp.guard import AuthMiddleware
from service.mcp.protocol import create_server, run_tool
from service.mcp.tools import TOOLS
from service.settings import Settings, from_environment
from service.web.app import create_app
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
        return talk(create_server(catalog, 1000), lambda client: client.call_tool(name, arguments))

    return caller


@contextmanager
def http_server(*options: str, **environ: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", str(port), *options],
        cwd=ROOT,
        env={**os.environ, **environ},
        stderr=subprocess.DEVNULL,
    )
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
        assert result.structured_content


@pytest.mark.slow
def test_every_tool_works_over_stdio():
    talk(StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], cwd=str(ROOT)), use_every_tool)


@pytest.mark.slow
def test_every_tool_works_over_http_at_any_address_and_its_host_is_checked():
    with http_server("--host", "0.0.0.0") as url:  # noqa: S104
        talk(url, use_every_tool)
        refused = requests.post(url, json={}, headers={"Host": "evil.example"}, timeout=5)
    assert refused.status_code == refused.json()["status"] == 421


@pytest.mark.slow
def test_over_http_the_keys_of_the_service_are_asked_for(tmp_path):
    keys = tmp_path / "keys.txt"
    keys.write_text(f"app:{hashlib.sha256(b'first-key').hexdigest()}\n")

    async def with_key() -> None:
        headers = {"Authorization": "Bearer first-key"}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            await use_every_tool(client)

    with http_server(SLANTWISE_API_KEYS_FILE=str(keys)) as url:
        anyio.run(with_key)
        refused = requests.post(url, json={}, timeout=5)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer realm=slantwise"


LISTENS = "10.0.0.5"
REBOUND = {"Host": "evil.example", "Origin": "http://evil.example"}


@pytest.mark.parametrize(
    ("hosts", "headers", "status"),
    [
        ("", {"Host": "localhost:8001"}, 200),
        ("", {"Host": "10.0.0.5:8001"}, 200),
        ("", {"Host": "[::1]:8001"}, 200),
        ("", {"Host": "tools.example.org"}, 421),
        ("tools.example.org, b.example", {"Host": "Tools.example.org:443"}, 200),
        ("tools.example.org", {"Host": "tools.example.org.evil.example"}, 421),
        ("", {"Host": "evil@localhost"}, 421),
        ("", {"Host": ""}, 421),
        ("", {}, 421),
        ("", REBOUND, 421),
        ("", {"Host": "10.0.0.5:8001", "Origin": "http://evil.example"}, 403),
        ("", {"Host": "10.0.0.5:8001", "Origin": "http://203.0.113.5"}, 403),
        ("", {"Host": "10.0.0.5:8001", "Origin": "null"}, 403),
        ("", {"Host": "10.0.0.5:8001", "Origin": "http://[::"}, 403),
        ("", {"Host": "10.0.0.5:8001", "Origin": "http://10.0.0.5:8001"}, 200),
        ("", {"Host": "10.0.0.5:8001", "Origin": "http://localhost:3000"}, 200),
    ],
    ids=str,
)
def test_only_known_hosts_are_answered_and_no_other_sites_pages(hosts, headers, status):
    assert answer_of(AuthMiddleware(welcome, Settings(mcp_hosts=hosts), LISTENS), headers)[0] == status


def test_a_refusal_over_http_says_what_to_mend():
    _, problem = answer_of(AuthMiddleware(welcome, Settings(), LISTENS), REBOUND)
    assert "SLANTWISE_MCP_HOSTS" in problem["detail"]


async def welcome(scope, receive, send) -> None:
    """An application that answers whom the guard lets in."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


def answer_of(guard: AuthMiddleware, headers: dict[str, str]) -> tuple[int, dict]:
    """Status and body of the answer to a request with these headers."""
    sent = []

    async def send(message: dict) -> None:
        sent.append(message)

    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    anyio.run(guard, {"type": "http", "headers": encoded}, None, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_tools_say_what_they_take_in_few_words(catalog):
    listed = talk(create_server(catalog, 1000), lambda client: client.list_tools())
    assert len(listed.model_dump_json(by_alias=True, exclude_none=True)) < 12_000
    for tool in listed.tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.input_schema["type"] == "object"
        assert tool.description
        assert tool.title


LIST = ["left.example", "The Herald", {"name": "Nobody"}, "left.example"]


def test_an_answer_is_a_sentence_with_its_denominator_and_one_line_a_source(call):
    result = call("distribution", outlets=LIST)
    assert [block.text for block in result.content] == [
        "Too few sources to say: 1 rated source is Left; 2 of 3 sources are not rated. "
        "Too few: only 1 rated source, at least 5 are needed.\n"
        "Ratings are of outlets, not of single articles or authors.\n"
        "Raters: one is One, two is Two.\n"
        "Left (1)\n"
        "  Left (left.example): lean left (one says -2, two says -1)\n"
        "Not rated (2)\n"
        "  The Herald: ambiguous: herald-a.example, herald-b.example\n"
        "  Nobody: unknown"
    ]
    brief = result.structured_content
    assert "notes" not in brief
    assert brief["counts"]["duplicates"] == 1
    assert brief["sources"] == {
        "left": ["left.example"],
        "center": [],
        "right": [],
        "unrated": ["The Herald", "Nobody"],
    }


def test_a_line_links_the_page_where_a_rater_says_its_word(catalog):
    (outlet,) = (each for each in catalog.outlets.values() if each.domain == "left.example")
    one, two = outlet.bias.ratings
    bias = structs.replace(outlet.bias, ratings=(structs.replace(one, url="https://one.example/left"), two))
    entry = ScoredEntry(index=0, input="left.example", status="rated", domain="left.example", bias=bias)
    assert list(source_lines([entry], {}))[-1] == (
        "  left.example: lean left (one says -2 https://one.example/left, two says -1)"
    )


@pytest.mark.parametrize("country", ["gb", "UK"])
@pytest.mark.parametrize("name", ["resolve", "outlet"])
def test_a_country_may_be_written_as_callers_write_it(call, name, country):
    answer = call(name, entry="The Herald", country=country).structured_content
    assert answer["domain"] == "herald-a.example"


@pytest.mark.parametrize(("name", "field"), [("distribution", "outlets"), ("coverage", "articles")])
def test_an_option_without_an_effect_is_noted_in_brief(call, name, field):
    given = ["left.example"] if field == "outlets" else [{"url": "https://left.example/1"}]
    result = call(name, **{field: given, "country": "gb"})
    note = "the country GB had no effect: no entry is a name that it settles"
    assert result.structured_content.get("bias", result.structured_content)["notes"] == [note]
    assert f"Note: {note}." in result.content[0].text


@pytest.mark.parametrize(
    ("name", "field", "path"),
    [("distribution", "outlets", "/v1/distribution"), ("coverage", "articles", "/v1/coverage")],
)
def test_the_whole_answer_of_the_api_comes_on_request_and_stands_there_once(call, catalog, name, field, path):
    given = LIST if field == "outlets" else [{"url": "https://left.example/1"}, {"source": "The Herald"}]
    result = call(name, **{field: given, "detail": "full"})
    api = create_app(Settings(), catalog).test_client()
    answer = api.post(path, json={field: given}).json
    # Links lead to pages of the server, which an assistant does not see.
    answer.get("bias", answer).pop("links")
    assert result.structured_content == answer
    brief = call(name, **{field: given})
    assert brief.content == result.content
    assert len(result.content) == 1


@pytest.fixture(scope="module")
def table():
    return load(from_environment({}))


def best_known(table) -> list[str]:
    known = sorted((each for each in table.outlets.values() if each.bias), key=lambda each: -each.known)
    return [*(each.domain for each in known[:20]), "The Herald", "Daily Times", "The Star", "The Nation"]


def longest_names(table) -> list[str]:
    rated = [each for each in table.outlets.values() if each.bias and len(each.bias.ratings) > 1]
    return [each.domain for each in sorted(rated, key=lambda each: -len(each.name + each.domain))[:24]]


def unknown_links(_: object) -> list[str]:
    return [
        f"https://www.an-unknown-paper-{n}.example/world/2026/01/a-slug-of-{'words-' * 9}" for n in range(24)
    ]


@pytest.mark.parametrize("name", ["distribution", "coverage"])
@pytest.mark.parametrize("entries", [best_known, longest_names, unknown_links])
def test_24_sources_take_less_than_1500_tokens_of_four_characters(table, name, entries):
    listed = entries(table)
    articles = [{"source": each, "published_at": "2026-01-01T10:00:00Z"} for each in listed]
    tools = {tool.name: tool for tool in TOOLS}
    given = {"distribution": {"outlets": listed}, "coverage": {"articles": articles}}[name]
    result = run_tool(tools[name], table, given, 1000)
    structure = json.dumps(result.structured_content, separators=(",", ":"))
    assert len(listed) == 24
    assert (len(result.content[0].text) + len(structure)) / 4 < 1500


def test_a_side_shows_its_first_sources_and_counts_the_rest(call):
    result = call("distribution", outlets=[f"nobody-{n}.example" for n in range(MAX_LISTED + 7)])
    lines = result.content[0].text.splitlines()
    assert lines[2] == f"Not rated ({MAX_LISTED + 7})"
    assert lines[-1] == '  and 7 more (detail "full" lists all)'
    assert len(lines) == MAX_LISTED + 4
    assert len(result.structured_content["sources"]["unrated"]) == MAX_LISTED


@pytest.mark.parametrize(
    ("entry", "candidates"),
    [
        ("The Herald", ["herald-a.example", "herald-b.example"]),
        ("Centre", ["center.example"]),
        ("x.io", []),
    ],
)
def test_an_outlet_that_is_not_found_is_answered_with_those_it_may_be(call, entry, candidates):
    result = call("outlet", entry=entry)
    assert not result.is_error
    assert result == call("resolve", entry=entry)
    assert [each["domain"] for each in result.structured_content["candidates"]] == candidates
    assert all(domain in result.content[0].text for domain in candidates)


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
        ("distribution", {"outlets": ["a.example"] * 1001}, "/outlets: 1001 entries given, 1000 allowed"),
        (
            "coverage",
            {"articles": [{"url": "a.example"}] * 1001},
            "/articles: 1001 entries given, 1000 allowed",
        ),
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
    panel = call("coverage", articles=articles, status="ok", detail="full").structured_content
    assert panel["articles"]["items"][0]["date_flag"] == "unreadable"
    assert panel["ignored"] == ["dc:creator", "status"]


@pytest.mark.parametrize("keys", ["", "keys.txt"])
def test_the_log_says_at_the_start_that_pages_on_this_machine_may_call(tmp_path, monkeypatch, caplog, keys):
    monkeypatch.chdir(tmp_path)
    Path("keys.txt").write_text(f"app:{'0' * 64}\n")
    monkeypatch.setattr(protocol.uvicorn, "run", lambda *_, **__: None)
    server = create_server(load(Settings()), 1000)
    protocol.run_http(server, Settings(api_keys_file=keys), "127.0.0.1", 8001)
    with_key = "with a key" if keys else "without a key"
    assert f"pages on this machine (localhost at any port) may call the tools, {with_key}" in caplog.text
