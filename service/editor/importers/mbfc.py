"""Imports Media Bias/Fact Check's public JSON (of its browser extension) and tables of its listing.

A listing names a category. For Questionable Sources and Conspiracy-Pseudoscience that is not a lean, and the
bias line of the outlet's page gives it. Inputs come newest first: each older one adds the outlets that the
newer ones lack, and the lean where they name none. ``fill`` inputs add no outlet. They only settle what is
left open, such as ``Right or Right-Center``.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from service.core.outlets import Rater
from service.dataset.file_reader import DataIssue, InvalidDataError, decode_text, read_bytes
from service.editor.importers.published import ListedOutlet, clean_name, parse_key, read_listing
from service.editor.rating_rows import ImportInputs, RatingRow

CATEGORIES_WITHOUT_LEAN = ("Questionable Sources", "Conspiracy-Pseudoscience")

PAGE_QUALIFIERS = ("Conspiracy", "Pseudoscience", "Conspiracy-Pseudoscience")

# Maps a page line that was cut short to the labels that settle it. Until then its value lies half way.
UNCERTAIN_LABELS = {
    "Left or Left-Center": ("Left", "Left-Center", *(f"Left {kind}" for kind in PAGE_QUALIFIERS)),
    "Right or Right-Center": ("Right", "Right-Center"),
}

# Maps a page line, where the listing gives no lean, to what it may have been before it was cut. None of the
# listing's Questionable pages reads Left-Center, while an older listing has a third of them there.
TRUNCATED_LABELS = {"Left": "Left or Left-Center"}

LEAN_VALUES: dict[str, float] = {
    "Far Left or Extreme Left": -3,
    "Left": -2,
    "Left or Left-Center": -1.5,
    "Left-Center": -1,
    "Least Biased": 0,
    "Right-Center": 1,
    "Right or Right-Center": 1.5,
    "Right": 2,
    "Far Right or Extreme Right": 3,
    "Far Left": -3,
    "Extreme Left": -3,
    "Far Right": 3,
    "Extreme Right": 3,
    "Alt-Right": 3,
}

QUALIFIABLE_LEANS = ("Extreme Left", "Far Left", "Left", "Right", "Far Right", "Extreme Right", "Alt-Right")

SCALE: dict[str, float | None] = {
    **LEAN_VALUES,
    **{f"{step} {kind}": LEAN_VALUES[step] for step in QUALIFIABLE_LEANS for kind in PAGE_QUALIFIERS},
    "Questionable Sources": None,
    "Conspiracy-Pseudoscience": None,
    "Pro-Science": None,
    "Satire": None,
    "Not Rated": None,
}

DESCRIPTION = Rater(
    id="mbfc",
    name="Media Bias/Fact Check",
    holder="Media Bias/Fact Check",
    licence=None,
    commercial_use=None,
    terms=(
        "The official browser extension publishes the listing in a repository licensed MIT; the site "
        "reserves the copyright of its texts. MIT is the licence of that repository, not of the ratings. "
        "Whether they may be used commercially is not known."
    ),
    attribution=(
        "Category, factual reporting and country by Media Bias/Fact Check (mediabiasfactcheck.com). None of "
        "its texts are used here."
    ),
    url="https://mediabiasfactcheck.com/",
    scale=SCALE,
)

CATEGORIES = {
    "left": "Left",
    "left-center": "Left-Center",
    "leftcenter": "Left-Center",
    "center": "Least Biased",
    "right-center": "Right-Center",
    "right": "Right",
    "pro-science": "Pro-Science",
    "conspiracy-pseudoscience": "Conspiracy-Pseudoscience",
    "conspiracy": "Conspiracy-Pseudoscience",
    "satire": "Satire",
    "fake-news": "Questionable Sources",
}


class CombinedSource(Struct):
    """An outlet in the extension's ``combined.json``."""

    domain: str
    name: str
    bias: str
    reporting: str = ""
    url: str = ""


class Combined(Struct):
    """The extension's ``combined.json``, as far as it is read."""

    date: str
    sources: list[CombinedSource]


def read_mbfc(inputs: ImportInputs) -> list[RatingRow]:
    """Read one verdict an outlet from MBFC's files. Raise ``InvalidDataError`` when one has a fault."""
    verdicts: dict[str, RatingRow] = {}
    for path in (*inputs.newest, *inputs.fill):
        for listed in read_listed(path):
            known = verdicts.get(listed.domain)
            if known is None and path in inputs.fill:
                continue
            older = _to_rating(listed, inputs.as_of)
            verdicts[listed.domain] = _merge_ratings(known, older, is_page=path in inputs.newest)
    # A lean that an editor took from the outlet's page outlasts a listing that names none.
    return [
        _merge_ratings(row, inputs.previous[row.domain], is_page=False)
        if row.domain in inputs.previous
        else row
        for row in verdicts.values()
    ]


def read_listed(path: Path) -> list[ListedOutlet]:
    """Read the outlets of one file, with labels in one spelling. Raise ``InvalidDataError`` for a fault."""
    data = read_bytes(path)
    if data.lstrip()[:1] == b"{":
        return _read_combined(decode_text(data, str(path)), str(path))
    return [structs.replace(row, label=normalize_label(row.label)) for row in read_listing(path)]


def _merge_ratings(newer: RatingRow | None, older: RatingRow, *, is_page: bool) -> RatingRow:
    """Merge two verdicts: a lean beats none, a settled step beats a doubtful one."""
    if newer is None:
        return older
    opens = newer.label in CATEGORIES_WITHOUT_LEAN and SCALE[older.label] is not None
    if opens and is_page:
        label = TRUNCATED_LABELS.get(older.label, older.label)
        return structs.replace(newer, label=label, score=_format_score(label), as_of=older.as_of)
    if opens or older.label in UNCERTAIN_LABELS.get(newer.label, ()):
        return structs.replace(newer, label=older.label, score=older.score, as_of=older.as_of)
    return newer


def _to_rating(listed: ListedOutlet, as_of: str) -> RatingRow:
    score = _format_score(listed.label)
    return RatingRow(listed.domain, listed.name, listed.label, score, listed.as_of or as_of, listed.url)


def _format_score(label: str) -> str:
    value = SCALE[label]
    return "" if value is None else f"{value:g}"


def _read_combined(text: str, file: str) -> list[ListedOutlet]:
    try:
        combined = msgspec.json.decode(text, type=Combined)
    except msgspec.DecodeError as error:
        right = "the extension's combined.json: date, sources[] with domain, name, bias"
        raise InvalidDataError([DataIssue(file, 1, "json", str(error), right)]) from error
    return [
        ListedOutlet(
            place=f"sources[{index}]",
            domain=domain,
            name=clean_name(source.name),
            label=_parse_category(source.bias, index, file),
            as_of=combined.date[:10],
            url=source.url.strip(),
            factuality=source.reporting,
        )
        for index, source in enumerate(combined.sources)
        if (domain := parse_key(source.domain))
    ]


def _parse_category(bias: str, index: int, file: str) -> str:
    if bias not in CATEGORIES:
        wrong, right = f"{bias[:80]!r} is not a category of MBFC", f"one of {', '.join(CATEGORIES)}"
        raise InvalidDataError([DataIssue(file, 1, f"sources[{index}].bias", wrong, right)])
    return CATEGORIES[bias]


def normalize_label(text: str) -> str:
    """Return MBFC's label for a lean in one spelling, or ``Not Rated`` for a text without one.

    >>> [normalize_label(text) for text in ("RIGHT CENTER", "far-right bias", "right – conspiracy")]
    ['Right-Center', 'Far Right', 'Right Conspiracy']
    """
    known = {label.casefold(): label for label in SCALE}
    if text.casefold() in known:
        return known[text.casefold()]
    words = re.findall("[a-z]+", text.casefold())
    if "pro" in words or "satire" in words:
        return "Satire" if "satire" in words else "Pro-Science"
    kinds = [
        kind for kind, stem in (("Conspiracy", "conspir"), ("Pseudoscience", "ps")) if _has_stem(words, stem)
    ]
    label = " ".join(part for part in (_parse_lean(words), "-".join(kinds)) if part)
    return label if label in SCALE else "Not Rated"


def _has_stem(words: Sequence[str], stem: str) -> bool:
    return any(word.startswith(stem) for word in words)


def _parse_lean(words: Sequence[str]) -> str:
    side = next((word.title() for word in words if word in ("left", "right")), "")
    if not side:
        return ""
    if "center" in words:
        return f"{side}-Center"
    reach = next((word.title() for word in words if word in ("extreme", "far", "alt")), "")
    return f"Alt-{side}" if reach == "Alt" else f"{reach} {side}".strip()
