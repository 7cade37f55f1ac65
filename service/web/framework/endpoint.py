"""Tie a view to its types: typed values in, a value out, JSON around both."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotAcceptable

from service.core.errors import RequestError, escape_pointer
from service.core.resolve.catalog import Catalog
from service.requests.schemas import check_limits
from service.requests.validation_errors import truncate
from service.settings import Settings
from service.web.framework.caching import CACHEABLE_METHODS, DEFAULT_MAX_AGE, make_cacheable
from service.web.framework.context import current_context
from service.web.framework.csv_response import CSV_CONTENT_TYPE, prefers_csv, to_csv
from service.web.framework.decoding import decode_json, decode_query
from service.web.framework.flask_app import Answer
from service.web.framework.worker_threads import in_thread, run_by_size
from service.web.middleware.request_body import JSON_TYPE, read_json_body

NDJSON_TYPE = "application/x-ndjson"
# Where an application holds what it serves. New data is one assignment.
CATALOG_KEY = "slantwise.catalog"
SETTINGS_KEY = "slantwise.settings"

encode_json = msgspec.json.Encoder().encode
View = Callable[..., Any]
NO_ENTRIES: Mapping[Any, int] = {}


class Counted(NamedTuple):
    """What a view returns whose entries are to be counted: the answer, and their number by status."""

    value: Any
    entries: Mapping[Any, int]


class NdjsonVariant(NamedTuple):
    """The form of an operation in which the body is a stream of JSON lines. Its options are in the query."""

    view: View
    query: Any
    item: Any
    answer: Any


class Endpoint(NamedTuple):
    """One documented operation: what goes in, what comes out, and how it may fail."""

    name: str
    rule: str
    methods: tuple[str, ...]
    view: View
    answer: Any
    media: str
    body: Any
    read: View | None
    query: Any
    problems: tuple[int, ...]
    tag: str
    max_body_setting: str
    lines: NdjsonVariant | None
    csv_path: str
    max_age: int
    is_stream: bool


ENDPOINTS: list[Endpoint] = []
"""Every operation of the API, in the order of the modules; the OpenAPI description is made from it."""


def endpoint(
    blueprint: Blueprint,
    rule: str,
    *,
    methods: Sequence[str] = ("GET",),
    answer: Any,
    media: str = JSON_TYPE,
    body: Any = None,
    read: View | None = None,
    query: Any = None,
    problems: Sequence[int] = (),
    tag: str = "scoring",
    max_body_setting: str = "max_body",
    lines: NdjsonVariant | None = None,
    csv_path: str = "",
    max_age: int = DEFAULT_MAX_AGE,
    is_stream: bool = False,
) -> Callable[[View], View]:
    """Serve a view at ``rule``: it gets the path's values, ``body`` and ``query`` by name, decoded.

    The view returns a value of type ``answer`` (sent as JSON), text or bytes (sent as ``media``), or a
    finished response, or one of them in ``Counted``. Its docstring is the description's text. ``read`` makes
    a value of the body's bytes where ``body`` only describes them.
    ``max_body_setting`` names the setting that limits the body. A request whose body is lines goes to the
    view of ``lines``. A view of CSV gives rows, the first with their names. ``csv_path`` is the address of
    the table of a JSON answer. ``problems`` are the statuses it may fail with, ``max_age`` the seconds for
    which a cache may keep the answer (0: never). A view with a large body is called in a thread, unless it
    answers with a stream (``is_stream``).
    """

    def decorate(view: View) -> View:
        shown = Endpoint(
            name=f"{blueprint.name}.{view.__name__}",
            rule=rule,
            methods=tuple(methods),
            view=view,
            answer=answer,
            media=media,
            body=body,
            read=read,
            query=query,
            problems=tuple(problems),
            tag=tag,
            max_body_setting=max_body_setting,
            lines=lines,
            csv_path=csv_path,
            max_age=max_age,
            is_stream=is_stream,
        )
        ENDPOINTS.append(shown)
        blueprint.add_url_rule(rule, view.__name__, make_view_func(shown), methods=methods)
        return view

    return decorate


def make_view_func(spec: Endpoint) -> Callable[..., Response | Answer]:
    """Return the view as Flask calls it. What can be decided once is decided here, not in a request."""
    read = spec.read or (partial(decode_json, msgspec.json.Decoder(spec.body)) if spec.body else None)
    view, query, lines, media = spec.view, spec.query, spec.lines, spec.media
    also = NDJSON_TYPE if lines else None
    answer: Callable[..., tuple[bytes | Response, Mapping[Any, int]]] = partial(compute, view, media)
    if media == CSV_CONTENT_TYPE and not spec.is_stream:
        # A table may be all of the data.
        answer = in_thread(answer)

    @wraps(view)
    def serve(**kwargs: Any) -> Response | Answer:
        settings = get_settings()
        if spec.csv_path and prefers_csv(request.environ.get("HTTP_ACCEPT", "")):
            table = request.script_root + spec.csv_path
            raise NotAcceptable(f"this address answers JSON alone; CSV is at {table}")
        if lines and request.mimetype == NDJSON_TYPE:
            return make_response(lines.view(query=decode_query(lines.query, request.args), **kwargs))
        size = 0
        if read:
            raw = read_json_body(request.environ, getattr(settings, spec.max_body_setting), also)
            size = len(raw)
            kwargs["body"] = run_by_size(size, read, raw)
            if not spec.read:
                check_limits(kwargs["body"], settings)
            if request.query_string:
                reject_query(by_line=bool(lines))
        if query:
            kwargs["query"] = decode_query(query, request.args)
            check_limits(kwargs["query"], settings)
        data, entries = run_by_size(0 if spec.is_stream else size, answer, **kwargs)
        if entries:
            current_context().count_entries(entries)
        return make_response(data, media, spec.max_age)

    return serve


def compute(view: View, media: str, /, **kwargs: Any) -> tuple[bytes | Response, Mapping[Any, int]]:
    """Return the view's answer as it is sent, and the entries to count."""
    value, entries = view(**kwargs), NO_ENTRIES
    if isinstance(value, Counted):
        value, entries = value
    if isinstance(value, Response | bytes):
        return value, entries
    if media == CSV_CONTENT_TYPE:
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
    """Raise for options in the query where the body holds them: ignored, they would be lost."""
    but = f"; the query has options only with {NDJSON_TYPE}" if by_line else ""
    for name in request.args:
        detail = f"`{truncate(name)}` belongs in the body, not in the query{but}"
        raise RequestError(escape_pointer(name), detail)


def make_response(
    data: bytes | Response, media: str = JSON_TYPE, max_age: int = DEFAULT_MAX_AGE
) -> Response | Answer:
    """Send ``data``, cacheable where the method allows it. A finished response is left as it is."""
    if isinstance(data, Response):
        return data
    if request.method not in CACHEABLE_METHODS:
        return Answer(data, media)
    return make_cacheable(Response(data, content_type=media), max_age)
