"""Shared by all pages for people: rendering, security policy, static files, template filters, error pages."""

import hashlib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from service import __version__
from service.core.errors import RequestError
from service.requests.problems import MEDIA_TYPE
from service.web import png
from service.web.framework.endpoint import get_catalog
from service.web.framework.responses import make_cacheable
from service.web.svg import printable

# Nothing inline and nothing from elsewhere: text that slipped through as markup would do nothing.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ERROR_REASONS = {404: "There is no page at this address", 405: "This address takes another method"}
ERROR_TITLES = {404: "Nothing here", 405: "Not this way", 413: "Too much", 422: "Not understood"}
DAYS_PER_MONTH, DAYS_PER_YEAR = 30, 365
HOUR_SECONDS = 3_600
YEAR_SECONDS = 31_536_000
STATIC = Path(__file__).parents[1] / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


class Asset(NamedTuple):
    """A file that pages load. ``version`` is part of its address, so that it can be cached for ever."""

    body: bytes
    media_type: str
    version: str


def _read_asset(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, MEDIA_TYPES[path.suffix], hashlib.blake2b(body, digest_size=6).hexdigest())


SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
ASSET_FILES = (*sorted(STATIC.iterdir()), SWAGGER_UI / "swagger-ui.css", SWAGGER_UI / "swagger-ui-bundle.js")
ASSETS = {path.name: _read_asset(path) for path in ASSET_FILES}

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(printable)


@blueprint.app_template_filter()
def format_signed(value: float, decimals: int = 2) -> str:
    """Write a position on the scale with its sign, as in print: −0.18, 0, +2."""
    return f"{value:+.{decimals}f}".replace("-", "−") if round(value, decimals) else "0"


@blueprint.app_template_filter()
def pluralize(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


@blueprint.app_template_filter()
def format_age(as_of: str, today: str) -> str:
    """Write how old a verdict was when the data was made, or nothing where a date is unknown."""
    try:
        days = (date.fromisoformat(today[:10]) - date.fromisoformat(as_of[:10])).days
    except ValueError:
        return ""
    if days < DAYS_PER_MONTH:
        return ", new when this data was made"
    number, unit = (
        (days // DAYS_PER_MONTH, "month") if days < 2 * DAYS_PER_YEAR else (days // DAYS_PER_YEAR, "year")
    )
    return f", {pluralize(number, unit)} old when this data was made"


@blueprint.app_template_filter()
def first_letter(name: str) -> str:
    words = name.removeprefix("The ")
    return next((letter.upper() for letter in words if letter.isalnum()), "·")


@blueprint.get("/static/<name>")
def get_static(name: str) -> Response:
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFound("no such file")
    response = Response(asset.body, content_type=asset.media_type)
    if request.args.get("v") != asset.version:
        return make_cacheable(response)
    make_cacheable(response, YEAR_SECONDS)
    response.cache_control.immutable = True
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    # Browsers ask for it beside an answer that is no page.
    icon = png.render_png(ASSETS["icon.svg"].body.decode(), 2)
    return make_cacheable(Response(icon, content_type=png.MEDIA_TYPE), HOUR_SECONDS)


@blueprint.get("/robots.txt")
def robots_txt() -> Response:
    # Answers and results of searches are without end.
    root = request.script_root
    lines = ("User-agent: *", *(f"Disallow: {root}{path}" for path in ("/v1/", "/metrics", "/*?")))
    return make_cacheable(Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@blueprint.get("/embed.js")
def embed_js() -> Response:
    # The ``<slantwise-bar>`` element, for any page.
    asset = ASSETS["embed.js"]
    response = Response(asset.body, content_type=asset.media_type)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return make_cacheable(response, HOUR_SECONDS)


def render_page(template: str, status: int = 200, **values: Any) -> Response:
    """Render ``template`` under the security policy. Only a page with status 200 may be cached."""
    text = render_template(template, assets=ASSETS, version=__version__, dataset=get_catalog(), **values)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.vary.add("Accept")
    if status == 200:
        return make_cacheable(response)
    response.cache_control.no_store = True
    return response


def wants_page() -> bool:
    # Browsers prefer HTML to a problem, programs do not.
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted[MEDIA_TYPE]


def describe_error(error: Exception) -> tuple[int, str]:
    """Return status and message of a client error."""
    if isinstance(error, HTTPException):
        code = error.code or 500
        is_own = error.description != type(error).description
        return code, (error.description if is_own else ERROR_REASONS.get(code)) or error.name
    if isinstance(error, RequestError):
        return 422, f"{error.pointer.strip('/').capitalize()}: {error.detail}"
    raise error


def problem_page(error: HTTPException | RequestError) -> Response:
    status, reason = describe_error(error)
    title = ERROR_TITLES.get(status, "This did not work")
    return render_page("problem.html", status, title=title, reason=reason)
