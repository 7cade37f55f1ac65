"""The columns of the data files and the rules of their cells, as ``data/README.md`` explains them."""

import re
from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache
from typing import Final, get_args

from service.core.bias import HIGHEST, LABELS, LOWEST, consensus, label_for
from service.core.outlets import FACTUALITY, StateMedia
from service.core.resolve.hosts import find_host, strip_www

# Raters with a column of their own in the table, in its order.
SHIPPED_RATERS: Final = ("mbfc", "allsides")

TABLE_FILE: Final = "outlet_ratings.csv"
ALIASES_FILE: Final = "outlet_aliases.csv"
LISTS_FILE: Final = "reference_lists.csv"
HISTORY_FILE: Final = "history.csv"
NAMESAKES_FILE: Final = "facts/namesakes.csv"
OUTLETS_FILE: Final = "facts/outlets.csv"
CHANGES_FOLDER: Final = "changes"
RATER_COLUMNS: Final = ("domain", "name", "label", "score", "as_of", "url", "basis", "since")
CHANGE_COLUMNS: Final = ("version", "domain", "field", "before", "after", "reason")
# The columns of each file below the data folder.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    TABLE_FILE: (
        *("domain", "name", "bias"),
        *(column for rater in SHIPPED_RATERS for column in (rater, f"{rater}_as_of")),
        *("factuality", "country", "language", "media_type", "owner", "ownership", "state_media"),
        *("factuality_as_of", "disambiguation", "status", "closed_on"),
    ),
    NAMESAKES_FILE: ("name", "host", "place", "list", "date"),
    OUTLETS_FILE: ("domain", "name", "factuality", "country", "language", "media_type", "factuality_as_of"),
    "facts/ownership.csv": ("domain", "owner", "ownership", "as_of", "source"),
    "facts/state_media.csv": ("domain", "state_media", "basis", "as_of", "source"),
    "facts/disambiguation.csv": ("domain", "disambiguation"),
    "facts/closed.csv": ("domain", "closed_on", "basis", "source"),
    "facts/decisions.csv": ("domain", "rater", "url", "reason"),
    "facts/excluded.csv": ("domain", "name", "reason"),
    "facts/moved.csv": ("domain", "to", "reason"),
    "facts/apart.csv": ("domain", "other", "reason"),
    "facts/shared_names.csv": ("name", "reason"),
    **{f"raters/{rater}.csv": RATER_COLUMNS for rater in SHIPPED_RATERS},
    ALIASES_FILE: ("alias", "kind", "domain"),
    LISTS_FILE: ("domain", "lists"),
    HISTORY_FILE: ("domain", "rater", "label", "since", "until"),
}
TABLE_COLUMNS: Final = COLUMNS[TABLE_FILE]
# A folder may lack the others, which then have no rows.
REQUIRED_FILES: Final = (TABLE_FILE, ALIASES_FILE, *(f"raters/{rater}.csv" for rater in SHIPPED_RATERS))
# What may change from one version to the next.
CHANGED_FIELDS: Final = ("outlet", "alias", "reference_lists", "namesake", *TABLE_COLUMNS[1:])
# Columns that a file may leave out at its end. Their cells are then empty.
OPTIONAL_COLUMNS: Final = frozenset(
    ("basis", "since", "factuality_as_of", "disambiguation", "status", "closed_on")
)

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
    "network",
    "other",
)
STATE_MEDIA_VALUES: Final[tuple[str, ...]] = get_args(StateMedia)
STATUSES: Final = ("active", "closed")
# Reference lists and their weights: a list of hundreds counts twice as much as one of thousands.
REFERENCE_LISTS: Final = {"fundus": 2, "pc1": 1, "rsp": 2, "wikidata": 1}
ALIAS_KINDS: Final = ("name", "host", "platform", "shortener", "ambiguous", "account")

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
# ISO 3166-1 alpha-2.
COUNTRIES: Final = frozenset(_COUNTRIES.split())

_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia "
    "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
    "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
# ISO 639-1.
LANGUAGES: Final = frozenset(_LANGUAGES.split())

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
# Hosts of many publishers that the public suffix list lacks. One row would stand for all of them.
SHARED_HOSTS: Final = frozenset(_SHARED_HOSTS.split())

# What is wrong with a cell, and what would be right.
Problem = tuple[str, str]
CellCheck = Callable[[str], Problem | None]

MAX_CELL_LENGTH = 500
FORMULA_PREFIXES = ("=", "+", "-", "@")
# Persian and Indian scripts need these between letters, and they leave no ink.
ZERO_WIDTH_JOINERS = dict.fromkeys((0x200C, 0x200D), "")
MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# Names that a spreadsheet shows as something else.
NUMBER_OR_DATE = re.compile(rf"(?i)[\d\s./,:%+-]+|\d+e\d+|{MONTH}[ -]?\d+|\d+[ -]{MONTH}|true|false")
NUMBER = re.compile(r"[+-]?\d{1,6}(\.\d{1,6})?")
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
URL = re.compile(r"https?://[^\s/?#:@]\S*", re.IGNORECASE)
VERSION = re.compile(r"\d{4}\.(0[1-9]|1[0-2])\.\d{1,4}")
PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
DATE_EXAMPLES = "a date such as 2026-08-19, 2026-08 or 2026"


@lru_cache(maxsize=2**16)  # rater files name the table's outlets again
def check_domain(domain: str) -> Problem | None:
    host = find_host(domain) if domain.isascii() else None
    if host is None or "/" in domain:
        return f"{domain[:80]!r} is not a host", "a domain such as reuters.com (punycode for other scripts)"
    if domain != strip_www(host):
        return f"{domain[:80]!r} is not in canonical form", f"{strip_www(host)!r}"
    return None


def check_text(text: str) -> Problem | None:
    """Check that text is safe to show, and to open in a spreadsheet."""
    if not text.translate(ZERO_WIDTH_JOINERS).isprintable() or "\ufffd" in text:
        return "the text has a control or replacement character", "plain text in one encoding"
    if text != text.strip():
        return "the text starts or ends with a space", f"{text.strip()[:80]!r}"
    if text.startswith(FORMULA_PREFIXES):
        found = f"a spreadsheet reads {text[:40]!r} as a formula"
        return found, "text that starts with a letter, digit or quote"
    if len(text) > MAX_CELL_LENGTH:
        return f"the text has {len(text)} characters", f"at most {MAX_CELL_LENGTH}"
    return None


def check_reason(text: str) -> Problem | None:
    return check_text(text) if text else ("the reason is empty", "say why")


def matching(pattern: re.Pattern[str], noun: str, example: str, *, is_optional: bool = True) -> CellCheck:
    """Return a check for ``noun``, or an empty cell."""

    def check(text: str) -> Problem | None:
        fine = (is_optional and not text) or pattern.fullmatch(text)
        return None if fine else (f"{text[:80]!r} is not {noun}", example)

    return check


def optional(check: CellCheck) -> CellCheck:
    return lambda text: check(text) if text else None


check_url = matching(URL, "a link", "a link that starts with https://")


def check_name(name: str) -> Problem | None:
    """Check that every program shows the name unchanged."""
    if not name:
        return "the name is empty", "the outlet's name"
    if NUMBER_OR_DATE.fullmatch(name):
        return f"a spreadsheet reads {name!r} as a number or a date", "words, such as '1945 (magazine)'"
    return None


def check_text_or_number(text: str) -> Problem | None:
    """Check a former or new cell of any column."""
    return None if NUMBER.fullmatch(text) else check_text(text)


def check_date(text: str) -> Problem | None:
    """Check for a day, a month or a year that exists."""
    try:
        if DATE.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 10 :] * (len(text) < 10)):
            return None
    except ValueError:
        pass
    return f"{text[:40]!r} is not a date", DATE_EXAMPLES


def check_since(text: str) -> Problem | None:
    """Check for an empty cell, a date, or a date after the word "before"."""
    return optional(check_date)(text.removeprefix("before "))


def check_rating_date(as_of: str, value: str) -> Problem | None:
    """Check that a rating has a date, and no rating none."""
    if value and not as_of:
        return "the verdict has no date", DATE_EXAMPLES
    if as_of and not value:
        return "there is a date but no verdict", "an empty cell, or the verdict"
    return check_date(as_of) if as_of else None


def check_factuality_date(as_of: str, factuality: str) -> Problem | None:
    """Check that a date comes with a factuality, which may lack a date."""
    if as_of and not factuality:
        return "there is a date but no factuality", "an empty cell, or the factuality"
    return check_date(as_of) if as_of else None


def check_owner_pair(ownership: str, owner: str) -> Problem | None:
    if bool(owner) == bool(ownership):
        return None
    return "only one of owner and ownership is given", "fill in both or neither"


def check_consensus(bias: str, *values: str) -> Problem | None:
    """Check that ``bias`` is the consensus of the raters' values."""
    given = [float(value) for value in values if value and NUMBER.fullmatch(value)]
    if not all(LOWEST <= value <= HIGHEST for value in given):
        return None
    expected = label_for(consensus(given)) if given else ""
    return None if bias == expected else (f"{bias!r} is not the consensus of the raters", f"{expected!r}")


def check_list_names(text: str) -> Problem | None:
    if all(word in REFERENCE_LISTS for word in text.split(" ")):
        return None
    expected = f"names from {', '.join(REFERENCE_LISTS)}, separated by single spaces"
    return f"{text[:80]!r} names an unknown list", expected


def check_host_and_path(text: str) -> Problem | None:
    host = text.partition("/")[0]
    fine = find_host(host) == host and text == text.lower().strip("/")
    return None if fine else (f"{text[:80]!r} is not a host", "a host in lower case, or host/section")


def one_of(allowed: Collection[str], expected: str = "", found: str = "is not allowed") -> CellCheck:
    """Return a check for one of the ``allowed`` words, or an empty cell."""
    expected = f"{expected or 'one of ' + ', '.join(allowed)}, or an empty cell"

    def check(text: str) -> Problem | None:
        return None if not text or text in allowed else (f"{text[:80]!r} {found}", expected)

    return check


# A column of any file is checked by its name; one that is not here is text.
CELL_CHECKS: Final[dict[str, CellCheck]] = {
    "domain": check_domain,
    "bias": one_of(LABELS),
    "factuality": one_of(FACTUALITY),
    "country": one_of(COUNTRIES, "an ISO 3166-1 alpha-2 code"),
    "language": one_of(LANGUAGES, "an ISO 639-1 code"),
    "media_type": one_of(MEDIA_TYPES),
    "ownership": one_of(OWNERSHIP_KINDS),
    "state_media": one_of(STATE_MEDIA_VALUES),
    "status": one_of(STATUSES),
    "closed_on": optional(check_date),
    "since": check_since,
    "until": check_date,
    "kind": one_of(ALIAS_KINDS),
    "lists": check_list_names,
    "score": matching(NUMBER, "a number", "a number such as -1.5"),
    "url": check_url,
    "version": matching(VERSION, "a version", "year.month.number, such as 2026.12.0", is_optional=False),
    "reason": check_reason,
    "host": check_host_and_path,
    "place": matching(PLACE, "a place", "an ISO 3166 code: GB, US-MA"),
    "date": check_date,
    "field": one_of(CHANGED_FIELDS, "outlet, alias, reference_lists, namesake, or a column of the table"),
    "before": check_text_or_number,
    "after": check_text_or_number,
}
