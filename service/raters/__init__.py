"""Rater files, and one importer for each format in which a rater publishes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from service.raters import allsides, mbfc
from service.raters.file import Verdict

Importer = Callable[[Sequence[Path], Sequence[Path], str], list[Verdict]]
"""Inputs newest first, inputs that only fill in, and the date of undated inputs → verdicts."""

IMPORTERS: Final[dict[str, Importer]] = {"allsides": allsides.read, "mbfc": mbfc.read}
