"""Tie a view to its types: typed values in, a value out, JSON around both."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Response, current_app, request
from msgspec import Struct
from werkzeug.exceptions import NotAcceptable

from service.core.errors import RequestError, escape_pointer
from service.core.resolve.catalog import Catalog
from service.requests.schemas import check_limits
from service.requests.validation_errors import truncate
from service.settings import Settings
from service.web.framework.context import CONTEXT_KEY
from service.web.framework.decoding import decode_json, decode_query
from service.web.framework.responses import (
    CSV_CONTENT_TYPE,
    DEFAULT_MAX_AGE,
    make_cacheable,
    prefers_csv,
    to_csv,
)
from service.web.framework.worker_threads import in_thread, run_by_size
from service.web.middleware.request_body import JSON_TYPE, read_json_body

NDJSON_TYPE = "application/x-ndjson"
# Where an application holds what it serves. New data is one assignment.
CATALOG_KEY = "slantwise.catalog"
SETTINGS_KEY = "slantwise.settings"

encode_json = msgspec.json.Encoder().encode
View = Callable[..., Any]


class Counted(NamedTuple):
    """An answer, and the number of its entries by status, which the decorator counts."""

    value: Any
    entries: Mapping[Any, int]


class NdjsonVariant(NamedTuple):
    """The NDJSON form of an operation: a line an item, the options in the query."""

    view: View
    query: Any
    item: Any
    answer: Any


class Endpoint(Struct, frozen=True, kw_only=True):
    """One documented operation: what goes in, what comes out, and how it may fail."""

    name: str
    rule: str
    view: View
    methods: tuple[str, ...] = ("GET",)
    tag: str = "scoring"
    # The type of the value that is sent as JSON; or of text, bytes or the rows of a table, sent as `media`.
    answer: Any
    media: str = JSON_TYPE
    body: Any = None
    # Makes a value of the body's bytes where `body` only describes them.
    read: View | None = None
    query: Any = None
    lines: NdjsonVariant | None = None
    # The setting that limits the body.
    max_body_setting: str = "max_body"
    # The address of the table of a JSON answer.
    csv_path: str = ""
    # Seconds for which a cache may keep the answer. 0: never.
    max_age: int = DEFAULT_MAX_AGE
    # A stream is made while it is sent, so its view is never called in a thread.
    is_stream: bool = False
    # Statuses it may fail with, beside those that its body and query bring along.
    problems: tuple[int, ...] = ()


# Every operation of the API, in the order of the modules; the OpenAPI description is made from it.
ENDPOINTS: list[Endpoint] = []


def endpoint(blueprint: Blueprint, rule: str, **spec: Any) -> Callable[[View], View]:
    """Serve a view at ``rule``: it gets the path's values, ``body`` and ``query`` by name, decoded.

    ``spec`` are fields of ``Endpoint``. The view returns a value of the type ``answer``, alone or in
    ``Counted``, or a finished response. Its docstring is the description's text.
    """

    def decorate(view: View) -> View:
        made = Endpoint(name=f"{blueprint.name}.{view.__name__}", rule=rule, view=view, **spec)
        ENDPOINTS.append(made)
        blueprint.add_url_rule(rule, view.__name__, make_view_func(made), methods=made.methods)
        return view

    return decorate


def make_view_func(spec: Endpoint) -> Callable[..., Response]:
    """Return the view as Flask calls it."""
    read = spec.read or (make_reader(spec.body) if spec.body else None)
    # A table may be all of the data.
    answer = in_thread(compute) if spec.media == CSV_CONTENT_TYPE and not spec.is_stream else compute

    @wraps(spec.view)
    def serve(**kwargs: Any) -> Response:
        environ, settings = request.environ, get_settings()
        if spec.csv_path and prefers_csv(environ.get("HTTP_ACCEPT", "")):
            table = request.script_root + spec.csv_path
            raise NotAcceptable(f"this address answers JSON alone; CSV is at {table}")
        if spec.lines and request.mimetype == NDJSON_TYPE:
            return spec.lines.view(decode_query(spec.lines.query, request.args))  # type: ignore[no-any-return]
        size = 0
        if read:
            also = NDJSON_TYPE if spec.lines else None
            raw = read_json_body(environ, getattr(settings, spec.max_body_setting), also)
            size = len(raw)
            kwargs["body"] = run_by_size(size, read, raw)
            if environ.get("QUERY_STRING"):
                reject_query(by_line=bool(spec.lines))
        if spec.query:
            kwargs["query"] = decode_query(spec.query, request.args)
            check_limits(kwargs["query"], settings)
        data, entries = run_by_size(0 if spec.is_stream else size, answer, spec, kwargs)
        if entries:
            environ[CONTEXT_KEY].entries = entries
        if isinstance(data, Response):
            return data
        return make_response(data, spec.media, spec.max_age)

    return serve


def make_response(data: bytes, media: str, max_age: int) -> Response:
    return make_cacheable(Response(data, content_type=media), max_age)


def make_reader(kind: Any) -> View:
    """Return a function from the bytes of a body to a value of that type."""
    decoder = msgspec.json.Decoder(kind)

    def read(raw: bytes) -> Any:
        value = decode_json(decoder, raw)
        check_limits(value, get_settings())
        return value

    return read


def compute(spec: Endpoint, kwargs: dict[str, Any]) -> tuple[bytes | Response, Mapping[Any, int] | None]:
    """Return the body or response of the view, and the entries to count."""
    value, entries = spec.view(**kwargs), None
    if isinstance(value, Counted):
        value, entries = value
    if isinstance(value, Response | bytes):
        return value, entries
    if spec.media == CSV_CONTENT_TYPE:
        value = to_csv(value)
    return value.encode() if isinstance(value, str) else encode_json(value), entries


def get_catalog() -> Catalog:
    """Return the catalog of this moment. A view asks once, so that its answer speaks of one version."""
    current: Catalog = current_app.extensions[CATALOG_KEY]
    return current


def get_settings() -> Settings:
    given: Settings = current_app.extensions[SETTINGS_KEY]
    return given


def reject_query(*, by_line: bool) -> None:
    """Refuse options in the query where the body holds them, rather than ignore them."""
    but = f"; the query has options only with {NDJSON_TYPE}" if by_line else ""
    for name in request.args:
        detail = f"`{truncate(name)}` belongs in the body, not in the query{but}"
        raise RequestError(escape_pointer(name), detail)
