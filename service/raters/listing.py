"""Tables in the columns in which listings of outlets are passed around, and how their keys are read."""

import html
import re
from pathlib import Path

from msgspec import Struct

from service.core.resolve.hosts import bare, host_of
from service.tables import read_rows

LISTING = (
    "domain",
    "name",
    "label_as_published",
    "score",
    "factuality_as_published",
    "country",
    "media_type",
    "as_of",
    "source_ref",
)


class Listed(Struct, frozen=True, kw_only=True):
    """One line of a rater's listing; ``place`` says where it stands in its file."""

    place: int | str
    domain: str
    name: str
    label: str
    as_of: str
    url: str = ""
    factuality: str = ""


def read_listing(path: Path) -> list[Listed]:
    """The rows of a listing that name an outlet by host; raises ``FaultyDataError``."""
    return [
        Listed(
            place=row.line,
            domain=domain,
            name=name_of(row.cells["name"]),
            label=row.cells["label_as_published"].strip(),
            as_of=row.cells["as_of"],
            factuality=row.cells["factuality_as_published"],
        )
        for row in read_rows(path, LISTING)
        if (domain := key_of(row.cells["domain"]))
    ]


def key_of(text: str) -> str | None:
    """The host that a listing's key names; ``None`` for a path (a section is not its outlet) or no host.

    >>> key_of("https://www.Reuters.com/"), key_of("cnn.com/opinion"), key_of("")
    ('reuters.com', None, None)
    """
    host = host_of(text)
    if host is None or text.rpartition("://")[2].rstrip("/").count("/"):
        return None
    return bare(host)


def name_of(text: str) -> str:
    """A name as people write it: entities decoded, control characters gone, single spaces."""
    visible = "".join(c if c.isprintable() else " " for c in html.unescape(text))
    return re.sub(r"\s+", " ", visible).strip()
