"""``/docs``: the OpenAPI description as a page for people. It needs no script, and nothing from elsewhere.

Made on the server from the same document that machines read, in place of a bundle such as Swagger UI (1.4 MB
of scripts and styles to carry and to keep patched, for a page that would ask for a looser security policy).
"""

import json
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, request
from markupsafe import Markup, escape

from service.web.openapi.document import document
from service.web.pages import page
from service.web.pages.guides import rendered

blueprint = Blueprint("docs", __name__)

Json = dict[str, Any]
ONE_OF, NOTHING = Markup(" or "), Markup("")


class Field(NamedTuple):
    """A parameter, or a field of a record."""

    name: str
    type: Markup
    required: bool
    text: Markup


class Shown(NamedTuple):
    """An example: the command that asks, and what the service answers."""

    summary: str
    command: str
    status: str
    answer: str


class Operation(NamedTuple):
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    text: Markup
    deprecated: bool
    parameters: list[Field]
    body: Markup
    answer: Markup
    problems: list[str]
    examples: list[Shown]


@blueprint.get("/docs")
def docs() -> Response:
    """The description, as it is now, for people."""
    described = document(current_app)
    operations = list(operations_of(described))
    return page(
        "docs.html",
        info=described["info"],
        about=rendered(described["info"]["description"]),
        tags=[(tag, [each for name, each in operations if name == tag["name"]]) for tag in described["tags"]],
        problems=sorted(described["components"]["responses"].items()),
        records=[
            (name, rendered(schema.get("description", "")), fields_of(schema))
            for name, schema in described["components"]["schemas"].items()
        ],
    )


def operations_of(described: Json) -> Iterator[tuple[str, Operation]]:
    """Every operation under its tag."""
    for path, item in described["paths"].items():
        for method, one in item.items():
            yield (
                one["tags"][0],
                Operation(
                    id=one["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=one["summary"],
                    text=rendered(one["description"]),
                    deprecated=one.get("deprecated", False),
                    parameters=[parameter_of(each) for each in one.get("parameters", ())],
                    body=types_of(one.get("requestBody", {}).get("content", {})),
                    answer=types_of(one["responses"]["200"]["content"]),
                    problems=[status for status in one["responses"] if status != "200"],
                    examples=list(examples_of(path, method.upper(), one)),
                ),
            )


def parameter_of(each: Json) -> Field:
    """A parameter as a row."""
    place = "In the path." if each["in"] == "path" else ""
    texts = (place, each.get("description"), default_of(each["schema"]))
    return Field(each["name"], type_of(each["schema"]), each["required"], meaning(*texts))


def fields_of(schema: Json) -> list[Field]:
    """The fields of a record as rows."""
    required = schema.get("required", ())
    return [
        Field(name, type_of(each), name in required, meaning(each.get("description"), default_of(each)))
        for name, each in schema.get("properties", {}).items()
    ]


def meaning(*texts: str | None) -> Markup:
    """What there is to say of a field, as one paragraph."""
    return rendered(" ".join(text for text in texts if text))


def default_of(schema: Json) -> str:
    """What a value is when it is left out, where that says anything."""
    default = schema.get("default")
    return f"Default: `{json.dumps(default)}`." if default not in (None, [], {}) else ""


def types_of(content: Json) -> Markup:
    """What each media type holds."""
    return Markup("<br>").join(
        Markup("<code>{}</code>: {}").format(media, type_of(each.get("x-item-schema", each["schema"])))
        + (Markup(" a line") if "x-item-schema" in each else NOTHING)
        for media, each in content.items()
    )


def type_of(schema: Json) -> Markup:
    """A schema in a few words, with links to the records it names and the limits it sets."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return Markup('<a href="#record-{0}">{0}</a>').format(name)
    if "enum" in schema:
        return ONE_OF.join(Markup("<code>{}</code>").format(json.dumps(value)) for value in schema["enum"])
    if "anyOf" in schema:
        return ONE_OF.join(type_of(option) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return (
            Markup("list of ") + type_of(schema.get("items", {})) + limits_of(schema, "minItems", "maxItems")
        )
    if isinstance(schema.get("additionalProperties"), dict):
        return Markup("names → ") + type_of(schema["additionalProperties"])
    lowest, highest = ("minLength", "maxLength") if schema.get("type") == "string" else ("minimum", "maximum")
    return escape(schema.get("type", "any")) + limits_of(schema, lowest, highest)


def limits_of(schema: Json, lowest: str, highest: str) -> Markup:
    """The range that a schema sets."""
    low, high = schema.get(lowest), schema.get(highest)
    if low is None and high is None:
        return NOTHING
    low, high = (f"{value:,}" if value is not None else "" for value in (low, high))
    return Markup(" ({}…{})").format(low, high)


def examples_of(path: str, method: str, one: Json) -> Iterator[Shown]:
    """The examples of an operation: a command to copy, and the answer."""
    bodies = [
        content.get("examples", {}) for content in one.get("requestBody", {}).get("content", {}).values()
    ]
    for status, response in one["responses"].items():
        for content in response.get("content", {}).values():
            for name, example in content.get("examples", {}).items():
                sent = [example["x-request"]] if "x-request" in example else []
                sent += [examples[name]["value"] for examples in bodies if name in examples]
                command = command_of(address_of(path, one, name), method, sent[0] if sent else None)
                yield Shown(example["summary"], command, status, pretty(example["value"]))


def address_of(path: str, one: Json, name: str) -> str:
    """The full address that an example asks."""
    query = {}
    for parameter in one.get("parameters", ()):
        if name not in parameter.get("examples", {}):
            continue
        value = parameter["examples"][name]["value"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(value, safe=""))
        else:
            query[parameter["name"]] = value
    tail = "?" + urlencode(query, doseq=True) if query else ""
    return request.url_root.rstrip("/") + path + tail


def command_of(address: str, method: str, body: Any) -> str:
    """The example as a curl command for a shell."""
    if body is None:
        return f"curl {shlex.quote(address)}"
    if isinstance(body, str):
        data = f"-H 'Content-Type: application/x-ndjson' --data-binary {shlex.quote(body)}"
        return f"curl -X {method} {shlex.quote(address)} \\\n  {data}"
    return f"curl {shlex.quote(address)} --json {shlex.quote(pretty(body))}"


def pretty(value: Any) -> str:
    """A value as the page shows it: JSON over several lines, text as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
