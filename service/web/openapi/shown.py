"""Examples for the description: each answer is what this application, with its own data, really says."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.web.http.endpoint import JSON, NDJSON, Endpoint, Example
from service.web.http.protection import INSIDE

REQUEST_ID = "example"
PATH_VALUE = re.compile(r"<(?:\w+:)?(\w+)>")


class Shown(NamedTuple):
    """An example under its name in the description, with its answer."""

    key: str
    example: Example
    status: int
    media: str
    value: Any


def shown(app: Flask, each: Endpoint) -> list[Shown]:
    """The examples of an operation with their answers, in the order given."""
    return [
        Shown(key_of(example), example, *ask(app, each.methods[0], path_of(each.rule, example), example))
        for example in examples_of(each)
    ]


def examples_of(each: Endpoint) -> tuple[Example, ...]:
    """What the operation declares; one that takes nothing needs no words to have its answer shown."""
    if each.media == JSON and not (each.examples or each.body or each.query or "<" in each.rule):
        return (Example("The answer"),)
    return (*each.examples, *(each.lines.examples if each.lines else ()))


def key_of(example: Example) -> str:
    """The name of an example: the words of its summary."""
    return re.sub(r"\W+", "-", example.summary.lower()).strip("-")


def path_of(rule: str, example: Example) -> str:
    """The path of ``rule`` with the example's values."""
    return PATH_VALUE.sub(lambda found: example.path[found[1]], rule)


def ask(
    app: Flask, method: str, path: str, example: Example, content_type: str | None = None
) -> tuple[int, str, Any]:
    """Status, media type and body of the answer: a value if it is JSON, else text."""
    request = EnvironBuilder(
        path,
        method=method,
        query_string=urlencode(example.query, doseq=True),
        data=body_of(example),
        content_type=content_type,
    )
    if example.body is not None and content_type is None:
        request.content_type = NDJSON if isinstance(example.body, str) else JSON
    environ = {**request.get_environ(), INSIDE: True, "slantwise.request_id": REQUEST_ID}
    # The framework's own entry: what wraps it would count these requests among the callers'.
    parts, status, headers = run_wsgi_app(
        lambda environ, start: Flask.wsgi_app(app, environ, start), environ, buffered=True
    )
    media, text = headers["Content-Type"].partition(";")[0], b"".join(parts)
    is_value = media == JSON or media.endswith("+json")
    return int(status[:3]), media, msgspec.json.decode(text) if is_value else text.decode()


def body_of(example: Example) -> bytes | None:
    """The bytes that an example sends; text and bytes as they are, any other value as JSON."""
    if example.body is None or isinstance(example.body, bytes):
        return example.body
    return example.body.encode() if isinstance(example.body, str) else msgspec.json.encode(example.body)
