"""One endpoint → one Operation Object."""

import re
from http import HTTPStatus
from typing import Any

from service.requests.problems import MEDIA_TYPE
from service.web.framework.endpoint import NDJSON_TYPE, Endpoint
from service.web.middleware.request_body import JSON_TYPE
from service.web.openapi.error_responses import COMMON_STATUSES
from service.web.openapi.examples import Example, read_examples
from service.web.openapi.schemas import Schemas, add_description, to_commonmark

Json = dict[str, Any]
X_NDJSON = "x-ndjson"
PATH_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

QUERY_METHOD_NOTE = (
    "`QUERY` with the same body (RFC 10008) gives the same answer; it is safe and idempotent, so a client "
    "may repeat it and a cache keep it. OpenAPI 3.1 has no place for that method."
)


def make_header_refs(*names: str) -> Json:
    """Response headers by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *names)}


class Operation:
    """One operation with the schemas and the examples that describe it."""

    def __init__(self, each: Endpoint, schemas: Schemas) -> None:
        self.each = each
        self.schemas = schemas
        self.examples = read_examples(each.view.__name__)

    def described(self) -> Json:
        """Return the Operation Object."""
        each = self.each
        summary, _, rest = (each.view.__doc__ or "").partition("\n")
        texts = [
            to_commonmark(summary),
            to_commonmark(rest),
            QUERY_METHOD_NOTE if "QUERY" in each.methods else "",
        ]
        operation = {
            "operationId": each.view.__name__,
            "tags": [each.tag],
            "summary": to_commonmark(summary).rstrip("."),
            "description": "\n\n".join(text for text in texts if text),
            "parameters": self.parameters(),
            "requestBody": self.request_body() if each.body else None,
            "responses": self.responses(),
        }
        return {key: value for key, value in operation.items() if value not in (None, [])}

    def parameters(self) -> list[Json]:
        """Values in the path, then in the query string."""
        found: list[Json] = [
            self.parameter(
                name, "path", add_description("path", name, {"type": "string", "minLength": 1}), True
            )
            for name in PATH_PARAMETER.findall(self.each.rule)
        ]
        query = self.each.query or (self.each.lines.query if self.each.lines else None)
        if query:
            schema = self.schemas.parameters[query]
            required = schema.get("required", ())
            for name, value in schema["properties"].items():
                found.append(self.parameter(name, "query", drop_null(value), name in required))
        if not self.each.query:
            for parameter in found[len(PATH_PARAMETER.findall(self.each.rule)) :]:
                parameter["description"] = (
                    f"Only with `{NDJSON_TYPE}`. {parameter.get('description', '')}".strip()
                )

        return found

    def parameter(self, name: str, place: str, schema: Json, required: bool) -> Json:
        """Return the Parameter Object with the values that the examples give it."""
        values = {
            each.key: {"value": given[name]}
            for each in self.examples
            if each.status != HTTPStatus.UNPROCESSABLE_ENTITY  # its values do not fit the schema
            and name in (given := each.path if place == "path" else each.query)
        }
        parameter: Json = {"name": name, "in": place, "required": required}
        if text := schema.pop("description", None):
            parameter["description"] = text
        return {**parameter, "schema": schema, **({"examples": values} if values else {})}

    def request_body(self) -> Json:
        """Return the Request Body Object: JSON, and lines where the operation takes them."""
        content = {JSON_TYPE: {"schema": self.schemas.of[self.each.body]}}
        if self.each.lines:
            content[NDJSON_TYPE] = make_ndjson_media(self.schemas.of[self.each.lines.item])
        for each in self.valid_examples():
            examples = content[each.request_type].setdefault("examples", {})
            examples[each.key] = {"summary": each.summary, "value": each.body}
        return {"required": True, "content": content}

    def valid_examples(self) -> list[Example]:
        """Return the examples that fit the schema. Any other request is shown with its problem."""
        return [each for each in self.examples if each.status == HTTPStatus.OK]

    def responses(self) -> Json:
        """Return the Responses Object: the answer, and each problem it may be instead."""
        each = self.each
        media = each.media.partition(";")[0]
        content: Json = {media: {"schema": self.schemas.of[each.answer]}}
        caching = ("ETag", "Cache-Control") if "GET" in each.methods and each.max_age else ()
        responses: Json = {
            "200": {"description": "The answer.", "headers": make_header_refs(*caching), "content": content}
        }
        if each.lines:
            # Beside the content: makers of types would give every caller the union of both.
            responses["200"][X_NDJSON] = make_ndjson_media(self.schemas.of[each.lines.answer])
        for status in sorted(self.statuses()):
            if status != HTTPStatus.UNAUTHORIZED or each.tag != "running":
                responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
        if each.query:
            responses["414"] = {"$ref": "#/components/responses/414"}
        responses = dict(sorted(responses.items()))
        for example in self.examples:
            name = str(example.status)
            responses[name] = self.add_example(responses[name], example)
        return responses

    def statuses(self) -> set[int]:
        """Return the statuses that a request may fail with."""
        each = self.each
        found = {*each.problems, *COMMON_STATUSES}
        if each.body:
            found |= {400, 408, 413, 415, 422, 503}
        if each.query:
            found.add(422)
        if each.csv_path:
            found.add(406)
        return found

    def add_example(self, response: Json, example: Example) -> Json:
        """``response`` with an answer. One that refers to a common problem becomes this operation's own."""
        if "$ref" in response:
            phrase = HTTPStatus(example.status).phrase
            schema = {"$ref": "#/components/schemas/Problem"}
            response = {
                "description": phrase,
                "headers": make_header_refs(),
                "content": {MEDIA_TYPE: {"schema": schema}},
            }
        media = example.response_type(self.each.media.partition(";")[0])
        content = response[X_NDJSON] if media == NDJSON_TYPE else response["content"][media]
        shown = {"summary": example.summary, "value": example.answer}
        if example.status != HTTPStatus.OK and example.body is not None:
            shown["x-request"] = example.body
        content.setdefault("examples", {})[example.key] = shown
        return response


def make_ndjson_media(schema: Json) -> Json:
    """Return a media type of which each line is a value of ``schema``. OpenAPI 3.1 has no word for that."""
    text = "One JSON value a line; `x-item-schema` describes each."
    return {"schema": {"type": "string", "description": text}, "x-item-schema": schema}


def drop_null(schema: Json) -> Json:
    """Return the schema of a parameter: one that is left out is not sent as null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key != "anyOf" and value is not None}
    if len(options) == 1:
        return {**kept, **options[0]}
    return {**kept, "anyOf": options} if options else kept
