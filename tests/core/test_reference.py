"""The service gives the figures that the methodology's second implementation gives, on random requests."""

import os
import random
from pathlib import Path

from msgspec import structs

from service.core.answer import Options
from service.core.bias import LABELS
from service.core.coverage.gap import judge_coverage_gap
from service.core.distribution import score
from service.core.outlets import Outlet, Rater, Rating, combine_ratings
from service.core.resolve.catalog import Catalog
from tests import reference

REQUESTS = 800
SEED = int(os.environ.get("REFERENCE_SEED") or random.SystemRandom().randrange(10**9))
"""Another one each run; a failure names it, and it can be given to see that failure again."""

RATERS = ("one", "two", "three")


def world(chance: random.Random) -> tuple[Catalog, dict[str, reference.Unit]]:
    """A table of outlets with random ratings, as the service and as the reference know it."""
    raters = {
        name: Rater(
            id=name,
            name=name.capitalize(),
            holder="us",
            licence="CC0-1.0",
            commercial_use=True,
            attribution="us",
            url="https://one.example",
            scale={},
        )
        for name in RATERS
    }
    outlets, units = [], {}
    for number in range(400):
        domain = f"outlet-{number}.example"
        said = {name: float(chance.choice((-3, -2, -1.5, -1, 0, 0, 1, 1.5, 2, 3))) for name in RATERS}
        kept = {name: value for name, value in said.items() if chance.random() < 0.45}
        ratings = [Rating(name, str(value), value) for name, value in kept.items()]
        owner = chance.choice((None, None, "One owner", "Another owner", f"Owner {number}"))
        outlets.append(Outlet(domain, f"Outlet {number}", combine_ratings(ratings, raters), owner=owner))
        units[domain] = reference.Unit(kept, owner=owner)
    return Catalog(outlets, (), raters.values()), units


def shown(answer) -> dict:
    """The figures of an answer in the reference's shape."""

    def sides(record) -> list | None:
        return None if record is None else list(structs.astuple(record))

    trust = answer.robustness
    pairs = [
        None if each is None else [list(pair) for pair in sides(each)]
        for each in (trust.interval, trust.label_error, trust.bounds)
    ]
    return {
        "counts": [answer.counts.left, answer.counts.center, answer.counts.right],
        "rated": answer.counts.rated,
        "unrated": answer.counts.unrated,
        "distribution": sides(answer.distribution),
        "leading": list(answer.leading),
        "spectrum": list(answer.spectrum.values()),
        "mean": answer.mean,
        "of_rated": sides(answer.shares.of_rated),
        "of_all": sides(answer.shares.of_all),
        "probability_leading": trust.probability_leading,
        "level": trust.level,
        "interval": pairs[0],
        "label_error": pairs[1],
        "bounds": pairs[2],
        "owners_once": {
            "distribution": sides(trust.owners_once.distribution),
            "merged": trust.owners_once.merged,
        },
        "single_rater": {
            "rated": trust.single_rater.rated,
            "near_center": trust.single_rater.near_center,
            "if_center": sides(trust.single_rater.if_center),
        },
        "by_rater": {
            name: {"distribution": sides(view.distribution), "rated": view.rated}
            for name, view in trust.by_rater.items()
        },
    }


def test_random_requests_give_what_the_page_says():
    chance = random.Random(SEED)  # noqa: S311  # no secret
    catalog, units = world(chance)
    for turn in range(REQUESTS):
        domains = chance.sample(sorted(units), chance.choice((1, 3, 6, 12, 25, 60)))
        raters = tuple(name for name in RATERS if chance.random() < 0.7) or RATERS
        labels = {domain: chance.choice((*LABELS, None)) for domain in domains if chance.random() < 0.05}
        by_entry = chance.random() < 0.3
        asked, entries = [], []
        for domain in domains:
            times = chance.choice((1, 1, 2, 5))
            entries += [domain] * times
            said = {name: value for name, value in units[domain].values.items() if name in raters}
            label = labels.get(domain)
            override = None if label is None else LABELS.index(label) - 3
            said = {} if domain in labels else said
            asked.append(reference.Unit(said, override, units[domain].owner, times if by_entry else 1))
        chance.shuffle(entries)
        count_by = "entry" if by_entry else "outlet"
        answer = score(catalog, entries, Options(raters=raters, overrides=labels, count_by=count_by))
        expected = reference.distribution(asked, raters)
        told = shown(answer)
        assert told == expected, (SEED, turn)
        gap, expected_gap = judge_coverage_gap(tuple(told["counts"])), reference.gap(told["counts"])
        assert gap.sides == expected_gap["thin"], (SEED, turn)
        assert structs.asdict(gap.detectable) == expected_gap["detectable"], (SEED, turn)


def test_the_reference_takes_nothing_from_the_service():
    text = Path(reference.__file__).read_text("utf-8")
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert imports
    assert not [line for line in imports if "service" in line]
