"""The endpoints and their types → one OpenAPI 3.1 document.

Own glue in place of a library: msgspec makes the schemas, ``ENDPOINTS`` holds the rest, and what a library
would add (plugins, YAML in docstrings) is what we do not want.
"""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from service import __version__
from service.web.framework.endpoint import ENDPOINTS, SETTINGS_KEY, encode_json
from service.web.framework.responses import make_cacheable
from service.web.middleware.request_body import JSON_TYPE
from service.web.openapi.error_responses import make_error_responses
from service.web.openapi.operation import PATH_PARAMETER, Operation
from service.web.openapi.schemas import Schemas, to_commonmark

blueprint = Blueprint("description", __name__)

Json = dict[str, Any]
DOCUMENT_KEY = "slantwise.description"

DESCRIPTION = """
Send the outlets that cover a news story; get the share of left, center and right among them, how far to trust
that figure, and the working behind it.

Enumerations are open: more values may come, so take one you do not know as "other". Fields are added, never
renamed. `null` means that a value is not known. Every error is a problem (RFC 9457). A GET carries a strong
`ETag`: send it back as `If-None-Match`, and an unchanged answer is a 304 without a body. Every answer names
its request in `X-Request-Id`; send one of up to 64 letters, digits, dots, dashes or underscores to have it
used.
"""

TAG_DESCRIPTIONS = {
    "scoring": "How the outlets that cover a story lean.",
    "outlets": "What is known of an outlet, and who says so.",
    "pictures": "Bars and badges as SVG and PNG.",
    "running": "For gateways and orchestrators: alive, ready, which version.",
}

URI_TOO_LONG = (
    "The address is longer than this server reads (4,094 bytes). "
    "A server in front may say so in its own way, with its own limit."
)

KEY_DESCRIPTION = "Needed only where this service or its gateway asks for keys."
HEADER_DESCRIPTIONS = {
    "X-Request-Id": "The id of this request, as in the log. It is the caller's own if well-formed.",
    "ETag": "A strong validator of the answer's bytes, for `If-None-Match`.",
    "Cache-Control": "How long a cache may keep the answer.",
    "Retry-After": "Seconds until it is worth trying again.",
    "WWW-Authenticate": "How to send an API key.",
    "Allow": "The methods that this path allows.",
}


def build_document(app: Flask) -> Json:
    """Describe every operation that ``app`` serves, with the limits of its settings."""
    endpoints = [spec for spec in ENDPOINTS if spec.name in app.view_functions]
    schemas = Schemas(endpoints, app.extensions[SETTINGS_KEY])
    paths: Json = {}
    for spec in sorted(endpoints, key=lambda spec: list(TAG_DESCRIPTIONS).index(spec.tag)):
        item = paths.setdefault(PATH_PARAMETER.sub(r"{\1}", spec.rule), {})
        operation = Operation(spec, schemas).describe()
        item.update({method.lower(): operation for method in spec.methods if method != "QUERY"})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Slantwise",
            "summary": "Outlets in, a left/center/right distribution out.",
            "description": to_commonmark(DESCRIPTION),
            "license": {"name": "MIT", "identifier": "MIT"},
            "version": __version__,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAG_DESCRIPTIONS.items()],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {**make_error_responses(), "414": {"description": URI_TOO_LONG}},
            "headers": {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in HEADER_DESCRIPTIONS.items()
            },
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": KEY_DESCRIPTION}},
        },
    }


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    """Return the description, its paths under the prefix that this request came through."""
    if DOCUMENT_KEY not in current_app.extensions:
        current_app.extensions[DOCUMENT_KEY] = build_document(current_app)
    document = {**current_app.extensions[DOCUMENT_KEY], "servers": [{"url": request.script_root or "/"}]}
    return make_cacheable(Response(encode_json(document), content_type=JSON_TYPE))
