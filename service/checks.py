"""What must hold of the rows of a data file: rows in, faults out. Quick enough to run at every load."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from urllib.parse import urlsplit

from service.core.bias import HIGHEST, LOWEST, consensus, label_for
from service.core.hosts import bare, host_of
from service.core.outlets import Rater
from service.tables import Fault, Row
from service.vocabulary import ALLOWED, COUNTRIES, LANGUAGES, SHIPPED, TABLE

LONGEST_CELL = 500
FORMULA = ("=", "+", "-", "@")
JOINERS = dict.fromkeys((0x200C, 0x200D), "")
"""Marks without ink that Persian and Indian scripts need between letters."""
MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
FIGURE = re.compile(rf"[\d\s./,:%+-]+|\d+e\d+|{MONTH}[ -]?\d+|\d+[ -]{MONTH}|true|false", re.IGNORECASE)
"""Names that a spreadsheet shows as something else."""
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")

Wrong = tuple[str, str]
"""What is wrong, and what would be right."""


def check_table(rows: Sequence[Row], raters: Mapping[str, Rater], file: str) -> list[Fault]:
    """Faults of ``outlet_ratings.csv``; ``raters`` are the shipped ones, by id."""
    faults = [*check_domains(rows, file), *check_cells(rows, TABLE[1:], file)]
    for rater in SHIPPED:
        values = {f"{value:g}" for value in raters[rater].scale.values() if value is not None}
        faults += _judged(rows, (rater,), partial(_value, values=values), file)
        faults += _judged(rows, (f"{rater}_as_of", rater), _dated, file)
    faults += _judged(rows, ("name",), _name, file)
    faults += _judged(rows, ("ownership", "owner"), _together, file)
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


def check_verdicts(rows: Sequence[Row], rater: Rater, file: str) -> list[Fault]:
    """Faults of a rater's CSV file."""

    def label(text: str) -> Wrong | None:
        shown = ", ".join(rater.scale)
        return None if text in rater.scale else (f"{text[:80]!r} is no label of {rater.id}", shown[:300])

    faults = [*check_domains(rows, file, in_order=False), *check_cells(rows, ("name",), file)]
    faults += _judged(rows, ("label",), label, file)
    faults += _judged(rows, ("score",), lambda text: _number(text) if text else None, file)
    faults += _judged(rows, ("as_of",), _date, file)
    faults += _judged(rows, ("url",), lambda text: _link(text) if text else None, file)
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
    if problem := _link(rater.url):
        faults += fault("url", *problem)
    return faults


def check_domains(rows: Iterable[Row], file: str, *, in_order: bool = True) -> Iterator[Fault]:
    """Faults of a ``domain`` column: spelling, twins and, for files that are sorted, order."""
    lines: dict[str, int] = {}
    last = ""
    for row in rows:
        domain = row.cells["domain"]
        yield from _at(file, row, "domain", _domain(domain))
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
        yield from _judged(rows, (column,), VOCABULARY.get(column, _text), file)


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


def _domain(domain: str) -> Wrong | None:
    host = host_of(domain) if domain.isascii() else None
    if host is None or "/" in domain:
        return f"{domain[:80]!r} is no host", "a domain such as reuters.com (punycode for other scripts)"
    if domain != bare(host):
        return f"{domain[:80]!r} is not in its one form", f"{bare(host)!r}"
    return None


def _text(text: str) -> Wrong | None:
    if not text.translate(JOINERS).isprintable() or "\ufffd" in text:
        return "there is a control or replacement character", "plain text in one encoding"
    if text != text.strip():
        return "there is space around the text", f"{text.strip()[:80]!r}"
    if text.startswith(FORMULA):
        return (
            f"{text[:40]!r} is a formula to a spreadsheet",
            "text that starts with a letter, digit or quote",
        )
    if len(text) > LONGEST_CELL:
        return f"the text has {len(text)} characters", f"at most {LONGEST_CELL}"
    return None


def _name(name: str) -> Wrong | None:
    if not name:
        return "there is no name", "give one"
    if FIGURE.fullmatch(name):
        return f"{name!r} is a number or a date to a spreadsheet", "words, such as '1945 (magazine)'"
    return None


def _number(text: str) -> Wrong | None:
    if re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,6})?", text):
        return None
    return f"{text[:40]!r} is no number", "a number such as -1.5"


def _value(text: str, *, values: Collection[str]) -> Wrong | None:
    if not text or text in values:
        return None
    shown = sorted(values, key=float)
    return f"{text[:40]!r} is no value on this rater's scale", f"one of {', '.join(shown)}, or nothing"


def _dated(as_of: str, value: str) -> Wrong | None:
    if bool(value) != bool(as_of):
        return ("a verdict without a date", "its date") if value else ("a date without a verdict", "nothing")
    return _date(as_of) if as_of else None


def _date(text: str) -> Wrong | None:
    """A day, a month or a year that exists."""
    try:
        if DATE.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 10 :] * (len(text) < 10)):
            return None
    except ValueError:
        pass
    return f"{text[:40]!r} is no date", "2026-08-19, 2026-08 or 2026"


def _link(text: str) -> Wrong | None:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname and " " not in text
    except ValueError:
        fine = False
    return None if fine else (f"{text[:80]!r} is no link", "https://…")


def _together(ownership: str, owner: str) -> Wrong | None:
    if bool(owner) == bool(ownership):
        return None
    return "owner and ownership do not come together", "fill in both or neither"


def _consensus(bias: str, *cells: str) -> Wrong | None:
    values = [float(cell) for cell in cells if cell and not _number(cell)]
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
