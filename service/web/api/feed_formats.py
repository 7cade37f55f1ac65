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

Text = str | None
Date = Annotated[
    Any,
    Meta(
        description=(
            "ISO 8601 with a zone, RFC 822, 14 digits of UTC, or a number of seconds since 1970. "
            "Any other value flags the article's date as `unreadable`."
        )
    ),
]
AsDate = Annotated[Any, Meta(description="Read for `published_at`.")]
AsUrl = Annotated[Text, Meta(description="Read for `url`.")]
AsSource = Annotated[Text, Meta(description="Read for `source`.")]
AsExcerpt = Annotated[Text, Meta(description="Read for `excerpt`.")]
AsLanguage = Annotated[Text, Meta(description="Read for `language`.")]

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
    *("published_at", "published_at_camel", "published", "iso_date", "pub_date", "pubdate"),
    *("date_published", "dc_date", "date", "seendate", "updated", "date_modified"),
)
"""The same for ``published_at``."""


class Source(Struct, frozen=True):
    """The publisher of an article, as an object. Its other fields are ignored."""

    name: Annotated[Any, Meta(description="The publisher's name, where it is text.")] = None
    title: Annotated[Any, Meta(description="Read for `name`.")] = None
    id: Annotated[Any, Meta(description="Read for `name` where there is none.")] = None
    url: Annotated[Any, Meta(description="The publisher's address, where it is text.")] = None
    href: Annotated[Any, Meta(description="Read for `url`.")] = None


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
    "media_credit_tag": "media:credit",
    "media_description_tag": "media:description",
    "dc_date": "dc:date",
    "dc_subject": "dc:subject",
    "slash_comments_tag": "slash:comments",
    "wfw_comments_tag": "wfw:commentRss",
    "post_id": "post-id",
}
"""Names that Python cannot bear."""


class SentArticle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename=NAMES):
    """One article of a story, as it comes from a feed or a news API. It needs a ``url`` or a ``source``.

    ``source`` is the outlet's name or domain. ``language`` is carried through.
    """

    url: Annotated[Text, Meta(description="The article's address.")] = None
    domain: Annotated[Text, Meta(description="The outlet's domain, where `url` does not say it.")] = None
    source: Annotated[
        str | Source | None, Meta(description="The outlet's name or domain, or an object with them.")
    ] = None
    title: Annotated[Text, Meta(description="The headline.")] = None
    excerpt: Annotated[Text, Meta(description="The first words of the text, or a summary.")] = None
    published_at: Date = None
    language: Annotated[Text, Meta(description="Carried through.")] = None

    link: AsUrl = None
    name: AsSource = None
    description: AsExcerpt = None
    summary: AsExcerpt = None
    content: Annotated[Any, Meta(description="Read for `excerpt` where it is text.")] = None
    content_snippet: AsExcerpt = None
    content_text: AsExcerpt = None
    published_at_camel: AsDate = None
    published: AsDate = None
    pub_date: AsDate = None
    pubdate: AsDate = None
    dc_date: AsDate = None
    iso_date: AsDate = None
    date: AsDate = None
    date_published: AsDate = None
    date_modified: AsDate = None
    seendate: AsDate = None
    updated: AsDate = None
    lang: AsLanguage = None

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
    media_credit: Ignored = None
    media_credit_tag: Ignored = None
    media_description_tag: Ignored = None
    credit: Ignored = None
    dc_subject: Ignored = None
    publisher: Ignored = None
    slash_comments: Ignored = None
    slash_comments_tag: Ignored = None
    wfw_commentrss: Ignored = None
    wfw_comments_tag: Ignored = None
    post_id: Ignored = None
    itunes: Ignored = None
    meta: Ignored = None
    origlink: Ignored = None
    permalink: Ignored = None
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
