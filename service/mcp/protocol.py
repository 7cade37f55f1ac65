"""Serve the tools over the Model Context Protocol, on stdin and stdout or as streamable HTTP."""

import logging

import anyio
import msgspec
import uvicorn
from anyio import to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from service import __version__
from service.core.errors import RequestError
from service.core.resolve.catalog import Catalog
from service.mcp import tools as mcp_tools
from service.mcp.guard import AuthMiddleware
from service.requests.validation_errors import to_request_error
from service.settings import Settings

LOG = logging.getLogger(__name__)
INSTRUCTIONS = (
    "Ratings are other people's judgements, with dates and terms. Nothing is guessed. When you quote a "
    "percentage, quote the sentence with the number of rated outlets, and name the raters."
)
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def create_server(catalog: Catalog, limit: int) -> Server:
    """Make a server with tools that answer from ``catalog``, for lists of at most ``limit`` entries."""
    tools = {tool.name: tool for tool in mcp_tools.TOOLS}

    async def list_tools(_: ServerRequestContext, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[to_protocol_tool(tool) for tool in tools.values()])

    async def call_tool(_: ServerRequestContext, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in tools:
            return error_result(f"{asked.name[:80]!r} is not a tool; choose from {', '.join(tools)}")
        return await to_thread.run_sync(run_tool, tools[asked.name], catalog, asked.arguments or {}, limit)

    return Server(
        "slantwise",
        version=__version__,
        title="Slantwise",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def to_protocol_tool(tool: mcp_tools.Tool) -> Tool:
    """Describe a tool for the protocol."""
    (root,), parts = msgspec.json.schema_components([tool.takes], ref_template="#/$defs/{name}")
    own = parts.pop(root["$ref"].removeprefix("#/$defs/"))
    return Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema={**own, "$defs": parts},
        annotations=READ_ONLY,
    )


def run_tool(
    tool: mcp_tools.Tool, catalog: Catalog, arguments: dict[str, object], limit: int
) -> CallToolResult:
    """Answer with a text to read, and with the values behind it."""
    try:
        text, value = tool.work(catalog, arguments, limit)
    except (RequestError, msgspec.ValidationError) as error:
        if isinstance(error, msgspec.ValidationError):
            error = to_request_error(error, tool.takes, "the arguments")
        return error_result(f"{error.pointer or 'the arguments'}: {error.detail}")
    values = msgspec.json.decode(msgspec.json.encode(value))
    return CallToolResult(content=[TextContent(text=text)], structured_content=values)


def error_result(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=why)], is_error=True)


def run_stdio(server: Server) -> None:
    """Serve one client over stdio."""

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)


def run_http(server: Server, settings: Settings, host: str, port: int) -> None:
    """Serve ``http://host:port/mcp``. Raise ``ValueError`` when the API keys cannot be read."""
    # No call depends on another, so no session is kept. The guard checks hosts and origins at any address.
    app = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=settings.max_body,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    keys = "with a key" if settings.api_keys_file else "without a key"
    LOG.warning("pages on this machine (localhost at any port) may call the tools, %s", keys)
    uvicorn.run(AuthMiddleware(app, settings, host), host=host, port=port, log_level="warning")
