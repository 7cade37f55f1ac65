"""The endpoints and their types → one OpenAPI 3.1 document.

Own glue in place of a library: msgspec makes the schemas, ``ENDPOINTS`` holds the rest, and what a library
would add (plugins, YAML in docstrings) is what we do not want.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from service import __version__
from service.core.resolve.catalog import Catalog
from service.web.http.endpoint import ENCODE, ENDPOINTS, JSON, NDJSON, Endpoint, cacheable, catalog
from service.web.http.problems import MEDIA_TYPE, Problem
from service.web.openapi.faults import ALWAYS, fault_responses
from service.web.openapi.schemas import Schemas, commonmark
from service.web.openapi.shown import PATH_VALUE, Shown, shown

Json = dict[str, Any]

ABOUT = """
Send the outlets that cover a news story; get the share of left, center and right among them, how far to trust
that figure, and the working behind it.

Enumerations are open: more values may come, so take one you do not know as "other". Fields are added, never
renamed. `null` means not known. Every error is a problem (RFC 9457). A GET carries a strong `ETag`: send it
back as `If-None-Match`, and an unchanged answer is a 304 without a body. Every answer names its request in
`X-Request-Id`; send one of up to 64 letters, digits, dots, dashes or underscores to have it used.
"""

TAGS = {
    "scoring": "How the outlets that cover a story lean.",
    "outlets": "What is known of an outlet, and who says so.",
    "data": "Which ratings answer here, and under which terms.",
    "pictures": "Bars and badges as SVG.",
    "running": "For gateways and orchestrators: alive, ready, which version.",
}

QUERY_TOO = (
    "`QUERY` with the same body (RFC 10008) gives the same answer; it is safe and idempotent, so a client "
    "may repeat it and a cache keep it. OpenAPI 3.1 has no place for that method."
)

TOO_LONG = (
    "The address is longer than the server in front reads (4,094 bytes if it is ours), which says so its way."
)

HEADERS = {
    "X-Request-Id": "The id of this request, in the log too: the caller's own if well-formed, else new.",
    "ETag": "Strong validator over the bytes of the answer, for `If-None-Match`.",
    "Cache-Control": "How long a cache may keep the answer.",
    "Retry-After": "Seconds until it is worth trying again.",
    "WWW-Authenticate": "How to send an API key.",
}


def describe(app: Flask) -> Json:
    """The description of every operation that ``app`` serves, with real examples and its own limits."""
    endpoints = [each for each in ENDPOINTS if each.name in app.view_functions]
    schemas = Schemas(endpoints, [Problem], app.extensions["slantwise.settings"])
    paths: Json = {}
    for each in sorted(endpoints, key=lambda each: list(TAGS).index(each.tag)):
        item = paths.setdefault(PATH_VALUE.sub(r"{\1}", each.rule), {})
        operation = Operation(each, schemas, shown(app, each)).described()
        item.update({method.lower(): operation for method in each.methods if method != "QUERY"})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Slantwise",
            "summary": "Outlets in, a left/center/right distribution out.",
            "description": commonmark(ABOUT),
            "license": {"name": "MIT", "identifier": "MIT"},
            "version": __version__,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items() if used(name, endpoints)],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {**fault_responses(app), "414": {"description": TOO_LONG}},
            "headers": {
                name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()
            },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Only where the deployer, or the gateway in front, asks for API keys.",
                }
            },
        },
    }


def used(tag: str, endpoints: Iterable[Endpoint]) -> bool:
    """Whether any operation has the tag."""
    return any(each.tag == tag for each in endpoints)


def header_refs(*names: str) -> Json:
    """Response headers by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *names)}


class Operation:
    """One operation with the schemas and the answered examples that describe it."""

    def __init__(self, each: Endpoint, schemas: Schemas, examples: list[Shown]) -> None:
        self.each = each
        self.schemas = schemas
        self.examples = examples

    def described(self) -> Json:
        """The Operation Object."""
        each = self.each
        summary, _, rest = (each.view.__doc__ or "").partition("\n")
        texts = [commonmark(summary), commonmark(rest), QUERY_TOO if "QUERY" in each.methods else ""]
        described = {
            "operationId": each.view.__name__,
            "tags": [each.tag],
            "summary": commonmark(summary).rstrip("."),
            "description": "\n\n".join(text for text in texts if text),
            "parameters": self.parameters(),
            "requestBody": self.request_body() if each.body else None,
            "responses": self.responses(),
        }
        return {key: value for key, value in described.items() if value not in (None, [])}

    def parameters(self) -> list[Json]:
        """Values in the path, then in the query string."""
        found: list[Json] = [
            self.parameter(name, "path", {"type": "string", "minLength": 1}, True)
            for name in PATH_VALUE.findall(self.each.rule)
        ]
        query = self.each.query or (self.each.lines.query if self.each.lines else None)
        if query:
            schema = self.schemas.parameters[query]
            required = schema.get("required", ())
            for name, value in schema["properties"].items():
                found.append(self.parameter(name, "query", without_null(value), name in required))
        if not self.each.query:
            for parameter in found[len(PATH_VALUE.findall(self.each.rule)) :]:
                parameter["description"] = f"Only with `{NDJSON}`. {parameter.get('description', '')}".strip()
                parameter["schema"].pop("default", None)  # or generated clients send it with JSON too
        return found

    def parameter(self, name: str, place: str, schema: Json, required: bool) -> Json:
        """The Parameter Object with the values that the examples give it."""
        values = {
            each.key: {"value": given[name]}
            for each in self.examples
            if name in (given := each.example.path if place == "path" else each.example.query)
        }
        parameter: Json = {"name": name, "in": place, "required": required}
        if text := schema.pop("description", None):
            parameter["description"] = text
        return {**parameter, "schema": schema, **({"examples": values} if values else {})}

    def request_body(self) -> Json:
        """The Request Body Object: JSON, and lines where the operation takes them."""
        content = {JSON: {"schema": self.schemas.of[self.each.body]}}
        if self.each.lines:
            content[NDJSON] = lines_of(self.schemas.of[self.each.lines.item])
        for each in self.good_examples():
            media = NDJSON if isinstance(each.example.body, str) else JSON
            examples = content[media].setdefault("examples", {})
            examples[each.key] = {"summary": each.example.summary, "value": each.example.body}
        return {"required": True, "content": content}

    def good_examples(self) -> list[Shown]:
        """Those that fit the schema; the request of another is shown beside its problem."""
        return [each for each in self.examples if each.status == HTTPStatus.OK]

    def responses(self) -> Json:
        """The Responses Object: the answer, and each problem it may be instead."""
        each = self.each
        media = each.media.partition(";")[0]
        content: Json = {media: {"schema": self.schemas.of[each.answer]}}
        if each.lines:
            content[NDJSON] = lines_of(self.schemas.of[each.lines.answer])
        caching = ("ETag", "Cache-Control") if "GET" in each.methods and each.fresh else ()
        responses: Json = {
            "200": {"description": "The answer.", "headers": header_refs(*caching), "content": content}
        }
        for status in sorted({*each.problems, *ALWAYS}):
            if status != HTTPStatus.UNAUTHORIZED or each.tag != "running":
                responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
        if each.query:
            responses["414"] = {"$ref": "#/components/responses/414"}
        responses = dict(sorted(responses.items()))
        for example in self.examples:
            name = str(example.status)
            responses[name] = self.with_example(responses[name], example)
        return responses

    def with_example(self, response: Json, example: Shown) -> Json:
        """``response`` with an answer; one that refers to a common problem becomes this operation's own."""
        if "$ref" in response:
            phrase = HTTPStatus(example.status).phrase
            schema = {"$ref": "#/components/schemas/Problem"}
            response = {
                "description": phrase,
                "headers": header_refs(),
                "content": {MEDIA_TYPE: {"schema": schema}},
            }
        content = response["content"][example.media]
        shown = {"summary": example.example.summary, "value": example.value}
        if example.status != HTTPStatus.OK and example.example.body is not None:
            shown["x-request"] = example.example.body
        content.setdefault("examples", {})[example.key] = shown
        return response


def lines_of(schema: Json) -> Json:
    """A media type of which each line is a value of ``schema``; OpenAPI 3.1 has no word for that."""
    text = "One JSON value a line; `x-item-schema` describes each."
    return {"schema": {"type": "string", "description": text}, "x-item-schema": schema}


def without_null(schema: Json) -> Json:
    """The schema of a parameter: one that is left out is not sent as null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key != "anyOf" and value is not None}
    if len(options) == 1:
        return {**kept, **options[0]}
    return {**kept, "anyOf": options} if options else kept


blueprint = Blueprint("description", __name__)

OPENAPI = "application/openapi+json;version=3.1"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
API_CATALOG = "/.well-known/api-catalog"


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    """The description, its paths under the prefix that this request came through."""
    described = {**document(current_app), "servers": [{"url": request.script_root or "/"}]}
    return cacheable(Response(ENCODE(described), content_type=JSON))


@blueprint.get(API_CATALOG)
def api_catalog() -> Response:
    """Where the API, its description and its page are (RFC 9727), as a set of links (RFC 9264).

    References start at the path: an absolute one would repeat a host name that the caller made up.
    """
    root = request.script_root
    links = {
        "anchor": f"{root}/",
        "service-desc": [{"href": f"{root}/openapi.json", "type": OPENAPI}],
        "service-doc": [{"href": f"{root}/docs", "type": "text/html"}],
        "status": [{"href": f"{root}/readyz", "type": "application/json"}],
    }
    response = cacheable(Response(ENCODE({"linkset": [links]}), content_type=LINKSET))
    response.headers["Link"] = f'<{root}{API_CATALOG}>; rel="api-catalog"'
    return response


def document(app: Flask) -> dict[str, Any]:
    """The description as of the catalog that is served now; made once for each."""
    current = catalog()
    kept: tuple[Catalog, dict[str, Any]] | None = app.extensions.get("slantwise.description")
    if kept is None or kept[0] is not current:
        kept = app.extensions["slantwise.description"] = (current, describe(app))
    return kept[1]
