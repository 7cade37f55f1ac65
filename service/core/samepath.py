"""Which articles have one address on several sites: sister sites run on one system and share its paths."""

import re
from typing import NamedTuple

from service.core.hosts import LONGEST_TEXT, bare, host_of

SLUG_WORDS = 4
"""Words of a path that make it more than a section's ("/world/europe")."""

NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
EXTENSION = re.compile(r"(?:/index)?(?:\.(?:amp|html?|php|aspx?|shtml))*/*$")


class Address(NamedTuple):
    """Where an article stands: its host, its path if that says something, its number if it has one."""

    host: str
    path: str | None
    number: str | None


def address_of(url: str | None) -> Address | None:
    """The parts of ``url`` that tell one article from another; ``None`` when it names no host."""
    host = host_of(url) if url else None
    if url is None or host is None:
        return None
    text = url.strip()[:LONGEST_TEXT].replace("\\", "/").partition("#")[0].partition("?")[0]
    path = EXTENSION.sub("", text.partition("://")[2].partition("/")[2].lower())
    numbers = [n for n in NUMBER.findall(path) if not DATE.fullmatch(n[:8])]
    words = [word for word in re.split(r"[\W_]+", path.rpartition("/")[2]) if word.isalpha()]
    telling = len(words) >= SLUG_WORDS or bool(numbers)
    return Address(bare(host), path if telling else None, numbers[-1] if numbers else None)


def is_sister(one: str, two: str) -> bool:
    """Whether one host lies under the other (``example.com``, ``sport.example.com``)."""
    return one == two or one.endswith("." + two) or two.endswith("." + one)


def speaks_for_itself(address: Address) -> bool:
    """Whether no two systems would make this path by chance: several words and a number in it."""
    words = re.findall(r"[^\W\d_]+", (address.path or "").rpartition("/")[2])
    return bool(address.number) and len(words) >= SLUG_WORDS
