"""Read one article: its address, its outlet, its texts and dates, whatever the fields are called."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct, field

from service.core.countries import find_country_code
from service.core.payload.field_roles import Kind, find_role, split_words

Scalar = str | int | float

MAX_FIELDS = 200
MAX_DEPTH = 4
# A whole article that stands where others have a summary is cut: only its first words tell whose text it is.
MAX_EXCERPT_LENGTH = 2000

# What an object that stands for a text calls the text.
TEXT_KEYS = (
    *("rendered", "main", "#text", "_", "$t", "value", "stringValue", "text", "content"),
    *("name", "title", "label", "eng"),
)
WRAPPERS: tuple[Kind, ...] = ("other", "address", "excerpt", "name")
NOT_THE_PAGE = frozenset(("self", "enclosure", "hub", "edit", "replies", "next", "icon", "related"))
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|avif|mp4|mp3)(?:$|[?#])", re.IGNORECASE)
HOST = re.compile(r"[^\s/@:?#]+\.[^\s/@:?#.]{2,}", re.ASCII)


class Reading(Struct):
    """Values from the fields of an article, in the order of their reliability."""

    addresses: list[tuple[int, str]] = field(default_factory=list)
    domains: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    excerpts: list[tuple[int, str]] = field(default_factory=list)
    dates: list[tuple[int, Scalar]] = field(default_factory=list)
    languages: list[tuple[int, str]] = field(default_factory=list)
    countries: list[tuple[int, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    name: str | None = None

    @property
    def is_usable(self) -> bool:
        return bool(self.addresses or self.domains or self.names or self.name)

    @property
    def is_complete(self) -> bool:
        return bool(self.addresses and (self.titles or self.name))

    def count_kinds(self) -> int:
        """Count how much of an article it has, from 0 to 5."""
        outlet = self.domains or self.names
        return sum(map(bool, (self.addresses, self.titles or self.name, self.dates, self.excerpts, outlet)))

    def add_missing(self, other: "Reading") -> None:
        """Take what ``other`` says of kinds that are not said here."""
        for kind in ("addresses", "titles", "excerpts", "dates", "languages", "countries"):
            if not getattr(self, kind):
                setattr(self, kind, getattr(other, kind))
        self.domains += other.domains
        self.names += other.names
        self.name = self.name or other.name
        self.ignored += other.ignored


def read_article(record: Mapping[str, Any]) -> Reading:
    """Read an article. Where its fields stand in an object inside, as in ``_source``, read that."""
    reading = read_fields(record)
    if reading.addresses and reading.titles:
        return reading
    for name, inner in iterate_inner(record):
        other = read_fields(inner)
        if other.addresses and other.titles and not reading.titles:
            other.add_missing(reading)
            other.ignored = [each for each in other.ignored if each != name]
            return other
        if (other.titles and not reading.titles) or (other.addresses and not reading.addresses):
            reading.add_missing(other)
            reading.ignored = [each for each in reading.ignored if each != name]
    return reading


def iterate_inner(record: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects inside that may hold an article's fields, the outer ones first."""
    inner = [
        (name, value)
        for name, value in islice(record.items(), MAX_FIELDS)
        if isinstance(value, dict) and (find_role(name).kind in WRAPPERS or name[:1] == "_")
    ]
    yield from inner
    if depth < MAX_DEPTH:
        for _, value in inner:
            yield from iterate_inner(value, depth + 1)


def read_fields(record: Mapping[str, Any]) -> Reading:
    """Read the fields of an object, without those of objects inside that have no meaning of their own."""
    reading = Reading()
    for number, (name, value) in enumerate(record.items()):
        if number == MAX_FIELDS:
            break
        if value is None or value == "":
            continue
        kind, rank = find_role(name)
        if kind in ("foreign", "other"):
            reading.ignored.append(name)
            if name.lower() == "location" and isinstance(value, dict):
                add_country(reading, value, 1)
        else:
            add_field(reading, kind, rank, value)
    return reading


def add_field(reading: Reading, kind: Kind, rank: int, value: Any) -> None:
    """Add what a field says to the kind that its name tells."""
    if kind == "address":
        for link in iterate_links(value):
            add_address(reading, rank, link)
    elif kind == "outlet":
        add_outlet(reading, rank, value)
    elif kind == "country":
        add_country(reading, value, rank)
    elif kind == "date":
        moment = find_scalar(value)
        reading.dates += [(rank, moment)] if moment is not None else ()
    elif text := find_text(value):
        if kind == "name":
            reading.name = text
        elif kind == "title":
            reading.titles.append((rank, text))
        elif kind == "language":
            reading.languages.append((rank, text))
        else:
            reading.excerpts.append((rank, text if rank == 0 else text[:MAX_EXCERPT_LENGTH]))


def add_address(reading: Reading, rank: int, text: str) -> None:
    """Add an article's address, or the bare host that stands for one."""
    bare = text.strip()
    if PICTURE.search(bare):
        return
    if "://" in bare[:10] or bare.startswith("//"):
        if bare.lower().startswith(("http", "//")):
            reading.addresses.append((rank, text))
    elif HOST.fullmatch(bare):
        reading.domains.append((rank, bare))
    elif HOST.fullmatch(bare.partition("/")[0]):
        reading.addresses.append((rank, text))


def add_outlet(reading: Reading, rank: int, value: Any, depth: int = 0) -> None:
    """Add the outlet that a field names, as a text or as an object with a name, an address or a domain."""
    if isinstance(value, str):
        if "://" in value[:10] or HOST.fullmatch(value):
            if not PICTURE.search(value):
                reading.domains.append((rank, value))
        elif value and not (rank and value.isdigit()):
            reading.names.append((rank, value))
    elif isinstance(value, list):
        for item in value[:2]:
            add_outlet(reading, rank, item, depth)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        for name, inner in islice(value.items(), MAX_FIELDS):
            add_outlet_field(reading, rank, name, inner, depth)


def add_outlet_field(reading: Reading, rank: int, name: str, value: Any, depth: int) -> None:
    """Add one field of an object that describes an outlet."""
    kind, own_rank = find_role(name)
    if kind == "country" or name.lower() in ("location", "locations"):
        add_country(reading, value, 0)
    elif kind not in ("foreign", "date", "language", "excerpt") or name in TEXT_KEYS:
        if kind == "other" and not isinstance(value, dict) and "name" not in split_words(name):
            return
        worst = 9 * ("id" in split_words(name))
        add_outlet(reading, rank + worst + (own_rank if kind != "name" else 0), value, depth + 1)


def add_country(reading: Reading, value: Any, rank: int) -> None:
    """Add the country that a field names: a code, a name, or an object or a list of one."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    for _ in range(MAX_DEPTH):
        if not isinstance(value, dict):
            break
        inner = [each for name, each in value.items() if find_role(name).kind == "country"]
        value = next(iter(inner), value.get("label", value.get("eng", value.get("code", value.get("name")))))
    if isinstance(value, str) and (code := find_country_code(value)):
        reading.countries.append((rank, code))


def iterate_links(value: Any) -> Iterator[str]:
    """Yield the addresses that a field holds: a text, an object with one, or a list of such."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if value.get("rel", value.get("@rel")) not in NOT_THE_PAGE:
            for name, inner in islice(value.items(), MAX_FIELDS):
                if isinstance(inner, str) and (name in TEXT_KEYS or find_role(name).kind == "address"):
                    yield inner
    elif isinstance(value, list):
        records = [item for item in value[:MAX_FIELDS] if isinstance(item, dict)]
        for item in records or value[: len(value) == 1]:
            yield from iterate_links(item)


def find_text(value: Any, depth: int = 0) -> str | None:
    """Return the text of a field: itself, or that of the object or list that stands for it."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, list):
        return find_text(value[0], depth + 1) if value and depth < MAX_DEPTH else None
    if isinstance(value, dict) and depth < MAX_DEPTH:
        texts = (find_text(value[key], depth + 1) for key in TEXT_KEYS if key in value)
        return next(filter(None, texts), None)
    return None


def find_scalar(value: Any, depth: int = 0) -> Scalar | None:
    """Return the text or number of a date, which some databases wrap: ``{"$date": …}``."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, list):
        return find_scalar(value[0], depth + 1) if len(value) == 1 and depth < MAX_DEPTH else None
    if isinstance(value, dict) and depth < MAX_DEPTH:
        names = sorted(value, key=lambda name: "timestamp" not in name.lower())[:MAX_FIELDS]
        scalars = (find_scalar(value[name], depth + 1) for name in names)
        return next((each for each in scalars if each is not None), None)
    return None
