"""Distributions as rows: one for each entry of a story, or one for each story of a batch."""

from collections.abc import Iterator

from msgspec import UNSET

from service.core.answer import Distribution, ScoredEntry
from service.core.bias import SIDES
from service.core.errors import RequestError
from service.core.resolve import EntryFields
from service.web.framework.csv_response import Row

STORY_COLUMNS = (
    *("id", "status", "headline", *(f"{side}_pct" for side in SIDES), *SIDES),
    *("rated", "unrated", "total", "entries", "duplicates", "mean", "level", "probability_leading"),
    *("sentence", "problem"),
)


def entry_rows(answer: Distribution) -> Iterator[Row]:
    """Yield a header, then one row an entry with each rater's label."""
    if answer.outlets is UNSET:
        raise RequestError("/detail", "a table has a row for each entry; leave `detail` out for CSV")
    raters = answer.dataset.raters
    yield (
        *("index", "input", "status", "domain", "name", "label", "side", "value", "spread", *raters),
        *("factuality", "country", "match_by", "confidence", "duplicate_of"),
    )
    for entry in answer.outlets:
        yield entry_row(entry, raters)


def entry_row(entry: ScoredEntry, raters: tuple[str, ...]) -> Row:
    """Return an entry as a row."""
    bias, match = entry.bias, entry.match
    said = {rating.rater: rating.label for rating in bias.ratings} if bias else {}
    return (
        *(entry.index, entry_text(entry.input), entry.status, entry.domain, entry.name),
        *((bias.label, bias.side, bias.value, bias.spread) if bias else (None,) * 4),
        *(said.get(each) for each in raters),
        *(entry.factuality, entry.country),
        *((match.by, match.confidence) if match else (None, None)),
        entry.duplicate_of,
    )


def entry_text(given: str | EntryFields) -> str | None:
    """Return an entry as it came, of an object what is tried first."""
    return given if isinstance(given, str) else given.url or given.domain or given.name


def story_row(name: str | None, answer: Distribution) -> Row:
    """Return a scored story as a row."""
    shown, counts, trust = answer.distribution, answer.counts, answer.robustness
    return (
        *(name, 200, answer.headline),
        *((shown.left, shown.center, shown.right) if shown else (None,) * 3),
        *(counts.left, counts.center, counts.right, counts.rated, counts.unrated),
        *(counts.total, counts.entries, counts.duplicates),
        *(answer.mean, trust.level, trust.probability_leading, answer.sentence, None),
    )


def problem_row(name: str | None, status: int, problem: str) -> Row:
    return (name, status, *(None,) * (len(STORY_COLUMNS) - 3), problem)
