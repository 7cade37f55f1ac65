"""``python -m service openapi``: the description as a file, for those who generate clients."""

import json

import click

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from service.web.openapi.document import describe


@click.command("openapi")
def openapi() -> None:
    """Print the OpenAPI description of the API.

    Its examples are from the shipped table, and every setting is at its default.
    """
    settings = Settings()
    app = create_app(settings, load(settings))
    click.echo(json.dumps(describe(app), ensure_ascii=False, indent=1))
