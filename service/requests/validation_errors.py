"""Validation errors as messages: what is wrong with a value, and what to send instead."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import inspect

from service.core.errors import RequestError, escape_pointer

# Allowed names that a message lists; more are "and others".
MAX_LISTED_NAMES = 12
MAX_QUOTED_CHARS = 80
MIN_SIMILARITY = 0.65
# Letters that may stand for a whole name.
MIN_PREFIX_LENGTH = 3
PATH_STEP = re.compile(r"\[(\d+)\]|\.(\w+)|\[(\.\.\.)\]")
FIELD_ERROR = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.S)
BOUND_ERROR = re.compile(r"Expected `(\w+)` (?:of length )?([<>]=?) (\S+)")
TYPE_ERROR = re.compile(r"Expected `[^`]*`, got `(\w+)`")
ENUM_ERROR = re.compile(r"Invalid enum value (.*)", re.S)

# A field, and other names that callers have for it.
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
LABELS_BY_TYPE: tuple[tuple[tuple[type, ...], str], ...] = (
    ((inspect.StructType, inspect.DictType), "an object"),
    ((inspect.ListType, inspect.VarTupleType), "a list"),
    ((inspect.StrType, inspect.LiteralType), "a text"),
    ((inspect.IntType,), "a whole number"),
    ((inspect.FloatType,), "a number"),
    ((inspect.BoolType,), "true or false"),
)


class TypeNode:
    """The value that a message is about: its types, and what their authors noted of it."""

    def __init__(self, kinds: Iterable[inspect.Type]) -> None:
        self.kinds: list[inspect.Type] = []
        self.notes: dict[str, Any] = {}
        waiting = list(kinds)
        while waiting:
            kind = waiting.pop(0)
            if isinstance(kind, inspect.Metadata):
                self.notes = {**(kind.extra_json_schema or {}), **self.notes}
                waiting.insert(0, kind.type)
            elif isinstance(kind, inspect.UnionType):
                waiting[:0] = kind.types
            else:
                self.kinds.append(kind)
        # A record's fields, those that it needs first.
        fields = [
            field for kind in self.kinds if isinstance(kind, inspect.StructType) for field in kind.fields
        ]
        self.fields = sorted(fields, key=lambda field: not field.required)
        literals = [
            value for kind in self.kinds if isinstance(kind, inspect.LiteralType) for value in kind.values
        ]
        # The allowed values, where they can be listed.
        self.values = [
            "null" if value is None else str(value) for value in literals or self.notes.get("enum", ())
        ]

    def child(self, name: str) -> "TypeNode":
        """Return the node of a field or item of this value."""
        found = [field.type for field in self.fields if field.encode_name == name]
        for kind in self.kinds:
            if isinstance(kind, inspect.DictType):
                found.append(kind.value_type)
            elif name.isdecimal() and isinstance(kind, inspect.ListType | inspect.VarTupleType):
                found.append(kind.item_type)
        node, example = TypeNode(found), self.example
        if node.example is None and isinstance(example, list | dict):
            part = example[0] if isinstance(example, list) else example.get(name)
            node.notes = {**node.notes, "examples": [part]}
        return node

    @property
    def range(self) -> str:
        whole = (kind for kind in self.kinds if isinstance(kind, inspect.IntType))
        return "".join(f" from {kind.ge} to {kind.le}" for kind in whole if None not in (kind.ge, kind.le))

    @property
    def label(self) -> str:
        """Return its types in words."""
        names = dict.fromkeys(
            label for kind in self.kinds for types, label in LABELS_BY_TYPE if isinstance(kind, types)
        )
        return (" or ".join(names) or "another value") + self.range

    @property
    def example(self) -> Any:
        """Return a good value, or ``None`` where nobody noted one."""
        if "examples" in self.notes:
            return self.notes["examples"][0]
        required = {field.encode_name: field.type for field in self.fields if field.required}
        if required:
            return {name: TypeNode([kind]).example for name, kind in required.items()}
        return self.values[0] if self.values else None


def to_request_error(
    error: msgspec.ValidationError, kind: Any, what: str = "the body", *, query: bool = False
) -> RequestError:
    """Convert msgspec's error in a value of type ``kind`` to one that says what to send instead.

    ``what`` is the name of the whole. ``query``: it came as parameters of a query.
    """
    message, _, path = str(error).partition(" - at `")
    node, steps, label = TypeNode([inspect.type_info(kind)]), [], what
    for index, name, some in PATH_STEP.findall(path.removeprefix("key in ").strip("`").removeprefix("$")):
        node = node.child(name or index)
        if not some:
            steps.append(name or index)
        label = f"a value in {label}" if some else format_path(steps)
    pointer = "".join(map(escape_pointer, steps))
    if found := FIELD_ERROR.match(message):
        name = found[2]
        if found[1] == "contains unknown":
            allowed = [field.encode_name for field in node.fields]
            return RequestError(pointer + escape_pointer(name), describe_unknown(name, allowed, query=query))
        return RequestError(pointer, describe_missing(name, node.child(name), query=query))
    return RequestError(pointer, describe_wrong(message, label, node, query=query))


def describe_wrong(message: str, label: str, node: TypeNode, *, query: bool) -> str:
    """Describe what the value should be: one of some values, a type, a form or a size."""
    if found := ENUM_ERROR.match(message):
        others = TypeNode(
            kind for kind in node.kinds if not isinstance(kind, inspect.LiteralType | inspect.NoneType)
        )
        other = f" or {others.label}" if others.kinds else ""
        return describe_not_allowed(found[1].strip("'\""), node.values) + other
    if "matching regex" in message:
        form = node.notes.get("description", "Of another form.").rstrip(".")
        return f"{label} is {form[0].lower()}{form[1:]}"
    if found := BOUND_ERROR.match(message):
        unit = LENGTH_UNITS.get(found[1], "")
        size = int(found[3]) + {">": 1, "<": -1}.get(found[2], 0)
        bound = f"{'at least' if '>' in found[2] else 'at most'} {size}"
        if unit:
            text = f"{label} has {bound} {unit.removesuffix('s') if size == 1 else unit}"
        else:
            text = f"{label} is {node.label if node.range else bound}"
    else:
        got = TYPE_ERROR.match(message)
        not_that = "" if query or not got else f", not {TYPE_LABELS.get(got[1], got[1])}"
        text = f"{label} is {node.label}{not_that}"
    if node.values:
        return f"{text}: {join_names(node.values)}"
    return text if node.example is None else f"{text}: {format_example(node.example, query=query)}"


def format_path(steps: list[str]) -> str:
    """Name a value by its last field and the number of its item: ``outlets[3]``."""
    last = next((i for i in reversed(range(len(steps))) if not steps[i].isdecimal()), 0)
    return f"`{steps[last]}{''.join(f'[{index}]' for index in steps[last + 1 :])}`"


def describe_unknown(name: str, allowed: list[str], *, query: bool = False) -> str:
    kind = "parameter" if query else "field"
    return f"unknown {kind} `{truncate(name)}`{suggest_name(name, allowed)} allowed: {join_names(allowed)}"


def describe_missing(name: str, node: TypeNode, *, query: bool) -> str:
    if node.example is None:
        return f"`{name}` is missing"
    whole = {name: node.example}
    return f"`{name}` is missing: {f'?{urlencode(whole, doseq=True)}' if query else format_example(whole)}"


def describe_not_allowed(value: str, allowed: list[str]) -> str:
    # Forms send a choice that was not made as nothing, which reads badly in a list.
    allowed = [name for name in allowed if name]
    return f"`{truncate(value)}` is not allowed{suggest_name(value, allowed)} allowed: {join_names(allowed)}"


def suggest_name(name: str, allowed: Iterable[str]) -> str:
    """Return "; did you mean `outlets`?", or a bare ";" where no name is near."""
    key, by_key = normalize_field(truncate(name)), {normalize_field(each): each for each in allowed}
    found = (
        [each for each in by_key if each == key]
        or [each for each in by_key if name.lower() in FIELD_SYNONYMS.get(by_key[each], "").split()]
        or [each for each in by_key if len(name) >= MIN_PREFIX_LENGTH and each.startswith(key)]
        or get_close_matches(key, by_key, 1, MIN_SIMILARITY)
    )
    return f"; did you mean `{by_key[found[0]]}`?" if found else ";"


def normalize_field(name: str) -> str:
    """Fold case and separators, so that countBy is count_by."""
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def join_names(names: list[str]) -> str:
    return ", ".join(names[:MAX_LISTED_NAMES]) + (" and others" if len(names) > MAX_LISTED_NAMES else "")


def format_example(value: Any, *, query: bool = False) -> str:
    if query:
        return str(value[0] if isinstance(value, list) else value)
    return f"`{msgspec.json.encode(value).decode()}`"


def truncate(text: str) -> str:
    return text if len(text) <= MAX_QUOTED_CHARS else text[: MAX_QUOTED_CHARS - 1] + "…"
