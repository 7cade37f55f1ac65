"""The articles in any JSON body: a news API's answer, a feed reader's or a scraper's, as it came.

No service is known by name. The articles are the list of objects that reads most like articles, wherever it
lies. A field is told by the words in its name, and an article is taken where it says whose it is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from msgspec import Struct

from service.core.coverage.models import Article
from service.core.coverage.timeline import parse_date
from service.core.errors import RequestError, escape_pointer
from service.core.payload.field_roles import split_words, to_words
from service.core.payload.reading import MAX_FIELDS, Reading, Scalar, read_article, read_fields
from service.core.resolve import Match
from service.core.resolve.match import INVALID

# A hostile body may nest lists without end. What lies beyond these bounds is not looked at.
MAX_DEPTH = 10
MAX_VISITS = 2000
SAMPLE_SIZE = 8

MAX_CANDIDATES = 3
MAX_IGNORED = 100
MAX_IGNORED_LENGTH = 60
MAX_NAMED = 8
MAX_PORTAL_LENGTH = 60

EXAMPLE = '{"articles":[{"url":"https://www.reuters.com/world/","title":"A headline"}]}'
NEWS = to_words("news article articles story stories headlines")
NEVER_ARTICLES = to_words(
    "related similar recommended promoted sponsored image images img photo photos video videos multimedia "
    "author authors creators contributors user users account comments companies people persons tags "
    "keywords mentions about highlight thumbnail thumbnails errors"
)
# A step of a path that stands for every item of a list.
ITEMS = "*"

Path = tuple[str, ...]
Resolve = Callable[[str], Match]


class Payload(Struct, frozen=True):
    """The articles of a body, fields of it that say nothing here, and how many items were no articles."""

    articles: list[Article]
    ignored: tuple[str, ...]
    skipped: int
    pointer: str


class NoArticlesError(RequestError):
    """No list of the body holds articles, or two could both be meant."""


class ArticleList(Struct):
    """A list of objects in a body, by its path. ``kinds`` is how much of an article its items mostly have."""

    path: Path
    sample: list[Mapping[str, Any]]
    usable: bool = False
    complete: bool = False
    kinds: int = 0

    def judge(self) -> "ArticleList":
        """Read the sample."""
        readings = [read_article(record) for record in self.sample]
        self.usable = any(reading.is_usable for reading in readings)
        self.complete = 2 * sum(reading.is_complete for reading in readings) >= len(readings)
        self.kinds = sorted(reading.count_kinds() for reading in readings)[len(readings) // 2]
        return self


def read_payload(body: Any, resolve: Resolve, limit: int) -> Payload:
    """Read the articles of ``body``.

    Raise ``RequestError`` where there are none, where two lists could both be meant, or more than ``limit``.
    """
    lists = [each.judge() for each in find_lists(body)]
    paths = choose_paths(lists)
    items = [item for path in paths for item in collect(body, path, lists)] if paths else [body]
    pointer = to_pointer(paths[0]) if paths else ""
    if len(items) > limit:
        raise RequestError(pointer, f"{len(items)} entries given, {limit} allowed")
    found = [read_article(item) for item in items if isinstance(item, dict)]
    readings = [
        reading for reading in found if (reading.is_usable if paths else reading.is_usable and reading.titles)
    ]
    if not readings:
        raise no_articles(body, lists)
    ignored = dict.fromkeys(name for reading in readings for name in reading.ignored)
    if paths and isinstance(body, dict):
        chosen = {path[0] for path in paths}
        ignored |= {name: None for name, value in body.items() if name not in chosen and value is not None}
    articles = [to_article(reading, resolve) for reading in readings]
    return Payload(articles, list_names(ignored), len(items) - len(readings), pointer)


def find_lists(body: Any) -> Iterable[ArticleList]:
    """Find the lists of objects in a body, the outer ones first, with a sample of each."""
    found: dict[Path, ArticleList] = {}
    waiting: deque[tuple[Path, Any]] = deque([((), body)])
    for _ in range(MAX_VISITS):
        if not waiting:
            break
        path, value = waiting.popleft()
        if isinstance(value, dict) and not is_keyed_by_id(value):
            fields = islice(value.items(), MAX_FIELDS)
            inner = [((*path, name), each) for name, each in fields if may_hold_articles(name, each)]
        else:
            path = (*path, ITEMS)
            inner = [
                (path, each)
                for each in islice(iterate_items(value), SAMPLE_SIZE)
                if isinstance(each, dict | list)
            ]
            if records := [each for _, each in inner if isinstance(each, dict)]:
                known = found.setdefault(path, ArticleList(path, []))
                known.sample += records[: SAMPLE_SIZE - len(known.sample)]
        if len(path) < MAX_DEPTH:
            waiting += inner
    return found.values()


def iterate_items(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def may_hold_articles(name: str, value: Any) -> bool:
    return bool(value) and isinstance(value, dict | list) and NEVER_ARTICLES.isdisjoint(split_words(name))


def is_news(name: str) -> bool:
    return not NEWS.isdisjoint(split_words(name))


def is_keyed_by_id(value: Mapping[str, Any]) -> bool:
    """Return True for an object that is a list by the ids of its items."""
    few = islice(value.items(), SAMPLE_SIZE)
    return bool(value) and all(
        isinstance(item, dict) and not name.isidentifier() and name[:1] not in "$@#" for name, item in few
    )


def choose_paths(lists: Iterable[ArticleList]) -> list[Path]:
    """Choose the list that is meant, or the lists of a page that has its articles by section."""
    usable = [each for each in lists if each.usable]
    if not usable:
        return []
    best = max(usable, key=lambda each: (each.path[:1] == ("articles",), each.complete, each.kinds))
    enough = max(best.kinds - 1, 2) if best.complete else best.kinds
    rivals = [
        each
        for each in usable
        if each.complete >= best.complete and each.kinds >= enough and not is_inside(each.path, best.path)
    ]
    paths = [each.path for each in rivals if each is best or not is_inside(best.path, each.path)]
    inner = [path for path in paths if len(path) > 2 and any(map(is_news, path))]
    if len(paths) > 1 and inner:
        paths = inner
    if len(paths) == 1 or (len(paths[0]) > 2 and len({path[:-2] for path in paths}) == 1):
        return paths
    both = " and ".join(map(format_path, paths[:2]))
    raise NoArticlesError(
        to_pointer(paths[1]), f"{both} both hold articles; send those that are meant: {EXAMPLE}"
    )


def is_inside(path: Path, other: Path) -> bool:
    return path != other and path[: len(other)] == other


def collect(value: Any, path: Path, lists: Iterable[ArticleList] = ()) -> Iterator[Any]:
    """Yield the items at ``path``. An item that is no article gives way to the articles of a list in it."""
    inner = [each.path[len(path) :] for each in lists if each.complete and is_inside(each.path, path)]
    for item in walk(value, path):
        expanded: list[Any] = []
        if inner and isinstance(item, dict) and not read_fields(item).is_complete:
            expanded = [each for rest in inner for each in walk(item, rest)]
        yield from expanded or (item,)


def walk(value: Any, path: Path) -> Iterator[Any]:
    """Yield what is at ``path``, and articles on the way to it that do not lead on."""
    if not path:
        yield value
    elif path[0] != ITEMS:
        if isinstance(value, dict) and path[0] in value:
            yield from walk(value[path[0]], path[1:])
    else:
        for item in iterate_items(value):
            found = list(walk(item, path[1:]))
            yield from found or ([item] if isinstance(item, dict) and read_article(item).is_complete else ())


def to_article(reading: Reading, resolve: Resolve) -> Article:
    """Return the article. Of several addresses and names the first that an outlet is found by is taken.

    A copy on a portal, and the address of an aggregator, give way to an outlet that is named.
    """
    addresses, domains, names = (
        [text for _, text in sorted(said, key=rank)[:MAX_CANDIDATES]]
        for said in (reading.addresses, reading.domains, reading.names)
    )
    titles = reading.titles
    if reading.name and not titles and (addresses or domains or names):
        titles = [(0, reading.name)]
    elif reading.name and not names:
        names = [reading.name]
    if not addresses and domains and "/" in domains[0].partition("://")[2].rstrip("/"):
        addresses = domains[:1]
    names = [part for text in names for part in split_credit(text, resolve)]
    slots = [first_found(said, resolve) for said in (addresses, domains, names)]
    return Article(
        url=slots[0],
        domain=slots[1],
        source=slots[2],
        title=best(titles),
        excerpt=best(reading.excerpts),
        published_at=choose_date(reading.dates),
        language=best(reading.languages),
        country=best(reading.countries),
    )


def rank(said: tuple[int, Any]) -> int:
    return said[0]


def best(said: list[tuple[int, str]]) -> str | None:
    return min(said, key=rank)[1] if said else None


def first_found(texts: list[str], resolve: Resolve) -> str | None:
    """Return the first text that an outlet of its own is found by, else the first."""
    if len(texts) > 1:
        for text in texts:
            match = resolve(text)
            if match.outlet is not None and match.rule is not None and match.rule.via != "syndicated":
                return text
    return texts[0] if texts else None


def split_credit(text: str, resolve: Resolve) -> list[str]:
    """Return a name, and of "Reuters on MSN" the publisher that a portal credits."""
    publisher, mark, portal = text.rpartition(" on ")
    if not mark:
        publisher, mark, portal = text.rpartition(" via ")
    # The name of a portal is short, and a whole credit is dear to look up.
    found = resolve(portal) if mark and len(portal) <= MAX_PORTAL_LENGTH else INVALID
    is_portal = found.status == "platform" or (found.rule is not None and found.rule.via == "syndicated")
    return [publisher, text] if is_portal and resolve(text).outlet is None else [text]


def choose_date(dates: list[tuple[int, Scalar]]) -> Scalar | None:
    """Return the first date that can be read, else the first."""
    ordered = [given for _, given in sorted(dates, key=rank)[:MAX_CANDIDATES]]
    for given in ordered[: len(ordered) > 1 and MAX_CANDIDATES]:
        with suppress(ValueError):
            parse_date(given)
            return given
    return ordered[0] if ordered else None


def list_names(names: Iterable[str]) -> tuple[str, ...]:
    """List fields that are ignored, so few and so short that no body makes an answer of them."""
    return tuple(sorted({name[:MAX_IGNORED_LENGTH] for name in islice(names, MAX_IGNORED)}))


def to_pointer(path: Path) -> str:
    names = path[: path.index(ITEMS)] if ITEMS in path else path
    return "".join(map(escape_pointer, names))


def format_path(path: Path) -> str:
    named = ".".join(name[:MAX_IGNORED_LENGTH] for name in path if name != ITEMS)
    return f"`{named}`" if named else "the list"


def no_articles(body: Any, lists: Iterable[ArticleList]) -> NoArticlesError:
    """Make the error that names what was found instead of articles, and how one is sent."""
    pointer, what = explain_body(body, next(iter(lists), None))
    return NoArticlesError(pointer, f"{what}; send `{EXAMPLE}`")


def explain_body(body: Any, first: ArticleList | None) -> tuple[str, str]:
    """Return where a body should have articles, and what it has."""
    if first:
        what = f"no item of {format_path(first.path)} says whose article it is, by an address or a source"
        return to_pointer(first.path), f"{what}; the first has {name_fields(first.sample[0])}"
    if not isinstance(body, dict):
        return "", "no articles are in the body"
    if not isinstance(body.get("articles", []), list):
        return "/articles", "`articles` is a list of objects"
    for name, value in islice(body.items(), MAX_FIELDS):
        if isinstance(value, list):
            called, pointer = name[:MAX_IGNORED_LENGTH], escape_pointer(name)
            if not value:
                return pointer, f"`{called}` is empty"
            return (
                f"{pointer}/0",
                f"`{called}[0]` is an object; `POST /v1/distribution` takes a list of texts",
            )
    return "", f"no list of articles is among {name_fields(body)}" if body else "`articles` is missing"


def name_fields(record: Mapping[str, Any]) -> str:
    names = [f"`{name[:MAX_IGNORED_LENGTH]}`" for name in islice(record, MAX_NAMED)]
    return ", ".join(names) + (" and others" if len(record) > MAX_NAMED else "") if names else "no fields"
