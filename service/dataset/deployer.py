"""What a deployer adds to the shipped data: rater files of their own, a choice of raters, and weights."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import UNSET, structs

from service.core.errors import DataError
from service.core.figures import OVERRIDE
from service.core.outlets import Alias, Rater, Rating
from service.dataset.checks import check_verdicts
from service.dataset.columns import VERDICTS
from service.dataset.csvfile import Fault, FaultyDataError, Row, refuse
from service.dataset.files import Files


class Own(NamedTuple):
    """A deployer's rater: verdicts with a lean, and the names of all it lists, by the outlet's domain."""

    rater: Rater
    ratings: dict[str, Rating]
    names: dict[str, str]


def own_raters(
    files: Files, folder: str, shipped: Mapping[str, Rater], aliases: Iterable[Alias]
) -> list[Own]:
    """The rater files in ``folder`` (empty: none), sorted by name; raises ``FaultyDataError``."""
    if not folder:
        return []
    place = Path(folder)
    if not place.is_dir():
        raise FaultyDataError(
            [Fault(folder, 1, "folder", "it is no folder", "SLANTWISE_RATER_FILES names one")]
        )
    hosts = {each.alias: each.domain for each in aliases if each.kind in ("host", "platform")}
    found = [own_rater(files, path, rater, shipped, hosts) for path, rater in files.raters(place)]
    for path in sorted(place.glob("*.csv")):
        if not path.with_suffix(".json").exists():
            right = f"{path.stem}.json beside it"
            raise FaultyDataError([Fault(str(path), 1, "file", "nothing says who rates here", right)])
    return found


def own_rater(
    files: Files, path: Path, rater: Rater, shipped: Mapping[str, Rater], hosts: Mapping[str, str | None]
) -> Own:
    """One rater of a deployer; another host of a listed outlet counts for that outlet."""
    if rater.id in shipped or rater.id == OVERRIDE:
        raise FaultyDataError([Fault(str(path), 1, "id", f"{rater.id!r} is taken", "an id of its own")])
    table = path.with_suffix(".csv")
    rows = files.rows(table, VERDICTS, lambda rows: check_verdicts(rows, rater, str(table)))
    refuse(list(misplaced(rows, hosts, str(table))))
    own = Own(rater, {}, {})
    for row in rows:
        domain = hosts.get(row.cells["domain"]) or row.cells["domain"]
        own.names[domain] = row.cells["name"] or domain
        if (rating := rating_of(row, rater)) is not None:
            own.ratings[domain] = rating
    return own


def misplaced(rows: Iterable[Row], hosts: Mapping[str, str | None], file: str) -> Iterator[Fault]:
    """Verdicts on what is no outlet, and second verdicts on one outlet under another of its hosts."""
    lines: dict[str, int] = {}
    for row in rows:
        given = row.cells["domain"]
        domain = hosts.get(given, given)
        if domain is None:
            yield Fault(file, row.line, "domain", f"{given} is a platform", "the domain of an outlet")
        elif (first := lines.setdefault(domain, row.line)) != row.line:
            yield Fault(file, row.line, "domain", f"line {first} rates {domain} too", "keep one of them")


def rating_of(row: Row, rater: Rater) -> Rating | None:
    """The verdict in ``row``; ``None`` when its label carries no lean."""
    value = rater.scale[row.cells["label"]]
    if value is None:
        return None
    return Rating(rater.id, row.cells["label"], value, row.cells["as_of"], row.cells["url"] or UNSET)


def enabled(known: Mapping[str, Rater], chosen: str) -> dict[str, Rater]:
    """Those of the ``known`` raters that the setting names; all when it is empty. Raises ``DataError``."""
    asked = listed(chosen) or list(known)
    for name in asked:
        refuse_unknown(name, known, "SLANTWISE_RATERS")
    return {name: rater for name, rater in known.items() if name in asked}


def weighted(raters: Mapping[str, Rater], weights: str) -> dict[str, Rater]:
    """``raters`` with the weights that the setting gives as "id=number,…"; raises ``DataError``."""
    changed = dict(raters)
    for pair in listed(weights):
        name, _, number = (part.strip() for part in pair.partition("="))
        refuse_unknown(name, raters, "SLANTWISE_WEIGHTS")
        changed[name] = structs.replace(raters[name], weight=weight_of(number, pair))
    return changed


def weight_of(number: str, pair: str) -> float:
    """A weight: any number above 0. To leave a rater out, do not enable it. Raises ``DataError``."""
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise DataError(f"SLANTWISE_WEIGHTS says {pair[:80]!r}; a weight is a number above 0, as in mbfc=2")
    return weight


def listed(text: str) -> Sequence[str]:
    """The parts of a setting that are separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def refuse_unknown(name: str, raters: Mapping[str, Rater], setting: str) -> None:
    """Raise ``DataError`` if no rater is called ``name``."""
    if name not in raters:
        raise DataError(f"{setting} names {name[:80]!r}; raters here: {', '.join(raters)}")
