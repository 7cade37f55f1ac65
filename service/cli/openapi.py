"""``python -m service openapi`` prints the description, for generators of clients."""

import json

import click

from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from service.web.openapi.document import build_document


@click.command("openapi")
def openapi() -> None:
    """Print the OpenAPI description of the API.

    It has the default settings. No data is read, because the description does not depend on it.
    """
    app = create_app(Settings(), Catalog([], [], [], version="", sha256=""))
    click.echo(json.dumps(build_document(app), ensure_ascii=False, indent=1))
