"""The decorator that ties a view to its types: typed values in, a value out, JSON around both."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from service.core.outlets import Catalog
from service.settings import Settings

JSON = "application/json"
NDJSON = "application/x-ndjson"
FRESH_SECONDS = 60
ENCODE = msgspec.json.Encoder().encode
View = Callable[..., Any]


class Lines(NamedTuple):
    """The form of an operation in which the body is a stream of JSON lines; its options are in the query."""

    view: View
    query: Any
    item: Any
    answer: Any


class Endpoint(NamedTuple):
    """One documented operation: what goes in, what comes out, and how it may fail."""

    rule: str
    methods: tuple[str, ...]
    view: View
    answer: Any
    body: Any
    query: Any
    problems: tuple[int, ...]
    tag: str
    largest: str
    lines: Lines | None


ENDPOINTS: list[Endpoint] = []
"""Every operation of the API, in the order of the modules; the OpenAPI description is made from it."""


def endpoint(
    blueprint: Blueprint,
    rule: str,
    *,
    methods: Sequence[str] = ("GET",),
    answer: Any,
    body: Any = None,
    query: Any = None,
    problems: Sequence[int] = (),
    tag: str = "scoring",
    largest: str = "max_body",
    lines: Lines | None = None,
) -> Callable[[View], View]:
    """Serve a view at ``rule``: it gets the path's values, ``body`` and ``query`` by name, decoded.

    The view returns a value of type ``answer`` (sent as JSON) or a finished response. ``largest`` names the
    setting that limits the body; a request whose body is lines goes to the view of ``lines``.
    """
    decoder = msgspec.json.Decoder(body) if body else None

    def decorate(view: View) -> View:
        @wraps(view)
        def serve(**given: Any) -> Response:
            if lines and request.mimetype == NDJSON:
                return reply(lines.view(query=decode_query(lines.query), **given))
            if decoder:
                request.max_content_length = getattr(settings(), largest)
                given["body"] = decoder.decode(json_body(also=NDJSON if lines else None))
            if query:
                given["query"] = decode_query(query)
            return reply(view(**given))

        ENDPOINTS.append(
            Endpoint(rule, tuple(methods), view, answer, body, query, tuple(problems), tag, largest, lines)
        )
        blueprint.add_url_rule(rule, view.__name__, serve, methods=methods)
        return view

    return decorate


def catalog() -> Catalog:
    """The catalog of this moment; a view asks once, so that its answer speaks of one version."""
    current: Catalog = current_app.extensions["slantwise.store"].catalog
    return current


def settings() -> Settings:
    """The settings the application was made with."""
    given: Settings = current_app.extensions["slantwise.settings"]
    return given


def json_body(also: str | None = None) -> bytes:
    """The request's body, which must call itself JSON; ``also`` is another type that would have done."""
    if request.mimetype != JSON and not request.mimetype.endswith("+json"):
        good = f"{JSON} or {also}" if also else JSON
        raise UnsupportedMediaType(f"send the body as Content-Type: {good}, not {request.mimetype[:80]!r}")
    return request.get_data(cache=False)


def decode_query(kind: Any) -> Any:
    """The query string as a value of ``kind``; an unknown parameter is refused, a list repeats its name."""
    given = {name: values if name in lists_of(kind) else values[-1] for name, values in request.args.lists()}
    return msgspec.convert(given, kind, strict=False)


@cache
def lists_of(kind: Any) -> frozenset[str]:
    """The fields of ``kind`` that hold several values."""
    return frozenset(each.name for each in msgspec.structs.fields(kind) if "tuple" in str(each.type))


def reply(value: Any) -> Response:
    """``value`` as JSON, cacheable where the method allows; a finished response as it is."""
    return value if isinstance(value, Response) else cacheable(Response(ENCODE(value), content_type=JSON))


def cacheable(response: Response, seconds: int = FRESH_SECONDS) -> Response:
    """A GET gets a strong ETag over its bytes, ``seconds`` of freshness, and may be answered 304."""
    if request.method in ("GET", "HEAD"):
        response.set_etag(hashlib.blake2b(response.data, digest_size=16).hexdigest())
        response.cache_control.max_age = seconds
        response.cache_control.public = True
        response.make_conditional(request.environ)
    return response
