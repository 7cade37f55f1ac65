"""Count the copies found among real stories that a caller keeps on disk.

A line of the file is one story: its ``articles`` (``url``, ``title``, ``excerpt``, ``longer_excerpt``), the
pairs that are ``same_text``, and those ``between`` one text and two. All other pairs are different.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from service.core.coverage import cover
from service.core.coverage.models import Article
from service.core.resolve.catalog import Catalog
from service.dataset.load import load
from service.settings import Settings

EXCERPTS = {300: "excerpt", 600: "longer_excerpt"}
"""Fields that hold an article's beginning, by how many characters of it they hold."""


def report(path: Path) -> str:
    """Return the table in docs/methodology.md, measured on the stories of ``path``."""
    stories = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    catalog = load(Settings())
    rows = [
        "| characters | pairs of one text joined | different pairs joined | not one text, of those joined |",
        "| --- | --- | --- | --- |",
    ]
    for characters, field in EXCERPTS.items():
        counts = Counter(pair for story in stories for pair in judge_pairs(catalog, story, field))
        same, different = (share(counts, kind) for kind in ("same_text", "different"))
        wrong, right = counts["different", True], counts["same_text", True]
        joined = f"{wrong / (wrong + right):.1%}" if wrong + right else "none joined"
        rows.append(f"| {characters} | {same} | {different} | {joined} |")
    return "\n".join(rows)


def judge_pairs(catalog: Catalog, story: dict, field: str) -> Iterator[tuple[str, bool]]:
    """Yield for each pair of articles what it is, and whether the service joins it."""
    articles = [
        Article(url=each["url"], title=each["title"], excerpt=each[field]) for each in story["articles"]
    ]
    found = cover(catalog, None, articles).independent.groups
    group_of = {member: number for number, group in enumerate(found) for member in group.members}
    kinds = {tuple(pair): kind for kind in ("between", "same_text") for pair in story[kind]}
    for one, two in combinations(range(len(articles)), 2):
        together = one in group_of and group_of[one] == group_of.get(two)
        yield kinds.get((one, two), "different"), together


def share(counts: Counter[tuple[str, bool]], kind: str) -> str:
    joined, pairs = counts[kind, True], counts[kind, True] + counts[kind, False]
    return f"{joined} of {pairs:,} ({joined / pairs:.2%})" if pairs else "no such pairs"
