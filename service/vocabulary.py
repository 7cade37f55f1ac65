"""The columns of the data files and the values they allow; ``data/README.md`` explains each."""

from typing import Final

from service.core.bias import LABELS

SHIPPED: Final = ("mbfc", "allsides")
"""Raters with a column of their own in the table, in its order."""

TABLE_FILE: Final = "outlet_ratings.csv"
ALIASES_FILE: Final = "outlet_aliases.csv"

TABLE: Final = (
    "domain",
    "name",
    "bias",
    *(column for rater in SHIPPED for column in (rater, f"{rater}_as_of")),
    "factuality",
    "country",
    "language",
    "media_type",
    "owner",
    "ownership",
    "state_media",
)
ALIASES: Final = ("alias", "kind", "domain")
VERDICTS: Final = ("domain", "name", "label", "score", "as_of", "url")
OUTLETS: Final = ("domain", "name", "factuality", "country", "language", "media_type")
OWNERSHIP: Final = ("domain", "owner", "ownership", "as_of", "source")
STATE_MEDIA: Final = ("domain", "state_media", "basis", "as_of", "source")
EXCLUDED: Final = ("domain", "name", "reason")
MOVED: Final = ("domain", "to", "reason")

FACTUALITY: Final = ("very_high", "high", "mostly_factual", "mixed", "low", "very_low")
MEDIA_TYPE: Final = (
    "newspaper",
    "magazine",
    "tv",
    "radio",
    "news_agency",
    "website",
    "journal",
    "organization",
)
OWNERSHIP_KIND: Final = (
    "media_conglomerate",
    "private_equity",
    "billionaire",
    "independent",
    "government",
    "corporation",
    "telecom",
    "nonprofit",
    "other",
)
STATE: Final = ("state_controlled", "state_funded_independent")
ALIAS_KIND: Final = ("name", "host", "platform", "shortener", "ambiguous")

ALLOWED: Final = {
    "bias": LABELS,
    "factuality": FACTUALITY,
    "media_type": MEDIA_TYPE,
    "ownership": OWNERSHIP_KIND,
    "state_media": STATE,
    "kind": ALIAS_KIND,
}
