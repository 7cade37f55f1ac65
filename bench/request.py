"""What every server is asked: one list of 24 entries as an app sends them, and thousands of lists like it."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from service.core.outlets import Outlet
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog

ENTRIES = [
    "https://www.reuters.com/world/asia-pacific/putin-arrives-in-tajikistan-2025-10-08/",
    "https://www.nytimes.com/2025/10/08/world/europe/putin-tajikistan.html?smid=url-share",
    "https://www.theguardian.com/world/2025/oct/08/putin-central-asia-summit",
    "https://www.dw.com/en/putin-in-tajikistan/a-74283301",
    "https://www.france24.com/en/asia-pacific/20251008-putin-in-dushanbe",
    "https://www.aljazeera.com/news/2025/10/8/putin-arrives-in-dushanbe",
    "https://www.straitstimes.com/asia/putin-arrives-for-summit-meetings-in-tajikistan",
    "https://www.independent.co.uk/news/world/europe/putin-tajikistan-b2841234.html",
    "https://www.washingtonpost.com/world/2025/10/08/putin-tajikistan/",
    "https://www.wsj.com/world/russia/putin-central-asia-7c1d2f3a",
    "https://www.dailymail.co.uk/news/article-15174001/Putin-Tajikistan.html",
    "https://www.bbc.com/news/articles/c4gpz163vg2o",
    "https://www.npr.org/2025/10/08/nx-s1-5566778/putin-tajikistan",
    "https://www.rferl.org/a/putin-tajikistan-summit/33551234.html",
    "https://tass.com/politics/2027001",
    "https://local-news.example/putin",
    "apnews.com",
    "foxnews.com",
    "cnn.com",
    "breitbart.com",
    "newsmax.com",
    "politico.com",
    "arabnews.com",
    "themoscowtimes.com",
]
BODY = json.dumps({"outlets": ENTRIES}).encode()
PATH = "/v1/distribution"

# Lists in rotation: more than a worker remembers, so that nearly every text of a list is new to it, as it is
# when an app sends the stories of a day.
LISTS = 5_000
UNKNOWN_SHARE = 1 / 6  # entries of hosts that are not listed
WORDS = ("summit", "storm", "budget", "trial", "strike", "vote", "border", "climate", "market", "rescue")


def make_lists(catalog: Catalog, names: float = 0.0, count: int = LISTS) -> list[list[str]]:
    """Lists of 24 like the one above: URLs that no other list has, domains, and a share of ``names``.

    Well-known outlets stand on more lists. Every text means what a look-up by host or by full name says.
    """
    chance = random.Random(5)
    outlets = [each for each in catalog.outlets.values() if each.domain.count(".") == 1 and each.bias]
    outlets.sort(key=lambda outlet: (-outlet.known, outlet.domain))
    bearers = Counter(outlet.name.lower() for outlet in catalog.outlets.values())
    weights = list(accumulate(1 / rank**0.8 for rank in range(1, len(outlets) + 1)))

    def entry(number: int, at: int) -> str:
        slug = f"2026/11/{at:02}/{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number * len(ENTRIES) + at}"
        if chance.random() < UNKNOWN_SHARE:
            return f"https://www.local-{chance.randrange(20_000)}.example/{slug}"
        (outlet,) = chance.choices(outlets, cum_weights=weights)
        if chance.random() < names and is_plain_name(catalog, outlet, bearers):
            return outlet.name
        return f"https://www.{outlet.domain}/{slug}" if at % 3 else outlet.domain

    return [[entry(number, at) for at in range(len(ENTRIES))] for number in range(count)]


def is_plain_name(catalog: Catalog, outlet: Outlet, bearers: Mapping[str, int]) -> bool:
    """Tell whether one outlet alone bears the name, and no stranger does."""
    match = resolve(catalog, outlet.name)
    plain = match.rule is not None and (match.rule.by, match.rule.confidence) == ("name", 0.98)
    alone = bearers[outlet.name.lower()] == 1 and not match.candidates
    return plain and alone and match.outlet is outlet
