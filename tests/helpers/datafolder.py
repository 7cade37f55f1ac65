"""A small data folder of its own for a test: the shipped raters, a handful of outlets."""

import csv
import io
import json
import shutil
from pathlib import Path

from service.dataset.schema import ALIASES_FILE, COLUMNS, RATER_COLUMNS, TABLE_COLUMNS
from service.dataset.tables import parse_csv
from service.settings import SHIPPED_DATA

DAY = "2026-01-01"


def text(columns, rows) -> str:
    """CSV text of rows given as mappings; what they leave out is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def frame(columns, *rows):
    """The frame that is read from a file of these rows."""
    return parse_csv(text(columns, rows).encode(), "t.csv", columns)


def replace(path: Path, content: str) -> None:
    """Write a file whole, as an editor of live data must."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(content, encoding="utf-8")
    beside.replace(path)


def table(**labels: str) -> str:
    """A table in which MBFC gives each outlet (``name`` → ``name.example``) the label named."""
    values = {"left": "-2", "center": "0", "right": "2", "": ""}
    rows = [
        {"domain": f"{name}.example", "name": name.title(), "bias": label, "mbfc": values[label]}
        | {"mbfc_as_of": DAY if label else ""}
        for name, label in sorted(labels.items())
    ]
    return text(TABLE_COLUMNS, rows)


def data_folder(folder: Path, **labels: str) -> Path:
    """A folder that can be served, with the outlets ``labels`` names."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SHIPPED_DATA / "datapackage.json", folder)
    (folder / "raters").mkdir()
    for description in (SHIPPED_DATA / "raters").glob("*.json"):
        shutil.copy(description, folder / "raters")
    (folder / "outlet_ratings.csv").write_text(table(**labels))
    (folder / "outlet_aliases.csv").write_text(text(COLUMNS[ALIASES_FILE], []))
    return folder


def rater_file(folder: Path, name: str, *rows: dict[str, str], **changes: object) -> Path:
    """A deployer's rater of that id with those verdicts; ``changes`` are to its description."""
    folder.mkdir(parents=True, exist_ok=True)
    description = {
        "id": name,
        "name": name.title(),
        "holder": "A newsroom",
        "licence": "proprietary",
        "commercial_use": True,
        "attribution": f"Ratings by {name}",
        "url": "https://newsroom.example/ratings",
        "scale": {"left": -2, "center": 0, "right": 2, "unclear": None},
        **changes,
    }
    (folder / f"{name}.json").write_text(json.dumps(description))
    verdicts = folder / f"{name}.csv"
    verdicts.write_text(text(RATER_COLUMNS, [{"as_of": DAY, **row} for row in rows]))
    return verdicts
