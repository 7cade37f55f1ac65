"""The query string as a typed value: what is unknown, repeated or no value is refused, never guessed."""

from functools import cache
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from service.core.errors import RequestError
from service.web.framework.validation_errors import refusal


def decode(kind: Any, sent: MultiDict[str, str]) -> Any:
    """Return ``sent`` as a value of ``kind``. Raise ``RequestError``.

    A list repeats its name. An unknown parameter is refused by ``kind`` itself.
    """
    lists = lists_of(kind)
    given = {name: values if name in lists else single(name, values) for name, values in sent.lists()}
    try:
        value = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise refusal(error, kind, query=True) from error
    for name in given:
        if getattr(value, name) is None:
            # The lax conversion reads the text "null" as none at all.
            raise RequestError(f"/{name}", "null is not a value here; leave the parameter out")
    return value


def single(name: str, values: list[str]) -> str:
    """Return the value of a parameter that is sent once."""
    if len(values) > 1:
        raise RequestError(f"/{name}", f"{len(values)} values given, 1 allowed")
    return values[0]


@cache
def lists_of(kind: Any) -> frozenset[str]:
    """Return the fields of ``kind`` that hold several values."""
    return frozenset(each.name for each in msgspec.structs.fields(kind) if "tuple" in str(each.type))
