"""Server time of ``POST /v1/coverage`` on one core: ``python -m bench.coverage``.

The time is that of the processor for the whole WSGI call in one process: JSON in, JSON out, no network.
Beside an ordinary story of 560 articles stand the worst that a caller can send within the limits.
"""

import json
import random
import time
from collections.abc import Callable

from flask.testing import FlaskClient

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app

ROUNDS = 15
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in ("a", "el", "io", "un")]
WORDS = [a + b for a in SYLLABLES for b in SYLLABLES]
FREQUENCY = [1 / rank for rank in range(1, len(WORDS) + 1)]
"""Zipf's law: in any language the word of rank n is about 1/n as frequent as the first."""

STORY = {"id": "1", "title": "A story", "summary": "What happened.", "points": ["one", "two", "three"]}
Articles = list[dict]


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, FREQUENCY, k=words))


def ordinary(hosts: list[str], n: int) -> Articles:
    """Every fourth article is a copy of one of eight wire texts, and every second copy says so."""
    chance = random.Random(1)
    wires = [(text(chance, 10), text(chance, 45), agency) for agency in ("Reuters", "AP", "AFP", "dpa") * 2]
    made = []
    for at in range(n):
        title, excerpt, agency = chance.choice(wires)
        if at % 4:
            title, excerpt = text(chance, 10), text(chance, 45)
        elif at % 8:
            excerpt = f"SOMEWHERE, Nov 18 ({agency}) - {excerpt}"
        url = (
            f"https://www.{hosts[at % len(hosts)]}/world/{title.replace(' ', '-')}-{chance.randrange(10**7)}"
        )
        published = f"2026-11-{10 + at % 9}T{at % 24:02}:{at % 60:02}:00Z"
        made.append(
            {"url": url, "source": None, "title": title, "excerpt": excerpt, "published_at": published}
        )
    return made


def identical(hosts: list[str], n: int) -> Articles:
    body = text(random.Random(2), 100)
    return [{"url": f"https://{hosts[at]}/x", "title": body[:200], "excerpt": body[:600]} for at in range(n)]


def near_identical(hosts: list[str], n: int) -> Articles:
    body = text(random.Random(3), 90)
    return [
        {"url": f"https://{hosts[at]}/x", "title": f"{at} {body[:80]}", "excerpt": f"{at} {body[:500]} {at}"}
        for at in range(n)
    ]


def patchwork(hosts: list[str], n: int) -> Articles:
    """Texts made of the same few runs of words in another order: alike in every part, never the same."""
    chance = random.Random(4)
    runs = [text(chance, 5) for _ in range(60)]
    return [
        {"url": f"https://{hosts[at]}/x", "excerpt": " ".join(chance.choices(runs, k=20))[:600]}
        for at in range(n)
    ]


def brackets(hosts: list[str], n: int) -> Articles:
    """What the search for credits dislikes most: openings without an end, names that are no credit."""
    odd = ("(Reuters " * 20 + "By a, b, c of AP for AFP — " * 20)[:400]
    return [
        {"url": f"https://{hosts[at]}/x", "title": odd[:300], "excerpt": odd + str(at)} for at in range(n)
    ]


def paths(hosts: list[str], n: int) -> Articles:
    return [{"url": f"https://a{at}.example/one-two-three-four/1234567?{at}"} for at in range(n)]


def names(hosts: list[str], n: int) -> Articles:
    chance = random.Random(5)
    return [{"source": text(chance, 4).title()} for _ in range(n)]


def milliseconds(client: FlaskClient, articles: Articles) -> float:
    """Time of the fastest of several calls: what neighbours on the machine take is not the service's."""
    body = json.dumps({"story": STORY, "articles": articles}).encode()
    taken = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        response = client.post("/v1/coverage", data=body, content_type="application/json")
        taken.append((time.process_time() - start) * 1000)
        assert response.status_code == 200, response.text[:300]
    return min(taken)


def main() -> None:
    catalog = load(Settings())
    hosts = sorted(catalog.outlets)
    random.Random(0).shuffle(hosts)
    client = create_app(Settings(), catalog).test_client()
    stories: list[tuple[Callable[[list[str], int], Articles], int]] = [
        *((ordinary, n) for n in (24, 100, 560, 1000)),
        *((worst, 1000) for worst in (identical, near_identical, patchwork, brackets, paths, names)),
    ]
    print("| story | articles | ms | µs an article |\n| --- | --- | --- | --- |")
    for make, n in stories:
        took = milliseconds(client, make(hosts, n))
        print(f"| {make.__name__.replace('_', ' ')} | {n} | {took:.1f} | {took / n * 1000:.0f} |")


if __name__ == "__main__":
    main()
