"""Importers and descriptions of the raters with a known format, one module each."""

from collections.abc import Callable
from typing import Final

from service.core.outlets import Rater
from service.editor.importers import adfontes, allsides, mbfc, own
from service.editor.rating_rows import ImportInputs, RatingRow

IMPORTERS: Final[dict[str, Callable[[ImportInputs], list[RatingRow]]]] = {
    "adfontes": adfontes.read_adfontes,
    "allsides": allsides.read_allsides,
    "mbfc": mbfc.read_mbfc,
    "own": own.read_own,
}

# Descriptions that ``data import`` writes for a rater file without one, to be edited by hand.
DESCRIPTIONS: Final[dict[str, Rater]] = {
    name: rater.DESCRIPTION
    for name, rater in (("adfontes", adfontes), ("allsides", allsides), ("mbfc", mbfc), ("own", own))
}
