"""Decode JSON bodies and query strings, with errors that say what to send instead."""

import json
import re
from functools import cache
from typing import Any, TypeVar

import msgspec
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from service.core.errors import RequestError
from service.requests.validation_errors import TypeNode, format_example, to_request_error, truncate

T = TypeVar("T")
# Everything that decoding a body can raise.
DECODE_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# Of a longer body only what is decoded counts: reading it twice would take longer than the answer.
MAX_CHECKED_BYTES = 256 * 1024
MAX_LITERAL_LENGTH = 12
NOT_JSON = (
    (re.compile(rb"\s*\Z"), "is empty"),
    (re.compile(rb"\s*\w{1,40}="), "is a form, not JSON"),
    (
        re.compile(rb"\xff\xfe|\xfe\xff|\xef\xbb\xbf"),
        "begins with a byte order mark, which JSON in UTF-8 has not",
    ),
)
HALF_SURROGATE = re.compile(
    rb"\\u(?:d[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f][0-9a-f]{2})", re.I
)
ERROR_POSITION = re.compile(r"(?:JSON is malformed: )?(.*) \(byte (\d+)\)")
EXPLANATIONS = {
    "trailing comma in object": "a comma stands before the closing bracket; leave it out",
    "trailing comma in array": "a comma stands before the closing bracket; leave it out",
    "trailing characters": "more follows after the end of the value; send one value",
    "object keys must be strings": "a field's name stands in double quotes",
}
# How other languages write values.
FOREIGN_LITERALS = re.compile(rb"-?(NaN|None|True|False|Infinity|undefined)\b")
FALLBACK_REASONS = (
    (UnicodeDecodeError, "is not JSON in UTF-8: a character is of another encoding"),
    (RecursionError, "is nested too deeply"),
    (Exception, "is not JSON: it ends before its last bracket or quote is closed"),
)


def decode_json(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw, what: str = "the body") -> T:
    """Decode a body. Raise ``RequestError`` or 400."""
    try:
        value = decoder.decode(body)
    except DECODE_ERRORS as error:
        raise to_client_error(error, body, decoder.type, what) from error
    reject_repeated_keys(bytes(body), decoder.type, what)
    return value


def reject_repeated_keys(body: bytes, kind: Any, what: str) -> None:
    """Raise 400 for a key that stands twice in one object, of which the decoder would take the last.

    Where the body has no more keys than names that it may have, none is there twice: nearly every body.
    """
    if len(body) > MAX_CHECKED_BYTES or (count := body.count(b'":')) < 2:
        return
    keys, is_outer = list_keys(kind)
    if count <= sum(key in body for key in keys):
        return
    repeated = ""

    def check(pairs: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        twice = ""
        if len(dict(pairs)) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
        # The outermost object comes last.
        repeated = twice if is_outer else repeated or twice

    json.loads(body.decode("utf-8", "replace"), object_pairs_hook=check)
    if repeated:
        raise BadRequest(f"`{truncate(repeated)}` stands twice in one object of {what}; send it once")


@cache
def list_keys(kind: Any) -> tuple[tuple[bytes, ...], bool]:
    """Return a type's field names as JSON keys, and True if parts of it are decoded later."""
    is_record = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    fields = msgspec.structs.fields(kind) if is_record else ()
    is_outer = any("msgspec.Raw" in str(field.type) for field in fields)
    return tuple(f'"{field.encode_name}"'.encode() for field in fields), is_outer


def to_client_error(
    error: Exception, body: bytes | msgspec.Raw, kind: Any, what: str = "the body"
) -> Exception:
    """Convert an error of decoding ``body`` as a ``kind`` to one that says what to send instead."""
    if isinstance(error, msgspec.ValidationError):
        return to_request_error(error, kind, what)
    good = format_example(TypeNode([msgspec.inspect.type_info(kind)]).example)
    return BadRequest(f"{what} {explain_malformed(error, bytes(body))}; send JSON such as {good}")


def explain_malformed(error: Exception, body: bytes) -> str:
    """Return the reason why ``body`` is not JSON."""
    for pattern, reason in NOT_JSON:
        if pattern.match(body):
            return reason
    if half := HALF_SURROGATE.search(body):
        return f"has half of a surrogate pair alone, {half[0].decode()}; send the whole character"
    if found := ERROR_POSITION.fullmatch(str(error)):
        position = int(found[2])
        rest = body[position : position + MAX_LITERAL_LENGTH]
        if rest.startswith(b"'"):
            reason = "a text stands in double quotes, not in single ones"
        elif word := FOREIGN_LITERALS.match(rest):
            reason = f"{word[1].decode()} is of another language; write null, true, false or a number"
        else:
            reason = EXPLANATIONS.get(found[1], found[1])
        return f"is not JSON: {format_position(body, position)}: {reason}"
    return next(reason for kind, reason in FALLBACK_REASONS if isinstance(error, kind))


def format_position(body: bytes, position: int) -> str:
    """Return a place in ``body`` as editors count it."""
    before = body[:position]
    line_start = before.rfind(b"\n") + 1
    line, column = before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1
    return f"line {line}, column {column}"


def decode_query(kind: Any, sent: MultiDict[str, str]) -> Any:
    """Convert a query string to a value of ``kind``. Raise ``RequestError``.

    A list repeats its name. An unknown parameter is refused by ``kind`` itself.
    """
    lists = find_list_fields(kind)
    given: dict[str, Any] = {}
    for name, values in sent.lists():
        if name not in lists and len(values) > 1:
            raise RequestError(f"/{name}", f"{len(values)} values given, 1 allowed")
        given[name] = values if name in lists else values[0]
    try:
        value = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise to_request_error(error, kind, query=True) from error
    for name in given:
        if getattr(value, name) is None:
            # The lax conversion reads the text "null" as none at all.
            raise RequestError(f"/{name}", "null is not a value here; leave the parameter out")
    return value


@cache
def find_list_fields(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(kind) if "tuple" in str(field.type))
