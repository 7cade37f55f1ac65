"""A story's articles → the whole panel: who covers it, how they lean, and how many voices they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import UNSET, Struct, structs

from service.core.answer import Options, ScoredEntry
from service.core.bias import SIDES, Side
from service.core.coverage.agencies import AGENCIES
from service.core.coverage.facts import (
    FactShares,
    make_frame,
    summarize_fact,
    summarize_state_media,
)
from service.core.coverage.gap import STORIES_BASELINE, Baseline, judge_coverage_gap, make_baseline
from service.core.coverage.models import (
    Article,
    Articles,
    Cluster,
    Coverage,
    Independent,
    ListedArticle,
    Story,
    Tabs,
)
from service.core.coverage.syndication import ArticleInfo, cluster_articles, most_common_labels
from service.core.coverage.timeline import Flag, Moment, flag_dates, make_timeline, parse_date
from service.core.distribution import DEFAULT_OPTIONS, Entry, Scorer
from service.core.errors import RequestError
from service.core.figures import BySide, Unit
from service.core.outlets import FACTUALITY, FACTUALITY_RATER, Outlet, average_biases
from service.core.resolve import Match
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host
from service.core.unused_options import UnusedOptions

# Each fact of an outlet that is shown as shares, and its name in a sentence.
FACT_NOUNS = {
    "factuality": "factuality",
    "ownership": "kind of owner",
    "country": "country",
    "media_type": "type of medium",
    "state_media": "dependence on a state",
}

UNLISTED_OUTLET = Outlet("", "")

# The kind of owner that runs many sites of one look: in ``independent`` it is one voice.
NETWORK = "network"
AGENCY_DOMAINS = {agency.name: agency.domains for agency in AGENCIES}

# What a caller's outlets usually are: entries, or counts of each side.
BaselineInput = Sequence[Entry] | BySide | Literal["none"] | None


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

    @property
    def side(self) -> Side | None:
        return self.entry.bias.side if self.entry.bias else None


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
    by_entry = options.count_by == "entry"
    units = count_each(scored) if by_entry else scored
    bias = scorer.distribution(units, options.count_by)
    outlets = scorer.distribution(scored).counts if by_entry else bias.counts
    found, leads = label_clusters(scorer, scored, found)
    watch = scorer.watch()
    watch.observe(scored)
    usual = choose_baseline(scorer, pool, watch)
    facts = {fact: count_fact(fact, seen, units, options.count_by, scorer.catalog) for fact in FACT_NOUNS}
    dated = [(Moment(each.valid_date, at), each.side) for at, each in enumerate(seen) if each.valid_date]
    undated = sum(each.article.published_at is None for each in seen)
    times = make_timeline(dated, undated, len(seen) - len(dated) - undated)
    return Coverage(
        story=story,
        articles=list_articles(seen, found, units, full=options.detail == "full"),
        bias=watch.attach_notes(
            structs.replace(bias, outlets=drop_duplicates(units)) if bias.outlets else bias
        ),
        **facts,
        independent=count_independent(scorer, seen, found, leads),
        coverage_gap=judge_coverage_gap((outlets.left, outlets.center, outlets.right), usual),
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
    entries = [article.ref for article in articles]
    for index, entry in enumerate(entries):
        if entry.url is None and entry.domain is None and entry.name is None:
            raise RequestError(f"/articles/{index}", "an article needs a url or a source")
    given = [_parse_date_or_none(article.published_at) for article in articles]
    dates = [date.replace(tzinfo=UTC) if date else None for date in given]
    found: list[Flag | None] = [
        "unreadable"
        if date is None and article.published_at is not None
        else flag or ("no_zone" if date and date.tzinfo is None else None)
        for article, date, flag in zip(articles, given, flag_dates(dates, parse_as_of(story)), strict=True)
    ]
    scored = scorer.entries(entries)
    outlets = [scorer.catalog.outlets.get(entry.domain or "", UNLISTED_OUTLET) for entry in scored]
    return [ResolvedArticle(*each) for each in zip(articles, scored, outlets, dates, found, strict=True)]


def _parse_date_or_none(given: str | float | None) -> datetime | None:
    try:
        return None if given is None else parse_date(given)
    except ValueError:
        return None


def parse_as_of(story: Story | None) -> datetime | None:
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
        label=entry.bias.label if entry.bias else None,
        published=seen.valid_date,
    )


def count_each(scored: Sequence[ScoredEntry]) -> list[ScoredEntry]:
    """Return the entries with the status that they have when each one counts."""
    return [
        entry
        if entry.duplicate_of is None
        else structs.replace(entry, status=scored[entry.duplicate_of].status, duplicate_of=None)
        for entry in scored
    ]


def count_fact(
    fact: str, seen: Sequence[ResolvedArticle], units: Sequence[ScoredEntry], unit: Unit, catalog: Catalog
) -> FactShares:
    """Return how the counted outlets spread over the classes of ``fact``."""
    counted = (seen[entry.index].outlet for entry in units if entry.status != "duplicate")
    values = [getattr(outlet, fact) for outlet in counted]
    if fact == "state_media":
        return summarize_state_media(values, unit)
    if fact != "factuality":
        return summarize_fact(values, FACT_NOUNS[fact], unit=unit)
    rater = catalog.raters.get(FACTUALITY_RATER)
    name = rater.name if rater else FACTUALITY_RATER
    return summarize_fact(values, FACT_NOUNS[fact], FACTUALITY, rater=name, unit=unit)


def label_clusters(
    scorer: Scorer, scored: Sequence[ScoredEntry], clusters: Sequence[Cluster]
) -> tuple[list[Cluster], dict[int, ScoredEntry]]:
    """Return each cluster with the label it counts with, and the entry that stands in its lead's place."""
    labelled, counted = [], {}
    for cluster in clusters:
        entry = scored[cluster.lead]
        label_from: Literal["agency", "most_members", "mean"] | None = None
        agency = find_listed_agency(scorer, cluster.agency)
        biases = {scored[i].domain: bias for i in cluster.members if (bias := scored[i].bias)}
        labels = most_common_labels(bias.label for bias in biases.values())
        if agency and agency.bias:
            label_from = "agency"
            entry = structs.replace(
                entry, status="rated", domain=agency.domain, bias=agency.bias, duplicate_of=None
            )
        elif len(labels) == 1:
            label_from = "most_members"
        elif labels:
            label_from = "mean"
            bias = average_biases([bias for bias in biases.values() if bias.label in labels])
            # A label that is no member's own is no member's voice either.
            entry = structs.replace(entry, bias=bias, domain=None)
        counted[cluster.lead] = entry
        label = entry.bias.label if entry.bias else None
        labelled.append(structs.replace(cluster, label=label, label_from=label_from))
    return labelled, counted


def find_listed_agency(scorer: Scorer, name: str | None) -> Outlet | None:
    """Return an agency as the outlet that we list, rated as the request's options say."""
    domains = AGENCY_DOMAINS.get(name or "", ())
    listed = [scorer.catalog.outlets[domain] for domain in domains if domain in scorer.catalog.outlets]
    return scorer.get_outlet(Match("found", listed[0].domain, listed[0])) if listed else None


def count_independent(
    scorer: Scorer,
    seen: Sequence[ResolvedArticle],
    clusters: Sequence[Cluster],
    leads: Mapping[int, ScoredEntry],
) -> Independent:
    """Return the distribution again: a cluster counts once, and so does a network of sites on each side."""
    silent = {member for cluster in clusters for member in cluster.members if member != cluster.lead}
    met: set[object] = set()
    units = []
    for each in seen:
        if each.entry.index in silent:
            continue
        entry = leads.get(each.entry.index, each.entry)
        first = entry.index if entry.duplicate_of is None else entry.duplicate_of
        if entry.duplicate_of is not None:
            entry = structs.replace(entry, status=seen[first].entry.status)
        key: object = entry.domain or first
        if each.outlet.ownership == NETWORK and each.outlet.owner and entry.bias:
            key = each.outlet.owner, entry.bias.side
        if key in met:
            entry = structs.replace(entry, status="duplicate")
        met.add(key)
        units.append(entry)
    answer = scorer.distribution(units)
    figures = structs.asdict(structs.replace(answer, outlets=UNSET))
    return Independent(**figures, voices=answer.counts.total, groups=list(clusters))


def choose_baseline(scorer: Scorer, pool: BaselineInput, watch: UnusedOptions) -> Baseline | None:
    """Return the baseline: the caller's ``pool`` if there is one, else an aggregator's stories."""
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


def list_articles(
    seen: Sequence[ResolvedArticle], found: Sequence[Cluster], units: Sequence[ScoredEntry], *, full: bool
) -> Articles:
    """Return the articles behind each tab. ``full`` lists them too."""
    place = {member: at for at, group in enumerate(found) for member in group.members}
    tabs: dict[Side | None, list[int]] = {side: [] for side in (*SIDES, None)}
    for at, each in enumerate(seen):
        tabs[each.side].append(at)
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
