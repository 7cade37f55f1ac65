"""Read a pasted text of any shape: a list, a table, JSON, or a page out of which outlets are picked.

In a list every entry counts, known or not. A page is picked with care: its addresses, the hosts that are
listed, and the names that stand alone. What is left out is shown, so that a reader sees what is missing.
"""

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from service.core.paste.boilerplate import by_form
from service.core.paste.line_parser import URL, is_name, meaning, picked, split, without_bullet
from service.core.paste.structured import from_json, from_table, is_lone_column
from service.core.resolve.catalog import Catalog

Form = Literal["list", "page"]
Shape = Literal["list", "page", "json", "table"]

MOST_WORDS = 12
"""Words of a line that can still be one entry; a longer line is prose, and the text a page."""
HEADLINE_WORDS = 6
"""Words from which on a line that names no outlet and lists nothing is a headline."""
MOST_SHOWN = 200
"""Lines left out that are kept to be shown."""
LONGEST_SHOWN = 160

_MARKUP = re.compile(
    r"</?(?:a|p|li|ul|ol|div|span|h\d|td|tr|rss|item|channel|html|body|article|source|link)\b[^<>]*>",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


class Pasted(Struct, frozen=True):
    """The entries found, how the text was read, its lines, and those that held no outlet.

    ``left_out`` counts the lines without an outlet. ``furniture`` shows the first of them.
    """

    form: Shape
    entries: tuple[str, ...]
    lines: int
    left_out: int
    furniture: tuple[str, ...] = ()


def read(catalog: Catalog, text: str, form: Form | None = None) -> Pasted:
    """Read ``text``. ``form`` says how, ``None`` leaves that to the text itself.

    Raise ``RequestError`` for JSON with too many records.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if form is None:
        structured = from_json(catalog, text.strip())
        if structured is not None:
            return Pasted("json", structured, len(lines), 0)
        structured = from_table(catalog, lines)
        if structured is not None:
            return Pasted("table", structured, len(lines), max(0, len(lines) - 1 - len(structured)))
        if len(lines) > 1 and is_lone_column(catalog, lines[0]):
            lines = lines[1:]
    if form == "list":
        return Pasted("list", tuple(lines), len(lines), 0)
    # Short lines repeat, so each is read once.
    distinct = dict.fromkeys(lines)
    if form == "page" or any(map(_is_prose, distinct)) or (len(lines) > 1 and _is_page(catalog, distinct)):
        return _page(catalog, lines)
    if len(lines) == 1 and (named := _sentence(catalog, lines[0])):
        return Pasted("page", named, 1, 0)
    entries = {line: split(catalog, line) for line in distinct}
    return Pasted("list", tuple(entry for line in lines for entry in entries[line]), len(lines), 0)


def _page(catalog: Catalog, lines: list[str]) -> Pasted:
    """Pick each outlet once, where it is named first."""
    found: dict[str, str] = {}
    left_out = []
    read_as = {line: picked(catalog, line) for line in dict.fromkeys(lines)}
    for line in lines:
        entries = read_as[line]
        if not entries:
            left_out.append(line)
        for entry in entries:
            match = meaning(catalog, entry)
            found.setdefault(match.key if match.outlet else entry, entry)
    shown = tuple(_UNSEEN.sub("", line)[:LONGEST_SHOWN] for line in left_out[:MOST_SHOWN])
    return Pasted("page", tuple(found.values()), len(lines), len(left_out), shown)


def _is_prose(line: str) -> bool:
    if len(URL.findall(line)) > 1 or _MARKUP.search(line):
        return True
    words = line.split(maxsplit=MOST_WORDS)
    return len(words) > MOST_WORDS and not _is_long_list(line)


def _is_long_list(line: str) -> bool:
    """Tell a long line of short parts between separators from prose."""
    parts = [part for part in re.split(r"[,;|\t]", line) if part.strip()]
    return len(parts) > 2 and all(len(part.split()) <= 5 for part in parts)


def _is_page(catalog: Catalog, lines: Iterable[str]) -> bool:
    """Tell a page by what only pages have: times, counts, side labels, headlines."""
    return any(by_form(line) or _is_headline(catalog, without_bullet(line)) for line in lines)


def _is_headline(catalog: Catalog, line: str) -> bool:
    words = len(line.split())
    if line.endswith(":") and words > 1:
        return True
    if words < HEADLINE_WORDS or URL.search(line) or _is_long_list(line):
        return False
    parts = split(catalog, line)
    return not is_name(catalog, line) and (len(parts) == 1 or len(parts[0].split()) >= HEADLINE_WORDS)


def _sentence(catalog: Catalog, line: str) -> tuple[str, ...]:
    """Return the outlets of a text that is one sentence."""
    if len(split(catalog, line)) > 1 or meaning(catalog, line).status != "unknown" or URL.search(line):
        return ()
    return tuple(picked(catalog, line))
