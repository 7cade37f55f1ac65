"""Examples in Markdown: a ```sh block with one curl, and the ```json block below it with its answer."""

import json
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask.testing import FlaskClient

EXAMPLE = re.compile(r"```sh\n(curl [^`]*?)```\n+```json\n(.*?)\n```", re.DOTALL)


class Example(NamedTuple):
    """A documented command and the answer printed below it."""

    command: str
    answer: str


def examples(path: Path) -> list[Example]:
    """Every documented command with an answer, in order."""
    return [Example(*found) for found in EXAMPLE.findall(path.read_text())]


def answer(client: FlaskClient, command: str) -> Any:
    """What the service answers to a curl command; knows ``-s``, ``-X``, ``-H``, ``-d`` and ``| jq .path``."""
    command, _, path = command.partition(" | jq ")
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, headers, body, url = None, {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word in ("-d", "--data", "--json"):
            body = next(words)
            if word == "--json":
                headers["Content-Type"] = "application/json"
        elif not word.startswith("-"):
            url = word
    parts = urlsplit(url if "://" in url else f"http://{url}")
    response = client.open(
        f"{parts.path}?{parts.query}" if parts.query else parts.path,
        method=method or ("POST" if body else "GET"),
        headers=headers,
        data=body,
    )
    return part(response.json, path.strip())


def part(value: Any, path: str) -> Any:
    """What ``jq`` picks for a path like ``.outlets[0]``."""
    for step in re.findall(r"\w+", path):
        value = value[int(step) if step.isdigit() else step]
    return value


def steady(value: Any) -> Any:
    """``value`` without what no document can foresee: ids of requests and fingerprints of the data."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in ("request_id", "sha256")}
    return [steady(each) for each in value] if isinstance(value, list) else value


def pretty(value: Any) -> str:
    """JSON as the documents show it: short objects and lists on one line."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    flat = re.compile(r"([\[{])\n\s+([^\[\]{}]*?)\n\s+([\]}])")
    return flat.sub(lambda m: m[1] + re.sub(r"\n\s+", " ", m[2]) + m[3], text)


def refreshed(path: Path, client: FlaskClient) -> str:
    """The document with every answer as the service gives it now."""
    return EXAMPLE.sub(
        lambda found: f"```sh\n{found[1]}```\n\n```json\n{pretty(answer(client, found[1]))}\n```",
        path.read_text(),
    )
