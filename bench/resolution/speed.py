"""``python -m bench.resolution.speed``: how fast entries become outlets, as ratios in one run.

The yardstick for addresses is tldextract with its bundled list, which only cuts a host into its parts.
"""

import timeit
from collections.abc import Callable

import tldextract

from service.core.resolve import resolve
from service.core.resolve.suggest import Suggester
from service.dataset.load import load
from service.settings import Settings

HOSTILE = {
    "126 labels": "a." * 126 + "com",
    "longest labels": ("x" * 63 + ".") * 3 + "evil.com",
    "look-alike": "https://www.reuters.com.evil.net/x",
    "other letters": "https://" + "ü." * 120 + "de/",
    "a megabyte": "https://" + "x" * 1_000_000,
    "user information": "https://" + "reuters.com@" * 300 + "evil.net/",
}


def measure_seconds(work: Callable[[], object], number: int = 50, repeats: int = 60) -> float:
    """Best of many short runs, for one call: what the work costs when nothing else has the core."""
    return min(timeit.repeat(work, number=number, repeat=repeats)) / number


def make_article_urls(domains: list[str]) -> list[str]:
    """Ordinary article URLs: nine of ten on the listed host, the others below it or unknown."""
    path = "world/2026/10/08/putin-lands-in-dushanbe-for-a-three-day-visit?utm_source=rss&utm_medium=feed"
    hosts = ["www.{}"] * 18 + ["edition.{}", "www.{}.unknown.example"]
    return [f"https://{hosts[n % 20].format(domain)}/{path}" for n, domain in enumerate(domains[::100])]


def main() -> None:
    catalog = load(Settings())
    urls = make_article_urls(list(catalog.outlets))
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    cut = measure_seconds(lambda: [extract(url) for url in urls], 1) / len(urls)
    found = measure_seconds(lambda: [resolve(catalog, url) for url in urls], 1) / len(urls)
    print("| what | measured | bound |\n| --- | --- | --- |")
    print(f"| URL → outlet beside tldextract ({len(urls)} URLs) | {cut / found:.1f}× faster | 3× |")
    print(f"| one URL | {found * 1e6:.2f} µs | |")
    for name, host in HOSTILE.items():
        took = measure_seconds(lambda host=host: resolve(catalog, host))
        print(f"| hostile host, {name} | {took * 1e6:.1f} µs | 5 µs |")
    names = [f"Unknown Gazette of Nowhere {n}" for n in range(1000)]
    resolving = measure_seconds(lambda: [resolve(catalog, name) for name in names], 1, 10)
    print(f"| 1,000 unknown names, resolved | {resolving * 1e3:.1f} ms | 10 ms |")
    suggester = Suggester(catalog)
    asked = ("new york news of the world", "Washingtn Post")
    slowest = max(measure_seconds(lambda text=text: suggester.like(text), 1, 10) for text in asked)
    print(f"| suggestions for a text, slowest of two | {slowest * 1e3:.1f} ms | |")


if __name__ == "__main__":
    main()
