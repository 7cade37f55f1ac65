"""Tie a view to its types: typed values in, a value out, JSON around both."""

from collections.abc import Callable, Sequence, Sized
from functools import wraps
from typing import Any, NamedTuple, TypeVar, get_args

import msgspec
from flask import Blueprint, Request, Response

from service.core.answer import Distribution
from service.core.coverage.models import Coverage
from service.core.errors import RequestError, step
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.framework.answer import Answer
from service.web.framework.bodies import JSON, json_body
from service.web.framework.caching import CACHEABLE, FRESH_SECONDS, cacheable
from service.web.framework.csv_response import CSV_MEDIA, wants_csv, written
from service.web.framework.decoding import decoded
from service.web.framework.flask_app import this_app, this_request
from service.web.framework.query import decode
from service.web.framework.validation_errors import cut
from service.web.middleware.access_log import count_entries

NDJSON = "application/x-ndjson"
CATALOG = "slantwise.catalog"
"""Where an application holds what it serves; new data is one assignment."""

LIMIT = "x-limit"
"""In a field's schema: the setting that is its ``maxItems`` or ``maxProperties``."""

ENCODE = msgspec.json.Encoder().encode
View = Callable[..., Any]
T = TypeVar("T", bound=Sized)


class Lines(NamedTuple):
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
    lines: Lines | None
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
    media: str = JSON,
    body: Any = None,
    query: Any = None,
    problems: Sequence[int] = (),
    tag: str = "scoring",
    largest: str = "max_body",
    lines: Lines | None = None,
    table: View | None = None,
    fresh: int = FRESH_SECONDS,
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
        blueprint.add_url_rule(rule, view.__name__, served(shown), methods=methods)
        return view

    return decorate


def served(shown: Endpoint) -> Callable[..., Response | Answer]:
    """Return the view as Flask calls it. What can be decided once is decided here, not in a request."""
    decoder = msgspec.json.Decoder(shown.body) if shown.body else None
    view, query, lines, largest = shown.view, shown.query, shown.lines, shown.largest
    table, varies = shown.table, "Accept" if shown.table else ""
    body_limits, query_limits = limits_of(shown.body), limits_of(query)
    scores, covers = shown.answer is Distribution, shown.answer is Coverage

    @wraps(view)
    def serve(**given: Any) -> Response | Answer:
        asked = this_request()
        if lines and asked.mimetype == NDJSON:
            return reply(asked, lines.view(query=decode(lines.query, asked.args), **given))
        if decoder:
            allowed = settings()
            limit = getattr(allowed, largest)
            raw = json_body(asked, limit, also=NDJSON if lines else None)
            given["body"] = decoded(decoder, raw)
            check_limits(given["body"], body_limits, allowed)
            if asked.query_string:
                refuse_query(asked, by_line=bool(lines))
        if query:
            given["query"] = decode(query, asked.args)
            check_limits(given["query"], query_limits, settings())
        if table and "HTTP_ACCEPT" in asked.environ and wants_csv(asked.environ["HTTP_ACCEPT"]):
            rows = table(**given)
            value = rows if isinstance(rows, Response) else written(rows)
            return reply(asked, value, CSV_MEDIA, shown.fresh, varies)
        value = view(**given)
        if scores or covers:
            counted(value.bias if covers else value)
        return reply(asked, value, shown.media, shown.fresh, varies)

    return serve


def catalog() -> Catalog:
    """Return the catalog of this moment. A view asks once, so that its answer speaks of one version."""
    current: Catalog = this_app().extensions[CATALOG]
    return current


def settings() -> Settings:
    """Return the settings the application was made with."""
    given: Settings = this_app().extensions["slantwise.settings"]
    return given


def limits_of(kind: Any) -> tuple[tuple[str, str], ...]:
    """Return the fields of ``kind`` that a setting limits, each with the setting's name."""
    fields = msgspec.structs.fields(kind) if kind else ()
    return tuple((each.name, setting) for each in fields if (setting := limit_in(each.type)))


def limit_in(kind: Any) -> str | None:
    """Find the name of the setting that limits a value of this type."""
    for part in get_args(kind):
        noted = part.extra_json_schema if isinstance(part, msgspec.Meta) else None
        if found := (noted or {}).get(LIMIT) or limit_in(part):
            return str(found)
    return None


def check_limits(value: Any, limits: Sequence[tuple[str, str]], allowed: Settings) -> None:
    """Raise ``RequestError`` for a field with more in it than its setting allows."""
    for name, setting in limits:
        given = getattr(value, name)
        if given and isinstance(given, tuple | dict) and len(given) > getattr(allowed, setting):
            limited(given, f"/{name}", setting)


def limited(given: T, pointer: str, setting: str = "max_outlets") -> T:
    """Return ``given``. Raise ``RequestError`` where it has more in it than the setting allows."""
    allowed = getattr(settings(), setting)
    if len(given) > allowed:
        what = pointer[1:] if pointer in ("/stories", "/overrides") else "entries"
        raise RequestError(pointer, f"{len(given)} {what} given, {allowed} allowed")
    return given


def counted(answer: Distribution) -> Distribution:
    """Return ``answer``, whose entries count in the log line and the metrics of this request."""
    count_entries(answer.counts.by_status)
    return answer


def refuse_query(asked: Request, *, by_line: bool) -> None:
    """Options in the query would be lost where the body holds them: say so, rather than ignore them."""
    but = f"; the query has options only with {NDJSON}" if by_line else ""
    for name in asked.args:
        raise RequestError(step(name), f"`{cut(name)}` belongs in the body, not in the query{but}")


def encoded(value: Any) -> bytes:
    """Return text and bytes as they are, any other value as JSON."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else ENCODE(value)


def reply(
    asked: Request, value: Any, media: str = JSON, fresh: int = FRESH_SECONDS, varies: str = ""
) -> Response | Answer:
    """``value`` as JSON, text as it is, either cacheable where the method allows. A response unchanged.

    ``varies`` names the header that chose between forms.
    """
    if isinstance(value, Response):
        response = value
    else:
        # A call less for nearly every answer.
        data = ENCODE(value) if isinstance(value, msgspec.Struct) else encoded(value)
        if asked.method not in CACHEABLE:
            return Answer(data, media, varies)
        response = Response(data, content_type=media)
    if varies:
        response.vary.add(varies)
    return response if response is value else cacheable(response, fresh)
