"""Addresses of the very answer: the page that shows it, and its bar as a picture."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote_plus, urlencode

from flask import request
from msgspec import structs

from service.core.answer import Distribution, Links
from service.core.resolve import EntryFields
from service.requests.schemas import QueryOptions, normalize_country

# Servers and chats cut longer addresses.
MAX_LIST_LENGTH = 1500

# What `quote_plus` makes of ASCII: the sign of escapes first, and the blank last, which becomes a plus.
_RESERVED = ("%", *(chr(code) for code in range(128) if chr(code) not in "% "), " ")
ESCAPES = [(char, quote_plus(char)) for char in _RESERVED if quote_plus(char) != char]


def add_links(
    answer: Distribution, entries: Sequence[str | EntryFields], options: QueryOptions
) -> Distribution:
    """Return an answer with its links."""
    root, counts = request.script_root, answer.counts
    figures = f"left={counts.left}&center={counts.center}&right={counts.right}&unrated={counts.unrated}"
    page = make_page_query(entries, options, answer.dataset.raters)
    links = Links(
        page=f"{root}/?{page}" if page else None,
        bar_svg=f"{root}/v1/bar.svg?{figures}",
        bar_png=f"{root}/v1/bar.png?{figures}",
    )
    return structs.replace(answer, links=links)


def make_page_query(
    entries: Iterable[str | EntryFields], options: QueryOptions, raters: Sequence[str]
) -> str | None:
    """Return the query of the page that shows the list, if it is short and the page has all the options."""
    texts = [
        each if isinstance(each, str) else each.url or each.domain or each.name or "" for each in entries
    ]
    if sum(map(len, texts)) > MAX_LIST_LENGTH or len(texts) > MAX_LIST_LENGTH:
        return None
    text = "\n".join(texts)
    if (
        text.count("\n") >= len(texts)
        or options.region
        or options.min_factuality
        or getattr(options, "overrides", None)
    ):
        return None
    query = f"outlets={_quote(text)}&form=list"
    # As the answer has them: one that is asked in other letters has the same links.
    chosen = {
        "raters": raters if options.raters else None,
        "count_by": options.count_by if options.count_by != "outlet" else None,
        "country": normalize_country(options.country),
        "ties": options.ties if options.ties != "never" else None,
    }
    given = {name: value for name, value in chosen.items() if value}
    return f"{query}&{urlencode(given, doseq=True)}" if given else query


def _quote(text: str) -> str:
    # `quote_plus` goes letter by letter in Python; few of these characters are in a list.
    if not text.isascii():
        return quote_plus(text)
    for char, escape in ESCAPES:
        if char in text:
            text = text.replace(char, escape)
    return text
