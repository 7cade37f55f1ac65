"""Rater files: the one form in which ratings come in, from shipped raters and a deployer's alike.

``NAME.csv`` has one rating a row (``domain,name,label,score,as_of,url``, and optionally ``basis``).
``NAME.json`` beside it describes the rater, its terms, and the value of each label
(``service.core.outlets.Rater``).
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pandas as pd
from msgspec import UNSET, structs

from service.core.bias import HIGHEST, LOWEST
from service.core.errors import DataError
from service.core.outlets import OVERRIDE, Rater, Rating
from service.dataset.file_reader import (
    DataIssue,
    FileReader,
    InvalidDataError,
    UnreadableFileError,
    decode_text,
    raise_if_any,
    read_bytes,
)
from service.dataset.schema import RATER_COLUMNS, Problem, check_date, check_url
from service.dataset.suffixes import check_shared_host
from service.dataset.tables import (
    check_cells,
    check_each,
    check_keys,
    iter_rows,
    parse_csv,
)

# An older rating is marked as stale. Its weight stays: a lower one gave worse figures when measured.
MAX_FRESH_YEARS = 2
RATER_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")

# Another host of an outlet → the outlet's domain; a platform → None.
HostAliases = Mapping[str, str | None]


class RaterRatings(NamedTuple):
    """A rater's ratings that carry a lean. ``names`` and ``since`` have all its outlets, by domain."""

    rater: Rater
    ratings: dict[str, Rating]
    names: dict[str, str]
    since: dict[str, str]


def read_description(path: Path) -> Rater:
    """Read a rater's description from its JSON file. Raise ``InvalidDataError`` when it has a fault."""
    return parse_description(read_bytes(path), str(path))


def parse_description(data: bytes, file: str) -> Rater:
    try:
        return msgspec.json.decode(decode_text(data, file), type=Rater)
    except msgspec.DecodeError as error:
        expected = f"an object with the members {', '.join(Rater.__struct_fields__)}"
        raise InvalidDataError([DataIssue(file, 1, "json", str(error), expected)]) from error


def check_description(rater: Rater, file: str, name: str) -> list[DataIssue]:
    """Check a rater's description in ``file``, whose name without its ending is ``name``."""
    issues = []

    def add(field: str, found: str, expected: str) -> None:
        issues.append(DataIssue(file, 1, field, found, expected))

    if rater.id != name or not RATER_ID.fullmatch(rater.id):
        add("id", f"the id is {rater.id[:80]!r}", f"{name!r}, as in the file name (a-z, 0-9, _)")
    for member in ("name", "holder", "terms" if rater.licence is None else "licence", "attribution"):
        if not str(getattr(rater, member)).strip():
            add(member, "it is empty", "a text that every answer can show")
    if not math.isfinite(rater.weight) or rater.weight <= 0:
        add("weight", f"it is {rater.weight:g}", "a number above 0")
    for label, value in rater.scale.items():
        if value is not None and not LOWEST <= value <= HIGHEST:
            add(f"scale.{label}", f"{value:g} is off the scale", "-3 to 3, or null for no lean")
    if not any(value is not None for value in rater.scale.values()):
        add("scale", "no label has a value", "at least one label from -3 to 3")
    if not rater.url or check_url(rater.url):
        add("url", f"{rater.url[:80]!r} is not a link", "a link that starts with https://")
    return issues


def check_ratings(frame: pd.DataFrame, rater: Rater, file: str) -> list[DataIssue]:
    """Check a rater's CSV file."""

    def check_label(label: str) -> Problem | None:
        if label in rater.scale:
            return None
        return f"{label[:80]!r} is not a label of {rater.id}", f"one of {', '.join(rater.scale)[:300]}"

    issues = [*check_keys(frame, file, in_order=False)]
    issues += check_cells(frame.drop(columns=["label", "as_of"]), file)
    issues += check_each(frame, ("label",), check_label, file)
    issues += check_each(frame, ("as_of",), check_date, file)
    return sorted(issues) or list(_check_scores(frame, rater, file))


def _check_scores(frame: pd.DataFrame, rater: Rater, file: str) -> Iterator[DataIssue]:
    """Find scores that contradict their label.

    A score on another scale than ours (Ad Fontes: −42…+42) must be on the label's side. Where most scores of
    a file are what the label is worth, all must be.
    """
    scored = frame[frame["score"] != ""]
    exact = scored["score"].astype(float) == scored["label"].map(rater.scale)
    on_our_scale = exact.sum() * 2 > len(scored)

    def check_score(score: str, label: str) -> Problem | None:
        value, number = rater.scale[label], float(score)
        if number == value or (value is None and not on_our_scale):
            return None
        if not on_our_scale and (value == 0 or number * (value or 0) > 0):
            return None
        if value is None:
            expected = "an empty score"
        else:
            expected = f"{value:g}" if on_our_scale else "a score on the label's side"
        return f"{score} contradicts the label {label[:80]!r}", expected

    yield from check_each(scored, ("score", "label"), check_score, file)


def read_raters(files: FileReader, folder: Path) -> Iterator[tuple[Path, Rater]]:
    """Yield each rater described in ``folder`` with its path. Raise ``InvalidDataError`` for a bad one."""
    for path in files.find(folder, ".json"):
        rater = parse_description(files.read(path), str(path))
        raise_if_any(check_description(rater, str(path), path.stem))
        yield path, rater


def to_ratings(frame: pd.DataFrame, rater: Rater, hosts: HostAliases, created: str) -> RaterRatings:
    """Return the ratings in ``frame`` by outlet, as of the day ``created``.

    A rating under the outlet's own domain counts before one under another of its hosts.
    """
    found, oldest = RaterRatings(rater, {}, {}, {}), stale_before(created)
    for row in sorted(iter_rows(frame), key=lambda row: row.domain in hosts):
        domain = hosts.get(row.domain, row.domain)
        if domain is not None and domain not in found.names:
            found.names[domain] = row.name or domain
            found.since[domain] = row.since
            if (value := rater.scale[row.label]) is not None:
                found.ratings[domain] = Rating(
                    rater=rater.id,
                    label=row.label,
                    value=value,
                    as_of=row.as_of,
                    url=row.url or UNSET,
                    basis=row.basis or UNSET,
                    stale=is_stale(row.as_of, oldest) or UNSET,
                )
    return found


def stale_before(created: str) -> str:
    """Return the day from which on a rating is not stale.

    >>> stale_before("2026-12-01T00:00:00Z")
    '2024-12-01'
    """
    return f"{int(created[:4]) - MAX_FRESH_YEARS:04}{created[4:10]}"


def is_stale(as_of: str, oldest: str) -> bool:
    """Return True if a date (a day, month or year) lies wholly before the day ``oldest``.

    >>> is_stale("2024-09", "2024-12-01"), is_stale("2024", "2024-12-01"), is_stale("2024-12", "2024-12-01")
    (True, False, False)
    """
    return as_of < oldest[: len(as_of)]


def read_own_raters(
    files: FileReader, folder: str, shipped: Mapping[str, Rater], hosts: HostAliases, created: str
) -> list[RaterRatings]:
    """Return a deployer's raters in ``folder``, sorted by name. An empty ``folder`` has none.

    Raise ``InvalidDataError`` when one of their files has a fault.
    """
    if not folder:
        return []
    place = Path(folder)
    if not place.is_dir():
        raise UnreadableFileError(
            [DataIssue(folder, 1, "folder", "this is not a folder", "a folder in SLANTWISE_RATER_FILES")]
        )
    found = []
    for path, rater in read_raters(files, place):
        if rater.id in shipped or rater.id == OVERRIDE:
            issue = DataIssue(
                str(path), 1, "id", f"the id {rater.id!r} is taken", "an id that no other rater has"
            )
            raise InvalidDataError([issue])
        table = path.with_suffix(".csv")
        frame = parse_csv(files.read(table), str(table), RATER_COLUMNS)
        raise_if_any(check_ratings(frame, rater, str(table)))
        check_host = check_each(frame, ("domain",), check_shared_host, str(table))
        raise_if_any([*find_misplaced(frame, hosts, str(table)), *check_host])
        found.append(to_ratings(frame, rater, hosts, created))
    for path in files.find(place, ".csv"):
        if path.with_suffix(".json") not in files.paths:
            expected = f"add {path.stem}.json to the same folder"
            raise InvalidDataError(
                [DataIssue(str(path), 1, "file", "the rater has no description", expected)]
            )
    return found


def find_misplaced(frame: pd.DataFrame, hosts: HostAliases, file: str) -> Iterator[DataIssue]:
    """Find ratings of platforms, and second ratings of an outlet under another host."""
    lines: dict[str, int] = {}
    for row in iter_rows(frame):
        domain = hosts.get(row.domain, row.domain)
        if domain is None:
            found, expected = f"{row.domain} is a platform", "the domain of an outlet"
            yield DataIssue(file, row.Index, "domain", found, expected)
        elif (first := lines.setdefault(domain, row.Index)) != row.Index:
            found = f"line {first} also rates {domain}"
            yield DataIssue(file, row.Index, "domain", found, "keep one of them")


def select_raters(known: Mapping[str, Rater], chosen: str) -> dict[str, Rater]:
    """Return the ``known`` raters named by the setting, or all when it is empty.

    Raise ``DataError`` for an unknown rater.
    """
    names = split_list(chosen) or list(known)
    for name in names:
        check_rater_known(name, known, "SLANTWISE_RATERS")
    return {name: rater for name, rater in known.items() if name in names}


def apply_weights(raters: Mapping[str, Rater], weights: str) -> dict[str, Rater]:
    """Return ``raters`` with the weights of the setting, given as "id=number,…".

    Raise ``DataError`` for an unknown rater or a bad weight.
    """
    changed = dict(raters)
    for pair in split_list(weights):
        name, _, number = (part.strip() for part in pair.partition("="))
        check_rater_known(name, raters, "SLANTWISE_WEIGHTS")
        changed[name] = structs.replace(raters[name], weight=parse_weight(number, pair))
    return changed


def parse_weight(number: str, pair: str) -> float:
    """Parse a weight. Raise ``DataError`` unless it is a finite number above 0."""
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise DataError(f"SLANTWISE_WEIGHTS has {pair[:80]!r}; a weight is a number above 0, as in mbfc=2")
    return weight


def split_list(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def check_rater_known(name: str, raters: Mapping[str, Rater], setting: str) -> None:
    if name not in raters:
        raise DataError(f"{setting} names an unknown rater {name[:80]!r}; choose from {', '.join(raters)}")
