"""``/v1/distribution``: the main job."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote_plus, urlencode

from flask import Blueprint, request
from msgspec import UNSET, structs

from service.core.answer import Distribution, Links, ScoredEntry
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.resolve import EntryFields
from service.requests.schemas import DistributionQuery, DistributionRequest, QueryOptions, normalize_country
from service.web.framework.endpoint import Counted, endpoint, get_catalog
from service.web.framework.responses import CSV_CONTENT_TYPE, Row

blueprint = Blueprint("scoring", __name__)

Entry = str | EntryFields

CSV_PATH = "/v1/distribution.csv"
# Servers and chats cut longer addresses.
MAX_LIST_LENGTH = 1500
# What `quote_plus` makes of ASCII: the sign of escapes first, and the blank last, which becomes a plus.
SAFE_IN_QUERY = "/:?@=,"
_ASCII = ("%", *(chr(code) for code in range(128) if chr(code) not in "% "), " ")
ESCAPES = [
    (char, quote_plus(char, SAFE_IN_QUERY)) for char in _ASCII if quote_plus(char, SAFE_IN_QUERY) != char
]


@endpoint(
    blueprint,
    "/v1/distribution",
    methods=("POST", "QUERY"),
    body=DistributionRequest,
    answer=Distribution,
    csv_path=CSV_PATH,
)
def post_distribution(body: DistributionRequest) -> Counted:
    """Score the outlets that cover one story."""
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(add_links(answer, body.outlets, body), answer.counts.by_status)


@endpoint(blueprint, "/v1/distribution", query=DistributionQuery, answer=Distribution, csv_path=CSV_PATH)
def get_distribution(query: DistributionQuery) -> Counted:
    """Score a short list of outlets. The answer can be cached."""
    answer = score(get_catalog(), query.outlet, query.options())
    return Counted(add_links(answer, query.outlet, query), answer.counts.by_status)


@endpoint(
    blueprint, CSV_PATH, methods=("POST",), body=DistributionRequest, answer=str, media=CSV_CONTENT_TYPE
)
def post_distribution_csv(body: DistributionRequest) -> Counted:
    """Score the outlets that cover one story into a table with a row for each entry."""
    answer = score(get_catalog(), body.outlets, body.options())
    return Counted(entry_rows(answer), answer.counts.by_status)


def add_links(answer: Distribution, entries: Sequence[Entry], options: QueryOptions) -> Distribution:
    """Return an answer with the addresses of its page and its bar."""
    root, counts = request.script_root, answer.counts
    figures = f"left={counts.left}&center={counts.center}&right={counts.right}&unrated={counts.unrated}"
    page = make_page_query(entries, options, answer.dataset.raters)
    links = Links(
        page=f"{root}/?{page}" if page else None,
        bar_svg=f"{root}/v1/bar.svg?{figures}",
        bar_png=f"{root}/v1/bar.png?{figures}",
    )
    return structs.replace(answer, links=links)


def make_page_query(entries: Sequence[Entry], options: QueryOptions, raters: Sequence[str]) -> str | None:
    """Return the query of the page that shows the list, if it is short and the page has all the options."""
    if options.region or options.min_factuality or getattr(options, "overrides", None):
        return None
    texts = [entry if isinstance(entry, str) else entry_text(entry) or "" for entry in entries]
    text = "\n".join(texts)
    if len(text) > MAX_LIST_LENGTH or text.count("\n") >= len(texts):
        return None
    query = f"outlets={quote(text)}&form=list"
    # As the answer has them: one that is asked in other letters has the same links.
    chosen = {
        "raters": raters if options.raters else None,
        "count_by": options.count_by if options.count_by != "outlet" else None,
        "country": normalize_country(options.country) if options.country else None,
        "ties": options.ties if options.ties != "never" else None,
    }
    given = {name: value for name, value in chosen.items() if value}
    return f"{query}&{urlencode(given, doseq=True)}" if given else query


def quote(text: str) -> str:
    if not text.isascii():
        return quote_plus(text, SAFE_IN_QUERY)
    # The library goes letter by letter, in Python. Few of these characters are in a list.
    for char, escape in ESCAPES:
        if char in text:
            text = text.replace(char, escape)
    return text


def entry_text(entry: Entry) -> str | None:
    """Return the text of an entry, or the first field of an object."""
    return entry if isinstance(entry, str) else entry.url or entry.domain or entry.name


def entry_rows(answer: Distribution) -> Iterator[Row]:
    """Yield a header, then one row an entry with each rater's label."""
    if answer.outlets is UNSET:
        raise RequestError("/detail", "a table has a row for each entry; leave `detail` out for CSV")
    raters = answer.dataset.raters
    yield (
        *("index", "input", "status", "domain", "name", "label", "side", "value", "spread", *raters),
        *("factuality", "country", "match_by", "confidence", "duplicate_of"),
    )
    for entry in answer.outlets:
        yield entry_row(entry, raters)


def entry_row(entry: ScoredEntry, raters: Sequence[str]) -> Row:
    bias, match = entry.bias, entry.match
    labels = {rating.rater: rating.label for rating in bias.ratings} if bias else {}
    return (
        *(entry.index, entry_text(entry.input), entry.status, entry.domain, entry.name),
        *((bias.label, bias.side, bias.value, bias.spread) if bias else (None,) * 4),
        *(labels.get(rater) for rater in raters),
        *(entry.factuality, entry.country),
        *((match.by, match.confidence) if match else (None, None)),
        entry.duplicate_of,
    )
