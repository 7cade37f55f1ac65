"""Imports AllSides' JSON feed for non-commercial use, old and new, and tables of its ratings.

AllSides rates the news and the opinion pages of some outlets separately, and people and shows too. A key with
a path (``nytimes.com/opinion``) never counts as the outlet. ``data/facts/excluded.csv`` leaves out the rest.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from service.core.outlets import Rater
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes
from service.dataset.rater_files import ImportInputs, RatingRow
from service.editor.importers.published import ListedOutlet, clean_name, parse_key, read_listing

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
    attribution=(
        "AllSides Media Bias Ratings by AllSides.com, licensed under a Creative Commons "
        "Attribution-NonCommercial 4.0 International License; may be used for research or noncommercial "
        "purposes with attribution."
    ),
    url="https://www.allsides.com/media-bias",
    scale=SCALE,
)
LABEL_IDS = {
    "71": "Left",
    "72": "Lean Left",
    "73": "Center",
    "74": "Lean Right",
    "75": "Right",
    "2707": "Mixed",
}
"""Identifiers of labels in the older feed. Any other means not rated."""
OPINION_SUFFIXES = ("(opinion)", "- opinion", "opinion/editorial", "editorial)")


class Publication(Struct):
    """An entry of the feed."""

    source_name: str
    media_bias_rating: str
    source_url: str = ""
    allsides_url: str = ""


def read_allsides(inputs: ImportInputs) -> list[RatingRow]:
    """Read one verdict an outlet. Raise ``InvalidDataError`` for a bad file.

    ``as_of`` dates a feed, which carries no date.
    """
    verdicts: dict[str, RatingRow] = {}
    for path in inputs.newest:
        for listed in _read_listed(path, inputs.as_of):
            verdicts.setdefault(listed.domain, _to_rating(listed, str(path)))
    return list(verdicts.values())


def _to_rating(listed: ListedOutlet, file: str) -> RatingRow:
    label = "Not Rated" if listed.label.casefold() in ("not rated", "not yet rated", "") else listed.label
    if label not in SCALE:
        line = listed.place if isinstance(listed.place, int) else 1
        wrong, right = f"{label[:80]!r} is not an AllSides label", f"one of {', '.join(SCALE)}"
        raise InvalidDataError([DataIssue(file, line, listed.domain, wrong, right)])
    value = SCALE[label]
    score = "" if value is None else f"{value:g}"
    return RatingRow(listed.domain, listed.name, label, score, listed.as_of, listed.url)


def _read_listed(path: Path, as_of: str) -> list[ListedOutlet]:
    data = read_bytes(path)
    if data.lstrip()[:1] not in (b"{", b"["):
        return read_listing(path)
    publications = _parse_feed(decode_text(data, str(path)), str(path))
    return [
        ListedOutlet(
            place=f"publication {index}",
            domain=domain,
            name=clean_name(each.source_name),
            label=each.media_bias_rating.strip(),
            as_of=as_of,
            url=each.allsides_url,
        )
        for index, each in enumerate(publications)
        if (domain := parse_key(each.source_url)) and not _is_opinion(each.source_name)
    ]


def _is_opinion(name: str) -> bool:
    # The feed may list opinion pages under the outlet's URL.
    return name.casefold().endswith(OPINION_SUFFIXES)


def _parse_feed(text: str, file: str) -> list[Publication]:
    """Read the feed's entries in any of its shapes."""
    try:
        feed: Any = msgspec.json.decode(text)
        entries = feed["allsides_media_bias_ratings"] if isinstance(feed, dict) else feed
        return [msgspec.convert(_to_publication(entry), Publication, strict=False) for entry in entries]
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
