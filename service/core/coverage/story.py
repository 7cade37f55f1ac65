"""A story and its articles as a caller sends them. Their text is carried, and never interpreted."""

from msgspec import UNSET, Struct, UnsetType

from service.core.resolve import Ref


class Story(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The event behind the articles, echoed as it came. ``as_of``: when their list was made."""

    id: str | int | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    points: tuple[str, ...] | UnsetType | None = UNSET
    as_of: str | UnsetType | None = UNSET


class Article(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One article of a story. Any field may be absent, but not both ``url`` and ``source``.

    ``source`` is the outlet's name or domain. ``published_at`` is ISO 8601 with a zone. ``language`` is
    carried through.
    """

    url: str | None = None
    source: str | None = None
    title: str | None = None
    excerpt: str | None = None
    published_at: str | None = None
    language: str | None = None

    @property
    def ref(self) -> Ref:
        """Return what names the outlet: the address, then the source."""
        return Ref(url=self.url, name=self.source)
