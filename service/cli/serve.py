"""Run or prepare a server: ``serve``, ``mcp``, ``openapi`` and ``key``."""

import hashlib
import json
import os
import secrets
import sys
from pathlib import Path

import click

from service.settings import PREFIX, Settings, from_environment, without_extra

SETTING_NAMES = ", ".join(PREFIX + name.upper() for name in Settings.__struct_fields__)


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog=f"Settings: {SETTING_NAMES}. docs/operations.md explains each; 'slantwise doctor' checks them.",
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[GUNICORN OPTIONS]...")
def serve(options: tuple[str, ...]) -> None:
    r"""Serve the API and the pages.

    \b
    Environment variables:
      HOST             address to listen on   [default: 127.0.0.1]
      PORT             port to listen on      [default: 8000]
      WEB_CONCURRENCY  worker processes, one per core   [default: 1]

    The server is gunicorn. Its own options may follow, such as --access-logfile or --certfile.
    """
    config = Path(__file__).parents[1] / "gunicorn.conf.py"
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(config), *options])  # noqa: S606  # no shell


@click.command()
@click.option(
    "--http", is_flag=True, help="Serve streamable HTTP at /mcp instead of standard input and output."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
def mcp(http: bool, host: str, port: int) -> None:
    """Serve the answers as tools for AI assistants (Model Context Protocol)."""
    from service.cli.score import load_catalog  # noqa: PLC0415  # the core comes with it

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


@click.command("openapi")
def openapi() -> None:
    """Print the OpenAPI description of the API.

    It describes the default settings, and does not depend on the data.
    """
    # Imported here, so that the other commands need not wait.
    from service.core.resolve.catalog import Catalog  # noqa: PLC0415
    from service.web.app import create_app  # noqa: PLC0415
    from service.web.openapi.document import build_document  # noqa: PLC0415

    app = create_app(Settings(), Catalog([], [], [], version="", sha256=""))
    click.echo(json.dumps(build_document(app), ensure_ascii=False, indent=1))


@click.command("key")
@click.argument("name")
def key(name: str) -> None:
    """Make an API key for NAME, and its line for SLANTWISE_API_KEYS_FILE.

    The key is shown once and stored nowhere. The line holds only its SHA-256.
    """
    secret = secrets.token_urlsafe(32)
    click.echo(f"key (give it to {name}): {secret}", err=True)
    click.echo(f"{name}:{hashlib.sha256(secret.encode()).hexdigest()}")
