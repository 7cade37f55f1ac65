"""The application factory."""

from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from service.core.outlet_detail import get_suggester
from service.core.outlets import share_values
from service.core.resolve.catalog import Catalog
from service.settings import Settings, without_extra
from service.web import pages
from service.web.api import batch, changes, coverage, dataset, health, images, outlets, resolve, scoring
from service.web.framework import problems
from service.web.framework.endpoint import CATALOG_KEY, SETTINGS_KEY
from service.web.middleware.access_log import AccessLogMiddleware
from service.web.middleware.api_keys import identify_callers, require_api_keys
from service.web.middleware.cors import ResponseHeadersMiddleware, parse_origins
from service.web.middleware.http_checks import HttpCheckMiddleware
from service.web.middleware.request_body import JSON_TYPE, BodyLimitMiddleware
from service.web.openapi import document
from service.web.pages import docs, home, previews
from service.web.pages import outlets as outlet_page

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TRACING_KEY = "slantwise.tracing"
BLUEPRINTS = (
    scoring.blueprint,
    coverage.blueprint,
    batch.blueprint,
    outlets.blueprint,
    resolve.blueprint,
    dataset.blueprint,
    changes.blueprint,
    images.blueprint,
    health.blueprint,
    document.blueprint,
    docs.blueprint,
    home.blueprint,
    previews.blueprint,
    outlet_page.blueprint,
    pages.blueprint,
)


class SlantwiseFlask(Flask):
    """A Flask application whose answer to OPTIONS says in which media type a resource can be queried."""

    def make_default_options_response(self) -> Response:
        """Add the header of RFC 10008."""
        response = super().make_default_options_response()
        if "QUERY" in response.allow:
            response.headers["Accept-Query"] = JSON_TYPE
        return response


def create_app(settings: Settings, catalog: Catalog, *, access_log: bool = False) -> Flask:
    """Return the WSGI application that serves ``catalog`` under ``settings``."""
    app = SlantwiseFlask(__name__, static_folder=None)
    # A path has one spelling: others are not found, and nobody is sent elsewhere.
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.extensions[SETTINGS_KEY] = settings
    app.extensions[CATALOG_KEY] = catalog
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    problems.register_error_handlers(app, pages.wants_page, pages.problem_page)
    if settings.api_keys_file:
        identify_callers(app, settings.api_keys_file)
    if settings.rate_limit:
        add_rate_limit(app, settings)
    if settings.api_keys_file:
        require_api_keys(app)
    if settings.tracing:
        add_tracing(app)
    add_layers(app, settings, access_log=access_log)
    return app


def add_layers(app: Flask, settings: Settings, *, access_log: bool) -> None:
    """Add the WSGI layers around the application. A request passes them from the last one to the first."""
    layers = HttpCheckMiddleware(BodyLimitMiddleware(app.wsgi_app, settings.max_body_seconds))
    wsgi: WSGIApplication = ResponseHeadersMiddleware(layers, parse_origins(settings.cors_origins))
    if hops := settings.proxy_hops:
        wsgi = ProxyFix(wsgi, hops, hops, hops, x_prefix=hops)
    if access_log:
        wsgi = AccessLogMiddleware(wsgi)
    app.wsgi_app = wsgi  # type: ignore[method-assign,assignment]


def warm_up(catalog: Catalog) -> Catalog:
    """Fill the caches of a catalog and return it, so that no request waits for that."""
    share_values(catalog.outlets.values())
    get_suggester(catalog)
    outlets.search_index(catalog)
    dataset.describe_dataset(catalog)
    return catalog


def add_rate_limit(app: Flask, settings: Settings) -> None:
    """Limit the rate of each caller. Raise ``ValueError`` where the packages for it are not installed."""
    try:
        from service.web.middleware.rate_limit import limit_rate  # noqa: PLC0415  # optional packages
    except ImportError as error:
        raise ValueError(f"SLANTWISE_RATE_LIMIT: {without_extra('limits', error)}") from error
    limit_rate(app, settings.rate_limit, settings.rate_limit_storage)


def add_tracing(app: Flask) -> None:
    """Send spans. Raise ``ValueError`` where the packages for it are not installed."""
    try:
        from service.web.middleware.tracing import instrument_app  # noqa: PLC0415  # optional packages
    except ImportError as error:
        raise ValueError(f"SLANTWISE_TRACING: {without_extra('otel', error)}") from error
    app.extensions[TRACING_KEY] = instrument_app(app)
