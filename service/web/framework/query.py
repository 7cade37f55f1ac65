"""The query string as a typed value: what is unknown, repeated or no value is refused, never guessed."""

from functools import cache
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from service.core.errors import RequestError
from service.web.framework.validation_errors import to_request_error


def decode_query(kind: Any, sent: MultiDict[str, str]) -> Any:
    """Return ``sent`` as a value of ``kind``. Raise ``RequestError``.

    A list repeats its name. An unknown parameter is refused by ``kind`` itself.
    """
    lists = find_list_fields(kind)
    given = {name: values if name in lists else single_value(name, values) for name, values in sent.lists()}
    try:
        value = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise to_request_error(error, kind, query=True) from error
    for name in given:
        if getattr(value, name) is None:
            # The lax conversion reads the text "null" as none at all.
            raise RequestError(f"/{name}", "null is not a value here; leave the parameter out")
    return value


def single_value(name: str, values: list[str]) -> str:
    """Return the value of a parameter that is sent once."""
    if len(values) > 1:
        raise RequestError(f"/{name}", f"{len(values)} values given, 1 allowed")
    return values[0]


@cache
def find_list_fields(kind: Any) -> frozenset[str]:
    """Return the fields of ``kind`` that hold several values."""
    return frozenset(each.name for each in msgspec.structs.fields(kind) if "tuple" in str(each.type))
