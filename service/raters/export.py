"""CSV as spreadsheets write it: a byte order mark, CRLF and any order of columns are all right here."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from service.tables import BOM, Fault, FaultyDataError, Row, decode, read_bytes


def read_export(path: Path, needed: Sequence[Sequence[str]]) -> list[Row]:
    """The records of an export, by column name in lower case.

    ``needed`` has, for each column that must be there, the names it may have; the first is the one used.
    Raises ``FaultyDataError``.
    """
    data = read_bytes(path).removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    reader = csv.reader(io.StringIO(decode(data, str(path))), strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader)]
        names = _named(header, needed, str(path))
        rows = []
        for cells in reader:
            if any(cells):
                padded = [*cells, *[""] * (len(names) - len(cells))]
                rows.append(Row(reader.line_num, dict(zip(names, map(str.strip, padded), strict=False))))
    except csv.Error as error:
        raise FaultyDataError(
            [Fault(str(path), reader.line_num, "row", f"not CSV ({error})", "quote cells")]
        ) from error
    return rows


def _named(header: Sequence[str], needed: Sequence[Sequence[str]], file: str) -> list[str]:
    """``header`` with the first name of each needed column in place of the one it has."""
    named = list(header)
    for names in needed:
        have = next((name for name in names if name in header), None)
        if have is None:
            right = f"a column called {' or '.join(names)}"
            raise FaultyDataError([Fault(file, 1, names[0], "there is no such column", right)])
        named[header.index(have)] = names[0]
    return named
