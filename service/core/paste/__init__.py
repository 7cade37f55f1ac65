"""Read a pasted text of any shape: a list, a table, JSON, or a page out of which outlets are picked.

In a list every entry counts, known or not. A page is picked with care: its addresses, the hosts that are
listed, and the names that stand alone. What is left out is shown, so that a reader sees what is missing.
"""

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from service.core.paste.boilerplate import is_boilerplate_form
from service.core.paste.line_parser import URL, extract_outlets, split_list, strip_bullet
from service.core.paste.outlet_names import is_name
from service.core.paste.structured import is_lone_column, parse_json, parse_table
from service.core.resolve import resolve
from service.core.resolve.catalog import Catalog

TextKind = Literal["list", "page"]
TextFormat = Literal["list", "page", "json", "table"]

# Words of a line that can still be one entry; a longer line is prose, and the text a page.
MAX_ENTRY_WORDS = 12
# Words from which on a line that names no outlet and lists nothing is a headline.
MIN_HEADLINE_WORDS = 6
# Lines left out that are kept to be shown.
MAX_LEFT_OUT_LINES = 200
MAX_LEFT_OUT_CHARS = 160

_MARKUP = re.compile(
    r"</?(?:a|p|li|ul|ol|div|span|h\d|td|tr|rss|item|channel|html|body|article|source|link)\b[^<>]*>",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"(\d{1,3}(?:,?\d{3})*)\s+(?:total\s+)?(?:news\s+)?(?:articles|sources|outlets)", re.IGNORECASE
)
_BELOW_TITLE = re.compile(
    r"(?:search|sign ?in|log ?in|subscribe|menu|home|my feed|newsletters?"
    r"|(?:view|read) .*(?:browser|online)|advertisement|your .*\b(?:digest|briefing|newsletter|round-?up)\b.*"
    r"|(?:issue|edition|vol(?:ume)?|no)\b\.? ?#?\d.*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day, .*\b\d{4})",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


class PastedText(Struct, frozen=True):
    """The entries found, how the text was read, its lines, and those that held no outlet.

    ``left_out`` counts the lines without an outlet, ``left_out_lines`` shows the first of them.
    ``announced`` is the number of articles or sources that a page says it has.
    """

    form: TextFormat
    entries: tuple[str, ...]
    lines: int
    left_out: int
    left_out_lines: tuple[str, ...] = ()
    announced: int | None = None


def read(catalog: Catalog, text: str, form: TextKind | None = None) -> PastedText:
    """Read ``text``. ``form`` says how, ``None`` leaves that to the text itself.

    Raise ``RequestError`` for JSON with too many records.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if form is None:
        structured = parse_json(catalog, text.strip())
        if structured is not None:
            return PastedText("json", structured, len(lines), 0)
        structured = parse_table(catalog, lines)
        if structured is not None:
            return PastedText("table", structured, len(lines), max(0, len(lines) - 1 - len(structured)))
        if len(lines) > 1 and is_lone_column(catalog, lines[0]):
            lines = lines[1:]
    if form == "list":
        return PastedText("list", tuple(lines), len(lines), 0)
    # Short lines repeat, so each is read once.
    distinct = dict.fromkeys(lines)
    if form == "page" or any(map(_is_prose, distinct)) or (len(lines) > 1 and _is_page(catalog, distinct)):
        return _read_page(catalog, lines)
    if len(lines) == 1 and (named := _extract_from_sentence(catalog, lines[0])):
        return PastedText("page", named, 1, 0)
    entries = {line: split_list(catalog, line) for line in distinct}
    return PastedText("list", tuple(entry for line in lines for entry in entries[line]), len(lines), 0)


def _read_page(catalog: Catalog, lines: list[str]) -> PastedText:
    """Pick each outlet once, where it is named first."""
    found: dict[str, str] = {}
    left_out = []
    read_as = {line: extract_outlets(catalog, line) for line in dict.fromkeys(lines)}
    if _has_own_title(lines) and len(list(filter(None, read_as.values()))) > 2:
        read_as[lines[0]] = []
    for line in lines:
        entries = read_as[line]
        if not entries:
            left_out.append(line)
        for entry in entries:
            match = resolve(catalog, entry)
            found.setdefault(match.key if match.outlet else entry, entry)
    shown = tuple(_INVISIBLE.sub("", line)[:MAX_LEFT_OUT_CHARS] for line in left_out[:MAX_LEFT_OUT_LINES])
    counts = [int(count[1].replace(",", "")) for line in read_as if (count := _ANNOUNCED.fullmatch(line))]
    return PastedText(
        "page", tuple(found.values()), len(lines), len(left_out), shown, max(counts, default=None)
    )


def _has_own_title(lines: list[str]) -> bool:
    # The first line names the page itself if something follows that only stands below a page's name.
    return any(map(_BELOW_TITLE.fullmatch, lines[1:4]))


def _is_prose(line: str) -> bool:
    if len(URL.findall(line)) > 1 or _MARKUP.search(line):
        return True
    words = line.split(maxsplit=MAX_ENTRY_WORDS)
    return len(words) > MAX_ENTRY_WORDS and not _is_long_list(line)


def _is_long_list(line: str) -> bool:
    parts = [part for part in re.split(r"[,;|\t]", line) if part.strip()]
    return len(parts) > 2 and all(len(part.split()) <= 5 for part in parts)


def _is_page(catalog: Catalog, lines: Iterable[str]) -> bool:
    """Return True if a line is what only pages have: a time, a count, a side label, a headline."""
    return any(is_boilerplate_form(line) or _is_headline(catalog, strip_bullet(line)) for line in lines)


def _is_headline(catalog: Catalog, line: str) -> bool:
    words = len(line.split())
    if line.endswith(":") and words > 1:
        return True
    if words < MIN_HEADLINE_WORDS or URL.search(line) or _is_long_list(line):
        return False
    parts = split_list(catalog, line)
    return not is_name(catalog, line) and (len(parts) == 1 or len(parts[0].split()) >= MIN_HEADLINE_WORDS)


def _extract_from_sentence(catalog: Catalog, line: str) -> tuple[str, ...]:
    if len(split_list(catalog, line)) > 1 or resolve(catalog, line).status != "unknown" or URL.search(line):
        return ()
    return tuple(extract_outlets(catalog, line))
