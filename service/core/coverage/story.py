"""A story and its articles as a caller sends them. Their text is carried, and never interpreted."""

from msgspec import UNSET, Struct, UnsetType

from service.core.resolve import EntryFields


class Story(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The event behind the articles, echoed as it came. ``as_of``: when their list was made."""

    id: str | int | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    points: tuple[str, ...] | UnsetType | None = UNSET
    as_of: str | UnsetType | None = UNSET


class Article(Struct, frozen=True, kw_only=True):
    """One article of a story. ``url``, ``domain`` and ``source`` (a name) say whose it is, in that order.

    ``published_at`` is a date in any form that ``parse_date`` knows. ``language`` is carried through.
    ``country`` (ISO 3166-1 alpha-2) settles the name.
    """

    url: str | None = None
    domain: str | None = None
    source: str | None = None
    title: str | None = None
    excerpt: str | None = None
    published_at: str | float | None = None
    language: str | None = None
    country: str | None = None

    @property
    def ref(self) -> EntryFields:
        """Return what names the outlet."""
        return EntryFields(self.url, self.domain, self.source, self.country)
