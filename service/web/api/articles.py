"""Articles as callers already have them: from NewsAPI, GNews, RSS, Atom, JSON Feed and GDELT.

Every field of those shapes is declared, so that the description lists it and a slip is still refused. Of
several fields that mean one thing the first with something in it counts. ``null`` counts as absent.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from service.core.coverage.story import Article

Ignored = Annotated[Any, Meta(description="Ignored.")]
"""A field of a known shape that says nothing here. The answer lists it in `ignored`."""

Date = Annotated[
    Any,
    Meta(
        description=(
            "ISO 8601 with a zone, RFC 822, 14 digits of UTC, or a number of seconds since 1970. "
            "Any other value flags the article's date as `unreadable`."
        )
    ),
]
Several = Annotated[Any, Meta(description="Counts where it is text.")]

MEANING = {
    "url": ("url", "link"),
    "domain": ("domain",),
    "source": ("source", "name"),
    "title": ("title",),
    "excerpt": ("excerpt", "description", "summary", "content_snippet", "content_text", "content"),
    "language": ("language", "lang"),
}
"""Each field of an ``Article`` and those that are read for it, the first of them first."""

DATES = (
    *("published_at", "published_at_camel", "published", "iso_date", "pub_date"),
    *("date_published", "date", "seendate", "updated", "date_modified"),
)
"""The same for ``published_at``."""


class Source(Struct, frozen=True):
    """The publisher of an article, as an object. Its other fields are ignored."""

    name: Several = None
    title: Several = None
    id: Several = None
    url: Several = None
    href: Several = None


NAMES = {
    "published_at_camel": "publishedAt",
    "pub_date": "pubDate",
    "iso_date": "isoDate",
    "content_snippet": "contentSnippet",
    "url_to_image": "urlToImage",
    "content_encoded": "content:encoded",
    "content_encoded_snippet": "content:encodedSnippet",
    "dc_creator": "dc:creator",
    "media_content_tag": "media:content",
    "media_thumbnail_tag": "media:thumbnail",
}
"""Names that Python cannot bear."""


class SentArticle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename=NAMES):
    """One article of a story, as it comes from a feed or a news API. It needs a ``url`` or a ``source``.

    ``source`` is the outlet's name or domain. ``language`` is carried through.
    """

    url: str | None = None
    domain: str | None = None
    source: str | Source | None = None
    title: str | None = None
    excerpt: str | None = None
    published_at: Date = None
    language: str | None = None

    link: str | None = None
    name: str | None = None
    description: str | None = None
    summary: str | None = None
    content: Several = None
    content_snippet: str | None = None
    content_text: str | None = None
    published_at_camel: Date = None
    published: Date = None
    pub_date: Date = None
    iso_date: Date = None
    date: Date = None
    date_published: Date = None
    date_modified: Date = None
    seendate: Date = None
    updated: Date = None
    lang: str | None = None

    # NewsAPI, GNews and GDELT
    author: Ignored = None
    id: Ignored = None
    image: Ignored = None
    url_to_image: Ignored = None
    url_mobile: Ignored = None
    socialimage: Ignored = None
    sourcecountry: Ignored = None
    # RSS and Atom, as programs that read them name their parts
    guid: Ignored = None
    guidislink: Ignored = None
    creator: Ignored = None
    dc_creator: Ignored = None
    authors: Ignored = None
    author_detail: Ignored = None
    contributors: Ignored = None
    category: Ignored = None
    categories: Ignored = None
    tags: Ignored = None
    comments: Ignored = None
    rights: Ignored = None
    enclosure: Ignored = None
    enclosures: Ignored = None
    links: Ignored = None
    title_detail: Ignored = None
    summary_detail: Ignored = None
    published_parsed: Ignored = None
    updated_parsed: Ignored = None
    content_encoded: Ignored = None
    content_encoded_snippet: Ignored = None
    media_content: Ignored = None
    media_content_tag: Ignored = None
    media_thumbnail: Ignored = None
    media_thumbnail_tag: Ignored = None
    # JSON Feed
    attachments: Ignored = None
    banner_image: Ignored = None
    content_html: Ignored = None
    external_url: Ignored = None

    def read(self) -> Article:
        """Return the article as the core knows it."""
        read = {name: first_of(self, fields) for name, fields in MEANING.items()}
        if isinstance(self.source, Source):
            read["source"] = first_of(self.source, ("name", "title", "id")) or self.name
            read["domain"] = self.domain or first_of(self.source, ("url", "href"))
        dates = [value for name in DATES if (value := getattr(self, name)) is not None]
        return Article(**read, published_at=date_in(dates))


def first_of(record: Struct, names: tuple[str, ...]) -> str | None:
    """Return the first text with something in it, else the first text that is there."""
    texts = [value for name in names if isinstance(value := getattr(record, name), str)]
    return next(filter(None, texts), texts[0] if texts else None)


def date_in(given: Sequence[Any]) -> str | float | None:
    """Return the first value with something in it. One that is no text or number names no date."""
    first = next(filter(None, given), "" if given else None)
    return first if first is None or isinstance(first, str | int | float) else ""


@cache
def ignored_fields(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Return the fields of ``kind`` that are ignored, each with the name it is sent under."""
    return tuple((each.name, each.encode_name) for each in structs.fields(kind) if each.type == Ignored)


def ignored_in(records: Iterable[Struct]) -> tuple[str, ...]:
    """Return the ignored fields that have a value in any of ``records``, as they were sent."""
    found = {
        sent
        for each in records
        for name, sent in ignored_fields(type(each))
        if getattr(each, name) is not None
    }
    return tuple(sorted(found))
