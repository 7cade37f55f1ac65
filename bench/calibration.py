"""How often a leading side is right, by what we say of it: ``python -m bench.calibration [LABELS.csv]``.

Stories are drawn from the shipped outlets: the shares of their sides differ from story to story as those of
118 displayed ones did (Dirichlet, correlation 0.11 between the sources of one). Each is scored with the
raters of a configuration, and a judge who was not asked says which side leads among all its outlets.

Without ``LABELS.csv`` the raters judge each other. MBFC draws the center narrowly, AllSides widely. Where
both are scored, each judge is half of what it judges, which flatters: labels of others, in a file with the
columns ``domain`` and ``side``, are a fairer judge. Whose they are is for who has the file to say.
"""

import csv
import random
import sys
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from service.core.answer import Options
from service.core.bias import SIDES, side_index
from service.core.coverage.gap import USUAL_SHARES
from service.core.distribution import Scorer
from service.core.resolve import Catalog
from service.dataset.load import load
from service.settings import Settings

STORIES = 1_500
SIZES = ((10, 60), (80, 250))
# Of a Dirichlet distribution with correlation 0.11: (1 - 0.11) / 0.11.
CONCENTRATION = 8
RATERS = ("allsides", "mbfc")
Labels = Mapping[str, int]


class Verdict(NamedTuple):
    """What was said of a story's lead, and whether the judge has the same side in front."""

    level: str
    chance: float
    lead: str | None
    right: bool
    held: int


def read_labels(path: Path) -> Labels:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["domain"]: SIDES.index(row["side"]) for row in csv.DictReader(file) if row["side"] in SIDES
        }


def labels_by(catalog: Catalog, rater: str) -> Labels:
    rated = ((domain, outlet.bias) for domain, outlet in catalog.outlets.items() if outlet.bias)
    return {
        domain: side_index(rating.value)
        for domain, bias in rated
        for rating in bias.ratings
        if rating.rater == rater
    }


def draw_story(labels: Sequence[Sequence[str]], size: int, chance: random.Random) -> list[str]:
    usual = (USUAL_SHARES.left, USUAL_SHARES.center, USUAL_SHARES.right)
    parts = [chance.gammavariate(CONCENTRATION * share, 1) for share in usual]
    counts = [
        min(len(known), round(part / sum(parts) * size)) for known, part in zip(labels, parts, strict=True)
    ]
    return [domain for known, n in zip(labels, counts, strict=True) for domain in chance.sample(known, n)]


def judge(scorer: Scorer, labels: Labels, sizes: tuple[int, int]) -> list[Verdict]:
    chance = random.Random(7)
    by_side = [sorted(domain for domain, side in labels.items() if side == i) for i in range(3)]
    verdicts = []
    for _ in range(STORIES):
        story = draw_story(by_side, chance.randint(*sizes), chance)
        answer = scorer.score(story)
        truth = [sum(labels[domain] == i for domain in story) for i in range(3)]
        best = [SIDES[i] for i in range(3) if truth[i] == max(truth)]
        trust = answer.robustness
        if trust.level == "too_few" or trust.label_error is None:
            continue
        lead = answer.leading[0] if len(answer.leading) == 1 else None
        held = sum(
            low <= n / len(story) <= high
            for n, (low, high) in zip(
                truth, (getattr(trust.label_error, side) for side in SIDES), strict=True
            )
        )
        verdicts.append(Verdict(trust.level, trust.probability_leading or 0.0, lead, best == [lead], held))
    return verdicts


def describe(verdicts: Sequence[Verdict]) -> str:
    """Return the cells of a row, from how often the leader is right to what ``label_error`` held."""

    def share(found: Sequence[Verdict]) -> str:
        return f"{sum(each.right for each in found) / len(found):.3f}" if found else "–"

    firm = [each for each in verdicts if each.level == "firm"]
    likely = [each for each in verdicts if each.level == "likely"]
    by_side = " / ".join(share([each for each in firm if each.lead == side]) for side in SIDES)
    leading = [each for each in verdicts if each.lead]
    chances = [min(max(each.chance, 1e-4), 1 - 1e-4) for each in leading]
    loss = -sum(log(p if v.right else 1 - p) for p, v in zip(chances, leading, strict=True)) / len(leading)
    held = sum(each.held for each in verdicts) / (3 * len(verdicts))
    return (
        f"{share(leading)} | {len(firm) / len(verdicts):.2f} | {share(firm)} | {by_side} | {share(likely)} "
        f"| {loss:.3f} | {held:.3f}"
    )


def main(arguments: Sequence[str]) -> None:
    catalog = load(Settings())
    judges = {rater: labels_by(catalog, rater) for rater in RATERS}
    if arguments:
        known = read_labels(Path(arguments[0]))
        judges = {"labels": {domain: side for domain, side in known.items() if domain in catalog.outlets}}
    print(
        "| raters | judge | outlets | leader right | firm said | firm right | led by left / center / right "
        "| likely right | log loss | in `label_error` |"
    )
    print("| --- " * 10 + "|")
    for raters in (RATERS, *((rater,) for rater in RATERS)):
        for name, labels in judges.items():
            if (name,) != raters:
                for sizes in SIZES:
                    scorer = Scorer(catalog, Options(raters=raters, detail="summary"))
                    row = describe(judge(scorer, labels, sizes))
                    print(f"| {' + '.join(raters)} | {name} | {sizes[0]}–{sizes[1]} | {row} |")


if __name__ == "__main__":
    main(sys.argv[1:])
