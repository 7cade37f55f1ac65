"""Read CSV files into pandas, and check their cells.

A frame has text in every cell, and the line on which each record starts as its index.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from service.core.outlets import Rater
from service.dataset import schema
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes, write_bytes
from service.dataset.schema import (
    Problem,
    check_consensus,
    check_domain,
    check_factuality_date,
    check_name,
    check_owner_pair,
    check_rating_date,
    check_text,
    one_of,
    optional,
)

# More rows than the world has news outlets: a larger file is a mistake.
MAX_ROWS = 250_000
QUOTE, COMMA, NEWLINE = b'",\n'


def read_file(folder: Path, name: str) -> pd.DataFrame:
    """Read a file of a data folder by its name there. Raise ``InvalidDataError`` for a bad one."""
    columns = schema.COLUMNS[name]
    if name in schema.REQUIRED_FILES or (folder / name).exists():
        return read_csv(folder / name, columns)
    return pd.DataFrame(columns=list(columns), dtype=object)


def read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a CSV file. Raise ``InvalidDataError`` when it has other columns, or is no CSV."""
    return parse_csv(read_bytes(path), str(path), columns)


def parse_csv(data: bytes, file: str, columns: Sequence[str]) -> pd.DataFrame:
    """Parse CSV ``data``. Issues name ``file``."""
    data = decode_text(data, file).removesuffix("\n").encode() + b"\n"
    lines, widths = _find_records(data, file)

    read: Any = partial(pd.read_csv, dtype=object, na_filter=False, skip_blank_lines=False)
    header = read(io.BytesIO(data), header=None, nrows=1).loc[0].to_list()
    present = [name for name in columns if name in header or name not in schema.OPTIONAL_COLUMNS]
    _check_header(header, file, present)
    if len(lines) - 1 > MAX_ROWS:
        found, expected = "the file has too many rows", f"at most {MAX_ROWS} are read"
        raise InvalidDataError([DataIssue(file, lines[MAX_ROWS + 1], "row", found, expected)])
    if ragged := [
        DataIssue(
            file, line, "row", f"the row has {width} cells", f"expected {len(present)}, as in the header"
        )
        for line, width in zip(lines, widths, strict=True)
        if width != len(present)
    ]:
        raise InvalidDataError(ragged)
    frame: pd.DataFrame = read(io.BytesIO(data), names=present, header=0, index_col=False)
    return frame.set_axis(lines[1:]).reindex(columns=list(columns), fill_value="")


def _find_records(data: bytes, file: str) -> tuple[list[int], list[int]]:
    """Return the line on which each record starts, and its number of cells.

    pandas fills short rows up, reads stray quotes somehow, and tells no lines, which issues have to name.
    """
    text = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero((text == QUOTE) | (text == COMMA) | (text == NEWLINE))
    kind = text[marks]
    quoted = (kind == QUOTE).cumsum() % 2 == 1
    # A quote that opens a cell stands behind another mark, one that closes it before another mark.
    beside = text[np.where(quoted, marks - 1, np.minimum(marks + 1, len(text) - 1))]
    stray = (kind == QUOTE) & ~np.isin(beside, (QUOTE, COMMA, NEWLINE))
    if stray.any():
        raise _misplaced_quote(data, int(marks[stray.argmax()]), "a quote stands beside other text", file)
    if quoted[-1]:
        opening = int(marks[np.append(0, np.flatnonzero(~quoted) + 1)[-1]])
        raise _misplaced_quote(data, opening, "a quoted cell does not end", file)
    ends = np.flatnonzero((kind == NEWLINE) & ~quoted)
    cells = ((kind == COMMA) & ~quoted).cumsum()[ends]
    lines = (kind == NEWLINE).cumsum()[ends] + 1
    return [1, *lines[:-1].tolist()], (np.diff(cells, prepend=0) + 1).tolist()


def _misplaced_quote(data: bytes, offset: int, found: str, file: str) -> InvalidDataError:
    line, character = data.count(b"\n", 0, offset) + 1, offset - data.rfind(b"\n", 0, offset)
    expected = "quotes around the whole cell, and two for each inside (RFC 4180)"
    return InvalidDataError([DataIssue(file, line, f"character {character}", found, expected)])


def _check_header(header: Sequence[str], file: str, columns: Sequence[str]) -> None:
    for number, (expected, name) in enumerate(zip(columns, header, strict=False), 1):
        if expected != name:
            # A file without a header has its first row here, and the log is no place for it.
            found = f"column {number} is {name!r}" if name in columns else f"column {number} has another name"
            raise InvalidDataError([DataIssue(file, 1, expected, found, f"expected {expected!r}")])
    if len(header) != len(columns):
        found = f"the header has {len(header)} columns"
        raise InvalidDataError([DataIssue(file, 1, "header", found, f"expected {','.join(columns)}")])


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV file whole or not at all."""
    write_bytes(path, to_csv(columns, rows).encode())


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Format ``rows`` as CSV with LF line ends, and quotes only where needed."""
    return pd.DataFrame(list(map(dict, rows)), columns=list(columns), dtype=object).to_csv(
        index=False, lineterminator="\n"
    )


def iter_rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield each record as a named tuple, with its line as ``Index``."""
    # The stubs of pandas give a cell every type there is.
    return iter(frame.itertuples())


def to_records(frame: pd.DataFrame) -> list[dict[str, str]]:
    records: list[Any] = frame.to_dict("records")
    return records


def check_each(
    frame: pd.DataFrame, columns: Sequence[str], check: Callable[..., Problem | None], file: str
) -> Iterator[DataIssue]:
    """Yield an issue at the first of ``columns`` for each row whose cells there fail ``check``."""
    cells = frame[list(columns)]
    # Equal cells are checked once.
    distinct = cells.drop_duplicates().itertuples(index=False, name=None)
    problems = {key: problem for key in distinct if (problem := check(*key))}
    if problems:
        for line, *key in cells.itertuples(name=None):
            if problem := problems.get(tuple(key)):
                yield DataIssue(file, line, columns[0], *problem)


def check_cells(frame: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    for column in frame.columns:
        yield from check_each(frame, (column,), schema.CELL_CHECKS.get(column, check_text), file)


def check_keys(frame: pd.DataFrame, file: str, *, in_order: bool = True) -> Iterator[DataIssue]:
    """Check that each domain stands once and, in sorted files, in order."""
    domains = frame[["domain"]].assign(before=frame["domain"].shift(fill_value=""))
    repeated = domains["domain"].duplicated()
    lines = {row.domain: row.Index for row in iter_rows(domains[~repeated])} if repeated.any() else {}
    for row in iter_rows(domains[repeated]):
        found = f"{row.domain} is also on line {lines[row.domain]}"
        yield DataIssue(file, row.Index, "domain", found, "keep one of them")
    if in_order:
        for row in iter_rows(domains[(domains["domain"] < domains["before"]) & ~repeated]):
            found = f"{row.domain} comes after {row.before}"
            yield DataIssue(file, row.Index, "domain", found, "sort the rows by domain")


def check_table(table: pd.DataFrame, raters: Mapping[str, Rater], file: str) -> list[DataIssue]:
    """Check ``outlet_ratings.csv``. ``raters`` has the shipped raters by id."""
    issues = [*check_keys(table, file), *check_cells(table.drop(columns=list(schema.SHIPPED_RATERS)), file)]
    for rater in schema.SHIPPED_RATERS:
        scale = sorted({value for value in raters[rater].scale.values() if value is not None})
        check_value = one_of([f"{value:g}" for value in scale], found="is not on this rater's scale")
        issues += check_each(table, (rater,), check_value, file)
        issues += check_each(table, (f"{rater}_as_of", rater), check_rating_date, file)
    issues += check_each(table, ("name",), check_name, file)
    issues += check_each(table, ("ownership", "owner"), check_owner_pair, file)
    issues += check_each(table, ("factuality_as_of", "factuality"), check_factuality_date, file)
    issues += check_each(table, ("bias", *schema.SHIPPED_RATERS), check_consensus, file)
    return sorted(issues)


def check_history(frame: pd.DataFrame, raters: Mapping[str, Rater], file: str) -> list[DataIssue]:
    """Check ``history.csv``, the earlier labels of the shipped raters."""

    def check_label(label: str, rater: str) -> Problem | None:
        if rater in raters and label in raters[rater].scale:
            return None
        return f"{label[:80]!r} is not a label of {rater[:32]!r}", "a label of a shipped rater"

    return sorted([*check_cells(frame, file), *check_each(frame, ("label", "rater"), check_label, file)])


def check_changes(frame: pd.DataFrame, file: str) -> list[DataIssue]:
    """Check a file of changes. A platform that became known has no domain."""
    issues = [*check_cells(frame.drop(columns="domain"), file)]
    return sorted([*issues, *check_each(frame, ("domain",), optional(check_domain), file)])
