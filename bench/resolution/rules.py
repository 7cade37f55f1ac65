"""How often each rule of names decides, right and wrong: by list, by half of a list, and by confidence.

A row judges with its host: a name is right if it leads to the outlet of that host. Where the host is not
listed, what is found is a stranger. Some of these are the same paper at an older address, which only a reader
can tell. What lists say of a host (``facts/namesakes.csv``) is left out while the rows of that host are
judged, so that no list is judged by itself. The halves are split by a hash of the name.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from service.core.outlets import Outlet
from service.core.resolve import ANYWHERE, Catalog, Match, resolve
from service.core.resolve.hosts import find_host, strip_www
from service.core.resolve.name_matching import RULES
from service.core.resolve.normalization import normalize_name
from service.editor.name_agreement import read_list

FOLDS = 5
OUTCOMES = ("same", "other", "ambiguous", "unknown")


def hash_text(text: str, buckets: int) -> int:
    return hashlib.sha256(text.strip().lower().encode()).digest()[0] % buckets


def name_rule(catalog: Catalog, name: str, match: Match) -> str:
    """Return the rule that led to a match."""
    key = normalize_name(name.strip())
    if key in catalog.names.entries and match.rule:
        return "own name" if match.rule.by == "name" else "alias"
    found = (rule.__name__ for rule in RULES if rule(catalog.names, name.strip(), key, ANYWHERE))
    return next(found, "host, link or decoration")


def split_catalogs(catalog: Catalog) -> list[Catalog]:
    """Return catalogs that each lack what lists say of one part of the hosts."""
    return [
        Catalog(
            catalog.outlets.values(),
            catalog.aliases,
            catalog.raters.values(),
            namesakes=[
                row for row in catalog.namesakes if hash_text(row.host.partition("/")[0], FOLDS) != fold
            ],
        )
        for fold in range(FOLDS)
    ]


def judge_rows(catalogs: list[Catalog], path: Path) -> Iterator[tuple[str, int, str, str, float]]:
    """Yield list, half, outcome, rule and confidence of each row of a list that can be judged."""
    for row in read_list(path):
        name, host = row["name"].strip(), strip_www(find_host(row["url"].strip()) or "")
        catalog = catalogs[hash_text(host, FOLDS)]
        by_url, by_name = resolve(catalog, row["url"].strip()), resolve(catalog, name)
        if not name or by_url.status not in ("found", "unknown"):
            continue
        outcome = compare(by_name, by_url.outlet)
        confidence = by_name.rule.confidence if by_name.rule else 0.0
        yield path.stem, hash_text(name, 2), outcome, name_rule(catalog, name, by_name), confidence


def compare(by_name: Match, outlet: Outlet | None) -> str:
    if outlet is None:
        return "stranger" if by_name.outlet else "nobody"
    if by_name.outlet is None:
        return by_name.status if by_name.status in OUTCOMES else "unknown"
    return "same" if by_name.outlet.domain == outlet.domain else "other"


def print_rules(catalog: Catalog, paths: list[Path]) -> None:
    files = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    catalogs = split_catalogs(catalog)
    rows = [row for file in files for row in judge_rows(catalogs, file)]
    print(f"{'list':20} {'half':>4} {'known':>6} {'same':>7} {'other':>7} {'host unknown':>13} {'found':>7}")
    for name in dict.fromkeys(row[0] for row in rows):
        for half in (0, 1):
            tally = Counter(outcome for each, part, outcome, _, _ in rows if (each, part) == (name, half))
            known, nobody = sum(tally[each] for each in OUTCOMES), tally["stranger"] + tally["nobody"]
            shares = tally["same"] / max(known, 1), tally["other"] / max(known, 1)
            found = tally["stranger"] / max(nobody, 1)
            print(f"{name:20} {half:4} {known:6} {shares[0]:7.1%} {shares[1]:7.2%} {nobody:13} {found:7.2%}")
    print_tally("rule", [(row[3], row[0], row[1], row[2]) for row in rows if row[4]])
    print_tally("confidence", [(f"{row[4]:.2f}", row[0], row[1], row[2]) for row in rows if row[4]])


def print_tally(what: str, rows: list[tuple[str, str, int, str]]) -> None:
    """Print right/wrong/stranger by list and half, as ``half 0 · half 1``."""
    tally: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    for key, name, half, outcome in rows:
        tally[key, name, half][outcome] += 1
    lists = list(dict.fromkeys(row[1] for row in rows))
    print(f"\n{what} (right/wrong/stranger, half 0 · half 1)")
    for key in sorted({row[0] for row in rows}):
        total = sum((tally[key, name, half] for name in lists for half in (0, 1)), Counter())
        shown = [f"{total['same']}/{total['other']}/{total['stranger']}"]
        for name in lists:
            halves = [tally[key, name, half] for half in (0, 1)]
            if sum(halves, Counter()):
                parts = (f"{each['same']}/{each['other']}/{each['stranger']}" for each in halves)
                shown.append(f"{name} {' · '.join(parts)}")
        print(f"  {key:24} {'; '.join(shown)}")
