"""Outlets whose names look like a text: for "did you mean", never for scoring.

Likeness is rapidfuzz's normalised Indel similarity of normal forms: twice the longest common subsequence,
divided by both lengths. Only names that share the beginning of a word with the text are compared, so that any
text is answered in a few milliseconds.
"""

from collections.abc import Iterator
from itertools import islice

from msgspec import UNSET, Struct, UnsetType
from rapidfuzz import fuzz, process

from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host
from service.core.resolve.match import Match
from service.core.resolve.normalization import normalize_name

MAX_SUGGESTIONS = 5
MIN_LIKENESS = 70.0
MAX_QUERY_LENGTH = 80
# Names like a text of which the best known come first among equally like ones.
MAX_COMPARED = 40
# Letters at the beginning, or at the end of a long word, that a name must share to be compared.
STEM_LENGTH = 3
MIN_LONG_WORD = 6


class Suggestion(Struct, frozen=True):
    """An outlet that may be meant. ``score`` (0…1) says how alike the names are, not how likely it is."""

    domain: str
    name: str
    country: str | None
    score: float
    listed: bool | UnsetType = UNSET


class Suggester:
    """Names and domains of a catalog by the beginnings of their words."""

    def __init__(self, catalog: Catalog) -> None:
        self.stems: dict[str, list[str]] = {}
        self.outlets: dict[str, tuple[Outlet, ...]] = {
            key: tuple(catalog.outlets[domain] for domain in entry.outlets)
            for key, entry in catalog.names.entries.items()
            if entry.outlets
        }
        for outlet in catalog.outlets.values():
            self.outlets.setdefault(outlet.domain, (outlet,))
        # Few words stand in one name alone.
        words: dict[str, list[str]] = {}
        for key in self.outlets:
            for word in key.split():
                words.setdefault(word, []).append(key)
        for word, keys in words.items():
            for stem in _stems(word):
                self.stems.setdefault(stem, []).extend(keys)

    def like(self, text: str) -> list[Suggestion]:
        """At most five outlets whose name or domain is like ``text``, the likest first."""
        asked = (find_host(text) or normalize_name(text))[:MAX_QUERY_LENGTH].removeprefix("www.")
        stems = {stem for word in asked.split() for stem in _stems(word)}
        keys = sorted({key for stem in stems for key in self.stems.get(stem, ())})
        found = process.extract(asked, keys, scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS, limit=MAX_COMPARED)
        pairs = [(outlet, score) for key, score, _ in found for outlet in self.outlets[key]]
        pairs.sort(key=lambda pair: (-pair[1], -pair[0].known, pair[0].domain))
        likest: dict[str, Suggestion] = {}
        for outlet, score in pairs:
            suggestion = Suggestion(outlet.domain, outlet.name, outlet.country, round(score / 100, 4))
            likest.setdefault(outlet.domain, suggestion)
        return list(islice(likest.values(), MAX_SUGGESTIONS))


def _stems(word: str) -> Iterator[str]:
    """Yield how a word begins and how a long one ends, in any order of letters: "gaurdian", "guradian"."""
    yield word[:1] + "".join(sorted(word[1:STEM_LENGTH]))
    if len(word) >= MIN_LONG_WORD:
        yield "".join(sorted(word[-STEM_LENGTH:])) + "$"


def to_suggestions(match: Match) -> list[Suggestion]:
    """Return the bearers of an ambiguous name, each as alike as the others."""
    return [Suggestion(each.domain, each.name, each.country, 1.0, each.listed) for each in match.candidates]
