"""An answer in brief: its figures as a structure, one line a source as text."""

from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType

from service.core.answer import Counts, Distribution, ScoredEntry
from service.core.coverage import FACT_NOUNS
from service.core.coverage.models import Coverage
from service.core.figures import BySide
from service.core.resolve.hosts import find_host
from service.core.robustness import Level, describe_robustness
from service.core.text_report import MAX_LISTED, format_entry, group_entries, iter_lines

# Links take more words than all else in a line: a list with more sources has them in full detail only.
MAX_LINKED = 12
FULL_DETAIL_HINT = 'detail "full" lists all'


class Sources(Struct, frozen=True):
    """The first domains on each side and of those not rated. An entry without a domain stands as it came."""

    left: list[str]
    center: list[str]
    right: list[str]
    unrated: list[str]


class DatasetBrief(Struct, frozen=True):
    """The data and method behind the answer, and whether all its raters allow commercial use."""

    version: str
    method: str
    raters: tuple[str, ...]
    commercial_use: bool | None


class DistributionBrief(Struct, frozen=True, kw_only=True):
    """The figures of a distribution. The fields are those of the full answer, and ``sources`` by side.

    ``notes`` names options that had no effect.
    """

    headline: str | None
    sentence: str
    distribution: BySide | None
    counts: Counts
    level: Level
    probability_leading: float | None
    sources: Sources
    notes: tuple[str, ...] | UnsetType = UNSET
    dataset: DatasetBrief


class IndependentBrief(Struct, frozen=True):
    """The distribution with each group of articles that are one voice counted once."""

    voices: int
    distribution: BySide | None


class CoverageBrief(Struct, frozen=True, kw_only=True):
    """The figures of a story's panel. ``thin`` is the side with unusually thin coverage, if any."""

    articles: int
    bias: DistributionBrief
    independent: IndependentBrief
    thin: str | None
    facts: dict[str, dict[str, int] | None]


def summarize_distribution(answer: Distribution) -> DistributionBrief:
    """Return the figures of ``answer``."""
    used = answer.dataset
    sides = {
        group: [
            entry.domain or find_host(format_entry(entry)) or format_entry(entry)
            for entry in members[:MAX_LISTED]
        ]
        for group, members in group_entries(answer.outlets or ()).items()
    }
    return DistributionBrief(
        headline=answer.headline,
        sentence=answer.sentence,
        distribution=answer.distribution,
        counts=answer.counts,
        level=answer.robustness.level,
        probability_leading=answer.robustness.probability_leading,
        sources=Sources(**sides),
        notes=answer.notes,
        dataset=DatasetBrief(used.version, used.method, used.raters, used.commercial_use),
    )


def summarize_coverage(panel: Coverage) -> CoverageBrief:
    """Return the figures of ``panel``."""
    return CoverageBrief(
        articles=panel.articles.count,
        bias=summarize_distribution(panel.bias),
        independent=IndependentBrief(panel.independent.voices, panel.independent.distribution),
        thin=panel.coverage_gap.side,
        facts={fact: getattr(panel, fact).distribution for fact in FACT_NOUNS},
    )


def trust_sentence(answer: Distribution) -> str:
    trust = describe_robustness(answer.robustness)
    return f"{answer.sentence} {trust[0].upper()}{trust[1:]}."


def note_lines(answer: Distribution) -> Iterator[str]:
    yield from (f"Note: {note}." for note in answer.notes or ())


def source_lines(entries: list[ScoredEntry], raters: dict[str, str]) -> Iterator[str]:
    """List the sources, after the names of the raters whose words and pages stand behind them."""
    ids = {rating.rater for entry in entries if entry.bias for rating in entry.bias.ratings}
    if named := ", ".join(f"{rater} is {name}" for rater, name in raters.items() if rater in ids):
        yield f"Raters: {named}."
    yield from iter_lines(entries, FULL_DETAIL_HINT, with_links=len(entries) <= MAX_LINKED)


def panel_lines(panel: Coverage) -> Iterator[str]:
    """Say what a panel has besides the leaning of its sources."""
    yield f"Each copy and newsroom counted once: {panel.independent.sentence}"
    yield panel.coverage_gap.sentence
    for fact in FACT_NOUNS:
        yield getattr(panel, fact).sentence
    yield panel.frame.sentence
    yield panel.dataset.about
    if span := panel.timeline.all:
        first, last = (f"{each.published_at:%Y-%m-%d %H:%M}" for each in (span.first, span.last))
        yield f"Published from {first} to {last} UTC."
