"""``python -m service key NAME`` makes an API key, and the line that admits it."""

import hashlib
import secrets

import click


@click.command("key")
@click.argument("name")
def key(name: str) -> None:
    """Make an API key for NAME, and the line for SLANTWISE_API_KEYS_FILE that admits it.

    The key is shown once and stored nowhere. The line holds only its SHA-256.
    """
    made = secrets.token_urlsafe(32)
    click.echo(f"key (give it to {name}): {made}", err=True)
    click.echo(f"{name}:{hashlib.sha256(made.encode()).hexdigest()}")
