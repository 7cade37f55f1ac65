"""Adds a deployer's rater files, choice of raters and weights to the shipped data."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import structs

from service.core.errors import DataError
from service.core.outlets import OVERRIDE, Rater
from service.dataset.csvfile import Fault, FaultyDataError, UnreadableError, refuse
from service.dataset.file_reader import Files
from service.dataset.suffixes import check_hosts
from service.dataset.verdicts import Hosts, Verdicts, misplaced, read_verdicts, verdicts_of


def own_raters(
    files: Files, folder: str, shipped: Mapping[str, Rater], hosts: Hosts, created: str
) -> list[Verdicts]:
    """Return the raters in ``folder``, sorted by name. An empty ``folder`` has none.

    Raise ``FaultyDataError`` when one of their files has a fault.
    """
    if not folder:
        return []
    place = Path(folder)
    if not place.is_dir():
        raise UnreadableError(
            [Fault(folder, 1, "folder", "this is not a folder", "a folder in SLANTWISE_RATER_FILES")]
        )
    found = [
        own_rater(files, path, rater, shipped, hosts=hosts, created=created)
        for path, rater in files.raters(place)
    ]
    for path in sorted(place.glob("*.csv")):
        if not path.with_suffix(".json").exists():
            right = f"add {path.stem}.json to the same folder"
            raise FaultyDataError([Fault(str(path), 1, "file", "the rater has no description", right)])
    return found


def own_rater(
    files: Files, path: Path, rater: Rater, shipped: Mapping[str, Rater], *, hosts: Hosts, created: str
) -> Verdicts:
    """Return one rater of a deployer. A verdict on another host of an outlet counts for that outlet."""
    if rater.id in shipped or rater.id == OVERRIDE:
        raise FaultyDataError(
            [Fault(str(path), 1, "id", f"the id {rater.id!r} is taken", "an id that no other rater has")]
        )
    table = path.with_suffix(".csv")
    rows = read_verdicts(files, table, rater)
    refuse([*misplaced(rows, hosts, str(table)), *check_hosts(rows, str(table))])
    return verdicts_of(rows, rater, hosts, created)


def enabled(known: Mapping[str, Rater], chosen: str) -> dict[str, Rater]:
    """Return the ``known`` raters named by the setting, or all when it is empty.

    Raise ``DataError`` for an unknown rater.
    """
    asked = listed(chosen) or list(known)
    for name in asked:
        refuse_unknown(name, known, "SLANTWISE_RATERS")
    return {name: rater for name, rater in known.items() if name in asked}


def weighted(raters: Mapping[str, Rater], weights: str) -> dict[str, Rater]:
    """Return ``raters`` with the weights of the setting, given as "id=number,…".

    Raise ``DataError`` for an unknown rater or a bad weight.
    """
    changed = dict(raters)
    for pair in listed(weights):
        name, _, number = (part.strip() for part in pair.partition("="))
        refuse_unknown(name, raters, "SLANTWISE_WEIGHTS")
        changed[name] = structs.replace(raters[name], weight=weight_of(number, pair))
    return changed


def weight_of(number: str, pair: str) -> float:
    """Parse a weight. Raise ``DataError`` unless it is a finite number above 0."""
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise DataError(f"SLANTWISE_WEIGHTS has {pair[:80]!r}; a weight is a number above 0, as in mbfc=2")
    return weight


def listed(text: str) -> Sequence[str]:
    """Split a setting at its commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def refuse_unknown(name: str, raters: Mapping[str, Rater], setting: str) -> None:
    """Raise ``DataError`` if no rater is called ``name``."""
    if name not in raters:
        raise DataError(f"{setting} names an unknown rater {name[:80]!r}; choose from {', '.join(raters)}")
