"""The command line: ``python -m service``."""

import click

from service import __version__
from service.cli_data import data
from service.core.errors import SlantwiseError


class Group(click.Group):
    """Shows the errors that the package raises on purpose as messages, never as stack traces."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a fault in data or settings ends it with exit status 1."""
        try:
            return super().invoke(ctx)
        except SlantwiseError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group)
@click.version_option(__version__)
def main() -> None:
    """Slantwise: how the outlets that cover a story lean."""


main.add_command(data)
