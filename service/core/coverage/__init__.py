"""A story's articles → the whole panel: who covers it, how they lean, and how many voices they are."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import UNSET, Struct, structs

from service.core.answer import Options, ScoredEntry
from service.core.bias import SIDES, Side
from service.core.coverage.dates import parse_date
from service.core.coverage.facts import NOT_LISTED, FactShares, make_frame, summarize_fact
from service.core.coverage.gap import STORIES_BASELINE, Baseline, judge_coverage_gap, make_baseline
from service.core.coverage.models import Articles, Coverage, Independent, ListedArticle, Tabs
from service.core.coverage.story import Article, Story
from service.core.coverage.syndication import ArticleInfo, Cluster, cluster_articles
from service.core.coverage.timeline import Flag, Moment, Timeline, flag_dates, make_timeline
from service.core.distribution import DEFAULT_OPTIONS, Entry, Scorer
from service.core.errors import RequestError
from service.core.figures import BySide
from service.core.outlets import FACTUALITY, Outlet
from service.core.resolve import EntryFields
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host
from service.core.unused_options import UnusedOptions

FACT_NOUNS = {
    "factuality": "factuality",
    "ownership": "kind of owner",
    "country": "country",
    "media_type": "type of medium",
    "state_media": "dependence on a state",
}
"""Each fact of an outlet that is shown as shares, and its name in a sentence."""

UNLISTED_OUTLET = Outlet("", "")

BaselineInput = Sequence[Entry] | BySide | Literal["none"] | None
"""What a caller's outlets usually are: entries, or counts of each side."""


class ResolvedArticle(Struct, frozen=True):
    """An article, what its source resolved to, and when it appeared."""

    article: Article
    entry: ScoredEntry
    outlet: Outlet
    date: datetime | None
    flag: Flag | None

    @property
    def valid_date(self) -> datetime | None:
        """Return the date, where it can be right. One without a zone can be."""
        return self.date if self.flag in (None, "no_zone") else None


def cover(
    catalog: Catalog,
    story: Story | None,
    articles: Sequence[Article],
    options: Options = DEFAULT_OPTIONS,
    pool: BaselineInput = None,
) -> Coverage:
    """Make the panel of ``story``. ``pool`` is what the caller's outlets usually are, for the coverage gap.

    With "none" for a pool the gap is not judged.

    Raises ``RequestError`` for an article that names no outlet, a story without a readable ``as_of``, or
    impossible options.
    """
    scorer = Scorer(catalog, structs.replace(options, count_by="outlet"))
    seen = resolve_articles(scorer, story, articles)
    found = cluster_articles([make_article_info(each) for each in seen])
    scored = [each.entry for each in seen]
    units = scored if options.count_by == "outlet" else recount_entries(scored, scored, distinct=False)
    bias = scorer.distribution(units)
    watch = scorer.watch()
    watch.observe(scored)
    usual = choose_baseline(scorer, pool, watch)
    facts = {fact: count_fact(fact, seen, units) for fact in FACT_NOUNS}
    times = date_sides(seen)
    return Coverage(
        story=story,
        articles=list_articles(seen, found, units, full=options.detail == "full"),
        bias=watch.noted(structs.replace(bias, outlets=drop_duplicates(units)) if bias.outlets else bias),
        **facts,
        independent=count_independent(scorer, scored, found),
        coverage_gap=judge_coverage_gap((bias.counts.left, bias.counts.center, bias.counts.right), usual),
        timeline=times,
        last_updated=times.all.last.published_at if times.all else None,
        frame=make_frame(facts["country"].counts, facts["country"].unknown),
        ignored=(),
        dataset=scorer.dataset,
    )


def resolve_articles(
    scorer: Scorer, story: Story | None, articles: Sequence[Article]
) -> list[ResolvedArticle]:
    """Resolve and date every article."""
    for index, article in enumerate(articles):
        if article.ref == EntryFields(country=article.country):
            raise RequestError(f"/articles/{index}", "an article needs a url or a source")
    given = [parse_date_or_none(article.published_at) for article in articles]
    dates = [date.replace(tzinfo=UTC) if date else None for date in given]
    found: list[Flag | None] = [
        "unreadable"
        if date is None and article.published_at is not None
        else flag or ("no_zone" if date and date.tzinfo is None else None)
        for article, date, flag in zip(articles, given, flag_dates(dates, parse_as_of(story)), strict=True)
    ]
    scored = scorer.entries([article.ref for article in articles])
    outlets = [scorer.catalog.outlets.get(entry.domain or "", UNLISTED_OUTLET) for entry in scored]
    return [ResolvedArticle(*each) for each in zip(articles, scored, outlets, dates, found, strict=True)]


def parse_date_or_none(given: str | float | None) -> datetime | None:
    """Return the date of an article, where it has one that can be read."""
    try:
        return None if given is None else parse_date(given)
    except ValueError:
        return None


def parse_as_of(story: Story | None) -> datetime | None:
    """Return the moment when the list was made. Raise ``RequestError`` where it cannot be read."""
    try:
        return parse_date(story.as_of).replace(tzinfo=UTC) if story and story.as_of else None
    except ValueError as error:
        raise RequestError("/story/as_of", str(error)) from None


def make_article_info(seen: ResolvedArticle) -> ArticleInfo:
    """Return an article as one of a story's voices."""
    article, entry = seen.article, seen.entry
    placed = entry.match is not None and entry.match.by in ("url", "host_alias")
    return ArticleInfo(
        article=article,
        site=entry.domain if placed else find_host(article.url or ""),
        domain=entry.domain,
        owner=seen.outlet.owner,
        rated=entry.bias is not None,
        published=seen.valid_date,
    )


def recount_entries(
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


def count_fact(fact: str, seen: Sequence[ResolvedArticle], units: Sequence[ScoredEntry]) -> FactShares:
    """Return how the counted outlets spread over the classes of ``fact``."""
    counted = (seen[entry.index].outlet for entry in units if entry.status != "duplicate")
    values = [get_fact(outlet, fact) for outlet in counted]
    return summarize_fact(values, FACT_NOUNS[fact], FACTUALITY if fact == "factuality" else ())


def get_fact(outlet: Outlet, fact: str) -> str | None:
    """Return the class of an outlet. Unlisted state media are ``not_listed``."""
    value: str | None = getattr(outlet, fact)
    return NOT_LISTED if fact == "state_media" and outlet is not UNLISTED_OUTLET and value is None else value


def count_independent(scorer: Scorer, scored: Sequence[ScoredEntry], found: Sequence[Cluster]) -> Independent:
    """Return the distribution again, with only the lead of each group."""
    silent = {member for group in found for member in group.members if member != group.lead}
    answer = scorer.distribution(recount_entries(scored, [e for e in scored if e.index not in silent]))
    figures = structs.asdict(structs.replace(answer, outlets=UNSET))
    return Independent(**figures, voices=answer.counts.total, groups=list(found))


def choose_baseline(scorer: Scorer, pool: BaselineInput, watch: UnusedOptions) -> Baseline | None:
    """Return what is usual: the caller's ``pool`` if there is one, else what an aggregator's stories have."""
    if pool is None:
        return STORIES_BASELINE
    if pool == "none":
        return None
    if isinstance(pool, BySide):
        return make_baseline(pool)
    scored = scorer.entries(pool)
    watch.observe(scored)
    rated = scorer.distribution(scored).counts
    return make_baseline(BySide(rated.left, rated.center, rated.right))


def date_sides(seen: Sequence[ResolvedArticle]) -> Timeline:
    """Return the first and last article of each side, by the dates that can be right."""
    dated = [(Moment(each.valid_date, at), get_side(each)) for at, each in enumerate(seen) if each.valid_date]
    undated = sum(each.article.published_at is None for each in seen)
    return make_timeline(dated, undated, len(seen) - len(dated) - undated)


def get_side(seen: ResolvedArticle) -> Side | None:
    """Return the side of the article's outlet."""
    return seen.entry.bias.side if seen.entry.bias else None


def list_articles(
    seen: Sequence[ResolvedArticle], found: Sequence[Cluster], units: Sequence[ScoredEntry], *, full: bool
) -> Articles:
    """Return the articles behind each tab. ``full`` lists them too."""
    place = {member: at for at, group in enumerate(found) for member in group.members}
    tabs: dict[Side | None, list[int]] = {side: [] for side in (*SIDES, None)}
    for at, each in enumerate(seen):
        tabs[get_side(each)].append(at)
    listed = {entry.index: at for at, entry in enumerate(drop_duplicates(units))}
    sources = [listed[entry.index if entry.duplicate_of is None else entry.duplicate_of] for entry in units]
    return Articles(
        count=len(seen),
        outlets=sum(each.entry.status != "duplicate" for each in seen),
        tabs=Tabs(list(range(len(seen))), *tabs.values()),
        items=[make_listed_article(each, sources[at], place.get(at)) for at, each in enumerate(seen)]
        if full
        else UNSET,
    )


def drop_duplicates(units: Iterable[ScoredEntry]) -> list[ScoredEntry]:
    """Return the entries that count, each source once."""
    return [entry for entry in units if entry.status != "duplicate"]


def make_listed_article(seen: ResolvedArticle, outlet: int, group: int | None) -> ListedArticle:
    """Return one article as it came, with the place of its outlet."""
    article = seen.article
    return ListedArticle(
        index=seen.entry.index,
        url=article.url,
        source=article.source,
        title=article.title,
        excerpt=article.excerpt,
        published_at=seen.date,
        date_flag=seen.flag,
        language=article.language,
        outlet=outlet,
        group=group,
    )
