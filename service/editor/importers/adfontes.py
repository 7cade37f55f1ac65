"""Imports a CSV export of Ad Fontes Media with bias (−42…+42) and reliability (0…64), for licence holders.

No Ad Fontes figure ships with the project. ``COLUMNS`` has all names that the export's columns have had. A
row without a domain is left out unless its name is known.
"""

from service.core.outlets import Rater
from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import DataIssue, InvalidDataError
from service.editor.importers.published import Row, clean_name, parse_key, read_export
from service.editor.rating_rows import ImportInputs, RatingRow

SCALE: dict[str, float | None] = {
    "Most Extreme Left": -3,
    "Hyper-Partisan Left": -2,
    "Skews Left": -1,
    "Middle": 0,
    "Skews Right": 1,
    "Hyper-Partisan Right": 2,
    "Most Extreme Right": 3,
}

DESCRIPTION = Rater(
    id="adfontes",
    name="Ad Fontes Media",
    holder="Ad Fontes Media, Inc.",
    licence="licensed to the deployer alone; not to be passed on",
    commercial_use=False,
    attribution="Ratings by Ad Fontes Media (adfontesmedia.com), used under licence.",
    url="https://adfontesmedia.com/",
    scale=SCALE,
)
# Distance from the middle beyond which a category starts. On the border the milder one counts.
STEPS = ((6.0, "Skews"), (18.0, "Hyper-Partisan"), (30.0, "Most Extreme"))
RANGES = {"bias": (-42.0, 42.0), "reliability": (0.0, 64.0)}
COLUMNS = (
    ("bias", "bias_mean", "bias score", "horizontal rank"),
    ("reliability", "reliability_mean", "quality", "reliability score", "vertical rank"),
    ("name", "source", "outlet", "moniker_name", "moniker", "news source", "domain", "url"),
)
DOMAIN_COLUMNS = ("domain", "url", "website", "source_url", "name")


def read_adfontes(inputs: ImportInputs) -> list[RatingRow]:
    """Read one verdict an outlet, the first of several. Raise ``InvalidDataError`` for a bad export."""
    verdicts: dict[str, RatingRow] = {}
    for path in inputs.newest:
        for row in read_export(path, COLUMNS):
            bias = _parse_number(row, "bias", str(path))
            _parse_number(row, "reliability", str(path))
            name = clean_name(row.cells["name"])
            if domain := _find_domain(row) or inputs.names.get(normalize_name(name)):
                verdict = RatingRow(domain, name, label_for(bias), f"{bias:g}", inputs.as_of)
                verdicts.setdefault(domain, verdict)
    return list(verdicts.values())


def label_for(bias: float) -> str:
    """Return Ad Fontes' category for a bias score (−42…+42).

    >>> label_for(-6), label_for(-6.1), label_for(18), label_for(31)
    ('Middle', 'Skews Left', 'Skews Right', 'Most Extreme Right')
    """
    side = "Left" if bias < 0 else "Right"
    reached = [name for start, name in STEPS if abs(bias) > start]
    return f"{reached[-1]} {side}" if reached else "Middle"


def _find_domain(row: Row) -> str | None:
    return next((key for column in DOMAIN_COLUMNS if (key := parse_key(row.cells.get(column, "")))), None)


def _parse_number(row: Row, column: str, file: str) -> float:
    lowest, highest = RANGES[column]
    try:
        value = float(row.cells[column])
    except ValueError:
        value = float("nan")
    if lowest <= value <= highest:
        return value
    wrong = f"{row.cells[column][:40]!r} is off the scale"
    raise InvalidDataError(
        [DataIssue(file, row.line, column, wrong, f"a number from {lowest:g} to {highest:g}")]
    )
