"""``python -m service mcp`` serves the tools for an assistant. Its SDK is an extra."""

import click

from service.cli.score import load_catalog
from service.settings import from_environment, without_extra


@click.command()
@click.option(
    "--http", is_flag=True, help="Serve streamable HTTP at /mcp instead of standard input and output."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
def mcp(http: bool, host: str, port: int) -> None:
    """Offer the answers as tools to an assistant (Model Context Protocol)."""
    try:
        from service.mcp import protocol as mcp_server  # noqa: PLC0415  # an extra, and half a second
    except ImportError as error:
        raise click.ClickException(without_extra("mcp", error)) from error
    settings = from_environment()
    server = mcp_server.create_server(load_catalog(), settings.max_outlets)
    if not http:
        mcp_server.run_stdio(server)
        return
    try:
        mcp_server.run_http(server, settings, host, port)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
