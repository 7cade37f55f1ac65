"""Checks the rows of each data file, quickly enough to run at every load."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter

from service.core.bias import HIGHEST, LOWEST, consensus, label_for
from service.core.outlets import Rater
from service.dataset.cells import (
    Problem,
    check_date,
    check_domain,
    check_factuality_date,
    check_name,
    check_number,
    check_owner_pair,
    check_rating_date,
    check_text,
    check_url,
    check_value,
)
from service.dataset.csvfile import DataIssue, Row
from service.dataset.schema import (
    ALLOWED_VALUES,
    COUNTRIES,
    LANGUAGES,
    REFERENCE_LISTS,
    SHIPPED_RATERS,
    TABLE_COLUMNS,
)

VERSION_PATTERN = r"\d{4}\.(0[1-9]|1[0-2])\.\d{1,4}"


def check_table(rows: Sequence[Row], raters: Mapping[str, Rater], file: str) -> list[DataIssue]:
    """Return the faults of ``outlet_ratings.csv``. ``raters`` has the shipped raters by id."""
    faults = [*check_domains(rows, file), *check_cells(rows, TABLE_COLUMNS[1:], file)]
    for rater in SHIPPED_RATERS:
        values = {f"{value:g}" for value in raters[rater].scale.values() if value is not None}
        faults += _check_each(rows, (rater,), partial(check_value, values=values), file)
        faults += _check_each(rows, (f"{rater}_as_of", rater), check_rating_date, file)
    faults += _check_each(rows, ("name",), check_name, file)
    faults += _check_each(rows, ("ownership", "owner"), check_owner_pair, file)
    faults += _check_each(rows, ("factuality_as_of", "factuality"), check_factuality_date, file)
    faults += _check_each(rows, ("bias", *SHIPPED_RATERS), _check_consensus, file)
    return sorted(faults)


def check_lists(rows: Sequence[Row], file: str) -> list[DataIssue]:
    """Return the faults of ``reference_lists.csv``."""

    def named(text: str) -> Problem | None:
        known = all(word in REFERENCE_LISTS for word in text.split(" "))
        right = f"names from {', '.join(REFERENCE_LISTS)}, separated by single spaces"
        return None if known else (f"{text[:80]!r} names an unknown list", right)

    return sorted([*check_domains(rows, file), *_check_each(rows, ("lists",), named, file)])


def check_ratings(rows: Sequence[Row], rater: Rater, file: str) -> list[DataIssue]:
    """Return the faults of a rater's CSV file."""

    def label(text: str) -> Problem | None:
        shown = ", ".join(rater.scale)
        return (
            None
            if text in rater.scale
            else (f"{text[:80]!r} is not a label of {rater.id}", f"one of {shown[:300]}")
        )

    faults = [*check_domains(rows, file, in_order=False), *check_cells(rows, ("name",), file)]
    faults += _check_each(rows, ("label",), label, file)
    faults += _check_each(rows, ("score",), lambda text: check_number(text) if text else None, file)
    faults += _check_each(rows, ("as_of",), check_date, file)
    faults += _check_each(rows, ("url",), lambda text: check_url(text) if text else None, file)
    faults += check_cells(rows, ("basis",), file)
    return sorted(faults) or list(_check_scores(rows, rater, file))


def _check_scores(rows: Sequence[Row], rater: Rater, file: str) -> Iterator[DataIssue]:
    """Yield the scores that contradict their label.

    A score on another scale than ours (Ad Fontes: −42…+42) must be on the label's side. Where most scores of
    a file are what the label is worth, all must be.
    """
    scored = [row for row in rows if row.cells["score"]]
    exact = sum(float(row.cells["score"]) == rater.scale[row.cells["label"]] for row in scored)
    on_our_scale = exact * 2 > len(scored)

    def judge(score: str, label: str) -> Problem | None:
        value, number = rater.scale[label], float(score or "nan")
        if not score or number == value or (value is None and not on_our_scale):
            return None
        if not on_our_scale and (value == 0 or number * (value or 0) > 0):
            return None
        right = (
            "an empty score"
            if value is None
            else f"{value:g}"
            if on_our_scale
            else "a score on the label's side"
        )
        return f"{score} contradicts the label {label[:80]!r}", right

    yield from _check_each(rows, ("score", "label"), judge, file)


def check_changes(rows: Sequence[Row], file: str) -> list[DataIssue]:
    """Return the faults of ``changes.csv``."""

    def version(text: str) -> Problem | None:
        fine = re.fullmatch(VERSION_PATTERN, text)
        return None if fine else (f"{text[:80]!r} is not a version", "year.month.number, such as 2026.12.0")

    def cell(text: str) -> Problem | None:
        return check_text(text) if check_number(text) else None

    faults = list(check_cells(rows, ("reason",), file))
    for column in ("before", "after"):
        faults += _check_each(rows, (column,), cell, file)
    faults += _check_each(rows, ("version",), version, file)
    faults += _check_each(rows, ("domain",), check_domain, file)
    faults += _check_each(rows, ("field",), check_changed_field, file)
    faults += _check_each(
        rows,
        ("reason",),
        lambda text: None if text else ("the reason is empty", "say why the cell changed"),
        file,
    )
    return sorted(faults)


def check_description(rater: Rater, file: str, name: str) -> list[DataIssue]:
    """Return the faults of a rater's description in ``file``, whose name without its ending is ``name``."""

    def fault(field: str, wrong: str, right: str) -> Iterator[DataIssue]:
        yield DataIssue(file, 1, field, wrong, right)

    faults: list[DataIssue] = []
    if rater.id != name or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", rater.id):
        faults += fault("id", f"the id is {rater.id[:80]!r}", f"{name!r}, as in the file name (a-z, 0-9, _)")
    for field in ("name", "holder", "licence", "attribution"):
        if not str(getattr(rater, field)).strip():
            faults += fault(field, "it is empty", "a text that every answer can show")
    if not math.isfinite(rater.weight) or rater.weight <= 0:
        faults += fault("weight", f"it is {rater.weight:g}", "a number above 0")
    for label, value in rater.scale.items():
        if value is not None and not LOWEST <= value <= HIGHEST:
            faults += fault(f"scale.{label}", f"{value:g} is off the scale", "-3 to 3, or null for no lean")
    if not any(value is not None for value in rater.scale.values()):
        faults += fault("scale", "no label has a value", "at least one label from -3 to 3")
    if problem := check_url(rater.url):
        faults += fault("url", *problem)
    return faults


def check_domains(rows: Iterable[Row], file: str, *, in_order: bool = True) -> Iterator[DataIssue]:
    """Yield the faults of a ``domain`` column: spelling, duplicates and, in sorted files, order."""
    lines: dict[str, int] = {}
    last = ""
    for row in rows:
        domain = row.cells["domain"]
        yield from _issues_at(file, row, "domain", check_domain(domain))
        first = lines.setdefault(domain, row.line)
        if first != row.line:
            yield from _issues_at(
                file, row, "domain", (f"{domain} is also on line {first}", "keep one of them")
            )
        elif in_order and domain < last:
            yield from _issues_at(
                file, row, "domain", (f"{domain} comes after {last}", "sort the rows by domain")
            )
        last = domain


def check_cells(rows: Sequence[Row], columns: Iterable[str], file: str) -> Iterator[DataIssue]:
    """Yield the faults in the cells of ``columns``: unknown words and unsafe text."""
    for column in columns:
        if column in NUMERIC_COLUMNS:
            continue
        yield from _check_each(rows, (column,), VALUE_CHECKS.get(column, check_text), file)


def _allow(allowed: Collection[str], right: str) -> Callable[[str], Problem | None]:
    def judge(text: str) -> Problem | None:
        return None if not text or text in allowed else (f"{text[:80]!r} is not allowed", right)

    return judge


VALUE_CHECKS: dict[str, Callable[[str], Problem | None]] = {
    **{
        name: _allow(allowed, f"one of {', '.join(allowed)}, or an empty cell")
        for name, allowed in ALLOWED_VALUES.items()
    },
    "country": _allow(COUNTRIES, "an ISO 3166-1 alpha-2 code, or an empty cell"),
    "language": _allow(LANGUAGES, "an ISO 639-1 code, or an empty cell"),
}
NUMERIC_COLUMNS = (*SHIPPED_RATERS, "score")
check_changed_field = _allow(("outlet", *TABLE_COLUMNS[1:]), "outlet, or a column of the table")


def _check_each(
    rows: Sequence[Row], columns: Sequence[str], judge: Callable[..., Problem | None], file: str
) -> Iterator[DataIssue]:
    """Yield a fault at the first of ``columns`` for each row that ``judge`` rejects."""
    # Equal cells are judged once.
    cells = itemgetter(*columns)
    keys = {cells(row.cells) for row in rows}
    judged = {key: judge(key) if len(columns) == 1 else judge(*key) for key in keys}
    wrong = {key: problem for key, problem in judged.items() if problem}
    if wrong:
        for row in rows:
            yield from _issues_at(file, row, columns[0], wrong.get(cells(row.cells)))


def _issues_at(file: str, row: Row, column: str, problem: Problem | None) -> Iterator[DataIssue]:
    if problem:
        yield DataIssue(file, row.line, column, *problem)


def _check_consensus(bias: str, *cells: str) -> Problem | None:
    values = [float(cell) for cell in cells if cell and not check_number(cell)]
    if not all(LOWEST <= value <= HIGHEST for value in values):
        return None
    right = label_for(consensus(values)) if values else ""
    return None if bias == right else (f"{bias!r} is not the consensus of the raters", f"{right!r}")
