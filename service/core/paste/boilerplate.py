"""Recognise what pages are furnished with: times, side labels, counts, dates, sections, navigation.

A word such as "World" may be an outlet's name, so the words count on pages only. What a line says by its
form ("3 hours ago", "45% Center", "24 Articles") marks the text as a page.
"""

import re

from service.core.countries import COUNTRY_NAMES
from service.core.resolve.normalization import normalize_name

_BOILERPLATE_WORDS = """
about advertisement ai all article articles author authors bias blindspot breaking bookmark business center
centre climate comment comments contact context country coverage crime culture date discourse discussion
domain download economy edition elections entertainment environment events explore extra factuality features
focus follow following food form games health help hide home insider international interest issue latest
law leadership lean left life lifestyle link links live local login logo media menu metro mixed money more
name nation national nature navigation neutral new news newsletter newsletters next none now obituaries
opinion opinions original outlet outlets overview ownership page panorama paper past paywall people photos
podcast podcasts point politics popular post premium press preview previous privacy profile publication
publisher published quiz rating recommended register related reply report reporter reviews right save science
search settings share show site sources source sponsored sport sports stand standard start stories story
style subscribe summary tab tag tags tech technology terms thread timeline times title today top topics travel
trending trust unknown unrated untitled unlock updates upgrade url us video videos view views voices war
watch weather website week weekend world
"""
_BOILERPLATE_PHRASES = """
ask about|back to top|best of|bias comparison|bias distribution|coverage details|daily briefing|editors picks
fact check|full coverage|full story|get the app|go to article|hacker news|how it works|insights by
left out|load more|local news|log in|main menu|more articles|most read|most shared|my feed|news sources
not rated|open menu|other sources|our picks|read article|read full article|read full story|read more
read original|reveal summary|see all|see more|show all|show more|show less|sign in|sign up|similar stories
similar news topics|skip to content|suggest a source|terms of service|the latest|top news|top stories
total news sources|updated|view all|view article|world news|last updated|join the conversation|reddit
""".replace("\n", "|")
_SIDES = """
far left|left|lean left|lean-left|leans left|left center|left-center|center left|center-left|center|centre
centrist|least biased|lean right|lean-right|leans right|right center|right-center|center right|center-right
right|far right|mixed|unrated|not rated|unknown bias|bias unknown|neutral
""".replace("\n", "|")
_AGGREGATORS = """
ground news|allsides|google news|apple news|bing news|techmeme|memeorandum|mediagazer|newsnow|flipboard
smartnews|feedly|inoreader|hacker news|reddit|slashdot|lobsters|news360|newsblur|particle|upday|tangle
newsbreak|microsoft start|msn|newsguard|media bias fact check|ad fontes media
""".replace("\n", "|")

SIDES = frozenset(filter(None, _SIDES.split("|")))
AGGREGATORS = frozenset(filter(None, _AGGREGATORS.split("|")))
# Furniture of pages; some outlets bear such a name, but not many without their article.
BOILERPLATE = (
    frozenset(_BOILERPLATE_WORDS.split())
    | frozenset(filter(None, _BOILERPLATE_PHRASES.split("|")))
    | SIDES
    | AGGREGATORS
)

_UNIT = r"(?:s|sec(?:ond)?s?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|months?|y|yrs?|years?)"
_AGO = (
    rf"(?:(?:about|over|updated|published|posted|last updated)\s+)*"
    rf"(?:\d+|an?|one|a few)\s*{_UNIT}\s*(?:ago|old)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[a-z]{2,4}|[+-]\d{2}:?\d{2})?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
    rf"|(?:{_DAY},?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?:,?\s+\d{{4}})?|{_DAY})"
)
_WHEN = rf"(?:{_AGO}|\d+\s?{_UNIT}|just now|yesterday|today|{_DATE}(?:[\s,T]+(?:at\s+)?{_CLOCK})?|{_CLOCK})"
_COUNTED = (
    r"(?:articles?|sources?|news sources|outlets|stories|comments?|points?|replies|upvotes|shares?|views?"
    r"|likes?|votes?|reads?|reviews?|results?|min(?:ute)?s? read|min(?:ute)?|others?|more|followers)"
)
_COUNT = (
    rf"(?:[+(]?\s*[\d.,]+[km]?\+?\s*(?:more\s+)?{_COUNTED}(?:\s+\w+)?\)?|{_COUNTED}\s*[:(]\s*[\d.,]+[km]?\)?)"
)
_SIDE = "|".join(sorted(map(re.escape, SIDES), key=len, reverse=True))
_SHARE = (
    rf"(?:[\d.,]+\s?%(?:\s.*)?|(?:{_SIDE})\s*:?\s*\(?\d+\s?%?\)?|\d+\s+(?:{_SIDE})"
    r"|(?:bias|factuality|ownership)\s*:.*)"
)
_BOILERPLATE_FORM = re.compile(rf"(?:{_WHEN}|{_COUNT}|{_SHARE}|[\W\d_]+)", re.IGNORECASE)
_KIND = (
    "news|opinion|analysis|online|paywall|subscription|video|audio|commentary|editorial|live|logo|icon|us|uk"
)
_SIDE_SUFFIX = re.compile(
    rf"\s*(?:[-–—:|,]\s*|[(\[]\s*(?:bias:?\s*)?)(?:{_SIDE})(?:\s+bias)?\s*[)\]]?$"
    r"|\s+(?:leans?|far)[ -](?:left|right)$",
    re.IGNORECASE,
)
_KIND_SUFFIX = re.compile(
    rf"\s*[(\[](?:{_KIND})[)\]]$|\s+(?:logo|icon|favicon)$|\s+(?:on|via)\s+(?:MSN|Yahoo|AOL)[\w. !]*$",
    re.IGNORECASE,
)
# A browser copies a name and the date beside it as one word: "Reuters3 hours ago", "BBCYesterday".
_TIME_PREFIX = re.compile(rf"^(?:{_AGO}|{_DATE})[\s,·|–—-]*(?=(?-i:[A-Z]))", re.IGNORECASE)
_TIME_SUFFIX = re.compile(
    r"(?:[\s,(]+|(?<=[^\W\d_])(?=(?-i:[A-Z])|\d))"
    rf"(?:{_AGO}|\d{{1,3}}\s?[smhdw]|just now|yesterday|(?:on\s+)?{_DATE})\)?$",
    re.IGNORECASE,
)
# Longest line treated as boilerplate.
MAX_BOILERPLATE_CHARS = 120


def is_boilerplate_form(text: str) -> bool:
    """Return True for the form of a time, date, count, share or side label."""
    text = text.strip()
    return len(text) <= MAX_BOILERPLATE_CHARS and bool(
        text.casefold() in SIDES or _BOILERPLATE_FORM.fullmatch(text)
    )


def is_boilerplate(text: str) -> bool:
    """Return True for a line of page boilerplate, by its form or its words."""
    words = " ".join(text.casefold().strip(" :.…>»›▾▸#").split())
    return (
        not words
        or is_boilerplate_form(text)
        or words in BOILERPLATE
        or normalize_name(words) in COUNTRY_NAMES
    )


def strip_annotations(text: str) -> str:
    """Return ``text`` without the side label or time that stands behind a name.

    >>> [strip_annotations(text) for text in ("Reuters (Center)", "Fox News - Right", "AP3 hours ago")]
    ['Reuters', 'Fox News', 'AP']
    """
    if len(text) > MAX_BOILERPLATE_CHARS:
        return text
    for note in (_TIME_PREFIX, _TIME_SUFFIX, _KIND_SUFFIX, _SIDE_SUFFIX, _TIME_SUFFIX):
        text = note.sub("", text).rstrip(" ·•|–—-,")
    return text
