"""Say what is wrong with a value, and what to send instead: one translator for all validation."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import inspect

from service.core.errors import RequestError, escape_pointer

MAX_LISTED_NAMES = 12
"""Allowed names that a message lists; more are "and others"."""
MAX_QUOTED_CHARS = 80
MIN_SIMILARITY = 0.65
MIN_PREFIX_LENGTH = 3
"""Letters that may stand for a whole name."""
PATH_STEP = re.compile(r"\[(\d+)\]|\.(\w+)|\[(\.\.\.)\]")
FIELD_ERROR = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.S)
BOUND_ERROR = re.compile(r"Expected `(\w+)` (?:of length )?([<>]=?) (\S+)")
TYPE_ERROR = re.compile(r"Expected `[^`]*`, got `(\w+)`")
ENUM_ERROR = re.compile(r"Invalid enum value (.*)", re.S)

FIELD_SYNONYMS = {
    "outlets": "articles domain domains entries host hosts link links name names outlet publisher publishers "
    "site sites source sources url urls website websites",
    "outlet": "domain domains name names outlets q source sources url urls",
    "articles": "data documents entries items news outlets results urls",
    "stories": "articles items lists outlets results",
    "q": "entry name outlet query search term text url",
    "url": "href link uri",
    "name": "publisher source title",
    "domain": "host hostname site",
    "raters": "rater",
    "overrides": "exclude labels ratings",
    "side": "bias lean leaning",
    "limit": "count max page_size per_page size",
    "cursor": "after offset page start",
    "since": "after from version",
    "ties": "ambiguous tie",
}
"""A field, and other names that callers have for it."""
TYPE_LABELS = {
    "array": "a list",
    "object": "an object",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
}
LENGTH_UNITS = {"array": "items", "object": "fields", "str": "characters"}
TYPE_NAMES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((inspect.StructType, inspect.DictType), "object"),
    ((inspect.ListType, inspect.VarTupleType), "array"),
    ((inspect.StrType, inspect.LiteralType), "str"),
    ((inspect.IntType,), "int"),
    ((inspect.FloatType,), "float"),
    ((inspect.BoolType,), "bool"),
)


class TypeNode:
    """The value that a message is about: its types, and what their authors noted of it."""

    def __init__(self, kinds: Iterable[inspect.Type]) -> None:
        self.kinds: list[inspect.Type] = []
        self.noted: dict[str, Any] = {}
        waiting = list(kinds)
        while waiting:
            kind = waiting.pop(0)
            if isinstance(kind, inspect.Metadata):
                self.noted = {**(kind.extra_json_schema or {}), **self.noted}
                waiting.insert(0, kind.type)
            elif isinstance(kind, inspect.UnionType):
                waiting[:0] = kind.types
            else:
                self.kinds.append(kind)

    def inside(self, name: str) -> "TypeNode":
        """Return the place of a field or item of this value."""
        found: list[inspect.Type] = []
        for kind in self.kinds:
            if isinstance(kind, inspect.StructType):
                found += [each.type for each in kind.fields if each.encode_name == name]
            elif isinstance(kind, inspect.DictType):
                found.append(kind.value_type)
            elif name.isdecimal() and isinstance(kind, inspect.ListType | inspect.VarTupleType):
                found.append(kind.item_type)
        place, example = TypeNode(found), self.example
        if place.example is None and isinstance(example, list | dict):
            part = example[0] if isinstance(example, list) else example.get(name)
            place.noted = {**place.noted, "examples": [part]}
        return place

    @property
    def fields(self) -> list[str]:
        structs = (kind for kind in self.kinds if isinstance(kind, inspect.StructType))
        fields = [each for kind in structs for each in kind.fields]
        return [each.encode_name for each in sorted(fields, key=lambda each: not each.required)]

    @property
    def required(self) -> dict[str, list[inspect.Type]]:
        structs = (kind for kind in self.kinds if isinstance(kind, inspect.StructType))
        return {each.encode_name: [each.type] for kind in structs for each in kind.fields if each.required}

    @property
    def values(self) -> list[str]:
        literals = (kind for kind in self.kinds if isinstance(kind, inspect.LiteralType))
        literal = [value for kind in literals for value in kind.values]
        return ["null" if value is None else str(value) for value in literal or self.noted.get("enum", ())]

    @property
    def wanted(self) -> str:
        """Name its types in words."""
        names = (name for kind in self.kinds for kinds, name in TYPE_NAMES if isinstance(kind, kinds))
        return (
            " or ".join(dict.fromkeys(TYPE_LABELS[name] for name in names)) or "another value"
        ) + self.range

    @property
    def range(self) -> str:
        whole = (kind for kind in self.kinds if isinstance(kind, inspect.IntType))
        return "".join(f" from {kind.ge} to {kind.le}" for kind in whole if None not in (kind.ge, kind.le))

    @property
    def example(self) -> Any:
        """Return a good value, or ``None`` where nobody noted one."""
        if "examples" in self.noted:
            return self.noted["examples"][0]
        if self.required:
            return {name: TypeNode(kinds).example for name, kinds in self.required.items()}
        return self.values[0] if self.values else None


def to_request_error(
    error: msgspec.ValidationError, kind: Any, what: str = "the body", *, query: bool = False
) -> RequestError:
    """Return what msgspec noticed in a value of type ``kind`` as an error that says what to send instead.

    ``what`` is the name of the whole. ``query`` tells that it came as parameters of a query.
    """
    said, _, path = str(error).partition(" - at `")
    place, steps, label = TypeNode([inspect.type_info(kind)]), [], what
    for index, name, some in PATH_STEP.findall(path.removeprefix("key in ").strip("`").removeprefix("$")):
        place = place.inside(name or index)
        if not some:
            steps.append(name or index)
        label = f"a value in {label}" if some else format_path(steps)
    pointer = "".join(map(escape_pointer, steps))
    if found := FIELD_ERROR.match(said):
        unknown, name = found[1] == "contains unknown", found[2]
        if unknown:
            return RequestError(
                pointer + escape_pointer(name), describe_unknown(name, place.fields, query=query)
            )
        return RequestError(pointer, describe_missing(name, place.inside(name), query=query))
    return RequestError(pointer, "".join(explain(said, label, place, query=query)))


def explain(said: str, label: str, place: TypeNode, *, query: bool) -> Iterator[str]:
    """Say what the value at ``place`` is to be: one of some values, a type, a form or a size."""
    if found := ENUM_ERROR.match(said):
        enum_types = inspect.LiteralType | inspect.NoneType
        others = TypeNode(kind for kind in place.kinds if not isinstance(kind, enum_types))
        yield describe_not_allowed(found[1].strip("'\""), place.values) + f" or {others.wanted}" * bool(
            others.kinds
        )
        return
    if found := BOUND_ERROR.match(said):
        unit = LENGTH_UNITS.get(found[1], "")
        size = int(found[3]) + {">": 1, "<": -1}.get(found[2], 0)
        most = f"{'at least' if '>' in found[2] else 'at most'} {size}"
        if unit:
            yield f"{label} has {most} {unit.removesuffix('s') if size == 1 else unit}"
        else:
            yield f"{label} is {place.wanted if place.range else most}"
    elif "matching regex" in said:
        form = place.noted.get("description", "Of another form.").rstrip(".")
        yield f"{label} is {form[0].lower()}{form[1:]}"
        return
    else:
        got = TYPE_ERROR.match(said)
        not_that = "" if query or not got else f", not {TYPE_LABELS.get(got[1], got[1])}"
        yield f"{label} is {place.wanted}{not_that}"
    if place.values:
        yield f": {join_names(place.values)}"
    elif place.example is not None:
        yield f": {format_example(place.example, query=query)}"


def format_path(steps: list[str]) -> str:
    """Name a value by its last field and the number of its item: ``outlets[3]``."""
    last = next((at for at in reversed(range(len(steps))) if not steps[at].isdecimal()), 0)
    return f"`{steps[last]}{''.join(f'[{each}]' for each in steps[last + 1 :])}`"


def describe_unknown(name: str, allowed: list[str], *, query: bool = False) -> str:
    kind = "parameter" if query else "field"
    return f"unknown {kind} `{truncate(name)}`{suggest_name(name, allowed)} allowed: {join_names(allowed)}"


def describe_missing(name: str, place: TypeNode, *, query: bool) -> str:
    """Say that a field is missing, with an example of it."""
    if place.example is None:
        return f"`{name}` is missing"
    example = (
        f"?{urlencode({name: place.example}, doseq=True)}" if query else format_example({name: place.example})
    )
    return f"`{name}` is missing: {example}"


def describe_not_allowed(value: str, allowed: list[str]) -> str:
    # Forms send a choice that was not made as nothing, which reads badly in a list.
    allowed = [each for each in allowed if each]
    return f"`{truncate(value)}` is not allowed{suggest_name(value, allowed)} allowed: {join_names(allowed)}"


def suggest_name(name: str, allowed: Iterable[str]) -> str:
    """Return "; did you mean `outlets`?", or a bare ";" where no name is near."""
    by_key = {normalize_field(each): each for each in allowed}
    near = get_close_matches(normalize_field(truncate(name)), by_key, 1, MIN_SIMILARITY)
    begun = [
        each
        for key, each in by_key.items()
        if len(name) >= MIN_PREFIX_LENGTH and key.startswith(normalize_field(name))
    ]
    meant = [
        each for each in by_key.values() if name.lower() in FIELD_SYNONYMS.get(each, "").split()
    ] or begun
    found = (
        [by_key[key] for key in near if key == normalize_field(name)]
        or meant
        or [by_key[key] for key in near]
    )
    return f"; did you mean `{found[0]}`?" if found else ";"


def normalize_field(name: str) -> str:
    """Return a name as names are compared: countBy is count_by."""
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def join_names(names: list[str]) -> str:
    return ", ".join(names[:MAX_LISTED_NAMES]) + (" and others" if len(names) > MAX_LISTED_NAMES else "")


def format_example(value: Any, *, query: bool = False) -> str:
    if query:
        return str(value[0] if isinstance(value, list) else value)
    return f"`{msgspec.json.encode(value).decode()}`"


def truncate(text: str) -> str:
    return text if len(text) <= MAX_QUOTED_CHARS else text[: MAX_QUOTED_CHARS - 1] + "…"
