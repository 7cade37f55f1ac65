"""One endpoint → one Operation Object."""

import re
from http import HTTPStatus
from typing import Any

from service.requests.problems import MEDIA_TYPE
from service.web.framework.endpoint import NDJSON_TYPE, Endpoint
from service.web.middleware.request_body import JSON_TYPE
from service.web.openapi.error_responses import COMMON_STATUSES, make_header_refs
from service.web.openapi.examples import Example, read_examples
from service.web.openapi.schemas import Schemas, add_description, to_commonmark

Json = dict[str, Any]
X_NDJSON = "x-ndjson"
PATH_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
BODY_STATUSES = (400, 408, 413, 415, 422, 503)
QUERY_METHOD_NOTE = (
    "`QUERY` with the same body (RFC 10008) gives the same answer; it is safe and idempotent, so a client "
    "may repeat it and a cache keep it. OpenAPI 3.1 has no place for that method."
)


class Operation:
    """One operation with the schemas and the examples that describe it."""

    def __init__(self, spec: Endpoint, schemas: Schemas) -> None:
        self.spec = spec
        self.media = spec.media.partition(";")[0]
        self.schemas = schemas
        self.examples = read_examples(spec.view.__name__)

    def describe(self) -> Json:
        """Return the Operation Object."""
        spec = self.spec
        summary, _, rest = (spec.view.__doc__ or "").partition("\n")
        texts = [to_commonmark(summary), to_commonmark(rest), QUERY_METHOD_NOTE * ("QUERY" in spec.methods)]
        operation = {
            "operationId": spec.view.__name__,
            "tags": [spec.tag],
            "summary": to_commonmark(summary).rstrip("."),
            "description": "\n\n".join(filter(None, texts)),
            "parameters": self.parameters(),
            "requestBody": self.request_body() if spec.body else None,
            "responses": self.responses(),
        }
        return {key: value for key, value in operation.items() if value not in (None, [])}

    def parameters(self) -> list[Json]:
        """Describe values in the path, then in the query string."""
        spec = self.spec
        found: list[Json] = []
        for name in PATH_PARAMETER.findall(spec.rule):
            schema = add_description("path", name, {"type": "string", "minLength": 1})
            found.append(self.parameter(name, "path", schema, True))
        query = spec.query or (spec.lines.query if spec.lines else None)
        if query is None:
            return found
        of_query = self.schemas.parameters[query]
        for name, value in of_query["properties"].items():
            parameter = self.parameter(name, "query", drop_null(value), name in of_query.get("required", ()))
            if not spec.query:
                text = f"Only with `{NDJSON_TYPE}`. {parameter.get('description', '')}"
                parameter["description"] = text.strip()
            found.append(parameter)
        return found

    def parameter(self, name: str, place: str, schema: Json, required: bool) -> Json:
        """Return the Parameter Object with the values that the examples give it."""
        values = {
            example.key: {"value": given[name]}
            for example in self.examples
            if example.status != HTTPStatus.UNPROCESSABLE_ENTITY  # its values do not fit the schema
            and name in (given := example.path if place == "path" else example.query)
        }
        parameter: Json = {"name": name, "in": place, "required": required}
        if text := schema.pop("description", None):
            parameter["description"] = text
        return {**parameter, "schema": schema, **({"examples": values} if values else {})}

    def request_body(self) -> Json:
        """Return the Request Body Object: JSON, and lines where the operation takes them."""
        content = {JSON_TYPE: {"schema": self.schemas.of[self.spec.body]}}
        if self.spec.lines:
            content[NDJSON_TYPE] = make_ndjson_media(self.schemas.of[self.spec.lines.item])
        for example in self.examples:
            # Any other request does not fit the schema, and is shown with its problem.
            if example.status == HTTPStatus.OK:
                examples = content[example.request_type].setdefault("examples", {})
                examples[example.key] = {"summary": example.summary, "value": example.body}
        return {"required": True, "content": content}

    def responses(self) -> Json:
        """Return the Responses Object: the answer, and each problem it may be instead."""
        spec = self.spec
        caching = ("ETag", "Cache-Control") if "GET" in spec.methods and spec.max_age else ()
        answer: Json = {
            "description": "The answer.",
            "headers": make_header_refs(*caching),
            "content": {self.media: {"schema": self.schemas.of[spec.answer]}},
        }
        if spec.lines:
            # Beside the content: makers of types would give every caller the union of both.
            answer[X_NDJSON] = make_ndjson_media(self.schemas.of[spec.lines.answer])
        references = {str(status): {"$ref": f"#/components/responses/{status}"} for status in self.statuses()}
        responses = dict(sorted({"200": answer, **references}.items()))
        for example in self.examples:
            name = str(example.status)
            responses[name] = self.add_example(responses[name], example)
        return responses

    def statuses(self) -> set[int]:
        """Return the statuses that a request may fail with."""
        spec = self.spec
        found = {*spec.problems, *COMMON_STATUSES, *(BODY_STATUSES if spec.body else ())}
        found |= {422, 414} if spec.query else set()
        found |= {406} if spec.csv_path else set()
        return found - {401} if spec.tag == "running" else found

    def add_example(self, response: Json, example: Example) -> Json:
        """Return ``response`` with an answer. One that refers to a common problem becomes the operation's."""
        if "$ref" in response:
            response = {
                "description": HTTPStatus(example.status).phrase,
                "headers": make_header_refs(),
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        media = example.response_type(self.media)
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
