"""An answer in brief: its figures as a structure, one line a source as text."""

from collections.abc import Iterator
from typing import Any

from service.core.answer import Distribution, ScoredEntry
from service.core.coverage import FACT_NOUNS
from service.core.coverage.models import Coverage
from service.core.resolve.hosts import find_host
from service.core.robustness import describe_robustness
from service.core.text_report import MAX_LISTED, format_entry, group_entries, iter_lines

# Links take more words than all else in a line: a list with more sources has them in full detail only.
MAX_LINKED = 12
FULL_DETAIL_HINT = 'detail "full" lists all'
Brief = dict[str, Any]


def summarize_distribution(answer: Distribution) -> Brief:
    """Return the figures of ``answer`` under their own names, and the first domains on each side.

    An entry without a domain stands as it came.
    """
    dataset, trust = answer.dataset, answer.robustness
    sources = {
        group: [
            entry.domain or find_host(format_entry(entry)) or format_entry(entry)
            for entry in members[:MAX_LISTED]
        ]
        for group, members in group_entries(answer.outlets or ()).items()
    }
    return {
        "headline": answer.headline,
        "sentence": answer.sentence,
        "distribution": answer.distribution,
        "counts": answer.counts,
        "level": trust.level,
        "probability_leading": trust.probability_leading,
        "sources": sources,
        **({"notes": answer.notes} if answer.notes else {}),
        "dataset": {
            name: getattr(dataset, name) for name in ("version", "method", "raters", "commercial_use")
        },
    }


def summarize_coverage(panel: Coverage) -> Brief:
    """Return the figures of ``panel``. ``thin`` is the side with unusually thin coverage, if any."""
    independent = panel.independent
    return {
        "articles": panel.articles.count,
        "bias": summarize_distribution(panel.bias),
        "independent": {"voices": independent.voices, "distribution": independent.distribution},
        "thin": panel.coverage_gap.side,
        "facts": {fact: getattr(panel, fact).distribution for fact in FACT_NOUNS},
    }


def trust_sentence(answer: Distribution) -> str:
    trust = describe_robustness(answer.robustness)
    return f"{answer.sentence} {trust[0].upper()}{trust[1:]}."


def source_lines(entries: list[ScoredEntry], raters: dict[str, str]) -> Iterator[str]:
    """List the sources, after the names of the raters whose words and pages stand behind them."""
    ids = {rating.rater for entry in entries if entry.bias for rating in entry.bias.ratings}
    if named := ", ".join(f"{rater} is {name}" for rater, name in raters.items() if rater in ids):
        yield f"Raters: {named}."
    yield from iter_lines(entries, FULL_DETAIL_HINT, with_links=len(entries) <= MAX_LINKED)


def panel_lines(panel: Coverage) -> Iterator[str]:
    """Yield lines about a panel besides the leaning of its sources."""
    yield f"Each copy and newsroom counted once: {panel.independent.sentence}"
    yield panel.coverage_gap.sentence
    for fact in FACT_NOUNS:
        yield getattr(panel, fact).sentence
    yield panel.frame.sentence
    yield panel.dataset.about
    if span := panel.timeline.all:
        first, last = (f"{end.published_at:%Y-%m-%d %H:%M}" for end in (span.first, span.last))
        yield f"Published from {first} to {last} UTC."
