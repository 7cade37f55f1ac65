"""Adds a deployer's rater files, choice of raters and weights to the shipped data."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import structs

from service.core.errors import DataError
from service.core.outlets import OVERRIDE, Rater
from service.dataset.csvfile import DataIssue, InvalidDataError, UnreadableFileError, raise_if_any
from service.dataset.file_reader import FileReader
from service.dataset.suffixes import check_hosts
from service.dataset.verdicts import HostAliases, RaterRatings, find_misplaced, read_rater_file, to_ratings


def read_own_raters(
    files: FileReader, folder: str, shipped: Mapping[str, Rater], hosts: HostAliases, created: str
) -> list[RaterRatings]:
    """Return the raters in ``folder``, sorted by name. An empty ``folder`` has none.

    Raise ``InvalidDataError`` when one of their files has a fault.
    """
    if not folder:
        return []
    place = Path(folder)
    if not place.is_dir():
        raise UnreadableFileError(
            [DataIssue(folder, 1, "folder", "this is not a folder", "a folder in SLANTWISE_RATER_FILES")]
        )
    found = [
        read_own_rater(files, path, rater, shipped, hosts=hosts, created=created)
        for path, rater in files.raters(place)
    ]
    for path in sorted(place.glob("*.csv")):
        if not path.with_suffix(".json").exists():
            right = f"add {path.stem}.json to the same folder"
            raise InvalidDataError([DataIssue(str(path), 1, "file", "the rater has no description", right)])
    return found


def read_own_rater(
    files: FileReader,
    path: Path,
    rater: Rater,
    shipped: Mapping[str, Rater],
    *,
    hosts: HostAliases,
    created: str,
) -> RaterRatings:
    """Return one rater of a deployer. A verdict on another host of an outlet counts for that outlet."""
    if rater.id in shipped or rater.id == OVERRIDE:
        raise InvalidDataError(
            [DataIssue(str(path), 1, "id", f"the id {rater.id!r} is taken", "an id that no other rater has")]
        )
    table = path.with_suffix(".csv")
    rows = read_rater_file(files, table, rater)
    raise_if_any([*find_misplaced(rows, hosts, str(table)), *check_hosts(rows, str(table))])
    return to_ratings(rows, rater, hosts, created)


def select_raters(known: Mapping[str, Rater], chosen: str) -> dict[str, Rater]:
    """Return the ``known`` raters named by the setting, or all when it is empty.

    Raise ``DataError`` for an unknown rater.
    """
    asked = split_list(chosen) or list(known)
    for name in asked:
        check_rater_known(name, known, "SLANTWISE_RATERS")
    return {name: rater for name, rater in known.items() if name in asked}


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
    """Split a setting at its commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def check_rater_known(name: str, raters: Mapping[str, Rater], setting: str) -> None:
    """Raise ``DataError`` if no rater is called ``name``."""
    if name not in raters:
        raise DataError(f"{setting} names an unknown rater {name[:80]!r}; choose from {', '.join(raters)}")
