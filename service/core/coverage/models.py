"""Records of a story's panel, in the order and under the names the API shows."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from service.core.answer import DatasetUsed, Distribution
from service.core.coverage.facts import FactShares, Frame
from service.core.coverage.gap import CoverageGap
from service.core.coverage.story import Story
from service.core.coverage.syndication import Cluster
from service.core.coverage.timeline import Flag, Timeline


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
