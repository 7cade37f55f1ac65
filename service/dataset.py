"""CSV files → a checked catalog. pandas reads; nothing here runs during a request."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import pandas as pd

from service.core.errors import DataError
from service.core.outlets import Alias, Catalog, Outlet, Rater, Rating, combine
from service.settings import Settings

TABLE, ALIASES, PACKAGE, RATERS = "outlet_ratings.csv", "outlet_aliases.csv", "datapackage.json", "raters"


def load(settings: Settings) -> Catalog:
    """The catalog that ``settings`` describe; raises ``DataError`` when a file cannot be served as it is."""
    folder = Path(settings.data)
    table = read_table(folder / TABLE)
    shipped = read_raters(folder / RATERS)
    enabled = _enabled(shipped, settings)
    rows: list[dict[str, str]] = table.to_dict("records")  # type: ignore[assignment]  # keys are column names
    outlets = [_outlet(row, _ratings(row, enabled), enabled) for row in rows]
    aliases = [
        Alias(row["alias"], row["kind"], row["domain"] or None)
        for row in read_table(folder / ALIASES).to_dict("records")
    ]
    return Catalog(
        outlets,
        aliases,
        enabled.values(),
        version=msgspec.json.decode((folder / PACKAGE).read_bytes())["version"],
        sha256=fingerprint([folder / TABLE, folder / ALIASES]),
    )


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file as text cells; an empty cell is an empty string (``NA`` is Namibia, not a gap)."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: {error}") from error


def read_raters(folder: Path) -> dict[str, Rater]:
    """The descriptions of the raters in ``folder``, by id."""
    found = (msgspec.json.decode(path.read_bytes(), type=Rater) for path in sorted(folder.glob("*.json")))
    return {rater.id: rater for rater in found}


def fingerprint(paths: Iterable[Path]) -> str:
    """SHA-256 over the bytes of all files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _enabled(raters: Mapping[str, Rater], settings: Settings) -> dict[str, Rater]:
    asked = [name.strip() for name in settings.raters.split(",") if name.strip()] or list(raters)
    for name in asked:
        if name not in raters:
            raise DataError(f"SLANTWISE_RATERS names {name!r}; known raters: {', '.join(raters)}")
    return {name: rater for name, rater in raters.items() if name in asked}


def _ratings(row: Mapping[str, str], raters: Mapping[str, Rater]) -> Iterator[Rating]:
    for rater in raters.values():
        text = row.get(rater.id, "")
        if text:
            value = float(text)
            yield Rating(rater.id, native(rater, value), value, row[f"{rater.id}_as_of"] or None)


def native(rater: Rater, value: float) -> str:
    """The rater's own word for a value on our scale."""
    return next((label for label, at in rater.scale.items() if at == value), f"{value:+g}")


def _outlet(row: Mapping[str, str], ratings: Iterable[Rating], raters: Mapping[str, Rater]) -> Outlet:
    facts = ("factuality", "country", "language", "media_type", "owner", "ownership", "state_media")
    return Outlet(
        row["domain"],
        row["name"],
        combine(tuple(ratings), raters),
        **{fact: row[fact] or None for fact in facts},
    )
