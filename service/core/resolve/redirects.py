"""Links that carry another link: AMP caches, redirects of search engines and networks, web archives, proxies.

Such a link is read as the one it carries. Only wrappers listed here are opened: an outlet's URL in the path
of any other site means nothing.
"""

import re
from binascii import Error, a2b_base64
from urllib.parse import unquote, unquote_plus

from service.core.resolve.hosts import Address

BLUESKY = "bsky.app"

# Host (without ``www.``) → parameters of its query that hold the link.
_PARAMETERS = {
    "google": ("q", "url", "u", "adurl"),
    "consent.google.com": ("continue",),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "facebook.com": ("u",),
    "m.facebook.com": ("u",),
    "l.instagram.com": ("u",),
    "l.messenger.com": ("u",),
    "l.threads.com": ("u",),
    "l.threads.net": ("u",),
    "out.reddit.com": ("url",),
    "click.redditmail.com": ("url",),
    "youtube.com": ("q",),
    "linkedin.com": ("url",),
    "t.umblr.com": ("z",),
    "slack-redir.net": ("url",),
    "vk.com": ("to",),
    "away.vk.com": ("to",),
    "duckduckgo.com": ("uddg",),
    "bing.com": ("url",),
    "flipboard.com": ("url",),
    "getpocket.com": ("url",),
    "steamcommunity.com": ("url", "u"),
    "translate.google.com": ("u",),
    "go.skimresources.com": ("url",),
    "feedly.com": ("url",),
    "exit.sc": ("url",),
    "disq.us": ("url",),
    "archive.ph": ("url",),
    "safelinks.protection.outlook.com": ("url",),
}

# Host → where in its path the link stands.
_PATHS = {
    "google": re.compile(r"/amp/(?:s/)?(.+)"),
    "cdn.ampproject.org": re.compile(r"/(?:[a-z]{1,3}/)?(?:s/)?(.+\..+)"),
    "web.archive.org": re.compile(r"/(?:web/)?\d{1,14}\*?(?:[a-z]{2}_)?/(.+)"),
    **dict.fromkeys(
        ("archive.ph", "archive.is", "archive.today", "archive.md", "archive.li", "archive.vn", "archive.fo"),
        re.compile(r"/(?:[\d.-]{4,17}/)?(https?:.+)"),
    ),
    "webcache.googleusercontent.com": re.compile(r"/search\?.*?\bq=cache:(?:[\w-]{12}:)?([^+&]+)"),
    "urldefense.com": re.compile(r"/v3/__(.+?)__"),
    "href.li": re.compile(r"/?\?(http.+)"),
    "12ft.io": re.compile(r"/(?:proxy\?q=)?(.+)"),
    "removepaywall.com": re.compile(r"/(http.+)"),
    "smry.ai": re.compile(r"/(http.+)"),
    # A handle is a host.
    BLUESKY: re.compile(r"/profile/([\w-]+(?:\.[\w-]+)+)"),
}

# Hosts whose first label spells the wrapped host, with "-" for "." and "--" for "-".
_PROXIES = (".cdn.ampproject.org", ".translate.goog")

_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")


NEWS_HOST = "news.google.com"

# Characters of a Google News id that are decoded.
MAX_ID_LENGTH = 1024

_SITE = re.compile(r"(?:^|[\s(])site:([\w.-]+)", re.IGNORECASE)
_CHOICE = re.compile(r"\((?![^()]*site:)[^()]*\)", re.IGNORECASE)
_ID = re.compile(r"/(?:__i/)?(?:rss/(?:rd/)?)?articles/(CBMi[\w-]+)")
_LINK = re.compile(rb"https?://[!-~]+")


def google_news_target(tail: str) -> str | None:
    """Return the site that a search of Google News is restricted to, or the link in an article's old id.

    >>> [google_news_target(f"/rss/search?q={query}") for query in ("site:apnews.com&hl=en-US", "climate")]
    ['https://apnews.com', None]
    """
    if found := _ID.match(tail):
        return _decode_google_news_id(found[1][:MAX_ID_LENGTH])
    pairs = (pair.partition("=") for pair in tail.partition("?")[2][:MAX_ID_LENGTH].split("&"))
    query = next((unquote_plus(value) for name, _, value in pairs if name == "q"), "")
    sites = set(_SITE.findall(query))
    return f"https://{sites.pop()}" if len(sites) == 1 and " OR " not in _CHOICE.sub("", query) else None


def _decode_google_news_id(text: str) -> str | None:
    """Return the link that the base64 of an id holds. Newer ids hold none."""
    text = text[: len(text) // 4 * 4] if len(text) % 4 == 1 else text + "=" * (-len(text) % 4)
    try:
        link = _LINK.search(a2b_base64(text.translate(_URL_SAFE)))
    except Error:
        return None
    return link[0].decode() if link else None


_URL_SAFE = str.maketrans("-_", "+/")


def redirect_target(address: Address) -> str | None:
    """Return the link that ``address`` carries. ``None`` when its host is no known wrapper or carries none.

    >>> redirect_target(Address("www.google.com", "/url?sa=t&q=https%3A%2F%2Fwww.reuters.com%2Fworld", True))
    'https://www.reuters.com/world'
    """
    host = address.host.removeprefix("www.")
    if host == NEWS_HOST and (link := google_news_target(address.tail)):
        return link
    if "." not in address.tail and not host.endswith(_PROXIES):
        return None
    for proxy in _PROXIES:
        if host.endswith(proxy):
            return _target_in_path(proxy[1:], address.tail) or _decode_proxy_label(host.removesuffix(proxy))
    host = _family(host)
    return _target_in_query(host, address.tail) or _target_in_path(host, address.tail)


def may_redirect(host: str) -> bool:
    """Tell whether an address at ``host`` may carry another link, depending on what follows the host."""
    host = host.removeprefix("www.")
    family = _family(host)
    return host == NEWS_HOST or host.endswith(_PROXIES) or family in _PARAMETERS or family in _PATHS


# Hosts at or below which `may_redirect` says yes, but for Google's, which has one in each country.
REDIRECT_HOSTS = {*_PARAMETERS, *_PATHS, NEWS_HOST, *(proxy[1:] for proxy in _PROXIES)} - {"google"}


def _family(host: str) -> str:
    """Return the name under which a wrapper that has many hosts is listed above."""
    if host.endswith(".safelinks.protection.outlook.com"):
        return "safelinks.protection.outlook.com"
    return "google" if _GOOGLE.fullmatch(host) else host


def _target_in_query(host: str, tail: str) -> str | None:
    names = _PARAMETERS.get(host)
    if not names:
        return None
    for pair in tail.partition("?")[2].split("&", 40)[:40]:
        name, _, value = pair.removeprefix("amp;").partition("=")
        if name in names and value[:4].lower() in ("http", "www."):
            return unquote(value, errors="replace")
    return None


def _target_in_path(host: str, tail: str) -> str | None:
    pattern = _PATHS.get(host)
    found = pattern.match(tail) if pattern else None
    return unquote(found[1], errors="replace") if found else None


def _decode_proxy_label(label: str) -> str | None:
    """``www-lemonde-fr`` → ``www.lemonde.fr``."""
    return label.replace("--", "\0").replace("-", ".").replace("\0", "-") or None
