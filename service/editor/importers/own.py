"""Imports a deployer's ratings: a CSV with ``domain,label`` and optionally ``name``, ``as_of``, ``url``."""

from service.core.bias import LABELS, VALUES
from service.core.outlets import Rater
from service.dataset.file_reader import DataIssue, InvalidDataError
from service.editor.importers.published import Row, clean_name, parse_key, read_export
from service.editor.rating_rows import ImportInputs, RatingRow

SCALE: dict[str, float | None] = {label: float(value) for label, value in VALUES.items()}

DESCRIPTION = Rater(
    id="own",
    name="Own ratings",
    holder="the deployer",
    licence="the deployer's own",
    commercial_use=True,
    attribution="Ratings by the operator of this service.",
    url="https://example.org/",
    scale=SCALE,
)
COLUMNS = (("domain",), ("label", "bias"))


def read_own(inputs: ImportInputs) -> list[RatingRow]:
    """Read one rating an outlet from tables with the seven labels. Raise ``InvalidDataError`` for a fault."""
    verdicts: dict[str, RatingRow] = {}
    faults: list[DataIssue] = []
    for path in inputs.newest:
        lines: dict[str, int] = {}
        for row in read_export(path, COLUMNS):
            verdict = _to_rating(row, inputs.as_of)
            faults += _check_rating(row, verdict, lines, str(path))
            verdicts.setdefault(verdict.domain, verdict)
    if faults:
        raise InvalidDataError(faults)
    return list(verdicts.values())


def _to_rating(row: Row, as_of: str) -> RatingRow:
    cells = row.cells
    label = cells["label"].lower().replace(" ", "_").replace("-", "_")
    date = cells.get("as_of", "") or as_of
    return RatingRow(
        parse_key(cells["domain"]) or "",
        clean_name(cells.get("name", "")),
        label,
        "",
        date,
        cells.get("url", ""),
    )


def _check_rating(row: Row, verdict: RatingRow, lines: dict[str, int], file: str) -> list[DataIssue]:
    """Return the faults of a row: no host, an unknown label, or the host of an earlier line."""
    found = []
    if not verdict.domain:
        wrong = f"{row.cells['domain'][:80]!r} is not a host"
        found.append(DataIssue(file, row.line, "domain", wrong, "a domain such as reuters.com"))
    elif lines.setdefault(verdict.domain, row.line) != row.line:
        wrong = f"{verdict.domain} is also on line {lines[verdict.domain]}"
        found.append(DataIssue(file, row.line, "domain", wrong, "keep one of them"))
    if verdict.label not in LABELS:
        wrong = f"{row.cells['label'][:80]!r} is not a label"
        found.append(DataIssue(file, row.line, "label", wrong, f"one of {', '.join(LABELS)}"))
    return found
