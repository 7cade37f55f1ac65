"""A story's articles → the whole panel: who covers it, how they lean, and how many voices they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, structs

from service.core.answer import Options, ScoredEntry
from service.core.bias import SIDES, Side
from service.core.coverage.dates import read_date
from service.core.coverage.facts import NOT_LISTED, FactShares, fact_shares, frame
from service.core.coverage.gap import FROM_STORIES, Baseline, coverage_gap, pool_of
from service.core.coverage.models import Articles, Coverage, Independent, ListedArticle, OutletName, Tabs
from service.core.coverage.story import Article, Story
from service.core.coverage.syndication import Group, Voice, groups
from service.core.coverage.timeline import Flag, Moment, Timeline, flags, timeline
from service.core.distribution import DEFAULTS, Entry, Scorer
from service.core.errors import RequestError
from service.core.figures import BySide
from service.core.outlets import FACTUALITY, Outlet
from service.core.resolve import EntryFields
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host
from service.core.unused_options import Watch

FACTS = {
    "factuality": "factuality",
    "ownership": "kind of owner",
    "country": "country",
    "media_type": "type of medium",
    "state_media": "dependence on a state",
}
"""Each fact of an outlet that is shown as shares, and its name in a sentence."""

UNLISTED = Outlet("", "")

Usual = Sequence[Entry] | BySide | Literal["none"] | None
"""What a caller's outlets usually are: entries, or counts of each side."""


class Seen(Struct, frozen=True):
    """An article, what its source resolved to, and when it appeared."""

    article: Article
    entry: ScoredEntry
    outlet: Outlet
    date: datetime | None
    flag: Flag | None

    @property
    def sound_date(self) -> datetime | None:
        """Return the date, where it can be right."""
        return None if self.flag else self.date


def cover(
    catalog: Catalog,
    story: Story | None,
    articles: Sequence[Article],
    options: Options = DEFAULTS,
    pool: Usual = None,
) -> Coverage:
    """Make the panel of ``story``. ``pool`` is what the caller's outlets usually are, for the coverage gap.

    With "none" for a pool the gap is not judged.

    Raises ``RequestError`` for an article that names no outlet, a story without a readable ``as_of``, or
    impossible options.
    """
    scorer = Scorer(catalog, structs.replace(options, count_by="outlet"))
    seen = see(scorer, story, articles)
    found = groups([voice_of(each) for each in seen])
    scored = [each.entry for each in seen]
    units = scored if options.count_by == "outlet" else recount(scored, scored, distinct=False)
    bias = scorer.distribution(units)
    watch = scorer.watch()
    watch.see(scored)
    usual = baseline_of(scorer, pool, watch)
    facts = {fact: shares_of(fact, seen, units) for fact in FACTS}
    times = timeline_of(seen)
    return Coverage(
        story=story,
        articles=listed(seen, found, full=options.detail == "full"),
        bias=watch.noted(bias),
        **facts,
        independent=independent_of(scorer, scored, found),
        coverage_gap=coverage_gap((bias.counts.left, bias.counts.center, bias.counts.right), usual),
        timeline=times,
        last_updated=times.all.last.published_at if times.all else None,
        frame=frame(facts["country"].counts, facts["country"].unknown),
        ignored=(),
        dataset=scorer.dataset,
    )


def see(scorer: Scorer, story: Story | None, articles: Sequence[Article]) -> list[Seen]:
    """Resolve and date every article."""
    for index, article in enumerate(articles):
        if article.ref == EntryFields():
            raise RequestError(f"/articles/{index}", "an article needs a url or a source")
    dates = [date_of(article.published_at) for article in articles]
    found = [
        "unreadable" if date is None and article.published_at is not None else flag
        for article, date, flag in zip(articles, dates, flags(dates, as_of(story)), strict=True)
    ]
    scored = scorer.entries([article.ref for article in articles])
    outlets = [scorer.catalog.outlets.get(entry.domain or "", UNLISTED) for entry in scored]
    return [Seen(*each) for each in zip(articles, scored, outlets, dates, found, strict=True)]


def date_of(given: str | float | None) -> datetime | None:
    """Return the date of an article, where it has one that can be read."""
    try:
        return None if given is None else read_date(given)
    except ValueError:
        return None


def as_of(story: Story | None) -> datetime | None:
    """Return the moment when the list was made. Raise ``RequestError`` where it cannot be read."""
    try:
        return read_date(story.as_of) if story and story.as_of else None
    except ValueError as error:
        raise RequestError("/story/as_of", str(error)) from None


def voice_of(seen: Seen) -> Voice:
    """Return an article as one of a story's voices."""
    article, entry = seen.article, seen.entry
    placed = entry.match is not None and entry.match.by in ("url", "host_alias")
    return Voice(
        article=article,
        site=entry.domain if placed else find_host(article.url or ""),
        domain=entry.domain,
        owner=seen.outlet.owner,
        rated=entry.bias is not None,
        published=seen.sound_date,
    )


def recount(
    scored: Sequence[ScoredEntry], kept: Sequence[ScoredEntry], *, distinct: bool = True
) -> list[ScoredEntry]:
    """Return the ``kept`` entries with the status they have when no others are counted, or when each one
    counts.
    """
    met: set[int] = set()
    counted = []
    for entry in kept:
        first = entry.index if entry.duplicate_of is None else entry.duplicate_of
        again = distinct and first in met
        met.add(first)
        status = scored[first].status
        counted.append(entry if again else structs.replace(entry, status=status, duplicate_of=None))
    return counted


def shares_of(fact: str, seen: Sequence[Seen], units: Sequence[ScoredEntry]) -> FactShares:
    """Return how the counted outlets spread over the classes of ``fact``."""
    counted = (seen[entry.index].outlet for entry in units if entry.status != "duplicate")
    values = [fact_of(outlet, fact) for outlet in counted]
    return fact_shares(values, FACTS[fact], FACTUALITY if fact == "factuality" else ())


def fact_of(outlet: Outlet, fact: str) -> str | None:
    """Return the class of an outlet. Unlisted state media are ``not_listed``."""
    value: str | None = getattr(outlet, fact)
    return NOT_LISTED if fact == "state_media" and outlet is not UNLISTED and value is None else value


def independent_of(scorer: Scorer, scored: Sequence[ScoredEntry], found: Sequence[Group]) -> Independent:
    """Return the distribution again, with only the lead of each group."""
    silent = {member for group in found for member in group.members if member != group.lead}
    answer = scorer.distribution(recount(scored, [e for e in scored if e.index not in silent]))
    figures = structs.asdict(structs.replace(answer, outlets=UNSET))
    return Independent(**figures, voices=answer.counts.total, groups=list(found))


def baseline_of(scorer: Scorer, pool: Usual, watch: Watch) -> Baseline | None:
    """Return what is usual: the caller's ``pool`` if there is one, else what an aggregator's stories have."""
    if pool is None:
        return FROM_STORIES
    if pool == "none":
        return None
    if isinstance(pool, BySide):
        return pool_of(pool)
    scored = scorer.entries(pool)
    watch.see(scored)
    rated = scorer.distribution(scored).counts
    return pool_of(BySide(rated.left, rated.center, rated.right))


def timeline_of(seen: Sequence[Seen]) -> Timeline:
    """Return the first and last article of each side, by the dates that can be right."""
    dated = [(Moment(each.sound_date, at), side_of(each)) for at, each in enumerate(seen) if each.sound_date]
    undated = sum(each.article.published_at is None for each in seen)
    return timeline(dated, undated, len(seen) - len(dated) - undated)


def side_of(seen: Seen) -> Side | None:
    """Return the side of the article's outlet."""
    return seen.entry.bias.side if seen.entry.bias else None


def listed(seen: Sequence[Seen], found: Sequence[Group], *, full: bool) -> Articles:
    """Return the articles behind each tab. ``full`` lists them too."""
    place = {member: at for at, group in enumerate(found) for member in group.members}
    tabs: dict[Side | None, list[int]] = {side: [] for side in (*SIDES, None)}
    for at, each in enumerate(seen):
        tabs[side_of(each)].append(at)
    return Articles(
        count=len(seen),
        outlets=sum(each.entry.status != "duplicate" for each in seen),
        tabs=Tabs(list(range(len(seen))), *tabs.values()),
        items=[line_of(each, place.get(at)) for at, each in enumerate(seen)] if full else UNSET,
    )


def line_of(seen: Seen, group: int | None) -> ListedArticle:
    """Return one article with what is known of its outlet."""
    article, entry = seen.article, seen.entry
    return ListedArticle(
        index=entry.index,
        url=article.url,
        source=article.source,
        title=article.title,
        excerpt=article.excerpt,
        published_at=seen.date,
        date_flag=seen.flag,
        language=article.language,
        status=entry.status,
        outlet=OutletName(entry.domain, entry.name) if entry.domain and entry.name else None,
        label=entry.bias.label if entry.bias else None,
        side=side_of(seen),
        factuality=entry.factuality,
        country=entry.country,
        duplicate_of=entry.duplicate_of,
        group=group,
    )
