"""``python -m service openapi``: the description as a file, for those who generate clients."""

import json

import click

from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from service.web.openapi.document import describe


@click.command("openapi")
def openapi() -> None:
    """Print the OpenAPI description of the API.

    Every setting is at its default. No data is read: the description is the same for all of it.
    """
    app = create_app(Settings(), Catalog([], [], [], version="", sha256=""))
    click.echo(json.dumps(describe(app), ensure_ascii=False, indent=1))
