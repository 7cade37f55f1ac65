"""The raters whose formats are known: one line each, and a file each for labels, scale and importer."""

from collections.abc import Callable
from typing import Final

from service.core.outlets import Rater
from service.dataset.raters import adfontes, allsides, mbfc, own
from service.dataset.raters.file import Inputs, Verdict

IMPORTERS: Final[dict[str, Callable[[Inputs], list[Verdict]]]] = {
    "adfontes": adfontes.read,
    "allsides": allsides.read,
    "mbfc": mbfc.read,
    "own": own.read,
}

DESCRIPTIONS: Final[dict[str, Rater]] = {
    name: rater.DESCRIPTION
    for name, rater in (("adfontes", adfontes), ("allsides", allsides), ("mbfc", mbfc), ("own", own))
}
"""What ``data import`` writes beside a rater file that has no description yet, to be edited by hand."""
