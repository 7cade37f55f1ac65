"""What must hold of the rows of a data file: rows in, faults out. Quick enough to run at every load."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter

from service.core.bias import HIGHEST, LOWEST, consensus, label_for
from service.core.outlets import Rater
from service.core.resolve.hosts import host_of
from service.dataset.cells import (
    Wrong,
    date_fault,
    dated_fault,
    domain_fault,
    link_fault,
    name_fault,
    number_fault,
    pair_fault,
    text_fault,
    value_fault,
)
from service.dataset.columns import ALLOWED, COUNTRIES, LANGUAGES, REFERENCE_LISTS, SHIPPED, TABLE
from service.dataset.csvfile import Fault, Row


def check_table(rows: Sequence[Row], raters: Mapping[str, Rater], file: str) -> list[Fault]:
    """Faults of ``outlet_ratings.csv``; ``raters`` are the shipped ones, by id."""
    faults = [*check_domains(rows, file), *check_cells(rows, TABLE[1:], file)]
    for rater in SHIPPED:
        values = {f"{value:g}" for value in raters[rater].scale.values() if value is not None}
        faults += _judged(rows, (rater,), partial(value_fault, values=values), file)
        faults += _judged(rows, (f"{rater}_as_of", rater), dated_fault, file)
    faults += _judged(rows, ("name",), name_fault, file)
    faults += _judged(rows, ("ownership", "owner"), pair_fault, file)
    faults += _judged(rows, ("bias", *SHIPPED), _consensus, file)
    return sorted(faults)


def check_aliases(rows: Sequence[Row], domains: Collection[str], file: str) -> list[Fault]:
    """Faults of ``outlet_aliases.csv``; ``domains`` are those of the table."""
    faults = list(check_cells(rows, ("alias", "kind", "domain"), file))
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        alias, kind, domain = row.cells.values()
        faults += _at(file, row, "domain", _target(kind, domain, domains))
        faults += _at(file, row, "alias", _alias(alias, kind, domains))
        first = seen.setdefault((alias, kind, domain if kind == "ambiguous" else ""), row.line)
        if first != row.line:
            faults += _at(file, row, "alias", (f"{alias!r} stands on line {first} too", "keep one of them"))
    return sorted(faults)


def check_lists(rows: Sequence[Row], file: str) -> list[Fault]:
    """Return the faults of ``reference_lists.csv``."""

    def named(text: str) -> Wrong | None:
        known = all(word in REFERENCE_LISTS for word in text.split(" "))
        right = f"names of {', '.join(REFERENCE_LISTS)} with a space between them"
        return None if known else (f"{text[:80]!r} names a list that is not described", right)

    return sorted([*check_domains(rows, file), *_judged(rows, ("lists",), named, file)])


def check_verdicts(rows: Sequence[Row], rater: Rater, file: str) -> list[Fault]:
    """Faults of a rater's CSV file."""

    def label(text: str) -> Wrong | None:
        shown = ", ".join(rater.scale)
        return None if text in rater.scale else (f"{text[:80]!r} is no label of {rater.id}", shown[:300])

    faults = [*check_domains(rows, file, in_order=False), *check_cells(rows, ("name",), file)]
    faults += _judged(rows, ("label",), label, file)
    faults += _judged(rows, ("score",), lambda text: number_fault(text) if text else None, file)
    faults += _judged(rows, ("as_of",), date_fault, file)
    faults += _judged(rows, ("url",), lambda text: link_fault(text) if text else None, file)
    return sorted(faults)


def check_description(rater: Rater, file: str, name: str) -> list[Fault]:
    """Faults of a rater's description in ``file``; ``name`` is the file's name without its ending."""

    def fault(field: str, wrong: str, right: str) -> Iterator[Fault]:
        yield Fault(file, 1, field, wrong, right)

    faults: list[Fault] = []
    if rater.id != name or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", rater.id):
        faults += fault("id", f"the id is {rater.id[:80]!r}", f"{name!r}, as the file is called: a-z, 0-9, _")
    for field in ("name", "holder", "licence", "attribution"):
        if not str(getattr(rater, field)).strip():
            faults += fault(field, "it is empty", "whoever reads an answer must see it")
    if not math.isfinite(rater.weight) or rater.weight <= 0:
        faults += fault("weight", f"it is {rater.weight:g}", "a number above 0")
    for label, value in rater.scale.items():
        if value is not None and not LOWEST <= value <= HIGHEST:
            faults += fault(f"scale.{label}", f"{value:g} is off the scale", "-3 to 3, or null for no lean")
    if not any(value is not None for value in rater.scale.values()):
        faults += fault("scale", "no label has a value", "at least one label from -3 to 3")
    if problem := link_fault(rater.url):
        faults += fault("url", *problem)
    return faults


def check_domains(rows: Iterable[Row], file: str, *, in_order: bool = True) -> Iterator[Fault]:
    """Faults of a ``domain`` column: spelling, twins and, for files that are sorted, order."""
    lines: dict[str, int] = {}
    last = ""
    for row in rows:
        domain = row.cells["domain"]
        yield from _at(file, row, "domain", domain_fault(domain))
        first = lines.setdefault(domain, row.line)
        if first != row.line:
            yield from _at(file, row, "domain", (f"{domain} stands on line {first} too", "keep one of them"))
        elif in_order and domain < last:
            yield from _at(file, row, "domain", (f"{domain} comes after {last}", "sort the rows by domain"))
        last = domain


def check_cells(rows: Sequence[Row], columns: Iterable[str], file: str) -> Iterator[Fault]:
    """Faults of the cells of ``columns``: values outside a column's vocabulary, and text that is not safe."""
    for column in columns:
        if column in NUMBERS:
            continue
        yield from _judged(rows, (column,), VOCABULARY.get(column, text_fault), file)


def _one_of(allowed: Collection[str], right: str) -> Callable[[str], Wrong | None]:
    def judge(text: str) -> Wrong | None:
        return None if not text or text in allowed else (f"{text[:80]!r} is not allowed", right)

    return judge


VOCABULARY: dict[str, Callable[[str], Wrong | None]] = {
    **{
        name: _one_of(allowed, f"one of {', '.join(allowed)}, or nothing")
        for name, allowed in ALLOWED.items()
    },
    "country": _one_of(COUNTRIES, "an ISO 3166-1 alpha-2 code, or nothing"),
    "language": _one_of(LANGUAGES, "an ISO 639-1 code, or nothing"),
}
NUMBERS = (*SHIPPED, "score")


def _judged(
    rows: Sequence[Row], columns: Sequence[str], judge: Callable[..., Wrong | None], file: str
) -> Iterator[Fault]:
    """A fault at the first of ``columns`` for each row that ``judge`` rejects; like cells are judged once."""
    cells = itemgetter(*columns)
    keys = [cells(row.cells) for row in rows]
    judged = {key: judge(key) if len(columns) == 1 else judge(*key) for key in set(keys)}
    wrong = {key: problem for key, problem in judged.items() if problem}
    if wrong:
        for row, key in zip(rows, keys, strict=True):
            yield from _at(file, row, columns[0], wrong.get(key))


def _at(file: str, row: Row, column: str, problem: Wrong | None) -> Iterator[Fault]:
    if problem:
        yield Fault(file, row.line, column, *problem)


def _consensus(bias: str, *cells: str) -> Wrong | None:
    values = [float(cell) for cell in cells if cell and not number_fault(cell)]
    if not all(LOWEST <= value <= HIGHEST for value in values):
        return None
    right = label_for(consensus(values)) if values else ""
    return None if bias == right else (f"{bias!r} is not the consensus of the raters", f"{right!r}")


def _target(kind: str, domain: str, domains: Collection[str]) -> Wrong | None:
    if kind == "platform":
        return (f"a platform stands for no outlet, not {domain!r}", "nothing") if domain else None
    if domain not in domains and (domain or kind != "ambiguous"):
        return f"{domain!r} is not in the table", "the domain of an outlet in outlet_ratings.csv"
    return None


def _alias(alias: str, kind: str, domains: Collection[str]) -> Wrong | None:
    if not alias:
        return "there is no alias", "a name or a host"
    if alias in domains and kind in ("host", "platform", "shortener"):
        return f"{alias} is an outlet of the table itself", "remove the alias or the outlet"
    host = alias.partition("/")[0]
    if kind in ("host", "shortener") and host_of(host) != host:
        return f"{alias[:80]!r} is no host in its one form", f"{host_of(alias) or 'old.example.com'!r}"
    return None
