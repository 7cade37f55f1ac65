"""Tie a view to its types: typed values in, a value out, JSON around both."""

from collections.abc import Callable, Sequence, Sized
from functools import wraps
from typing import Any, NamedTuple, TypeVar, get_args

import msgspec
from flask import Blueprint, Request, Response

from service.core.answer import Distribution
from service.core.coverage.models import Coverage
from service.core.errors import RequestError, escape_pointer
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.framework.answer import Answer
from service.web.framework.bodies import JSON_TYPE, read_json_body
from service.web.framework.caching import CACHEABLE_METHODS, DEFAULT_MAX_AGE, make_cacheable
from service.web.framework.csv_response import CSV_CONTENT_TYPE, prefers_csv, to_csv
from service.web.framework.decoding import decode_json
from service.web.framework.flask_app import get_app, get_request
from service.web.framework.query import decode_query
from service.web.framework.validation_errors import truncate
from service.web.middleware.access_log import count_entries

NDJSON_TYPE = "application/x-ndjson"
CATALOG_KEY = "slantwise.catalog"
"""Where an application holds what it serves; new data is one assignment."""

LIMIT_KEY = "x-limit"
"""In a field's schema: the setting that is its ``maxItems`` or ``maxProperties``."""

encode_json = msgspec.json.Encoder().encode
View = Callable[..., Any]
T = TypeVar("T", bound=Sized)


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
    query: Any
    problems: tuple[int, ...]
    tag: str
    largest: str
    lines: NdjsonVariant | None
    table: View | None
    fresh: int


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
    query: Any = None,
    problems: Sequence[int] = (),
    tag: str = "scoring",
    largest: str = "max_body",
    lines: NdjsonVariant | None = None,
    table: View | None = None,
    fresh: int = DEFAULT_MAX_AGE,
) -> Callable[[View], View]:
    """Serve a view at ``rule``: it gets the path's values, ``body`` and ``query`` by name, decoded.

    The view returns a value of type ``answer`` (sent as JSON), text or bytes (sent as ``media``), or a
    finished response. Its docstring is the description's text. ``largest`` names the setting that limits the
    body. A request whose body is lines goes to the view of ``lines``, one that asks for CSV to ``table``,
    which takes the same as the view and gives rows, the first with their names. ``problems`` are the
    statuses it may fail with, ``fresh`` the seconds for which a cache may keep the answer (0: never).
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
            query=query,
            problems=tuple(problems),
            tag=tag,
            largest=largest,
            lines=lines,
            table=table,
            fresh=fresh,
        )
        ENDPOINTS.append(shown)
        blueprint.add_url_rule(rule, view.__name__, make_view_func(shown), methods=methods)
        return view

    return decorate


def make_view_func(spec: Endpoint) -> Callable[..., Response | Answer]:
    """Return the view as Flask calls it. What can be decided once is decided here, not in a request."""
    decoder = msgspec.json.Decoder(spec.body) if spec.body else None
    view, query, lines, largest = spec.view, spec.query, spec.lines, spec.largest
    table, varies = spec.table, "Accept" if spec.table else ""
    body_limits, query_limits = find_limits(spec.body), find_limits(query)
    scores, covers = spec.answer is Distribution, spec.answer is Coverage

    @wraps(view)
    def serve(**kwargs: Any) -> Response | Answer:
        asked = get_request()
        if lines and asked.mimetype == NDJSON_TYPE:
            return make_response(asked, lines.view(query=decode_query(lines.query, asked.args), **kwargs))
        if decoder:
            allowed = get_settings()
            limit = getattr(allowed, largest)
            raw = read_json_body(asked, limit, also=NDJSON_TYPE if lines else None)
            kwargs["body"] = decode_json(decoder, raw)
            check_limits(kwargs["body"], body_limits, allowed)
            if asked.query_string:
                reject_query(asked, by_line=bool(lines))
        if query:
            kwargs["query"] = decode_query(query, asked.args)
            check_limits(kwargs["query"], query_limits, get_settings())
        if table and "HTTP_ACCEPT" in asked.environ and prefers_csv(asked.environ["HTTP_ACCEPT"]):
            rows = table(**kwargs)
            value = rows if isinstance(rows, Response) else to_csv(rows)
            return make_response(asked, value, CSV_CONTENT_TYPE, spec.fresh, varies)
        value = view(**kwargs)
        if scores or covers:
            record_entries(value.bias if covers else value)
        return make_response(asked, value, spec.media, spec.fresh, varies)

    return serve


def get_catalog() -> Catalog:
    """Return the catalog of this moment. A view asks once, so that its answer speaks of one version."""
    current: Catalog = get_app().extensions[CATALOG_KEY]
    return current


def get_settings() -> Settings:
    """Return the settings the application was made with."""
    given: Settings = get_app().extensions["slantwise.settings"]
    return given


def find_limits(kind: Any) -> tuple[tuple[str, str], ...]:
    """Return the fields of ``kind`` that a setting limits, each with the setting's name."""
    fields = msgspec.structs.fields(kind) if kind else ()
    return tuple((each.name, setting) for each in fields if (setting := find_limit(each.type)))


def find_limit(kind: Any) -> str | None:
    """Find the name of the setting that limits a value of this type."""
    for part in get_args(kind):
        noted = part.extra_json_schema if isinstance(part, msgspec.Meta) else None
        if found := (noted or {}).get(LIMIT_KEY) or find_limit(part):
            return str(found)
    return None


def check_limits(value: Any, limits: Sequence[tuple[str, str]], allowed: Settings) -> None:
    """Raise ``RequestError`` for a field with more in it than its setting allows."""
    for name, setting in limits:
        given = getattr(value, name)
        if given and isinstance(given, tuple | dict) and len(given) > getattr(allowed, setting):
            enforce_limit(given, f"/{name}", setting)


def enforce_limit(value: T, pointer: str, setting: str = "max_outlets") -> T:
    """Return ``given``. Raise ``RequestError`` where it has more in it than the setting allows."""
    allowed = getattr(get_settings(), setting)
    if len(value) > allowed:
        what = pointer[1:] if pointer in ("/stories", "/overrides") else "entries"
        raise RequestError(pointer, f"{len(value)} {what} given, {allowed} allowed")
    return value


def record_entries(answer: Distribution) -> Distribution:
    """Return ``answer``, whose entries count in the log line and the metrics of this request."""
    count_entries(answer.counts.by_status)
    return answer


def reject_query(asked: Request, *, by_line: bool) -> None:
    """Options in the query would be lost where the body holds them: say so, rather than ignore them."""
    but = f"; the query has options only with {NDJSON_TYPE}" if by_line else ""
    for name in asked.args:
        raise RequestError(
            escape_pointer(name), f"`{truncate(name)}` belongs in the body, not in the query{but}"
        )


def to_bytes(value: Any) -> bytes:
    """Return text and bytes as they are, any other value as JSON."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else encode_json(value)


def make_response(
    asked: Request, value: Any, media: str = JSON_TYPE, fresh: int = DEFAULT_MAX_AGE, varies: str = ""
) -> Response | Answer:
    """``value`` as JSON, text as it is, either cacheable where the method allows. A response unchanged.

    ``varies`` names the header that chose between forms.
    """
    if isinstance(value, Response):
        response = value
    else:
        # A call less for nearly every answer.
        data = encode_json(value) if isinstance(value, msgspec.Struct) else to_bytes(value)
        if asked.method not in CACHEABLE_METHODS:
            return Answer(data, media, varies)
        response = Response(data, content_type=media)
    if varies:
        response.vary.add(varies)
    return response if response is value else make_cacheable(response, fresh)
