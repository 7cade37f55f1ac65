"""Types → JSON Schema: that of msgspec, with limits from the settings and the fields that are always sent."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct, UnsetType, structs

from service.requests.problems import Problem
from service.requests.schemas import LIMIT_KEY
from service.settings import Settings
from service.web.framework.endpoint import Endpoint

REF_TEMPLATE = "#/components/schemas/{name}"
Schema = dict[str, Any]


class Schemas:
    """The schemas of all types in requests and answers of ``endpoints``."""

    def __init__(self, endpoints: Iterable[Endpoint], settings: Settings) -> None:
        self.settings = settings
        taken, given = [], [Problem]
        for spec in endpoints:
            taken += [spec.body, spec.query]
            given += [spec.answer]
            if spec.lines:
                taken += [spec.lines.item, spec.lines.query]
                given += [spec.lines.answer]
        queries = {spec.query for spec in endpoints} | {spec.lines.query for spec in endpoints if spec.lines}
        sent_in = dict.fromkeys(struct for kind in taken for struct in iter_structs(kind))
        sent_out = dict.fromkeys(struct for kind in given for struct in iter_structs(kind))
        kinds = [kind for kind in dict.fromkeys([*taken, *given, *sent_out]) if kind is not None]
        schemas, components = msgspec.json.schema_components(kinds, ref_template=REF_TEMPLATE)
        self.of = {kind: self.finish(schema) for kind, schema in zip(kinds, schemas, strict=True)}
        for struct in sent_out.keys() - sent_in.keys():
            require_sent_fields(struct, components[self.component_name(struct)])
        for struct in sent_in.keys() - sent_out.keys():
            if not struct.__struct_config__.forbid_unknown_fields:
                components[struct.__name__]["additionalProperties"] = True
        self.components = {name: self.finish(schema) for name, schema in components.items()}
        for name, schema in self.components.items():
            for key, part in schema.get("properties", {}).items():
                add_description(name, key, part)
        self.parameters = {kind: self.components.pop(self.component_name(kind)) for kind in queries - {None}}

    def component_name(self, struct: type[Struct]) -> str:
        """Return the name of a record type among the components: two types of one name get longer ones."""
        name: str = self.of[struct]["$ref"].rpartition("/")[2]
        return name

    def finish(self, schema: Any) -> Any:
        """Return ``schema`` with limits from the settings and its texts as CommonMark."""
        if isinstance(schema, list | tuple):
            return [self.finish(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        out = {key: self.finish(part) for key, part in schema.items() if key != LIMIT_KEY}
        if LIMIT_KEY in schema:
            most = "maxProperties" if schema.get("type") == "object" else "maxItems"
            out[most] = getattr(self.settings, schema[LIMIT_KEY])
        if out.get("type") == "object" and out.keys() <= {"type", "description"}:
            out["additionalProperties"] = True
        if isinstance(out.get("description"), str):
            out["description"] = to_commonmark(out["description"])
        for part in out.get("properties", {}).values():
            move_default_to_text(part)
        if "enum" in out:
            out.pop("anyOf", None)  # redundant with `enum`
        if out.get("items") is False:
            out["items"] = out["prefixItems"][0]  # tuples are of one kind here; some tools know no "false"
        return out


def iter_structs(kind: Any) -> Iterator[type[Struct]]:
    """Yield every record type in ``kind``, itself included, at any depth."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for field in structs.fields(kind):
            yield from iter_structs(field.type)
    for part in get_args(kind):
        yield from iter_structs(part)


def require_sent_fields(struct: type[Struct], schema: Schema) -> None:
    """Require all fields of an answer, defaults too, but those that may be unset or are left out."""
    if struct.__struct_config__.omit_defaults:
        return
    schema["required"] = [
        field.encode_name for field in structs.fields(struct) if UnsetType not in get_args(field.type)
    ]
    for part in schema["properties"].values():
        part.pop("default", None)


def move_default_to_text(schema: Schema) -> None:
    """Write a field's default in words. As a keyword, generators of types take the field for required."""
    default = schema.pop("default", None)
    if default not in (None, "", [], {}):
        said = f"Default: `{str(default).lower()}`."
        schema["description"] = f"{schema.get('description', '').rstrip('.')}. {said}".removeprefix(". ")


def add_description(record: str, name: str, schema: Schema) -> Schema:
    """Return the schema of a field with words on it, those of ``fields.json`` where its type has none."""
    options = (option.get("description", "") for option in schema.get("anyOf", ()))
    given = schema.get("description") or next(filter(None, options), "")
    if not given or given.startswith("Default: "):
        texts = read_field_descriptions()
        given = f"{texts.get(f'{record}.{name}') or texts[name]} {given}".strip()
    schema["description"] = given
    return schema


@cache
def read_field_descriptions() -> Mapping[str, str]:
    """Read the words on fields: by name, or by ``Record.name`` where a name means several things."""
    file = Path(__file__).with_name("fields.json")
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str])


def to_commonmark(text: str) -> str:
    """Convert a docstring to CommonMark: a line a paragraph, code in single backticks."""
    paragraphs = re.split(r"\n\s*\n", text.replace("``None``", "`null`").replace("``", "`").strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
