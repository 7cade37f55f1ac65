"""The columns of the data files and their allowed values, as ``data/README.md`` explains them."""

from typing import Final

from service.core.bias import LABELS
from service.core.outlets import FACTUALITY

SHIPPED_RATERS: Final = ("mbfc", "allsides")
"""Raters with a column of their own in the table, in its order."""

TABLE_FILE: Final = "outlet_ratings.csv"
ALIASES_FILE: Final = "outlet_aliases.csv"
CHANGES_FILE: Final = "changes.csv"
LISTS_FILE: Final = "reference_lists.csv"

TABLE_COLUMNS: Final = (
    "domain",
    "name",
    "bias",
    *(column for rater in SHIPPED_RATERS for column in (rater, f"{rater}_as_of")),
    "factuality",
    "country",
    "language",
    "media_type",
    "owner",
    "ownership",
    "state_media",
    "factuality_as_of",
)
ALIAS_COLUMNS: Final = ("alias", "kind", "domain")
RATER_COLUMNS: Final = ("domain", "name", "label", "score", "as_of", "url", "basis")
OUTLET_COLUMNS: Final = (
    "domain",
    "name",
    "factuality",
    "country",
    "language",
    "media_type",
    "factuality_as_of",
)
LIST_COLUMNS: Final = ("domain", "lists")
OWNERSHIP_COLUMNS: Final = ("domain", "owner", "ownership", "as_of", "source")
STATE_MEDIA_COLUMNS: Final = ("domain", "state_media", "basis", "as_of", "source")
EXCLUDED_COLUMNS: Final = ("domain", "name", "reason")
MOVED_COLUMNS: Final = ("domain", "to", "reason")
APART_COLUMNS: Final = ("domain", "other", "reason")
SHARED_NAME_COLUMNS: Final = ("name", "reason")
CHANGE_COLUMNS: Final = ("version", "domain", "field", "before", "after", "reason")
OPTIONAL_COLUMNS: Final = frozenset(("basis", "factuality_as_of"))
"""Columns that a file may leave out at its end. Their cells are then empty."""

MEDIA_TYPES: Final = (
    "newspaper",
    "magazine",
    "tv",
    "radio",
    "news_agency",
    "website",
    "journal",
    "organization",
)
OWNERSHIP_KINDS: Final = (
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
STATE_MEDIA_VALUES: Final = ("state_controlled", "state_funded_independent")
REFERENCE_LISTS: Final = {"fundus": 2, "pc1": 1, "rsp": 2, "wikidata": 1}
"""Reference lists and their weights: a list of hundreds counts twice as much as one of thousands."""
ALIAS_KINDS: Final = ("name", "host", "platform", "shortener", "ambiguous")

ALLOWED_VALUES: Final = {
    "bias": LABELS,
    "factuality": FACTUALITY,
    "media_type": MEDIA_TYPES,
    "ownership": OWNERSHIP_KINDS,
    "state_media": STATE_MEDIA_VALUES,
    "kind": ALIAS_KINDS,
}

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
)
COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2."""

_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia "
    "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
    "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
LANGUAGES: Final = frozenset(_LANGUAGES.split())
"""ISO 639-1."""

_SHARED_HOSTS = (
    "amazon.com aol.com apple.com archive.org bing.com bitchute.com blogger.com dailymotion.com "
    "discord.com ebscohost.com facebook.com flipboard.com free.fr gab.com github.com go.com "
    "google.com iheart.com instagram.com issuu.com jimdo.com lexisnexis.com linkedin.com "
    "livejournal.com medium.com msn.com naver.com newsbank.com newsbreak.com odysee.com "
    "pinterest.com podbean.com pressreader.com proquest.com reddit.com rumble.com scribd.com "
    "smartnews.com soundcloud.com spotify.com squarespace.com substack.com t.me telegram.org "
    "threads.net tiktok.com tripod.com tumblr.com twitch.tv twitter.com ucoz.ru vimeo.com vk.com "
    "weebly.com whatsapp.com wikimedia.org wikipedia.org wix.com wixsite.com wordpress.com x.com "
    "yahoo.com youtube.com "
)
SHARED_HOSTS: Final = frozenset(_SHARED_HOSTS.split())
"""Hosts of many publishers that the public suffix list lacks. One row would stand for all of them."""
