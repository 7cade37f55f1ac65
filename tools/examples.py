"""Runs examples in Markdown: a ```sh block with one curl, and a ```json block with its answer below.

``…`` stands for what an answer leaves out: a value, or the rest of an object or a list.
"""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

EXAMPLE = re.compile(r"```sh\n(curl [^`]*?)```\n+```json\n(.*?)\n```", re.DOTALL)
CUT = "…"
ALWAYS_CUT = frozenset(("sha256", "request_id"))
"""Members that no document can foresee."""

DECIDED_BY_CODE = frozenset(("input", "id", "status", "type", "title", "detail", "pointer"))
"""Members that no correction of the data changes: the caller's own, and what is said of a bad request."""

LEFT_OUT = frozenset(("url", "basis", "stale"))
"""Members that a rating has only where there is something to say."""


def commands(path: Path) -> list[str]:
    """Return every documented command with an answer, in order."""
    return [command for command, _ in EXAMPLE.findall(path.read_text("utf-8"))]


def refreshed(path: Path, client: FlaskClient) -> str:
    """Return the document with every answer as the service gives it now, cut where it was cut."""

    def again(found: re.Match[str]) -> str:
        shown = printed(cut(answer(client, found[1]), read(found[2])))
        return f"```sh\n{found[1]}```\n\n```json\n{shown}\n```"

    return EXAMPLE.sub(again, path.read_text("utf-8"))


def differences(path: Path, client: FlaskClient) -> list[str]:
    """List where an answer in the document does not have the shape of the one that the service gives now."""
    examples = [(command, read(text)) for command, text in EXAMPLE.findall(path.read_text("utf-8"))]
    return [
        f"{command.partition(' --json')[0]} {place}"
        for command, shown in examples
        for place in apart(shown, cut(answer(client, command), shown))
    ]


def apart(shown: Any, real: Any, place: str = "") -> Iterator[str]:
    """Find the places where two answers differ in more than what the data decides.

    Members must be the same and values of one type. Lists may have another length, and any value may be null.
    """
    if CUT in (shown, real) or None in (shown, real):
        return
    if type(shown) is not type(real):
        yield f"{place}: {real!r} instead of {shown!r}"
    elif isinstance(shown, dict):
        if other := (shown.keys() ^ real.keys()) - LEFT_OUT - {CUT}:
            yield f"{place}: members {sorted(other)}"
        for name in shown.keys() & real.keys():
            yield from apart(shown[name], real[name], f"{place}/{name}")
    elif isinstance(shown, list):
        for at, (one, other) in enumerate(zip(shown, real, strict=False)):
            yield from apart(one, other, f"{place}/{at}")
    elif shown != real and place.rpartition("/")[2] in DECIDED_BY_CODE:
        yield f"{place}: {real!r} instead of {shown!r}"


def answer(client: FlaskClient, command: str) -> Any:
    """Send a curl command with ``-s``, ``-X``, ``-H``, ``-d``, ``--json`` and ``| jq .path``."""
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
    """Pick what ``jq`` picks for a path like ``.outlets[0]`` or names like ``'{headline, sentence}'``."""
    if path.startswith("'{"):
        return {name: value[name] for name in re.findall(r"\w+", path)}
    for step in re.findall(r"\w+", path):
        value = value[int(step) if step.isdigit() else step]
    return value


def read(shown: str) -> Any:
    """Parse a printed answer. A cut is the value ``…``, the cut rest of an object its member ``…``."""
    rest = re.sub(rf"(?<=[{{,])\s*{CUT}\s*(?=}})", f'"{CUT}": "{CUT}"', shown)
    return json.loads(re.sub(rf'(?<!"){CUT}(?!")', f'"{CUT}"', rest))


def cut(real: Any, shown: Any) -> Any:
    """Leave out of ``real`` what ``shown`` leaves out."""
    if shown == CUT:
        return CUT
    if isinstance(real, dict):
        was = shown if isinstance(shown, dict) else {}
        kept = {key: value for key, value in real.items() if CUT not in was or key in was}
        values = {key: CUT if key in ALWAYS_CUT else cut(kept[key], was.get(key)) for key in kept}
        return values | ({CUT: CUT} if CUT in was else {})
    if isinstance(real, list):
        was = shown if isinstance(shown, list) else []
        kept = real[: was.index(CUT)] if CUT in was else real
        values = [cut(each, was[at] if at < len(was) else None) for at, each in enumerate(kept)]
        return values + [CUT] * (len(values) < len(real))
    return real


def printed(value: Any) -> str:
    """Print JSON as the documents show it: short objects and lists on one line, cuts bare."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    flat = re.compile(r"([\[{])\n\s+([^\[\]{}]*?)\n\s+([\]}])")
    text = flat.sub(lambda m: m[1] + re.sub(r"\n\s+", " ", m[2]) + m[3], text)
    return text.replace(f'"{CUT}": "{CUT}"', CUT).replace(f'"{CUT}"', CUT)
