"""The decorator that ties a view to its types: typed values in, a value out, JSON around both."""

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from service.core.outlets import Catalog
from service.settings import Settings

JSON = "application/json"
FRESH_SECONDS = 60
ENCODE = msgspec.json.Encoder().encode
View = Callable[..., Any]


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
) -> Callable[[View], View]:
    """Serve a view at ``rule``: it gets the path's values, ``body`` and ``query`` by name, decoded.

    The view returns a value of type ``answer`` (sent as JSON) or a finished response.
    """
    decoder = msgspec.json.Decoder(body) if body else None

    def decorate(view: View) -> View:
        @wraps(view)
        def serve(**given: Any) -> Response:
            if decoder:
                given["body"] = decoder.decode(json_body())
            if query:
                given["query"] = decode_query(query)
            value = view(**given)
            return value if isinstance(value, Response) else reply(value)

        ENDPOINTS.append(Endpoint(rule, tuple(methods), view, answer, body, query, tuple(problems), tag))
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


def json_body() -> bytes:
    """The request's body, which must call itself JSON."""
    if request.mimetype != JSON and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType(f"send the body as Content-Type: {JSON}, not {request.mimetype[:80]!r}")
    return request.get_data(cache=False)


def decode_query(kind: Any) -> Any:
    """The query string as a value of ``kind``; an unknown parameter is refused, a list repeats its name."""
    lists = {name for name in kind.__struct_fields__ if "tuple" in str(kind.__annotations__.get(name))}
    given = {name: values if name in lists else values[-1] for name, values in request.args.lists()}
    return msgspec.convert(given, kind, strict=False)


def reply(value: Any) -> Response:
    """``value`` as JSON, cacheable where the method allows."""
    return cacheable(Response(ENCODE(value), content_type=JSON))


def cacheable(response: Response, seconds: int = FRESH_SECONDS) -> Response:
    """A GET gets a strong ETag over its bytes, ``seconds`` of freshness, and may be answered 304."""
    if request.method in ("GET", "HEAD"):
        response.set_etag(hashlib.blake2b(response.data, digest_size=16).hexdigest())
        response.cache_control.max_age = seconds
        response.cache_control.public = True
        response.make_conditional(request.environ)
    return response
