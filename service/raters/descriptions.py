"""Who the raters are whose formats are known, and on which terms their ratings may be used."""

from typing import Final

from service.core.outlets import Rater
from service.raters import adfontes, allsides, mbfc_labels, own

DESCRIPTIONS: Final = {
    "mbfc": Rater(
        id="mbfc",
        name="Media Bias/Fact Check",
        holder="Media Bias/Fact Check",
        licence="MIT",
        commercial_use=True,
        attribution=(
            "Category, factual reporting and country by Media Bias/Fact Check (mediabiasfactcheck.com). The "
            "official browser extension publishes the listing in a repository licensed MIT; the site "
            "reserves the copyright of its texts. None of its texts are used here."
        ),
        url="https://mediabiasfactcheck.com/",
        scale=mbfc_labels.SCALE,
    ),
    "allsides": Rater(
        id="allsides",
        name="AllSides",
        holder="AllSides",
        licence="CC-BY-NC-4.0",
        commercial_use=False,
        attribution=(
            "AllSides Media Bias Ratings by AllSides.com, licensed under a Creative Commons "
            "Attribution-NonCommercial 4.0 International License; may be used for research or noncommercial "
            "purposes with attribution."
        ),
        url="https://www.allsides.com/media-bias",
        scale=allsides.SCALE,
    ),
    "adfontes": Rater(
        id="adfontes",
        name="Ad Fontes Media",
        holder="Ad Fontes Media, Inc.",
        licence="licensed to the deployer alone; not to be passed on",
        commercial_use=False,
        attribution="Ratings by Ad Fontes Media (adfontesmedia.com), used under licence.",
        url="https://adfontesmedia.com/",
        scale=adfontes.SCALE,
    ),
    "own": Rater(
        id="own",
        name="Own ratings",
        holder="the deployer",
        licence="the deployer's own",
        commercial_use=True,
        attribution="Ratings by the operator of this service.",
        url="https://example.org/",
        scale=own.SCALE,
    ),
}
"""What ``data import`` writes beside a rater file that has no description yet, to be edited by hand."""
