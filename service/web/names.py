"""English names of countries (ISO 3166-1) and languages (ISO 639-1)."""

from pathlib import Path

import msgspec
from msgspec import Struct


class Names(Struct, frozen=True):
    """Code → name."""

    countries: dict[str, str]
    languages: dict[str, str]


NAMES = msgspec.json.decode(Path(__file__).with_suffix(".json").read_bytes(), type=Names)


def country_name(code: str) -> str:
    return NAMES.countries.get(code, code)


def language_name(code: str) -> str:
    return NAMES.languages.get(code, code)
