"""Which articles have one address on several sites: sister sites run on one system and share its paths."""

import re
from collections.abc import Container
from typing import NamedTuple

from service.core.resolve.hosts import address_of, bare

SLUG_WORDS = 4
"""Words of a path that make it more than a section's ("/world/europe")."""

NUMBER = re.compile(r"\d{6,}")
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")


class Place(NamedTuple):
    """Where an article stands: its host, its path if that says something, its number if it has one."""

    host: str
    path: str | None
    number: str | None


def place_of(url: str | None) -> Place | None:
    """The parts of ``url`` that tell one article from another; ``None`` when it names no host."""
    address = address_of(url) if url else None
    if address is None:
        return None
    path = address.tail.partition("?")[0].partition("#")[0].lower().rstrip("/").removesuffix("/amp")
    directory, slash, slug = path.rpartition("/")
    slug = slug.partition(".")[0]
    path = directory + slash + slug
    numbers = [number for number in NUMBER.findall(path) if not DATE.fullmatch(number)]
    telling = words_in(slug) >= SLUG_WORDS or bool(numbers)
    return Place(bare(address.host), path if telling else None, numbers[-1] if numbers else None)


def family_of(host: str, known: Container[str]) -> str:
    """The host among ``known`` that ``host`` lies under (``a.b.example``: ``b.example``), else itself."""
    labels = host.split(".")
    parents = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((parent for parent in parents if parent in known), host)


def speaks_for_itself(place: Place) -> bool:
    """Whether no two systems would make this path by chance: several words and a number in it."""
    return bool(place.number) and words_in(place.path or "") >= SLUG_WORDS


def words_in(slug: str) -> int:
    """How many words stand in the last part of a path."""
    return slug.count("-") + slug.count("_") + 1
