"""``python -m bench.resolution``: the labelled cases against the shipped table: correct, miss, wrong.

A case expects a domain or a status (``ambiguous``, ``platform``, ``unknown``, ``invalid``), or one of several
with ``|`` between them. *Wrong* is an outlet that was not expected: a false label on a publisher. *Miss* is
anything else that was not expected.

Arguments are lists of outlets with the columns ``name`` and ``url``: of the rows whose URL is an outlet's,
how many have the same outlet by their name. Each disagreement is printed, and the share right by confidence.
``--rules`` before lists, or folders of lists, prints how often each rule of names decides, right and wrong.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from bench.resolution.rules import print_rules
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import Match
from service.dataset.load import load
from service.editor.name_agreement import compare_names, read_list
from service.settings import Settings

CASES = Path(__file__).with_name("cases.csv")


def describe_match(match: Match) -> str:
    return match.outlet.domain if match.outlet else match.status


def judge(match: Match, expected: str) -> str:
    if describe_match(match) in expected.split("|"):
        return "correct"
    return "wrong" if match.outlet else "miss"


def run_cases(catalog: Catalog) -> list[tuple[dict[str, str], Match, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    matches = [resolve(catalog, case["entry"]) for case in cases]
    return [(case, match, judge(match, case["expected"])) for case, match in zip(cases, matches, strict=True)]


def main() -> None:
    catalog = load(Settings())
    if sys.argv[1:2] == ["--rules"]:
        print_rules(catalog, [Path(argument) for argument in sys.argv[2:]])
        return
    results = run_cases(catalog)
    for case, match, verdict in results:
        if verdict != "correct":
            print(f"{verdict:5} {case['entry'][:60]!r}: {describe_match(match)}, expected {case['expected']}")
    kinds = Counter((case["kind"], verdict) for case, _, verdict in results)
    print(f"\n{'kind':10} {'cases':>6} {'correct':>8} {'miss':>6} {'wrong':>6}")
    for kind in [*dict.fromkeys(case["kind"] for case, _, _ in results), "all"]:
        counts = [
            sum(n for (k, v), n in kinds.items() if kind in (k, "all") and v == verdict)
            for verdict in VERDICTS
        ]
        print(f"{kind:10} {sum(counts):6} {counts[0]:8} {counts[1]:6} {counts[2]:6}")
    print_by_confidence(
        "cases",
        [(m.rule.confidence, verdict == "correct") for _, m, verdict in results if m.rule and m.outlet],
    )
    print_lists(catalog, [Path(argument) for argument in sys.argv[1:]])


def print_lists(catalog: Catalog, paths: list[Path]) -> None:
    """Print how far names and URLs of public lists agree."""
    found: list[tuple[float, bool]] = []
    for path in paths:
        agreed = compare_names(catalog, read_list(path))
        print(f"\n{path.name}", *agreed.lines(), sep="\n  ")
        found += [
            (row.by_name.rule.confidence, row.verdict == "same") for row in agreed.rows if row.by_name.rule
        ]
    if found:
        print_by_confidence("lists", found)


def print_by_confidence(what: str, found: list[tuple[float, bool]]) -> None:
    """Print the share that is right of each step of confidence: what the step is worth."""
    print(f"\n{'confidence':10} {'found':>6} {'right':>8}  ({what})")
    for step in sorted({confidence for confidence, _ in found}, reverse=True):
        right = [ok for confidence, ok in found if confidence == step]
        print(f"{step:10} {len(right):6} {sum(right) / len(right):8.1%}")


VERDICTS = ("correct", "miss", "wrong")

if __name__ == "__main__":
    main()
