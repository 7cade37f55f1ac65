"""Imports AllSides' feed for non-commercial use in each of its shapes, and tables of its ratings.

AllSides has pages about outlets, about parts of them (the opinion pages, 538 at ABC News) and about persons.
A part never counts for the whole, and persons are left out. A feed that lists an outlet by a path or by no
address still counts, if an older listing has the same name with a whole host.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from service.core.outlets import Rater
from service.core.resolve.hosts import strip_www
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes
from service.editor.importers.published import ListedOutlet, clean_name, parse_key, read_listing
from service.editor.rating_rows import ImportInputs, RatingRow

SCALE: dict[str, float | None] = {
    "Left": -2,
    "Lean Left": -1,
    "Center": 0,
    "Lean Right": 1,
    "Right": 2,
    "Mixed": None,
    "Not Rated": None,
}

DESCRIPTION = Rater(
    id="allsides",
    name="AllSides",
    holder="AllSides",
    licence="CC-BY-NC-4.0",
    commercial_use=False,
    terms=(
        "AllSides licenses its ratings for research and noncommercial purposes with attribution. For "
        "commercial use ask AllSides, or leave this rater out."
    ),
    attribution=(
        "AllSides Media Bias Ratings by AllSides.com, licensed under a Creative Commons "
        "Attribution-NonCommercial 4.0 International License; may be used for research or noncommercial "
        "purposes with attribution."
    ),
    url="https://www.allsides.com/media-bias",
    scale=SCALE,
)
# Identifiers of labels in the feed until 2021. Any other means not rated.
LABEL_IDS = {
    "71": "Left",
    "72": "Lean Left",
    "73": "Center",
    "74": "Lean Right",
    "75": "Right",
    "2707": "Mixed",
}
OPINION_SUFFIXES = ("(opinion)", "- opinion", "opinion/editorial", "editorial)")
PERSON_TYPES = frozenset(("Influencer", "Author"))


class Publication(Struct):
    """An entry of the feed."""

    source_name: str
    media_bias_rating: str
    source_url: str = ""
    allsides_url: str = ""
    source_type: str = ""


class Page(ListedOutlet, frozen=True, kw_only=True):
    """A page of AllSides. Its ``domain`` is empty unless ``site`` is a whole host."""

    site: str = ""
    is_person: bool = False


def read_allsides(inputs: ImportInputs) -> list[RatingRow]:
    """Read one rating an outlet. Raise ``InvalidDataError`` for a bad file.

    ``as_of`` dates a feed, which carries no date. A host whose pages have different labels is left out until
    ``decisions`` names the page that counts.
    """
    ratings: dict[str, RatingRow] = {}
    newer: dict[str, Page] = {}
    for path in inputs.newest:
        pages = _read_pages(path, inputs.as_of)
        by_domain: dict[str, list[Page]] = {}
        for page in pages:
            if page.domain and not page.is_person and not _is_opinion(page.name):
                by_domain.setdefault(page.domain, []).append(page)
        for domain, found in by_domain.items():
            if domain not in ratings and (row := _rate(domain, found, newer, inputs)):
                ratings[domain] = row
        newer = {page.name.casefold(): page for page in reversed(pages)} | newer
    return list(ratings.values())


def _rate(
    domain: str, pages: Sequence[Page], newer: Mapping[str, Page], inputs: ImportInputs
) -> RatingRow | None:
    """Rate a host by its pages, or by a newer page of the same name that gives another address."""
    chosen = _choose(pages, inputs.decisions.get(domain))
    if chosen is None:
        labels = " and ".join(sorted({page.label for page in pages}))
        inputs.warn(
            f"{domain}: AllSides' pages say {labels}; name the one that counts in facts/decisions.csv"
        )
        return None
    today = newer.get(chosen.name.casefold())
    if today is None:
        return _to_rating(domain, chosen, "")
    if today.domain or today.is_person:  # the outlet moved, or was a person all along
        return None
    where = (
        f"lists this outlet as {today.site}"
        if today.site
        else f"names no site; {chosen.as_of} it was {domain}"
    )
    return _to_rating(domain, today, f"AllSides {where}")


def _choose(pages: Sequence[Page], decided: str | None) -> Page | None:
    if decided and (found := [page for page in pages if page.url == decided]):
        return found[0]
    return pages[0] if len({page.label for page in pages}) == 1 else None


def _to_rating(domain: str, page: Page, basis: str) -> RatingRow:
    value = SCALE[page.label]
    score = "" if value is None else f"{value:g}"
    return RatingRow(domain, page.name, page.label, score, page.as_of, page.url, basis)


def _read_pages(path: Path, as_of: str) -> list[Page]:
    data = read_bytes(path)
    if data.lstrip()[:1] not in (b"{", b"["):
        rows = [Page(**structs.asdict(row), site=row.domain) for row in read_listing(path)]
    else:
        entries = _parse_feed(decode_text(data, str(path)), str(path))
        rows = [_to_page(entry, index, as_of) for index, entry in enumerate(entries)]
    return [structs.replace(row, label=_normalize_label(row, str(path))) for row in rows]


def _to_page(entry: Publication, index: int, as_of: str) -> Page:
    address = entry.source_url.strip()
    return Page(
        place=f"publication {index}",
        domain=parse_key(address) or "",
        name=clean_name(entry.source_name),
        label=entry.media_bias_rating.strip(),
        as_of=as_of,
        url=entry.allsides_url.strip(),
        site=strip_www(address.partition("://")[2].strip("/").casefold()),
        is_person=entry.source_type in PERSON_TYPES,
    )


def _normalize_label(page: Page, file: str) -> str:
    label = "Not Rated" if page.label.casefold() in ("not rated", "not yet rated", "") else page.label
    if label in SCALE:
        return label
    line = page.place if isinstance(page.place, int) else 1
    wrong, right = f"{label[:80]!r} is not an AllSides label", f"one of {', '.join(SCALE)}"
    raise InvalidDataError([DataIssue(file, line, page.domain or str(page.place), wrong, right)])


def _is_opinion(name: str) -> bool:
    # The feed may list opinion pages under the outlet's URL.
    return name.casefold().endswith(OPINION_SUFFIXES)


def _parse_feed(text: str, file: str) -> list[Publication]:
    """Read the entries of a feed: a list of them, or one below ``publication``, wrapped one by one or not."""
    try:
        feed: Any = msgspec.json.decode(text)
        for name in ("allsides_media_bias_ratings", "publication"):
            if isinstance(feed, dict):
                feed = feed.get(name, feed)
        if not isinstance(feed, list):
            raise TypeError("there is no list of publications")
        return [msgspec.convert(_to_publication(entry), Publication, strict=False) for entry in feed]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        right = "allsides_media_bias_ratings[] with source_name, media_bias_rating, source_url"
        raise InvalidDataError([DataIssue(file, 1, "json", str(error), right)]) from error


def _to_publication(entry: Any) -> Any:
    if "publication" in entry:
        return entry["publication"]
    if "news_source" in entry:
        return {
            "source_name": entry["news_source"],
            "media_bias_rating": LABEL_IDS.get(str(entry["bias_rating"]), "Not Rated"),
            "source_url": entry.get("url") or "",
            "allsides_url": entry.get("allsides_url") or "",
        }
    return entry
