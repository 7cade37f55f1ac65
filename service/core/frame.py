"""Whose scale it is: left, center and right as raters in the United States use the words."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from service.core.outlets import DECIMALS

HOME = "US"


class Frame(Struct, frozen=True):
    """How many outlets are from elsewhere (``mismatch``); ``shares`` (0…1) of the known countries."""

    scale: Literal["us"]
    mismatch: int
    known: int
    unknown: int
    sentence: str
    shares: dict[str, float]


def frame(countries: Mapping[str, int], unknown: int) -> Frame:
    """The frame of outlets counted by country (ISO 3166-1 alpha-2)."""
    known = sum(countries.values())
    elsewhere = known - countries.get(HOME, 0)
    return Frame(
        scale="us",
        mismatch=elsewhere,
        known=known,
        unknown=unknown,
        sentence=_sentence(elsewhere, known),
        shares={country: round(n / known, DECIMALS) for country, n in countries.items()},
    )


def _sentence(elsewhere: int, known: int) -> str:
    scale = "Left, center and right are meant as in the United States"
    if not known:
        return f"{scale}; no source's country is known."
    told = f"{elsewhere} of the {known} sources whose country is known are from elsewhere"
    if elsewhere * 2 > known:
        return f"{scale}, yet most sources are not from there: {told}, and the words may not fit them."
    return f"{scale}; {told}."
