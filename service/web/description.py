"""The service about itself: its OpenAPI description, the same as a page, and the catalog of both."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from service.core.resolve.catalog import Catalog
from service.web.openapi import describe
from service.web.routes import ENCODE, JSON, cacheable, catalog

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
