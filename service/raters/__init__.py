"""Rater files, and one importer for each format in which a rater publishes."""

from collections.abc import Callable
from typing import Final

from service.raters import adfontes, allsides, mbfc, own
from service.raters.file import Inputs, Verdict

IMPORTERS: Final[dict[str, Callable[[Inputs], list[Verdict]]]] = {
    "adfontes": adfontes.read,
    "allsides": allsides.read,
    "mbfc": mbfc.read,
    "own": own.read,
}
