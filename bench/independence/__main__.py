"""Precision and recall of independent voices: ``python -m bench.independence [--faults] [STORIES]``.

``articles.jsonl`` holds invented stories; articles with one ``voice`` are one text or one newsroom. Every two
articles of a story are a pair. Stories marked ``held_out`` were written before the rules were first run, or
after they were finished, and no rule was mended on them.

``STORIES`` is a file of real stories, measured in place of the invented ones. ``real.py`` says what it holds.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bench.independence import real
from service.core.coverage.models import Article
from service.core.coverage.syndication import ArticleInfo, cluster_articles
from service.core.resolve.hosts import find_host

ARTICLES = Path(__file__).with_name("articles.jsonl")


class Pair(NamedTuple):
    """Two articles of one story: are they one voice, and what do the rules say?"""

    one: str
    two: str
    held_out: bool
    labelled: bool
    found: bool


def pairs(rows: Iterable[dict]) -> Iterator[Pair]:
    """Every pair of every story, judged with the whole story in view."""
    stories = defaultdict(list)
    for row in rows:
        stories[row["story"]].append(row)
    for told in stories.values():
        group_of = {
            member: number
            for number, group in enumerate(cluster_articles([to_voice(row) for row in told]))
            for member in group.members
        }
        for (i, one), (j, two) in combinations(enumerate(told), 2):
            together = i in group_of and group_of[i] == group_of.get(j)
            labelled = one["voice"] == two["voice"]
            yield Pair(describe(one), describe(two), one["held_out"], labelled, together)


def to_voice(row: dict) -> ArticleInfo:
    """A labelled article as the rules see it."""
    article = Article(**row["article"])
    return ArticleInfo(article, site=find_host(article.url or ""), owner=row["owner"])


def describe(row: dict) -> str:
    return f"{row['story']}/{row['voice']} {row['article']['url']}"


def report(title: str, judged: list[Pair]) -> str:
    """One line of the table in docs/methodology.md."""
    right = sum(pair.labelled and pair.found for pair in judged)
    found = sum(pair.found for pair in judged)
    labelled = sum(pair.labelled for pair in judged)
    precision, recall = right / found, right / labelled
    return (
        f"| {title} | {len(judged)} | {labelled} | {len(judged) - labelled} "
        f"| {found - right} | {labelled - right} | {precision:.3f} | {recall:.3f} |"
    )


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.independence")
    parser.add_argument(
        "stories", nargs="?", type=Path, help="a file of real stories, one JSON object a line"
    )
    parser.add_argument("--faults", action="store_true", help="list the pairs that are judged wrongly")
    parser.add_argument("--all", action="store_true", help="list those that are held out too")
    options = parser.parse_args(arguments)
    if options.stories:
        print(real.report(options.stories))
        return
    judged = list(pairs(json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()))
    print("| pairs | all | one voice | two voices | wrongly joined | missed | precision | recall |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    print(report("all", judged))
    print(report("of them held out", [pair for pair in judged if pair.held_out]))
    if options.faults:
        for pair in judged:
            if pair.labelled != pair.found and (options.all or not pair.held_out):
                print("joined" if pair.found else "missed", pair.one, "~", pair.two)


if __name__ == "__main__":
    main(sys.argv[1:])
