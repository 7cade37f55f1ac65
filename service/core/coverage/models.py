"""A story and its articles as a caller sends them, and the panel made of them, under the API's names."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from service.core.answer import DatasetUsed, Distribution
from service.core.bias import Label
from service.core.coverage.facts import FactShares, Frame
from service.core.coverage.gap import CoverageGap
from service.core.coverage.timeline import Flag, Timeline
from service.core.resolve import EntryFields

Signal = Literal["agency", "address", "text", "owner"]


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
        """Return the fields that name the outlet."""
        return EntryFields(self.url, self.domain, self.source, self.country)


class Cluster(Struct, frozen=True):
    """Articles (by index) that are one voice, which ``lead`` stands for. ``reason`` says why in words.

    It counts with ``label``: the ``agency``'s own where we rate it, else that of ``most_members``, or the
    ``mean`` where several labels have equally many members. ``label_from`` says which.
    """

    lead: int
    members: list[int]
    agency: str | None
    signals: list[Signal]
    reason: str
    label: Label | None = None
    label_from: Literal["agency", "most_members", "mean"] | None = None


class ListedArticle(Struct, frozen=True, kw_only=True):
    """One article as it came. ``outlet`` is the place of its source in ``bias.outlets``.

    ``published_at`` is in UTC. ``date_flag`` says that it cannot be right, could not be read, or had no zone
    and was taken for UTC. ``group`` is the place of the article's group in ``independent.groups``.
    """

    index: int
    url: str | None
    source: str | None
    title: str | None
    excerpt: str | None
    published_at: datetime | None
    date_flag: Flag | None
    language: str | None
    outlet: int
    group: int | None


class Tabs(Struct, frozen=True):
    """Indexes of the articles behind each tab. Every article is in ``all`` and in one other."""

    all: list[int]
    left: list[int]
    center: list[int]
    right: list[int]
    unrated: list[int]


class Articles(Struct, frozen=True):
    """Numbers of articles and of distinct outlets, the tabs, and the articles themselves.

    ``skipped`` items of the list that was sent have neither an address nor a source, and are no articles.
    """

    count: int
    outlets: int
    tabs: Tabs
    items: list[ListedArticle] | UnsetType = UNSET
    skipped: int = 0


class Independent(Distribution, frozen=True, kw_only=True):
    """The distribution with each group of articles counted once, as its lead's outlet. ``voices`` in all."""

    voices: int
    groups: list[Cluster]


class Coverage(Struct, frozen=True, kw_only=True):
    """The whole panel of a story. ``ignored`` are the fields of a feed or news API that say nothing here."""

    story: Story | None
    articles: Articles
    bias: Distribution
    factuality: FactShares
    ownership: FactShares
    country: FactShares
    media_type: FactShares
    state_media: FactShares
    independent: Independent
    coverage_gap: CoverageGap
    timeline: Timeline
    last_updated: datetime | None
    frame: Frame
    ignored: tuple[str, ...]
    dataset: DatasetUsed
