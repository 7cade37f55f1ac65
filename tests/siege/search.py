"""Look for dear requests by evolution: ``python -m tests.siege.search [seconds]`` prints the dearest.

``tests/siege/worst.py`` has those that somebody thought of. Here templates of entries and articles are
mutated, and those whose requests take the most CPU have children. The seed is fixed, the clock is not.
"""

import json
import sys
import time
from collections.abc import Sequence
from itertools import count
from random import Random
from typing import NamedTuple

from tests.siege.worst import COVERAGE, DISTRIBUTION, JSON, Worst, application, send

SEED = 31
SECONDS = 60.0
POPULATION, PARENTS = 24, 6
MAX_TOKENS = 400
# Requests of this many entries are compared; the dearest is measured again at its full size.
TRIAL_ENTRIES, MAX_ENTRIES, MAX_BODY = 60, 1000, 2**20
# A word a piece, but for the blanks, which are added.
WORDS = """
    {n} a The Daily News of x y Zeitung reuters BBC Guardian photo Reuters) (AP) Agence
    France-Presse by said and
    - | — : / // . .. , ; ( ) [ ]( < > &amp; &#x41; 's https:// www. google.com/url?q= %2F %25 ?url= # @ CBMi
    news.google.com/rss/articles/ example.com .co.uk xn-- msn.com/ via Source: 1. 2026-01-01 w{n} ß İ
    Ǆ 한 新华社
    の غ я é 𝔘 Ａ \u0301 \u0323 \u0307 \ufb03 \ufdfa \u3300 \u200b \U0001f1ec\U0001f1e7
"""
TOKENS = (*WORDS.split(), *(f"{word} " for word in WORDS.split()), "\t", "\n")
SERIAL = count(10**6)
FIELDS = ("url", "source", "title", "excerpt")


class Genome(NamedTuple):
    """Templates of an entry, or of the fields of an article; ``{n}`` is the number of each."""

    path: str
    fields: tuple[tuple[str, ...], ...]

    def body(self, entries: int) -> bytes:
        """Return the request of so many entries, at most as long as one may be."""
        made: list[object] = []
        size = 0
        for number in range(entries):
            # No text is met twice: what was resolved before is remembered.
            texts = ["".join(field).replace("{n}", str(number))[:990] for field in self.fields]
            texts[0] = f"{next(SERIAL)} {texts[0]}" if self.path == DISTRIBUTION else texts[0]
            each = texts[0] if self.path == DISTRIBUTION else dict(zip(FIELDS, texts, strict=True))
            size += len(json.dumps(each, ensure_ascii=False).encode()) + 2
            if size > MAX_BODY - 100:
                break
            made.append(each)
        name = "outlets" if self.path == DISTRIBUTION else "articles"
        return json.dumps({name: made}, ensure_ascii=False).encode()

    def cost(self, entries: int) -> float:
        """Return the seconds of CPU that the request takes, 0 where it is refused."""
        body = self.body(entries)
        began = time.process_time()
        status = send(Worst("searched", self.path, kind=JSON), body)
        return time.process_time() - began if status == 200 else 0.0

    def trial(self) -> float:
        """Return the cost of a small request, the lesser of two: a pause of the interpreter is no find."""
        return min(self.cost(TRIAL_ENTRIES), self.cost(TRIAL_ENTRIES))


def make_genome(chance: Random, path: str) -> Genome:
    """Return templates of chance."""
    fields = 1 if path == DISTRIBUTION else len(FIELDS)
    return Genome(path, tuple(tuple(chance.choices(TOKENS, k=chance.randint(1, 60))) for _ in range(fields)))


def mutate(chance: Random, genome: Genome, others: Sequence[Genome]) -> Genome:
    """Return a child: some tokens replaced, repeated or left out, or a field from another parent."""
    fields = [list(field) for field in genome.fields]
    for _ in range(chance.randint(1, 3)):
        field = chance.choice(fields)
        start = chance.randrange(len(field))
        piece = field[start : start + chance.randint(1, 20)]
        match chance.randrange(5):
            case 0:
                field[start:start] = piece * chance.randint(1, 12)
            case 1 if len(field) > len(piece):
                del field[start : start + len(piece)]
            case 2:
                field[start:start] = chance.choice(chance.choice(others).fields)[:40]
            case _:
                field[start : start + 1] = chance.choices(TOKENS, k=chance.randint(1, 3))
        del field[MAX_TOKENS:]
    return Genome(genome.path, tuple(map(tuple, fields)))


def search(seconds: float = SECONDS) -> dict[str, tuple[float, Genome]]:
    """Return the dearest request of each path at its full size, with the seconds of CPU that it takes."""
    chance = Random(SEED)  # noqa: S311  # no secret
    application().test_client().get("/v1/outlets?q=a")  # what is worked out once for a table
    found: dict[str, tuple[float, Genome]] = {}
    for path in (DISTRIBUTION, COVERAGE):
        first = [make_genome(chance, path) for _ in range(2 * POPULATION)]
        ranked = [(genome.trial(), genome) for genome in first]
        until = time.monotonic() + seconds / 2
        while time.monotonic() < until:
            ranked.sort(key=lambda each: -each[0])
            parents = [genome for _, genome in ranked[:PARENTS]]
            children = [mutate(chance, chance.choice(parents), parents) for _ in range(POPULATION)]
            ranked = ranked[:PARENTS] + [(child.trial(), child) for child in children]
        best = max(ranked, key=lambda each: each[0])[1]
        found[path] = (min(best.cost(MAX_ENTRIES) for _ in range(3)), best)
    return found


def main() -> None:
    """Print the dearest requests."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    for path, (cost, genome) in search(seconds).items():
        body = genome.body(MAX_ENTRIES)
        sys.stdout.write(f"{cost * 1000:6.0f} ms  {path}, {len(body):,} bytes\n")
        for field in genome.fields:
            sys.stdout.write(f"           {''.join(field)[:300]!r}\n")


if __name__ == "__main__":
    main()
