"""The command line ``python -m service``, which imports a command's module only to run it."""

from difflib import get_close_matches
from importlib import import_module

import click

from service import __version__
from service.core.errors import RequestError, SlantwiseError
from service.settings import SettingsError

# Module and first help line of each command, so that the help need not import pandas.
COMMANDS = {
    "score": ("service.cli.score", "Show how the outlets that cover a story lean."),
    "lookup": ("service.cli.lookup", "Show what is known about an outlet, and who says so."),
    "bulk": ("service.cli.bulk", "Score the table IN, one row an entry in any order, into the table OUT"),
    "serve": ("service.cli.serve", "Serve the API and the pages."),
    "openapi": ("service.cli.serve", "Print the OpenAPI description of the API."),
    "key": ("service.cli.serve", "Make an API key for NAME, and its line for SLANTWISE_API_KEYS_FILE."),
    "mcp": ("service.cli.serve", "Serve the answers as tools for AI assistants (Model Context Protocol)."),
    "doctor": ("service.cli.doctor", "Check this installation, and print what a bug report needs."),
    "data": ("service.cli.data", "Import ratings, build and check the table, compare versions."),
}


class LazyGroup(click.Group):
    """A group that finds commands in ``COMMANDS``, and reports their errors in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the most similar one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(
                args[0], possibilities=get_close_matches(args[0], COMMANDS, 1), ctx=ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. A wrong option ends it with exit status 2, a fault in data or settings with 1."""
        try:
            return super().invoke(ctx)
        except RequestError as error:
            raise click.UsageError(error.detail) from error
        except (SlantwiseError, SettingsError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="slantwise")
def main() -> None:
    """Show how the outlets that cover a story lean."""
